/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dracut, 059 and dracut-ng. One drop-in, wholly ours. */
#include "initramfs/generators.h"

#include <string.h>

#include "boot/clue.h"
#include "boot/kernel_install.h"
#include "boot/own.h"
#include "boot/uki.h"
#include "initramfs/dracut_host_only.h"
#include "initramfs/dracut_settings.h"
#include "initramfs/entry_images.h"
#include "initramfs/image.h"
#include "initramfs/kernels.h"
#include "initramfs/maker.h"
#include "initramfs/stray.h"

#define DROPIN UKI_DRACUT_DIRECTORY "/" DRACUT_OURS
#define IMAGE_TIMEOUT 900u

/* The lists that dpkg keeps of a package's files: removed packages have only configuration files in theirs. */
static bool is_debian_package(const struct root *root)
{
	return clue_file_holds(root, "var/lib/dpkg/info/dracut.list", ROOT_LIMIT_TEXT, "/usr/share/doc/dracut\n");
}

/* pacman runs it after each change of a kernel where one of its hooks says so. */
static bool is_hooked(const struct root *root)
{
	static const char *const directories[] = { "etc/pacman.d/hooks", "usr/share/libalpm/hooks" };

	for (size_t i = 0; i < array_size(directories); i++) {
		cleanup_strlist struct strlist names = { 0 };

		root_list(root, directories[i], &names, NULL);
		for (size_t j = 0; j < names.count; j++)
			if (strstr(names.items[j], "dracut") && text_ends_with(names.items[j], "install.hook"))
				return true;
	}
	return false;
}

/* kernel-install puts an initrd that it has dracut make into a unified image, and keeps it nowhere else. */
static bool is_inside(const struct root *root, const char *image)
{
	return text_ends_with(image, ".efi") && uki_has_initrd_made_by(root, "dracut");
}

/*
 * The images of RELEASE, which is one of KERNELS. With uefi=yes whatever dracut writes is a unified kernel image, and
 * those are what this system is started from; kernel-install makes them as well, around an initrd that it is given or
 * one that it has dracut make.
 */
static void find_images(const struct root *root, const char *release, const struct strlist *kernels,
			struct strlist *ret)
{
	cleanup_strlist struct strlist unified = { 0 };

	if (uki_way(root) != UKI_DRACUT) {
		image_find(root, release, ret);
		if (!uki_has_initrd_made_by(root, "dracut") || kernel_install_gives_initrd(root, release))
			return;
	}
	uki_find(root, &unified);
	for (size_t i = 0; i < unified.count; i++) {
		const char *found = uki_release(unified.items[i], kernels);

		if (found && !strcmp(found, release))
			strlist_add(ret, unified.items[i]);
	}
}

/* The images of the running kernel that bear no other generator's mark; true where one of them bears dracut's. */
static bool made_running_image(const struct root *root, struct strlist *images)
{
	cleanup_strlist struct strlist found = { 0 };
	char buffer[256] = "", *release = buffer;
	bool made = false;

	if (!root_attribute(root, "proc/sys/kernel/osrelease", buffer, sizeof(buffer)))
		return false;
	find_images(root, release, &(struct strlist){ .items = &release, .count = 1 }, &found);
	for (size_t i = 0; i < found.count; i++) {
		const char *maker = maker_of(root, found.items[i]);

		made = made || (maker && !strcmp(maker, "dracut"));
		if (!maker || !strcmp(maker, "dracut"))
			strlist_add(images, found.items[i]);
	}
	return made;
}

/* By the image alone: it is dracut's where nothing else that is installed could have written it. */
static void weigh_image(const struct root *root, const struct strlist *images, struct evidence *evidence)
{
	const char *image = images->count ? images->items[0] : NULL;
	const char *rival = image ? maker_rival(root, "dracut", image) : NULL;

	if (!image)
		evidence_add(evidence, SCORE_TRACE, "dracut is installed");
	else if (rival)
		evidence_add(evidence, SCORE_CONFIGURED, "dracut is installed and may have made %s, as may %s", image,
			     rival);
	else
		evidence_add(evidence, SCORE_USED, "dracut is installed, and the running kernel has %s", image);
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_strlist struct strlist images = { 0 };
	cleanup_strlist struct strlist entries = { 0 };
	cleanup_strlist struct strlist releases = { 0 };

	if (!root_exists(root, "usr/bin/dracut") && !root_exists(root, "usr/sbin/dracut") &&
	    !root_exists(root, "sbin/dracut")) {
		if (root_is_directory(root, "etc/dracut.conf.d"))
			evidence_add(evidence, SCORE_TRACE, "/etc/dracut.conf.d is there, but no dracut");
		return;
	}
	entry_images_find(root, &entries, &releases, &images);
	if (entries.count)
		evidence_add(evidence, SCORE_USED, ENTRY_IMAGES_MAKER " has dracut make %s", images.items[0]);
	else if (made_running_image(root, &images))
		evidence_add(evidence, SCORE_PROVEN, "an image of the running kernel begins with dracut's early_cpio");
	else if (is_debian_package(root))
		evidence_add(evidence, SCORE_USED, "the package dracut is installed");
	else if (is_hooked(root))
		evidence_add(evidence, SCORE_USED, "pacman runs dracut for each kernel");
	else if (maker_is_chosen(root, "dracut"))
		evidence_add(evidence, SCORE_USED, "/etc/kernel.d has dracut run for each kernel");
	else
		weigh_image(root, &images, evidence);
}

