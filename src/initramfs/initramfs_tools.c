/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools. One hook, wholly ours; mkinitramfs itself copies /etc/modprobe.d. */
#include "initramfs/generators.h"

#include <stdio.h>
#include <string.h>

#include "boot/clue.h"
#include "boot/kernelstub.h"
#include "boot/own.h"
#include "edit/assign.h"
#include "initramfs/image.h"
#include "initramfs/kernels.h"
#include "initramfs/maker.h"
#include "initramfs/missing.h"

#define CONFIGURATION "/etc/initramfs-tools/initramfs.conf"
#define MODULES "/etc/initramfs-tools/modules"
#define SWITCH "/etc/initramfs-tools/update-initramfs.conf"
#define HOOK "/etc/initramfs-tools/hooks/vfioconf"
#define GENERATOR "usr/sbin/mkinitramfs"
/* dpkg keeps the list of a package's files; of a removed one it holds configuration files only. */
#define PACKAGE_LIST "var/lib/dpkg/info/initramfs-tools.list"

/* For one image: minutes on a slow machine, and nobody gains from giving up early. */
#define IMAGE_TIMEOUT 900u

static char *image_path(const char *release)
{
	struct text path = { 0 };

	text_printf(&path, "/boot/initrd.img-%s", release);
	return text_take(&path);
}

/* By the image alone, where no list of packages says more: another generator could have written it, too. */
static void weigh_image(const struct root *root, const char *image, struct evidence *evidence)
{
	const char *rival = maker_rival(root, "initramfs-tools", image), *maker = maker_of(root, image);

	if (!rival)
		evidence_add(evidence, SCORE_CONFIGURED, "no other generator is installed");
	else if (root_exists(root, image) && !maker)
		evidence_add(evidence, SCORE_CONFIGURED, "%s could have made the image as well", rival);
}

static void probe(const struct root *root, struct evidence *evidence)
{
	char release[256] = "";
	cleanup_free char *image = NULL;

	if (!root_exists(root, CONFIGURATION))
		return;
	if (!root_exists(root, GENERATOR)) {
		evidence_add(evidence, SCORE_TRACE, "%s is there, but no mkinitramfs", CONFIGURATION);
		return;
	}
	root_attribute(root, "proc/sys/kernel/osrelease", release, sizeof(release));
	image = image_path(release);
	/* Ubuntu keeps mkinitramfs and its settings installed beside dracut: they prove little. */
	evidence_add(evidence, SCORE_TRACE, "mkinitramfs and %s are there", CONFIGURATION);
	if (clue_file_holds(root, PACKAGE_LIST, ROOT_LIMIT_TEXT, "/usr/sbin/update-initramfs\n"))
		evidence_add(evidence, SCORE_USED, "the package initramfs-tools is installed");
	else if (!root_is_directory(root, "var/lib/dpkg/info"))
		weigh_image(root, image, evidence);
	if (*release && evidence->score >= SCORE_CONFIGURED && root_exists(root, image))
		evidence_add(evidence, 0, "the running kernel has %s", image);
}

/*
 * A hook that fails ends mkinitramfs, and the old image stays. The stamp tells
 * later which selection an image was made for.
 */
static void write_hook(const struct early_request *request, struct text *ret)
{
	cleanup_free char *files = strlist_join(request->files, " ");

	text_append(ret, "#!/bin/sh\n");
	own_header(ret, "# ");
	text_append(ret, "set -e\n"
			 "\n"
			 "case \"$1\" in\n"
			 "prereqs)\n"
			 "\texit 0\n"
			 "\t;;\n"
			 "esac\n"
			 "\n"
			 ". /usr/share/initramfs-tools/hook-functions\n"
			 "\n");
	/* Who deletes our files by hand, in a rescue system without vfioconf, gets an image without them. */
	for (size_t i = 0; i < request->files->count; i++)
		text_printf(ret, "[ -e %s ] || exit 0\n%s", request->files->items[i],
			    i + 1 < request->files->count ? "" : "\n");
	/* Loaded whatever else is: a device may have no other driver in the image, or one that is built in. */
	for (size_t i = 0; i < request->modules->count; i++)
		text_printf(ret, "force_load %s\n\n", request->modules->items[i]);
	if (*files)
		text_printf(ret,
			    "for file in %s; do\n"
			    "\tif [ ! -e \"$DESTDIR$file\" ]; then\n"
			    "\t\tmkdir -p \"$DESTDIR${file%%/*}\"\n"
			    "\t\tcp -p \"$file\" \"$DESTDIR$file\"\n"
			    "\tfi\n"
			    "done\n\n",
			    files);
	text_printf(ret,
		    "mkdir -p \"$DESTDIR/" IMAGE_STAMP_DIRECTORY "\"\n"
		    ": > \"$DESTDIR/" IMAGE_STAMP_DIRECTORY "/%s\"\n",
		    request->stamp);
}

