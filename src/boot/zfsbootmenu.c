/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ZFSBootMenu: the words are a property of the boot environment's dataset. What it says now can only be asked of
 * zfs, and setting it replaces all of it, so nothing is done that was not seen: the commands are shown.
 */
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/loaders.h"
#include "boot/manual.h"

#define PROPERTY "org.zfsbootmenu:commandline"

static void probe(const struct root *root, struct evidence *evidence)
{
	char value[256];
	bool zfs = clue_cmdline_value(root, "root", value, sizeof(value)) && text_starts_with(value, "zfs:");

	if (clue_cmdline_value(root, "spl.spl_hostid", value, sizeof(value)) && zfs)
		evidence_add(evidence, SCORE_USED, "the kernel was started with root=zfs: and spl.spl_hostid=, as "
						   "ZFSBootMenu does");
	else if (root_exists(root, "etc/zfsbootmenu/config.yaml"))
		evidence_add(evidence, zfs ? SCORE_CONFIGURED : SCORE_TRACE, "/etc/zfsbootmenu/config.yaml is there");
}

/* The dataset that was booted; "DATASET" where that is not said. */
static void dataset(const struct root *root, char *buffer, size_t size)
{
	char value[256];

	if (clue_cmdline_value(root, "root", value, sizeof(value)) && text_starts_with(value, "zfs:") &&
	    strlen(value) - strlen("zfs:") < size)
		memcpy(buffer, value + strlen("zfs:"), strlen(value) - strlen("zfs:") + 1);
	else
		memcpy(buffer, "DATASET", sizeof("DATASET"));
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_text struct text how = { 0 };
	char name[256];

	(void)changeset;
	(void)added;
	dataset(root, name, sizeof(name));
	text_printf(&how,
		    "Look at what is set: zfs get " PROPERTY " %s. Then set that and the new words: zfs set " PROPERTY
		    "=\"... %%s\" %s, with the old value in place of the dots (\"%%{parent}\" where it is inherited).",
		    name, name);
	return manual_propose(root, request, findings,
			      "ZFSBootMenu takes the kernel's parameters from a property of the dataset; setting it "
			      "replaces all of them.", text_string(&how), fault);
}

const struct loader loader_zfsbootmenu = {
	.name = "zfsbootmenu",
	.label = "ZFSBootMenu",
	.systems = "any on ZFS",
	.files = "the property " PROPERTY " (by you)",
	.apply = "zfs set (by you)",
	.applies = false,
	.take_out = "zfs get org.zfsbootmenu:commandline shows where it is set: set it there anew with zfs set, without %s.",
	.probe = probe,
	.read = manual_read,
	.propose = propose,
};
