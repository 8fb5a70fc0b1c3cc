/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pop!_OS: kernelstub keeps the words in its own JSON file and writes the
 * entries; it is told what to add and what to take away.
 */
#include "boot/kernelstub.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/sdboot.h"
#include "boot/words.h"

#define SETTINGS KERNELSTUB_SETTINGS
#define CURRENT "-current.conf"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (root_exists(root, SETTINGS))
		managed_sdboot_evidence(root, "usr/bin/kernelstub", evidence);
}

static bool is_current(const struct root *root, const struct entry *entry)
{
	(void)root;
	return text_ends_with(entry->name, CURRENT);
}

/* It writes the entry of the kernel of now; the one of the kernel before is a copy. */
static void expect_entry(const struct root *root, struct command *command, const struct strlist *present,
			 const struct strlist *absent)
{
	static const char *const keys[] = { "options", NULL };
	cleanup_entries struct entries entries = { 0 };

	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++)
		if (is_current(root, &entries.items[i]))
			managed_expect_file(command, entries.items[i].path, keys, present, absent);
		else
			strlist_add_once(&command->artefacts, entries.items[i].path);
}

static void run(const struct root *root, const char *option, const char *opposite, const struct strlist *words,
		const struct strlist *present, const struct strlist *absent, struct changeset *changeset)
{
	cleanup_free char *joined = strlist_join(words, " ");
	const char *const argv[] = { "kernelstub", option, joined, NULL };
	struct command *command = changeset_command(changeset, "writes the boot entry anew, with the parameters for "
							       "the kernel", 300, argv);

	strlist_add_once(&command->artefacts, SETTINGS);
	command->undo_later = true;
	strlist_add(&command->undo, "kernelstub");
	strlist_add(&command->undo, opposite);
	strlist_add(&command->undo, joined);
	expect_entry(root, command, present, absent);
	kernelstub_expect_copies(root, command);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const struct strlist none = { 0 };
	cleanup_strlist struct strlist now = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_strlist struct strlist dropped = { 0 };
	size_t known = findings->count;

	if (!request->wanted->count && !request->ours->count)
		return true;
	if (!managed_check_entries(root, request, is_current, "no boot entry NAME" CURRENT " of kernelstub in loader/entries "
				   "of the EFI system partition", findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!entries_default_words(root, &now, fault) || !words_to_tell(request, &now, &missing, &dropped, added, fault))
		return false;
	if (dropped.count)
		run(root, "-d", "-a", &dropped, &none, &dropped, changeset);
	if (missing.count)
		run(root, "-a", "-d", &missing, request->wanted, &none, changeset);
	return true;
}

const struct loader loader_kernelstub = {
	.name = "kernelstub",
	.label = "systemd-boot (kernelstub)",
	.systems = "Pop!_OS",
	.files = SETTINGS,
	.apply = "kernelstub -a WORDS, kernelstub -d WORDS",
	.menu = SDBOOT_MENU,
	.applies = true,
	.take_out = "kernelstub --delete-options \"%s\" takes it out of " SETTINGS " and of the boot entries.",
	.probe = probe,
	.read = entries_default_words,
	.propose = propose,
};
