/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/managed.h"

#include "boot/clue.h"
#include "boot/esp.h"
#include "boot/sdboot.h"
#include "boot/targets.h"
#include "boot/words.h"
#include "edit/assign.h"
#include "edit/cmdline.h"

static const char *const entry_keys[] = { "options", NULL };

void managed_expect_file(struct command *command, const char *path, const char *const *keys,
			 const struct strlist *wanted, const struct strlist *gone)
{
	struct expectation *expectation = command_expect(command, EXPECT_WORDS, path);

	strlist_add_once(&command->artefacts, path);
	for (; *keys; keys++)
		strlist_add(&expectation->keys, *keys);
	strlist_add_all(&expectation->present, wanted);
	strlist_add_all(&expectation->absent, gone);
}

void managed_expect_menu(struct command *command, const char *path, const char *const *keys, const char *const *others,
			 const struct strlist *wanted, const struct strlist *gone)
{
	managed_expect_file(command, path, keys, wanted, gone);
	for (; others && *others; others++)
		strlist_add(&command->expectations[command->expectation_count - 1].others, *others);
}

static bool is_expected(const struct root *root, const struct entry *entry)
{
	return entry_is_edited(root, entry) && entry_is_of_snapshot(root, entry);
}

size_t managed_expect_entries(const struct root *root, struct command *command, const struct strlist *wanted,
			      const struct strlist *gone)
{
	cleanup_entries struct entries entries = { 0 };
	size_t count = 0;

	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++)
		if (is_expected(root, &entries.items[i])) {
			managed_expect_file(command, entries.items[i].path, entry_keys, wanted, gone);
			count++;
		} else {
			strlist_add_once(&command->artefacts, entries.items[i].path);
		}
	return count;
}

bool managed_check_entries(const struct root *root, const struct boot_request *request,
			   bool (*is_ours)(const struct root *root, const struct entry *entry), const char *what,
			   struct findings *findings, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };

	if (!request->wanted->count)
		return true;
	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++)
		if (is_ours(root, &entries.items[i]))
			return true;
	if (!esp_is_readable(root, "/loader/entries", fault))
		return false;
	esp_note_absent(what, findings);
	return true;
}

bool managed_check_any_entry(const struct root *root, const struct boot_request *request, struct findings *findings,
			     struct fault *fault)
{
	return managed_check_entries(root, request, is_expected, "no boot entry of this system in loader/entries of an "
				     "EFI system partition", findings, fault);
}

void managed_sdboot_evidence(const struct root *root, const char *tool, struct evidence *evidence)
{
	cleanup_entries struct entries entries = { 0 };
	char info[256];

	if (!root_exists(root, tool))
		return;
	entries_read(root, &entries);
	if (clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) && sdboot_is_loader(info))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", info);
	if (entries.count)
		evidence_add(evidence, SCORE_CONFIGURED, "there are boot entries in %s", entries.directories.items[0]);
	if (evidence->score)
		evidence_add(evidence, 0, "/%s is installed and writes them", tool);
	else
		evidence_add(evidence, SCORE_TRACE, "/%s is installed", tool);
}

bool managed_assignment_read(const struct root *root, const struct managed_assignment *assignment,
			     struct strlist *ret, struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct assign assign = { 0 };
	enum assign_result result;

	if (!root_read(root, assignment->path, ROOT_LIMIT_TEXT, &bytes, fault))
		return false;
	result = assign_find(&bytes, assignment->name, false, &assign, &refusal);
	if (result == ASSIGN_REFUSED)
		return refusal_fault(&refusal, assignment->path, fault);
	if (result == ASSIGN_FOUND) {
		cleanup_free char *value = assign_value(&bytes, &assign);

		cmdline_split(value, ret);
	}
	return true;
}

bool managed_assignment_propose(const struct root *root, const struct managed_assignment *assignment,
				const struct boot_request *request, struct changeset *changeset,
				struct findings *findings, struct strlist *added, struct strlist *gone,
				bool *ret_changed, struct fault *fault)
{
	cleanup_targets struct targets targets = { 0 };
	cleanup_strlist struct strlist kept = { 0 };
	const struct file_change *change;
	size_t known = findings->count;

	targets_add_assignment(root, &targets, assignment->path, assignment->name);
	if (!targets.count) {
		struct text bytes = { 0 };

		/* The reason, from trying once more. */
		if (request->wanted->count && !root_read(root, assignment->path, ROOT_LIMIT_TEXT, &bytes, fault))
			return false;
		text_done(&bytes);
		return true;
	}
	if (!targets_propose(&targets, request, changeset, findings, added, fault))
		return false;
	change = changeset_find(changeset, assignment->path);
	*ret_changed = change && findings->count == known;
	/* The user's own words are those that stay in the file. */
	if (change) {
		struct assign assign = { 0 };

		if (assign_find(&change->after, assignment->name, false, &assign, NULL) == ASSIGN_FOUND) {
			cleanup_free char *value = assign_value(&change->after, &assign);

			cmdline_split(value, &kept);
		}
	} else {
		strlist_add_all(&kept, &targets.items[0].words);
	}
	words_gone(request, &kept, gone);
	return true;
}
