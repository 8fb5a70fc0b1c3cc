/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * booster (Arch). It reads only "options" of modprobe.d, when an image is made:
 * no softdep, no install, no shell in the image. It loads vfio-pci at once and the driver of a device while it still
 * looks round, so which one comes first is not certain for a driver that is in the image.
 */
#include <string.h>

#include "initramfs/image.h"
#include "initramfs/kernels.h"
#include "initramfs/missing.h"
#include "initramfs/generators.h"
#include "edit/wordlist.h"

#define SETTINGS "/etc/booster.yaml"
#define KEY "modules_force_load"
#define IMAGE_TIMEOUT 600u
#define KERNEL_LIMIT ((size_t)128 * 1024 * 1024)
/* What the generator tells the init of its image, in YAML (init/config.go). */
#define TOLD "etc/booster.init.yaml"

/*
 * As booster calls modules, with an underscore: an image with another name among those to be loaded is not made
 * (generator/kmod.go, scanModulesDir(), activateModules()).
 */
static void module_names(const struct strlist *modules, struct strlist *ret)
{
	for (size_t i = 0; i < modules->count; i++) {
		strlist_add(ret, modules->items[i]);
		for (char *at = ret->items[ret->count - 1]; (at = strchr(at, '-')); at++)
			*at = '_';
	}
}

/* Images are named after the kernel's package. */
static bool image_of(const struct root *root, const char *release, char *buffer, size_t size)
{
	cleanup_text struct text path = { 0 };
	cleanup_text struct text image = { 0 };
	char name[256];

	text_printf(&path, "usr/lib/modules/%s/pkgbase", release);
	if (!root_attribute(root, text_string(&path), name, sizeof(name)) || strchr(name, '/'))
		return false;
	text_printf(&image, "/boot/booster-%s.img", name);
	if (image.length >= size || !root_exists(root, text_string(&image)))
		return false;
	memcpy(buffer, text_string(&image), image.length + 1);
	return true;
}

static void probe(const struct root *root, struct evidence *evidence)
{
	char release[256], image[512];

	if (!root_exists(root, "usr/bin/booster")) {
		if (root_exists(root, SETTINGS))
			evidence_add(evidence, SCORE_TRACE, "%s is there, but no booster", SETTINGS);
		return;
	}
	if (root_attribute(root, "proc/sys/kernel/osrelease", release, sizeof(release)) &&
	    image_of(root, release, image, sizeof(image)))
		evidence_add(evidence, SCORE_USED, "booster is installed, and the running kernel has %s", image);
	else
		evidence_add(evidence, SCORE_TRACE, "booster is installed");
}

static bool propose_settings(const struct root *root, const struct early_request *request, struct changeset *changeset,
			     struct findings *findings, bool *ret_changed, struct fault *fault)
{
	cleanup_text struct text before = { 0 };
	cleanup_text struct text after = { 0 };
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist names = { 0 };
	bool there = false;

	if (!root_read_if_there(root, SETTINGS, ROOT_LIMIT_TEXT, &before, &there, fault))
		return false;
	if (request->wanted)
		module_names(request->modules, &names);
	if (!wordlist_edit(&before, KEY, &names, &after, &refusal)) {
		cleanup_free char *words = strlist_join(&names, ",");

		struct finding *finding = refusal_finding(&refusal, SETTINGS, findings);

		finding_remedy(finding, "Make it one line like this, with your own words in place of the dots; then plan "
			       "again.");
		finding_paste(finding, KEY ": ...%s%s", names.count ? "," : "", words);
		return true;
	}
	*ret_changed = !text_equal(&before, &after);
	if (!*ret_changed)
		return true;
	/* A file that has nothing but our line was made by us, and goes with it. */
	changeset_file(changeset, SETTINGS, there ? &before : NULL, after.length || !before.length ? &after : NULL,
		       0644, request->wanted ? "has vfio-pci in the initramfs images, loaded first" :
		       "the initramfs images need nothing from vfioconf");
	return true;
}

