/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alpine: update-extlinux writes extlinux.conf from default_kernel_opts. */
#include <string.h>

#include "boot/clue.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "edit/assign.h"

#define SETTINGS "/etc/update-extlinux.conf"
#define OUTPUT "/boot/extlinux.conf"
#define SNIPPETS "/etc/update-extlinux.d"

static const struct managed_assignment assignment = { SETTINGS, "default_kernel_opts" };

static void probe(const struct root *root, struct evidence *evidence)
{
	char image[256];

	if (!root_exists(root, SETTINGS))
		return;
	if (!root_exists(root, OUTPUT))
		evidence_add(evidence, SCORE_TRACE, "%s is there, but no %s", SETTINGS, OUTPUT);
	else if (clue_boot_image(root, image, sizeof(image)) &&
		 clue_file_holds(root, OUTPUT, ROOT_LIMIT_TEXT, image))
		evidence_add(evidence, SCORE_USED, "this boot loaded %s, and %s has an entry for it", image, OUTPUT);
	else
		evidence_add(evidence, SCORE_CONFIGURED, "%s and %s are there", SETTINGS, OUTPUT);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	return managed_assignment_read(root, &assignment, ret_words, fault);
}

/* Only overwrite=1 has the tool write the file that is there. */
static bool may_overwrite(const struct root *root)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_free char *value = NULL;
	struct assign assign = { 0 };

	if (!root_read(root, SETTINGS, ROOT_LIMIT_TEXT, &bytes, NULL) ||
	    assign_find(&bytes, "overwrite", false, &assign, NULL) != ASSIGN_FOUND)
		return false;
	value = assign_value(&bytes, &assign);
	return !strcmp(value, "1");
}

/* They are put into the menu as they are, and look like its own. */
static bool has_entries_by_hand(const struct root *root)
{
	cleanup_strlist struct strlist names = { 0 };

	return root_list(root, SNIPPETS, &names, NULL) && names.count;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "update-extlinux", NULL };
	static const char *const keys[] = { "APPEND", "append", NULL };
	/* With its tests of hardware come parameters of their own. */
	static const char *const others[] = { "*hdt.c32*", "*memtest*", NULL };
	cleanup_strlist struct strlist gone = { 0 };
	bool changed = false;

	if ((request->wanted->count || request->ours->count) && !may_overwrite(root)) {
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					    "%s does not say overwrite=1, so update-extlinux leaves %s as it is.",
					    SETTINGS, OUTPUT),
			       "Set overwrite=1 there, after you have made sure that nothing in %s is by hand.",
			       OUTPUT);
		return true;
	}
	if (!managed_assignment_propose(root, &assignment, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (changed)
		managed_expect_menu(changeset_command(changeset, "writes the boot menu anew", 120, argv), OUTPUT, keys,
				    has_entries_by_hand(root) ? NULL : others, request->wanted, &gone);
	return true;
}

const struct loader loader_update_extlinux = {
	.name = "update-extlinux",
	.label = "extlinux (update-extlinux)",
	.systems = "Alpine",
	.files = SETTINGS,
	.apply = "update-extlinux",
	.menu = SYSLINUX_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
