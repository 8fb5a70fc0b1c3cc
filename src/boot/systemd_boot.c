/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systemd-boot with entries that a person wrote. The entries of this system are
 * edited, but for its fallback entries: they are the way back at the boot menu.
 */
#include <ctype.h>
#include <string.h>

#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/loaders.h"
#include "boot/own.h"
#include "boot/sdboot.h"
#include "boot/targets.h"
#include "boot/way_back.h"

#define WAY_BACK_ENTRY "aa-vfioconf-way-back.conf"

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_entries struct entries entries = { 0 };

	entries_read(root, &entries);
	if (sdboot_way(root, &entries) == SDBOOT_ENTRIES)
		sdboot_evidence(root, &entries, evidence);
	else if (!entries.count)
		sdboot_evidence_without_entries(root, evidence);
}

/*
 * systemd-boot puts the highest name first, and boots that unless it is told otherwise; entries with a sort-key come
 * before those without. Ours has none and the lowest name, or it is not made: it must not become the default.
 */
static bool comes_last(const struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->items[i].name, WAY_BACK_ENTRY) != 0 &&
		    (!isalpha((unsigned char)*entries->items[i].name) ||
		     strcasecmp(entries->items[i].name, WAY_BACK_ENTRY) <= 0))
			return false;
	return true;
}

/* The lines of an entry, as they will be, that start its kernel. */
static bool write_entry(const struct text *bytes, const struct strlist *words, struct text *ret)
{
	static const char *const left_out[] = { "title", "sort-key", "version", "machine-id" };
	const struct cmdline_change change = { .repeat = words };
	cleanup_text struct text lines = { 0 };
	struct keyword_line line;
	size_t at = 0;

	own_header(&lines, "# ");
	text_append(&lines, "title\t" WAY_BACK_TITLE "\n");
	while (keyword_next(bytes, &entry_syntax, &at, bytes->length, &line)) {
		bool carried = line.key_length > 0;

		for (size_t i = 0; i < array_size(left_out); i++)
			carried = carried && !keyword_is(bytes, &entry_syntax, &line, left_out[i]);
		if (!carried)
			continue;
		text_append_n(&lines, bytes->bytes + line.start, line.end - line.start);
		text_append_char(&lines, '\n');
	}
	return keyword_edit(&lines, &entry_syntax, "options", 0, lines.length, &change, ret, NULL, NULL);
}

/* Beside the entry that is booted. */
static bool propose_way_back(const struct root *root, const struct boot_request *request, const struct entries *entries,
			     struct changeset *changeset, struct findings *findings, struct fault *fault)
{
	const struct entry *entry = entries_default(root, entries);
	const struct file_change *change = entry ? changeset_find(changeset, entry->path) : NULL;
	cleanup_text struct text path = { 0 };
	cleanup_text struct text after = { 0 };
	size_t known = findings->count;
	bool wanted;

	if (!entry)
		return true;
	wanted = way_back_wanted(request) && comes_last(entries) &&
		 write_entry(change ? &change->after : &entry->bytes, request->way_back, &after);
	text_append_n(&path, entry->path, strlen(entry->path) - strlen(entry->name));
	text_append(&path, WAY_BACK_ENTRY);
	if (!own_file(root, text_string(&path), wanted ? &after : NULL, 0644,
		      wanted ? "adds a boot menu entry that leaves every device with the host" :
			       "the boot menu needs no entry without device passthrough any more",
		      changeset, findings, NULL, fault))
		return false;
	if (wanted && findings->count == known)
		way_back_made(request);
	return true;
}

/*
 * The entry that started this system, where none of the reasons to leave one alone holds for it, and it is not known
 * for one of this system all the same: editing the others would change nothing.
 */
static const struct entry *passed_over(const struct root *root, const struct entries *entries)
{
	char selected[256];

	if (!clue_efi_variable(root, "LoaderEntrySelected", selected, sizeof(selected)))
		return NULL;
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->items[i];

		if (entry_name_is(entry->name, selected))
			return *entry->linux_path && !entry->fallback && !way_back_is(&entry->options) &&
			       !entry_is_edited(root, entry) ? entry : NULL;
	}
	return NULL;
}

static void refuse_passed_over(const struct entry *entry, struct findings *findings)
{
	finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
				    "%s is the entry that this system was started with, but its options do not name the "
				    "root= of /proc/cmdline, by which vfioconf knows the entries to edit.", entry->path),
		       "Write root=... into its options as it is in /proc/cmdline, or start the system with the entry that "
		       "you mean to use; then plan again.");
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_targets struct targets targets = { 0 };
	const struct entry *other;

	entries_read(root, &entries);
	other = request->wanted->count ? passed_over(root, &entries) : NULL;
	if (other) {
		refuse_passed_over(other, findings);
		return true;
	}
	if (!targets_add_entries(root, &targets, &entries, &entry_syntax, entry_is_edited, request, fault))
		return false;
	return targets_propose(&targets, request, changeset, findings, added, fault) &&
	       propose_way_back(root, request, &entries, changeset, findings, fault);
}

const struct loader loader_systemd_boot = {
	.name = "systemd-boot",
	.label = "systemd-boot (hand-written entries)",
	.systems = "Arch",
	.files = "ESP/loader/entries/*.conf",
	.apply = "nothing",
	.menu = SDBOOT_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = entries_default_words,
	.propose = propose,
};
