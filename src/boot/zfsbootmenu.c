/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ZFSBootMenu: the words are a property of the boot environment's dataset. What it says now can only be asked of
 * zfs, and setting it replaces all of it, so nothing is done that was not seen: the commands are shown, with the words
 * that the running kernel got from it.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/loaders.h"
#include "boot/manual.h"

#define PROPERTY "org.zfsbootmenu:commandline"
#define SHOWN                                                                                                     \
	"The first of these commands shows what is set; the second sets what the running kernel has, and the new " \
	"words. "

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

/* The dataset that was booted; "DATASET", and false, where that is not said. */
static bool dataset(const struct root *root, char *buffer, size_t size)
{
	char value[256];
	bool known = clue_cmdline_value(root, "root", value, sizeof(value)) && text_starts_with(value, "zfs:") &&
		     strlen(value) - strlen("zfs:") < size;

	snprintf(buffer, size, "%s", known ? value + strlen("zfs:") : "DATASET");
	return known;
}

/* Those of the running kernel, less what ZFSBootMenu puts there itself, and the missing ones. */
static bool all_words(const struct root *root, const struct strlist *missing, char **ret, struct fault *fault)
{
	static const char *const own[] = { "root=", "spl_hostid=", "spl.spl_hostid=" };
	cleanup_strlist struct strlist words = { 0 };

	if (!manual_read(root, &words, fault))
		return false;
	for (size_t i = words.count; i-- > 0;)
		for (size_t j = 0; j < array_size(own); j++)
			if (text_starts_with(words.items[i], own[j])) {
				strlist_remove(&words, i);
				break;
			}
	strlist_add_all(&words, missing);
	*ret = strlist_join(&words, " ");
	return true;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text paste = { 0 };
	cleanup_free char *words = NULL;
	char name[256];
	bool known;

	(void)changeset;
	(void)added;
	if (!manual_missing(root, request, &missing, fault) || !all_words(root, &missing, &words, fault))
		return false;
	if (!missing.count)
		return true;
	known = dataset(root, name, sizeof(name));
	text_append(&paste, "zfs get " PROPERTY " ");
	text_append_word(&paste, name);
	text_append(&paste, "\nzfs set " PROPERTY "=");
	text_append_word(&paste, words);
	text_append_char(&paste, ' ');
	text_append_word(&paste, name);
	manual_tell(findings,
		    "ZFSBootMenu takes the kernel's parameters from a property of the dataset; setting it replaces all of "
		    "them.",
		    known ? SHOWN MANUAL_AGAIN : SHOWN "In place of DATASET put the one that is booted. " MANUAL_AGAIN,
		    text_string(&paste));
	return true;
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