/* update_initramfs=no has update-initramfs do nothing, and exit with 0. */
static bool is_switched_off(const struct root *root)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_free char *value = NULL;
	struct assign assign = { 0 };

	if (!root_read(root, SWITCH, ROOT_LIMIT_TEXT, &bytes, NULL) ||
	    assign_find(&bytes, "update_initramfs", false, &assign, NULL) != ASSIGN_FOUND)
		return false;
	value = assign_value(&bytes, &assign);
	return !strcmp(value, "no");
}

static bool has_image(const struct root *root, const struct early_request *request)
{
	for (size_t i = 0; i < request->kernels->count; i++) {
		cleanup_free char *image = image_path(request->kernels->items[i]);

		if (root_exists(root, image))
			return true;
	}
	return false;
}

/* Whether "-k all" takes RELEASE: by the kernel's file (linux-version list), or, before Debian 12, by its own record. */
static bool is_among_all(const struct root *root, const char *release)
{
	static const char *const traces[] = { "/boot/vmlinuz-%s", "/boot/vmlinux-%s", "/var/lib/initramfs-tools/%s" };

	for (size_t i = 0; i < array_size(traces); i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, traces[i], release);
		if (root_exists(root, text_string(&path)))
			return true;
	}
	return false;
}

/* A kernel without modules in the root: its image has the last ones that there are, and is not to be made anew. */
static bool has_orphan(const struct root *root, const struct strlist *kernels)
{
	static const char prefix[] = "initrd.img-";
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, "/boot", &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		const char *release = names.items[i] + strlen(prefix);

		if (text_starts_with(names.items[i], prefix) && !strlist_has(kernels, release) &&
		    is_among_all(root, release))
			return true;
	}
	return false;
}

/* All of them at once, or, where one is to be left alone, each by a command of its own. */
static void rebuild(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings)
{
	bool all = !has_orphan(root, request->kernels);
	struct command *command = NULL;

	for (size_t i = 0; i < request->kernels->count; i++) {
		const char *release = request->kernels->items[i];
		const char *const argv[] = { "update-initramfs", "-u", "-k", all ? "all" : release, NULL };
		cleanup_free char *image = image_path(release);

		if (!root_exists(root, image)) {
			kernel_without_image(root, request, release, "update-initramfs",
					     "update-initramfs -c -k VERSION", findings);
			continue;
		}
		command = changeset_command(changeset, image_why(request), 0, argv);
		image_expect(root, command, "lsinitramfs", image, release, request, true);
		command->timeout += IMAGE_TIMEOUT;
	}
	/* The last one leaves them as they are to be. */
	if (command)
		kernelstub_expect_copies_after_initrd(root, command);
}

/* mkinitramfs passes over what the kernel does not have; the script that loads it complains at each boot. */
static void check_modules(const struct root *root, const struct early_request *request, struct findings *findings)
{
	cleanup_strlist struct strlist kernels = { 0 };
	const struct missing missing = { root, &kernels, "it is left out of the images", SEVERITY_WARNING };
	cleanup_text struct text bytes = { 0 };
	const char *all, *at;

	kernels_whole(root, request->kernels, &kernels);
	root_read(root, MODULES, ROOT_LIMIT_TEXT, &bytes, NULL);
	all = text_string(&bytes);
	for (at = all; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		const char *start = at + strspn(at, " \t");
		cleanup_free char *word = memory_string_n(start, strcspn(start, " \t\r\n"));

		missing_check(&missing, MODULES, &bytes, (size_t)(start - all), word, findings);
	}
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	cleanup_text struct text hook = { 0 };
	bool due;

	if (!image_words_are_plain(request, fault))
		return false;
	if (request->wanted)
		write_hook(request, &hook);
	if (!image_own_file(root, request, HOOK, &hook, 0755, changeset, findings, &due, fault))
		return false;
	if (!due)
		return true;
	if (is_switched_off(root)) {
		finding_remedy(findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
					    "update-initramfs is switched off by update_initramfs=no in " SWITCH "."),
			       "Set update_initramfs=yes there.");
		return true;
	}
	if (!has_image(root, request)) {
		finding_remedy(findings_add(findings, FINDING_IMAGE_MISSING, SEVERITY_ERROR,
					    "No installed kernel has an image /boot/initrd.img-VERSION that "
					    "update-initramfs could rebuild."),
			       "Create one with update-initramfs -c -k VERSION, or name what makes the images with "
			       "--generator NAME.");
		return true;
	}
	check_modules(root, request, findings);
	rebuild(root, request, changeset, findings);
	return true;
}

const struct initramfs initramfs_initramfs_tools = {
	.name = "initramfs-tools",
	.label = "initramfs-tools",
	.systems = "Debian, Ubuntu to 25.04, Proxmox, Pop!_OS",
	.files = HOOK,
	.apply = "update-initramfs -u -k all",
	.proven = { .booted = "Debian 12, 13, sid", .run = "Debian 12, 13, sid" },
	.probe = probe,
	.propose = propose,
};
