/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * booster (Arch). It reads only "options" of modprobe.d, when an image is made:
 * no softdep, no install, no shell in the image. It loads vfio-pci at once and the driver of a device while it still
 * looks round, so which one comes first is not certain for a driver that is in the image.
 */
#include <string.h>

#include "initramfs/image.h"
#include "initramfs/generators.h"
#include "edit/wordlist.h"

#define SETTINGS "/etc/booster.yaml"
#define KEY "modules_force_load"
#define GENERATOR "/usr/lib/booster/regenerate_images"
#define IMAGE_TIMEOUT 600u

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

static bool rebuild(const struct root *root, const struct early_request *request, struct changeset *changeset)
{
	const char *const argv[] = { GENERATOR, NULL };
	struct command *command = NULL;

	for (size_t i = 0; i < request->kernels->count; i++) {
		char image[512];

		if (!image_of(root, request->kernels->items[i], image, sizeof(image)))
			continue;
		if (!command) {
			command = changeset_command(changeset, image_why(request), 0, argv);
			command->timeout = 0;
		}
		command->timeout += IMAGE_TIMEOUT;
		image_expect_modules(root, command, "booster ls", image, request->kernels->items[i], request);
	}
	return command;
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
	if (!rebuild(root, request, changeset)) {
		finding_remedy(findings_add(findings, FINDING_GENERATOR_UNKNOWN, SEVERITY_ERROR,
					    "No installed kernel has an image /boot/booster-PACKAGE.img."),
			       "Create them with " GENERATOR ", or name what makes the images with --generator NAME.");
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
	.apply = GENERATOR,
	.late = true,
	.options_only = true,
	.probe = probe,
	.propose = propose,
};