static bool same_bytes(const struct root *root, const char *one, const char *other)
{
	cleanup_text struct text first = { 0 };
	cleanup_text struct text second = { 0 };

	return root_read(root, one, KERNEL_LIMIT, &first, NULL) && root_read(root, other, KERNEL_LIMIT, &second, NULL) &&
	       text_equal(&first, &second);
}

/*
 * Of two kernels of one package, such as the one from before an upgrade, whose modules were kept for as long as it
 * runs, only the one in /boot has the image.
 */
static bool has_its_image(const struct root *root, const struct strlist *kernels, size_t number, const char *image)
{
	const char *package = image + strlen("/boot/booster-");
	cleanup_text struct text boot = { 0 };
	cleanup_text struct text own = { 0 };

	text_printf(&boot, "/boot/vmlinuz-%.*s", (int)(strlen(package) - strlen(".img")), package);
	text_printf(&own, "/usr/lib/modules/%s/vmlinuz", kernels->items[number]);
	for (size_t i = 0; i < kernels->count; i++) {
		char other[512];

		if (i != number && image_of(root, kernels->items[i], other, sizeof(other)) && !strcmp(other, image))
			return same_bytes(root, text_string(&boot), text_string(&own));
	}
	return true;
}

/* What stands behind "options vfio-pci " in the files of ours, before or after the plan; nothing where nothing does. */
static void read_options(const struct early_request *request, const struct changeset *changeset, bool after,
			 struct text *ret)
{
	static const char directive[] = "options vfio-pci ";

	for (size_t i = 0; i < request->files->count; i++) {
		const struct file_change *change = changeset_find(changeset, request->files->items[i]);
		const struct text *bytes = !change ? NULL : after ? &change->after : &change->before;
		cleanup_strlist struct strlist lines = { 0 };

		strlist_split(&lines, bytes ? text_string(bytes) : "", "\n");
		for (size_t j = 0; j < lines.count; j++)
			if (text_starts_with(lines.items[j], directive))
				text_append(ret, lines.items[j] + strlen(directive));
	}
}

/* "vfio_pci: ids=...": those ids, and no more. Options of other files may stand before and behind, after a blank. */
static void expect_options(struct expectation *expectation, const struct early_request *request,
			   const struct changeset *changeset)
{
	cleanup_text struct text now = { 0 };
	cleanup_text struct text then = { 0 };

	read_options(request, changeset, true, &now);
	read_options(request, changeset, false, &then);
	if (now.length) {
		strlist_printf(&expectation->present, "*vfio_pci: *%s*", text_string(&now));
		strlist_printf(&expectation->absent, "*vfio_pci: *%s[,:]*", text_string(&now));
	} else if (then.length) {
		strlist_printf(&expectation->absent, "*vfio_pci: *%s*", text_string(&then));
	}
}

/* Whether the settings will still name vfio-pci: with nothing of ours there, because the user's own list does. */
static bool settings_name(const struct root *root, const struct changeset *changeset)
{
	const struct file_change *change = changeset_find(changeset, SETTINGS);
	cleanup_text struct text now = { 0 };

	if (change)
		text_append_n(&now, change->after.bytes, change->after.length);
	else
		root_read(root, SETTINGS, ROOT_LIMIT_TEXT, &now, NULL);
	return strstr(text_string(&now), "vfio");
}

static struct expectation *expect_cat(struct command *command, const char *image)
{
	static const char *const cat[] = { "booster", "cat" };
	struct expectation *told = command_expect(command, EXPECT_LISTING, image);

	for (size_t i = 0; i < array_size(cat); i++)
		strlist_add(&told->argv, cat[i]);
	strlist_add(&told->argv, image);
	strlist_add(&told->argv, TOLD);
	return told;
}

static void expect_image(const struct root *root, const char *image, const char *release,
			 const struct early_request *request, const struct changeset *changeset,
			 struct command *command)
{
	struct expectation *listing, *told;

