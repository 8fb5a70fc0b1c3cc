/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systemd-boot with entries that a person wrote. The entries of this system are
 * edited, but for its fallback entries: they are the way back at the boot menu.
 */
#include <string.h>

#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/sdboot.h"
#include "boot/words.h"
#include "edit/cmdline.h"
#include "edit/keyword.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_entries struct entries entries = { 0 };

	entries_read(root, &entries);
	if (sdboot_way(root, &entries) == SDBOOT_ENTRIES)
		sdboot_evidence(root, &entries, evidence);
}

static bool is_edited(const struct root *root, const struct entry *entry)
{
	return !entry->fallback && entry_is_of_system(root, entry);
}

static bool no_entry(struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, NULL,
			 "there is no boot entry in loader/entries that starts this system (the same root= as now), "
			 "other than for fallback");
}

/* The entry that was booted, or the first one. */
static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	const struct entry *chosen = NULL;
	char selected[256] = "";

	entries_read(root, &entries);
	clue_efi_variable(root, "LoaderEntrySelected", selected, sizeof(selected));
	for (size_t i = 0; i < entries.count; i++)
		if (is_edited(root, &entries.items[i]) && (!chosen || !strcasecmp(entries.items[i].name, selected)))
			chosen = &entries.items[i];
	if (!chosen)
		return no_entry(fault);
	strlist_add_all(ret_words, &chosen->options);
	return true;
}

/* Whether every entry that is edited has the word. */
static bool all_have(const struct root *root, const struct entries *entries, const char *word)
{
	for (size_t i = 0; i < entries->count; i++)
		if (is_edited(root, &entries->items[i]) && !cmdline_has(&entries->items[i].options, word))
			return false;
	return true;
}

/* CHANGESET NULL: only sees whether the entry is understood. */
static bool edit_entry(const struct entry *entry, const struct words_edit *edit, struct changeset *changeset,
		       struct findings *findings)
{
	static const struct keyword_syntax syntax = { .separator = '\0' };
	const struct cmdline_change change = words_edit_change(edit);
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text after = { 0 };

	if (keyword_edit(&entry->bytes, &syntax, "options", 0, entry->bytes.length, &change, &after, NULL, &refusal)) {
		if (changeset)
			changeset_file(changeset, entry->path, &entry->bytes, &after, 0644,
				       "gives the kernel its parameters in this boot entry");
		return true;
	}
	words_refuse(&refusal, entry->path, &edit->wanted, &edit->dropped, findings);
	return false;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_words_edit struct words_edit edit = { 0 };
	bool any = false;

	if (!words_are_plain(request->wanted, fault))
		return false;
	entries_read(root, &entries);
	words_edit_begin(request, &edit);
	for (size_t i = 0; i < request->wanted->count; i++)
		words_edit_add(request, request->wanted->items[i], all_have(root, &entries, request->wanted->items[i]),
			       &edit);
	for (size_t i = 0; i < entries.count; i++) {
		if (!is_edited(root, &entries.items[i]))
			continue;
		any = true;
		if (!edit_entry(&entries.items[i], &edit, NULL, findings))
			return true;
	}
	if (!any && (request->wanted->count || edit.dropped.count))
		return no_entry(fault);
	for (size_t i = 0; i < entries.count; i++)
		if (is_edited(root, &entries.items[i]))
			edit_entry(&entries.items[i], &edit, changeset, findings);
	words_added(request, &edit.appended, added);
	return true;
}

const struct loader loader_systemd_boot = {
	.name = "systemd-boot",
	.label = "systemd-boot (hand-written entries)",
	.files = "ESP/loader/entries/*.conf",
	.apply = "nothing",
	.applies = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