/*
 * The values need their surrounding blanks: each file appends to one string.
 * dracut copies /etc/modprobe.d by itself only into host-only images, hence the file is named.
 */
static void write_dropin(const struct early_request *request, struct text *ret)
{
	cleanup_free char *modules = strlist_join(request->modules, " ");
	cleanup_free char *files = strlist_join(request->files, " ");

	own_header(ret, "# ");
	if (*modules)
		text_printf(ret, "force_drivers+=\" %s \"\n", modules);
	if (*files)
		text_printf(ret, "install_items+=\" %s \"\n", files);
}

/* The bytes that FILE will have when the images are made. */
static bool future_content(const struct root *root, const struct changeset *changeset, const char *file,
			   struct text *ret)
{
	const struct file_change *change = changeset_find(changeset, file);

	if (!change)
		return root_read(root, file, ROOT_LIMIT_TEXT, ret, NULL);
	text_append_n(ret, text_string(&change->after), change->after.length);
	return true;
}

/* The line as a pattern for fnmatch(3) that matches it alone. */
static void add_line_pattern(struct strlist *patterns, const char *line)
{
	cleanup_text struct text pattern = { 0 };

	for (; *line; line++) {
		if (strchr("*?[\\", *line))
			text_append_char(&pattern, '\\');
		text_append_char(&pattern, *line);
	}
	strlist_add(patterns, text_string(&pattern));
}

/*
 * lsinitrd can show a file of the image, so that what is in it is compared line
 * by line: a name alone would not tell a fresh image from a stale one. ARGUMENT stands for the image; PATH is that, or
 * the boot entry which names it.
 */
static void expect_content(const struct root *root, const struct changeset *changeset, struct command *command,
			   const char *path, const char *argument, const char *file)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text content = { 0 };
	struct expectation *expectation;

	if (!future_content(root, changeset, file, &content))
		return;
	strlist_split(&lines, text_string(&content), "\n");
	if (!lines.count)
		return;
	expectation = command_expect(command, EXPECT_LISTING, path);
	strlist_add(&expectation->argv, "lsinitrd");
	strlist_add(&expectation->argv, "-f");
	strlist_add(&expectation->argv, file + 1);
	strlist_add(&expectation->argv, argument);
	for (size_t i = 0; i < lines.count; i++)
		add_line_pattern(&expectation->present, lines.items[i]);
}

/* dracut -f [OPTION...] IMAGE VERSION */
static struct command *dracut_command(const struct root *root, const struct early_request *request, const char *release,
				      const char *image, struct changeset *changeset)
{
	cleanup_strlist struct strlist options = { 0 };
	const char *argv[8] = { "dracut", "-f" };
	size_t count = 2;

	dracut_host_only_options(root, &options);
	for (size_t i = 0; i < options.count && count + 3 < array_size(argv); i++)
		argv[count++] = options.items[i];
	argv[count++] = image;
	argv[count] = release;
	return changeset_command(changeset, image_why(request), IMAGE_TIMEOUT, argv);
}

/* Where kernel-install would have to do it and cannot, FINDINGS says so, and nothing is done. */
static void rebuild(const struct root *root, const struct early_request *request, const char *release,
		    const char *image, struct changeset *changeset, struct findings *findings)
{
	struct command *command = is_inside(root, image) ?
				  kernel_install_command(root, release, image, changeset, findings) :
				  dracut_command(root, request, release, image, changeset);

	if (!command)
		return;
	image_expect(root, command, "lsinitrd", image, release, request, false);
	for (size_t i = 0; request->wanted && i < request->files->count; i++)
		expect_content(root, changeset, command, image, image, request->files->items[i]);
}

