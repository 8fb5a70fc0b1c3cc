/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/managed.h"

#include "boot/clue.h"
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

size_t managed_expect_entries(const struct root *root, struct command *command, const struct strlist *wanted,
			      const struct strlist *gone)
{
	cleanup_entries struct entries entries = { 0 };
	size_t count = 0;

	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++)
		if (entry_is_edited(root, &entries.items[i]) && entry_is_of_snapshot(root, &entries.items[i])) {
			managed_expect_file(command, entries.items[i].path, entry_keys, wanted, gone);
			count++;
		} else {
			strlist_add_once(&command->artefacts, entries.items[i].path);
		}
	return count;
}

void managed_sdboot_evidence(const struct root *root, const char *tool, struct evidence *evidence)
{
	cleanup_entries struct entries entries = { 0 };
	char info[256];

	if (!root_exists(root, tool))
		return;
	entries_read(root, &entries);
	if (clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) &&
	    (text_starts_with(info, "systemd-boot") || text_starts_with(info, "goofiboot") ||
	     text_starts_with(info, "gummiboot")))
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