	image_expect_modules(root, command, "booster ls", image, release, request);
	listing = &command->expectations[command->expectation_count - 1];
	/* Whatever is in it: of an image without this, the other look would find nothing amiss. */
	strlist_add(&listing->present, "*" TOLD);
	if (!request->wanted && !settings_name(root, changeset))
		strlist_add(&listing->absent, "*/vfio_pci.ko");
	told = expect_cat(command, image);
	if (request->wanted && request->modules->count &&
	    image_module(root, release, request->modules->items[0]) == IMAGE_MODULE_FILE) {
		strlist_add(&told->present, "*- vfio_pci");
		expect_options(told, request, changeset);
	} else if (!request->wanted && !settings_name(root, changeset)) {
		strlist_add(&told->absent, "*- vfio_pci");
	}
}

/*
 * One after the other, and not by /usr/lib/booster/regenerate_images: that starts all of them at once, says nothing of
 * those that fail, and installs kernels.
 */
static bool rebuild(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings)
{
	cleanup_strlist struct strlist without = { 0 };
	bool any = false;

	for (size_t i = 0; i < request->kernels->count; i++) {
		const char *release = request->kernels->items[i];
		char image[512];
		const char *const argv[] = { "booster", "build", "--force", "--kernel-version", release, image, NULL };
		struct command *command;

		if (!image_of(root, release, image, sizeof(image))) {
			strlist_add(&without, release);
			continue;
		}
		if (!has_its_image(root, request->kernels, i, image))
			continue;
		command = changeset_command(changeset, image_why(request), IMAGE_TIMEOUT, argv);
		expect_image(root, image, release, request, changeset, command);
		any = true;
	}
	for (size_t i = 0; any && i < without.count; i++)
		kernel_without_image(root, request, without.items[i], "booster",
				     "booster build --force --kernel-version VERSION IMAGE", findings);
	return any;
}

/* Both lists of modules; one that is to be left out is "-NAME". */
static void check_modules(const struct root *root, const struct early_request *request, struct findings *findings)
{
	cleanup_strlist struct strlist kernels = { 0 };
	const struct missing missing = { root, &kernels,
					 "booster fails on it, so that no image could be made anew", SEVERITY_ERROR };
	cleanup_text struct text bytes = { 0 };

	kernels_whole(root, request->kernels, &kernels);
	root_read(root, SETTINGS, ROOT_LIMIT_TEXT, &bytes, NULL);
	for (const char *line = text_string(&bytes); *line; line += strcspn(line, "\n"), line += *line == '\n') {
		cleanup_free char *copy = memory_string_n(line, strcspn(line, "#\n"));
		size_t offset = (size_t)(line - text_string(&bytes));
		cleanup_strlist struct strlist words = { 0 };

		if (!text_starts_with(copy, KEY ":") && !text_starts_with(copy, "modules:"))
			continue;
		strlist_split(&words, strchr(copy, ':') + 1, " \t\r,\"'");
		for (size_t i = 0; i < words.count; i++)
			missing_check(&missing, SETTINGS, &bytes, offset, words.items[i] + (*words.items[i] == '-'),
				      findings);
	}
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	size_t known = findings->count;
	bool changed = false;

	if (!image_words_are_plain(request, fault) ||
	    !propose_settings(root, request, changeset, findings, &changed, fault))
		return false;
	if (findings->count > known || (!changed && !request->contents_changed))
		return true;
	check_modules(root, request, findings);
	if (!rebuild(root, request, changeset, findings)) {
		finding_remedy(findings_add(findings, FINDING_IMAGE_MISSING, SEVERITY_ERROR,
					    "No installed kernel has an image /boot/booster-PACKAGE.img that is known to be "
					    "its own."),
			       "Create them with /usr/lib/booster/regenerate_images, or name what makes the images with "
			       "--generator NAME.");
		return true;
	}
	if (request->wanted)
		finding_remedy(findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_WARNING,
					    "booster does not promise that vfio-pci comes before another driver "
					    "that is in its image. What such a driver has then is taken from it in the "
					    "running system."),
			       "Leave the driver of the device out of the image: modules: -DRIVER in " SETTINGS ".");
	return true;
}

const struct initramfs initramfs_booster = {
	.name = "booster",
	.label = "booster",
	.systems = "Arch",
	.files = SETTINGS,
	.apply = "booster build --force --kernel-version VERSION IMAGE",
	.late = true,
	.options_only = true,
	.probe = probe,
	.propose = propose,
};