/* The images of boot entries, which get new names; the old ones stay where they are. */
static bool rebuild_entries(const struct root *root, const struct early_request *request, struct changeset *changeset)
{
	static const char *const argv[] = ENTRY_IMAGES_COMMAND;
	cleanup_strlist struct strlist entries = { 0 };
	cleanup_strlist struct strlist releases = { 0 };
	cleanup_strlist struct strlist images = { 0 };
	struct command *command;

	entry_images_find(root, &entries, &releases, &images);
	if (!entries.count)
		return false;
	command = changeset_command(changeset, image_why(request), IMAGE_TIMEOUT * (unsigned)entries.count, argv);
	for (size_t i = 0; i < entries.count; i++) {
		strlist_add_once(&command->artefacts, images.items[i]);
		strlist_add_once(&command->beside, images.items[i]);
		image_expect_entry(root, command, "lsinitrd", entries.items[i], releases.items[i], request);
		for (size_t j = 0; request->wanted && j < request->files->count; j++)
			expect_content(root, changeset, command, entries.items[i], ENTRY_INITRD,
				       request->files->items[j]);
	}
	return true;
}

/*
 * kernel-install has dracut make one on the ESP where it is given none. Once it is given that of /boot, the entry names
 * the copy of this one, and the other stays behind: minutes of work, of which nothing would be seen.
 */
static void note_stray(const char *image, struct findings *findings)
{
	finding_remedy(findings_add(findings, FINDING_IMAGE_UNUSED, SEVERITY_NOTE,
				    "%s stays as it is: no boot entry names it, and systemd-boot starts nothing else.",
				    image),
		       "Delete it if nothing else of yours starts it.");
}

/* lsinitrd takes the initrd out of a unified image with it, and else says nothing of what is in there. */
static bool lacks_objcopy(const struct root *root, const char *image)
{
	return text_ends_with(image, ".efi") && clue_file_holds(root, "usr/bin/lsinitrd", ROOT_LIMIT_TEXT, "objcopy") &&
	       !root_exists(root, "usr/bin/objcopy");
}

static void refuse_without_objcopy(const char *image, struct findings *findings)
{
	finding_remedy(findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
				    "objcopy is not installed, and without it lsinitrd cannot look into %s: nobody could "
				    "tell whether it is right.", image),
		       "Install the package binutils.");
}

/* Of one kernel. False: it has none. */
static bool rebuild_kernel(const struct root *root, const struct early_request *request, const char *release,
			   struct changeset *changeset, struct findings *findings)
{
	cleanup_strlist struct strlist images = { 0 };
	cleanup_strlist struct strlist strays = { 0 };

	find_images(root, release, request->kernels, &images);
	stray_part(root, &images, &strays);
	for (size_t i = 0; i < images.count; i++)
		if (lacks_objcopy(root, images.items[i]))
			refuse_without_objcopy(images.items[i], findings);
		else
			rebuild(root, request, release, images.items[i], changeset, findings);
	for (size_t i = 0; i < strays.count; i++)
		note_stray(strays.items[i], findings);
	return images.count;
}

/* Each image by its own name: dracut's idea of a default name differs from one distribution to the next. False: none. */
static bool rebuild_all(const struct root *root, const struct early_request *request, struct changeset *changeset,
			struct findings *findings)
{
	cleanup_strlist struct strlist without = { 0 };

	for (size_t i = 0; i < request->kernels->count; i++)
		if (!rebuild_kernel(root, request, request->kernels->items[i], changeset, findings))
			strlist_add(&without, request->kernels->items[i]);
	if (without.count == request->kernels->count)
		return false;
	for (size_t i = 0; i < without.count; i++)
		kernel_without_image(root, request, without.items[i], "dracut", "dracut -f IMAGE VERSION", findings);
	return true;
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	cleanup_text struct text dropin = { 0 };
	bool due;

	if (!image_words_are_plain(request, fault))
		return false;
	if (request->wanted)
		write_dropin(request, &dropin);
	if (!image_own_file(root, request, DROPIN, &dropin, 0644, changeset, findings, &due, fault))
		return false;
	if (!due)
		return true;
	if (request->wanted && !dracut_check_settings(root, request, findings))
		return true;
	if (!rebuild_entries(root, request, changeset) && !rebuild_all(root, request, changeset, findings))
		finding_remedy(findings_add(findings, FINDING_IMAGE_MISSING, SEVERITY_ERROR,
					    "No installed kernel has an initramfs image under a name that dracut "
					    "is known to use."),
			       "Create one with dracut --kver VERSION, or name what makes the images with "
			       "--generator NAME.");
	return true;
}

const struct initramfs initramfs_dracut = {
	.name = "dracut",
	.label = "dracut",
	.systems = "Fedora, RHEL, openSUSE, Ubuntu from 25.10, Void, EndeavourOS, Gentoo",
	.files = DROPIN,
	.apply = "dracut -f IMAGE VERSION; on openSUSE sdbootutil mkinitrd; kernel-install add VERSION KERNEL for an "
		 "initrd that is in a unified kernel image alone",
	.proven = { .booted = "Debian 12, 13, sid", .run = "Debian 12, 13, sid" },
	.probe = probe,
	.propose = propose,
};
