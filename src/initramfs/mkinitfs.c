/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alpine's mkinitfs: a feature, wholly ours, names the modules; its name stands
 * among the features of the configuration. /etc/modprobe.d is in every image anyway.
 */
#include "initramfs/generators.h"

#include <string.h>

#include "boot/own.h"
#include "edit/assign.h"
#include "initramfs/image.h"

#define SETTINGS "/etc/mkinitfs/mkinitfs.conf"
#define FEATURES "/etc/mkinitfs/features.d"
#define MODULES FEATURES "/vfioconf.modules"
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
		finding_remedy(refusal_finding(&refusal, SETTINGS, findings),
			       "Make it one plain line: features=\"...%s\"", wanted ? " " FEATURE : "");
		return true;
	}
	*ret_changed = *ret_changed || !text_equal(&before, &after);
	changeset_file(changeset, SETTINGS, &before, &after, 0644,
		       wanted ? "has mkinitfs use the feature" : "the initramfs images need nothing from vfioconf");
	return true;
}

static bool rebuild(const struct root *root, const struct early_request *request, struct changeset *changeset)
{
	bool any = false;

	for (size_t i = 0; i < request->kernels->count; i++) {
		const char *release = request->kernels->items[i];
		const char *const argv[] = { "mkinitfs", release, NULL };
		cleanup_text struct text image = { 0 };
		struct expectation *expectation;
		struct command *command;

		if (!image_of(root, release, &image))
			continue;
		command = changeset_command(changeset, image_why(request), IMAGE_TIMEOUT, argv);
		strlist_add_once(&command->artefacts, text_string(&image));
		command_expect(command, EXPECT_FILE, text_string(&image));
		/* Nothing on an Alpine system lists an image; mkinitfs lists what it puts into one. */
		expectation = command_expect(command, EXPECT_LISTING, text_string(&image));
		strlist_split(&expectation->argv, "mkinitfs -l", " ");
		strlist_add(&expectation->argv, release);
		if (request->wanted && request->modules->count &&
		    image_module(root, release, request->modules->items[0]) == IMAGE_MODULE_FILE)
			strlist_add(&expectation->present, "*/vfio[-_]pci.ko*");
		any = true;
	}
	return any;
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	cleanup_text struct text modules = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!image_words_are_plain(request, fault))
		return false;
	own_header(&modules, "# ");
	text_append(&modules, "kernel/drivers/vfio\n");
	if (!own_file(root, MODULES, request->wanted ? &modules : NULL, 0644,
		      request->wanted ? "puts vfio-pci into the initramfs images" :
		      "the initramfs images need nothing from vfioconf", changeset, findings, &changed, fault) ||
	    !propose_feature(root, request->wanted, changeset, findings, &changed, fault))
		return false;
	if (findings->count > known || (!changed && !request->contents_changed))
		return true;
	if (!rebuild(root, request, changeset))
		finding_remedy(findings_add(findings, FINDING_GENERATOR_UNKNOWN, SEVERITY_ERROR,
					    "No installed kernel has an image /boot/initramfs-FLAVOR."),
			       "Create it with mkinitfs VERSION, or name what makes the images with --generator NAME.");
	return true;
}

const struct initramfs initramfs_mkinitfs = {
	.name = "mkinitfs",
	.label = "mkinitfs",
	.systems = "Alpine",
	.files = MODULES ", " SETTINGS,
	.apply = "mkinitfs VERSION",
	.probe = probe,
	.propose = propose,
};
