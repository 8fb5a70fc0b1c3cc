/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alpine's mkinitfs: a feature, wholly ours, names the modules and the program that loads them; its name stands
 * among the features of the configuration. /etc/modprobe.d is in every image anyway.
 *
 * nlplug-findfs, which looks round for devices in the image, has libkmod in it, and that runs our install line. What
 * the line calls, /sbin/modprobe, would be busybox's: mkinitfs takes only busybox itself (features.d/base.files), its
 * init has it make links under all its names (initramfs-init.in), and that modprobe knows no --ignore-install. So
 * kmod's goes in; busybox leaves alone what is there (libbb/appletlib.c, install_links()).
 */
#include "initramfs/generators.h"

#include <string.h>

#include "boot/own.h"
#include "edit/assign.h"
#include "initramfs/image.h"
#include "initramfs/kernels.h"

#define SETTINGS "/etc/mkinitfs/mkinitfs.conf"
#define FEATURES "/etc/mkinitfs/features.d"
#define MODULES FEATURES "/vfioconf.modules"
#define FILES FEATURES "/vfioconf.files"
#define FEATURE "vfioconf"
#define IMAGE_TIMEOUT 300u

/* "6.6.32-0-lts" has the image initramfs-lts. */
static bool image_of(const struct root *root, const char *release, struct text *ret)
{
	const char *flavor = strrchr(release, '-');

	if (!flavor || !flavor[1])
		return false;
	text_printf(ret, "/boot/initramfs-%s", flavor + 1);
	return root_exists(root, text_string(ret));
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_text struct text image = { 0 };
	char release[256];

	if (!root_exists(root, SETTINGS))
		return;
	if (!root_exists(root, "sbin/mkinitfs") && !root_exists(root, "usr/sbin/mkinitfs"))
		evidence_add(evidence, SCORE_TRACE, "%s is there, but no mkinitfs", SETTINGS);
	else if (root_attribute(root, "proc/sys/kernel/osrelease", release, sizeof(release)) &&
		 image_of(root, release, &image))
		evidence_add(evidence, SCORE_USED, "mkinitfs is installed, and the running kernel has %s",
			     text_string(&image));
	else
		evidence_add(evidence, SCORE_CONFIGURED, "mkinitfs and %s are there", SETTINGS);
}

/* Where the package kmod has them (main/kmod/APKBUILD), and where they are with /bin and /usr/bin in one. */
static const char *const kmod_programs[] = { "/bin/kmod", "/usr/bin/kmod" };
static const char *const kmod_files[] = { "/bin/kmod", "/sbin/modprobe", "/usr/bin/kmod", "/usr/sbin/modprobe" };

static bool has_kmod(const struct root *root)
{
	for (size_t i = 0; i < array_size(kmod_programs); i++)
		if (root_exists(root, kmod_programs[i]))
			return true;
	return false;
}

/* mkinitfs passes over what is not there, and adds the libraries of what is (feature_files(), lddtree). */
static void write_files(struct text *ret)
{
	own_header(ret, "# ");
	for (size_t i = 0; i < array_size(kmod_files); i++)
		text_printf(ret, "%s\n", kmod_files[i]);
}

/* The feature's name among the others; words of a list are as those of a command line. */
static bool propose_feature(const struct root *root, bool wanted, struct changeset *changeset,
			    struct findings *findings, bool *ret_changed, struct fault *fault)
{
	char name[] = FEATURE, *names[] = { name };
	const struct strlist feature = { .items = names, .count = 1 };
	const struct cmdline_change change = { .add = wanted ? &feature : NULL, .remove = wanted ? NULL : &feature };
	cleanup_text struct text before = { 0 };
	cleanup_text struct text after = { 0 };
	cleanup_refusal struct refusal refusal = { 0 };

	if (!root_read(root, SETTINGS, ROOT_LIMIT_TEXT, &before, fault))
		return false;
	if (assign_edit(&before, "features", &change, &after, NULL, &refusal) == ASSIGN_REFUSED) {
		struct finding *finding = refusal_finding(&refusal, SETTINGS, findings);

		finding_remedy(finding, "Make it one plain line like this, with your own words in place of the dots; then "
			       "plan again.");
		finding_paste(finding, "features=\"...%s\"", wanted ? " " FEATURE : "");
		return true;
	}
	*ret_changed = *ret_changed || !text_equal(&before, &after);
	changeset_file(changeset, SETTINGS, &before, &after, 0644,
		       wanted ? "has mkinitfs use the feature" : "the initramfs images need nothing from vfioconf");
	return true;
}

/*
 * Nothing on an Alpine system lists an image by itself; what mkinitfs makes it with takes it apart as well: cpio, and
 * one of gzip, xz and zstd, as its settings say (initfscomp). Those that do not fit say nothing and fail; xz comes
 * last, since that of busybox does not fail. This one lister needs a shell: the script is fixed, the image an argument.
 */
#define LIST "{ zcat \"$1\" || zstd -dc \"$1\" || xz -dc \"$1\"; } 2>/dev/null | cpio -t 2>/dev/null"

static void expect_image(const struct root *root, const char *image, const char *release,
			 const struct early_request *request, struct command *command)
{
	static const char *const lister[] = { "sh", "-c", LIST, "sh" };
	struct expectation *expectation;

	command->output = memory_string(image);
	command_expect(command, EXPECT_FILE, image);
	expectation = command_expect(command, EXPECT_LISTING, image);
	for (size_t i = 0; i < array_size(lister); i++)
		strlist_add(&expectation->argv, lister[i]);
	strlist_add(&expectation->argv, COMMAND_OUTPUT);
	/* Whatever is packed in it: an image that cannot be taken apart has no such file. */
	strlist_add(&expectation->present, "*init");
	for (size_t i = 0; request->wanted && i < request->files->count; i++)
		strlist_printf(&expectation->present, "*%s", request->files->items[i] + 1);
	if (request->wanted && request->modules->count &&
	    image_module(root, release, request->modules->items[0]) == IMAGE_MODULE_FILE) {
		strlist_add(&expectation->present, "*/vfio[-_]pci.ko*");
		image_expect_shell(root, expectation, release, request);
		strlist_add(&expectation->present, "*bin/kmod");
		strlist_add(&expectation->present, "*bin/modprobe");
	}
	if (!request->wanted)
		strlist_add(&expectation->absent, "*etc/modprobe.d/00-vfioconf.conf");
}

/* Of two kernels of one flavor, the one whose package is installed: of the other only modules are left. */
static bool has_its_image(const struct root *root, const char *release)
{
	cleanup_text struct text path = { 0 };
	char installed[256];

	text_printf(&path, "usr/share/kernel/%s/kernel.release", strrchr(release, '-') + 1);
	return !root_attribute(root, text_string(&path), installed, sizeof(installed)) || !strcmp(installed, release);
}

/*
 * Left alone, mkinitfs deletes the image before it writes the new one (initfs_cpio()), and nothing boots in between.
 * So it writes beside it, and what it wrote takes the image's place once it was looked into.
 */
static bool rebuild(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings)
{
	cleanup_strlist struct strlist without = { 0 };
	bool any = false;

	for (size_t i = 0; i < request->kernels->count; i++) {
		const char *release = request->kernels->items[i];
		const char *const argv[] = { "mkinitfs", "-o", COMMAND_OUTPUT, release, NULL };
		cleanup_text struct text image = { 0 };

		if (!image_of(root, release, &image)) {
			strlist_add(&without, release);
			continue;
		}
		if (!has_its_image(root, release) || changeset_rewrites(changeset, text_string(&image)))
			continue;
		expect_image(root, text_string(&image), release, request,
			     changeset_command(changeset, image_why(request), IMAGE_TIMEOUT, argv));
		any = true;
	}
	for (size_t i = 0; any && i < without.count; i++)
		kernel_without_image(root, request, without.items[i], "mkinitfs", "mkinitfs -o IMAGE VERSION", findings);
	return any;
}

/* The feature's two files. */
static bool propose_files(const struct root *root, bool wanted, bool loads, struct changeset *changeset,
			  struct findings *findings, bool *ret_changed, struct fault *fault)
{
	static const char why_not[] = "the initramfs images need nothing from vfioconf";
	cleanup_text struct text modules = { 0 };
	cleanup_text struct text files = { 0 };
	bool changed = false;

	own_header(&modules, "# ");
	text_append(&modules, "kernel/drivers/vfio\n");
	write_files(&files);
	if (!own_file(root, MODULES, wanted ? &modules : NULL, 0644,
		      wanted ? "puts vfio-pci into the initramfs images" : why_not, changeset, findings, ret_changed,
		      fault) ||
	    !own_file(root, FILES, loads ? &files : NULL, 0644,
		      loads ? "puts kmod's modprobe there, since busybox's cannot load it as its settings say" : why_not,
		      changeset, findings, &changed, fault))
		return false;
	*ret_changed = *ret_changed || changed;
	return true;
}

static void refuse_without_kmod(struct findings *findings)
{
	struct finding *finding = findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
					       "kmod is not installed, and busybox's modprobe heeds neither softdep nor "
					       "install in /etc/modprobe.d: another driver would come first, in the "
					       "initramfs and after it.");

	finding_remedy(finding, "Install it, then plan again.");
	finding_paste(finding, "apk add kmod");
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	bool wanted = request->wanted, loads = wanted && request->modules->count, changed = false;
	size_t known = findings->count;

	if (!image_words_are_plain(request, fault))
		return false;
	if (loads && !has_kmod(root)) {
		refuse_without_kmod(findings);
		return true;
	}
	if (!propose_files(root, wanted, loads, changeset, findings, &changed, fault) ||
	    !propose_feature(root, wanted, changeset, findings, &changed, fault))
		return false;
	if (findings->count > known || (!changed && !request->contents_changed))
		return true;
	if (!rebuild(root, request, changeset, findings))
		finding_remedy(findings_add(findings, FINDING_IMAGE_MISSING, SEVERITY_ERROR,
					    "No installed kernel has an image /boot/initramfs-FLAVOR."),
			       "Create it with mkinitfs VERSION, or name what makes the images with --generator NAME.");
	return true;
}

const struct initramfs initramfs_mkinitfs = {
	.name = "mkinitfs",
	.label = "mkinitfs",
	.systems = "Alpine",
	.files = MODULES ", " FILES ", " SETTINGS,
	.apply = "mkinitfs -o IMAGE VERSION",
	.by_softdep = true,
	.probe = probe,
	.propose = propose,
};
