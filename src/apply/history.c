/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/history.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/journal.h"
#include "apply/preview.h"
#include "apply/record.h"
#include "apply/transaction.h"
#include "apply/work.h"

#define HISTORY_KEPT 50
#define MARK_LIMIT 65536

/* A transaction of the history as its directory tells it. */
struct past {
	struct folder folder;
	struct journal journal;
	bool applied, confirmed;
	uint64_t time;
	char *reason;
	struct strlist kept;
};
#define PAST_NONE { .folder = FOLDER_NONE }

static void past_done(struct past *past)
{
	folder_done(&past->folder);
	journal_done(&past->journal);
	free(past->reason);
	past->reason = NULL;
	strlist_done(&past->kept);
}

static void read_mark(struct past *past, const char *name)
{
	cleanup_text struct text text = { 0 };
	const char *at, *newline;

	if (!folder_read(&past->folder, name, MARK_LIMIT, &text, NULL))
		return;
	for (at = text_string(&text); (newline = strchr(at, '\n')); at = newline + 1) {
		cleanup_strlist struct strlist words = { 0 };

		if (!record_parse(at, (size_t)(newline - at), &words) || words.count != 2)
			continue;
		if (!strcmp(words.items[0], "time"))
			record_parse_number(words.items[1], &past->time);
		else if (!strcmp(words.items[0], "reason") && !past->reason)
			past->reason = memory_string(words.items[1]);
		else if (!strcmp(words.items[0], "foreign"))
			strlist_add(&past->kept, words.items[1]);
	}
}

void history_kept(const struct folder *transaction, struct strlist *ret)
{
	struct past past = { .folder = *transaction };

	read_mark(&past, "undone");
	strlist_add_all(ret, &past.kept);
	past.folder = (struct folder)FOLDER_NONE;
	past_done(&past);
}

static bool past_open(const struct folder *history, const char *id, struct past *ret, struct fault *fault)
{
	struct past past = PAST_NONE;

	if (!folder_open_below(history, id, &past.folder, fault) ||
	    !journal_read(&past.folder, &past.journal, fault)) {
		past_done(&past);
		return false;
	}
	past.applied = folder_has(&past.folder, "commit");
	past.confirmed = folder_has(&past.folder, "confirmed");
	past.time = past.journal.time;
	read_mark(&past, past.applied ? "commit" : "undone");
	*ret = past;
	return true;
}

/* The ids in HISTORY, newest first. */
static bool list_ids(const struct folder *history, struct strlist *ret, struct fault *fault)
{
	cleanup_strlist struct strlist names = { 0 };
	uint64_t number, best_number = 0;

	if (!folder_names(history, &names, fault))
		return false;
	for (;;) {
		size_t best = names.count;

		for (size_t i = 0; i < names.count; i++) {
			if (!journal_id_parse(names.items[i], &number) || (best < names.count && number <= best_number))
				continue;
			best = i;
			best_number = number;
		}
		if (best == names.count)
			return true;
		strlist_add(ret, names.items[best]);
		strlist_remove(&names, best);
	}
}

/* Opens the history; *RET_THERE is false where nothing has ever been applied. */
static bool open_history(const struct root *root, struct folder *ret, bool *ret_there, struct fault *fault)
{
	struct fault reason = { 0 };

	*ret_there = folder_open(root, STATE_DIRECTORY "/history", ret, &reason);
	if (*ret_there || root_missing(&reason))
		return true;
	if (reason.error == EACCES)
		return fault_set(fault, FAULT_SYSTEM, STATE_DIRECTORY,
				 "only root can see what was changed: run vfioconf as root, for example through sudo");
	if (fault)
		*fault = reason;
	return false;
}

static struct history_entry *new_entry(struct history *history)
{
	history->entries = reallocarray(history->entries, history->count + 1, sizeof(*history->entries));
	if (!history->entries)
		abort();
	return &history->entries[history->count++];
}

/* One that cannot be read is no reason to show none of the others. */
static void add_damaged(struct history *history, const char *id, const struct fault *reason)
{
	*new_entry(history) = (struct history_entry){
		.id = memory_string(id),
		.damaged = true,
		.note = memory_string(reason->sentence),
		.boot_id = memory_string(""),
	};
}

static void add_entry(struct history *history, const struct past *past)
{
	struct history_entry *entry = new_entry(history);
	struct text note = { 0 };

	text_append(&note, past->journal.note);
	if (!past->applied && past->reason)
		text_printf(&note, " (put back: %s)", past->reason);
	*entry = (struct history_entry){
		.id = memory_string(past->journal.id),
		.time = (time_t)past->time,
		.note = text_take(&note),
		.applied = past->applied,
		.confirmed = past->confirmed,
		.boot_id = memory_string(past->journal.boot_id),
	};
	strlist_add_all(&entry->kept, &past->kept);
	for (size_t i = 0; i < past->journal.file_count; i++)
		strlist_add(&entry->files, past->journal.files[i].path);
	for (size_t i = 0; i < past->journal.commands.command_count; i++) {
		cleanup_free char *line = preview_command(&past->journal.commands.commands[i]);

		strlist_add(&entry->commands, line);
	}
}

bool history_read(const struct root *root, struct history *ret, struct fault *fault)
{
	cleanup_strlist struct strlist ids = { 0 };
	cleanup_folder struct folder folder = FOLDER_NONE;
	struct history history = { 0 };
	bool there;

	if (!open_history(root, &folder, &there, fault) || (there && !list_ids(&folder, &ids, fault)))
		return false;
	for (size_t i = 0; i < ids.count; i++) {
		struct past past = PAST_NONE;
		struct fault reason = { 0 };

		if (!past_open(&folder, ids.items[i], &past, &reason)) {
			add_damaged(&history, ids.items[i], &reason);
			continue;
		}
		add_entry(&history, &past);
		past_done(&past);
	}
	*ret = history;
	return true;
}

void history_done(struct history *history)
{
	if (!history)
		return;
	for (size_t i = 0; i < history->count; i++) {
		free(history->entries[i].id);
		free(history->entries[i].note);
		free(history->entries[i].boot_id);
		strlist_done(&history->entries[i].files);
		strlist_done(&history->entries[i].commands);
		strlist_done(&history->entries[i].kept);
	}
	free(history->entries);
	*history = (struct history){ 0 };
}

static bool is_applied(const struct folder *history, const char *id)
{
	cleanup_folder struct folder folder = FOLDER_NONE;

	return folder_open_below(history, id, &folder, NULL) && folder_has(&folder, "commit");
}

/* The transaction ID, or the newest that was applied. */
static bool find(const struct folder *history, const char *id, struct past *ret, struct fault *fault)
{
	cleanup_strlist struct strlist ids = { 0 };
	struct past past = PAST_NONE;

	if (!list_ids(history, &ids, fault))
		return false;
	for (size_t i = 0; i < ids.count; i++) {
		if (id && strcmp(ids.items[i], id) != 0)
			continue;
		/* Without an id, what is damaged and was never committed is passed over. */
		if (!id && !is_applied(history, ids.items[i]))
			continue;
		if (!past_open(history, ids.items[i], &past, fault))
			return false;
		if (past.applied) {
			*ret = past;
			return true;
		}
		past_done(&past);
		if (id)
			return fault_set(fault, FAULT_INPUT, NULL,
					 "transaction %s failed and was put back then: there is nothing to undo", id);
	}
	if (id)
		return fault_set(fault, FAULT_INPUT, NULL, "there is no transaction %s: vfioconf --history lists them", id);
	return fault_set(fault, FAULT_INPUT, NULL, "nothing has been applied yet: there is nothing to undo");
}

static void add_foreign(struct findings *findings, const struct past *past, const struct journal_file *file)
{
	struct finding *finding =
		findings_add(findings, FINDING_FILE_FOREIGN, SEVERITY_ERROR,
			     "%s is not as transaction %s left it: someone else has changed it since.", file->path,
			     past->journal.id);

	finding_remedy(finding, "Undo later transactions first, or take the change of %s back by hand.", file->path);
}

/* Reads a file that may be missing. */
static bool read_now(const struct root *root, const char *path, struct text *ret, bool *ret_there, struct fault *fault)
{
	struct fault reason = { 0 };

	*ret_there = root_read(root, path, ROOT_LIMIT_GENERATED, ret, &reason);
	if (*ret_there || root_missing(&reason))
		return true;
	if (fault)
		*fault = reason;
	return false;
}

static bool same(const struct side *side, bool there, const struct text *bytes)
{
	struct side now;

	side_set_bytes(&now, there ? bytes : NULL);
	return side->there == now.there && !strcmp(side->digest, now.digest);
}

static bool undo_file(const struct root *root, const struct past *past, size_t number, struct changeset *changeset,
		      struct findings *findings, struct fault *fault)
{
	const struct journal_file *file = &past->journal.files[number];
	cleanup_text struct text now = { 0 }, old = { 0 };
	cleanup_folder struct folder copies = FOLDER_NONE;
	char name[JOURNAL_NAME_SIZE];
	bool there;

	if (!read_now(root, file->path, &now, &there, fault))
		return false;
	if (same(&file->old, there, &now))
		return true;
	if (!same(&file->new, there, &now)) {
		add_foreign(findings, past, file);
		return true;
	}
	if (file->old.there && (!folder_open_below(&past->folder, "old", &copies, fault) ||
				!folder_read(&copies, journal_copy_name(number, name), ROOT_LIMIT_GENERATED, &old, fault)))
		return false;
	changeset_file(changeset, file->path, there ? &now : NULL, file->old.there ? &old : NULL, file->mode,
		       "puts back what was there before");
	return true;
}

/* What holds after the undo: the words as they were before; that the images are whole. */
static void undo_expectation(const struct root *root, const struct expectation *from, const struct journal_check *check,
			     struct command *command)
{
	struct expectation *to;

	/* The image of a kernel that has been removed in the meantime. */
	if (!root_exists(root, from->path))
		return;
	to = command_expect(command, from->kind, from->path);
	strlist_add_all(&to->argv, &from->argv);
	strlist_add_all(&to->keys, &from->keys);
	strlist_add_all(&to->from, &from->from);
	strlist_add_all(&to->present, &check->present);
	strlist_add_all(&to->absent, &check->absent);
}

/* Whether a command was there for certain files alone, and all of them are gone: those of a kernel that was removed. */
static bool is_over(const struct root *root, const struct command *command)
{
	for (size_t i = 0; i < command->artefacts.count; i++)
		if (root_exists(root, command->artefacts.items[i]))
			return false;
	return command->artefacts.count && !command->output;
}

static void undo_command(const struct root *root, const struct past *past, size_t number, struct changeset *changeset)
{
	const struct command *from = &past->journal.commands.commands[number];
	const struct journal_command *state = &past->journal.states[number];
	cleanup_free char **argv = strlist_vector(from->undo.count ? &from->undo : &from->argv);
	struct command *to = changeset_command(changeset, from->why, from->timeout, (const char *const *)argv);

	if (from->undo.count)
		strlist_add_all(&to->undo, &from->argv);
	to->undo_later = from->undo_later;
	if (from->output && !from->undo.count)
		to->output = memory_string(from->output);
	for (size_t i = 0; i < from->artefacts.count; i++)
		if (root_exists(root, from->artefacts.items[i]))
			strlist_add(&to->artefacts, from->artefacts.items[i]);
	strlist_add_all(&to->beside, &from->beside);
	strlist_add_all(&to->over, &from->over);
	for (size_t i = 0; i < from->expectation_count; i++)
		undo_expectation(root, &from->expectations[i], &state->checks[i], to);
}

static bool undo_past(const struct root *root, const struct past *past, struct changeset *ret,
		      struct findings *findings, struct fault *fault)
{
	for (size_t i = 0; i < past->journal.file_count; i++)
		if (!undo_file(root, past, i, ret, findings, fault))
			return false;
	/* Every file is as it was before: then so is what is made of them. */
	if (past->journal.file_count && !ret->file_count)
		return true;
	for (size_t i = 0; i < past->journal.commands.command_count; i++)
		if (!is_over(root, &past->journal.commands.commands[i]))
			undo_command(root, past, i, ret);
	return true;
}

static bool any_applied(const struct folder *history)
{
	cleanup_strlist struct strlist ids = { 0 };

	if (!list_ids(history, &ids, NULL))
		return true; /* find() says why */
	for (size_t i = 0; i < ids.count; i++)
		if (is_applied(history, ids.items[i]))
			return true;
	return false;
}

bool history_undo(const struct root *root, const char *id, struct changeset *ret, struct findings *findings,
		  char **ret_id, struct fault *fault)
{
	cleanup_folder struct folder folder = FOLDER_NONE;
	struct changeset changeset = { 0 };
	struct past past = PAST_NONE;
	bool there, done;

	if (!open_history(root, &folder, &there, fault))
		return false;
	if (!id && (!there || !any_applied(&folder))) {
		*ret = changeset;
		*ret_id = NULL;
		return true;
	}
	if (!there)
		return fault_set(fault, FAULT_INPUT, NULL, "there is no transaction %s: nothing has been applied yet", id);
	if (!find(&folder, id, &past, fault))
		return false;
	done = undo_past(root, &past, &changeset, findings, fault);
	if (done) {
		*ret = changeset;
		*ret_id = memory_string(past.journal.id);
	} else {
		changeset_done(&changeset);
	}
	past_done(&past);
	return done;
}

bool history_unconfirmed(const struct root *root, bool *ret_known)
{
	cleanup_folder struct folder folder = FOLDER_NONE;
	struct past past = PAST_NONE;
	bool there, unconfirmed;

	*ret_known = open_history(root, &folder, &there, NULL);
	if (!*ret_known || !there || !find(&folder, NULL, &past, NULL))
		return false;
	unconfirmed = !past.confirmed;
	past_done(&past);
	return unconfirmed;
}

bool history_confirm(const struct root *root, struct fault *fault)
{
	cleanup_text struct text nothing = { 0 };
	struct past past = PAST_NONE;
	struct work work = { 0 };
	bool done = true;

	if (!work_open(root, NULL, &work, fault))
		return false;
	if (find(&work.history, NULL, &past, NULL)) {
		done = past.confirmed || folder_mark(&past.folder, "confirmed", &nothing, fault);
		past_done(&past);
	}
	work_done(&work);
	return done;
}

bool history_directories(const struct folder *folder, struct strlist *ret, struct fault *fault)
{
	cleanup_strlist struct strlist ids = { 0 };

	if (!list_ids(folder, &ids, fault))
		return false;
	for (size_t i = 0; i < ids.count; i++) {
		struct past past = PAST_NONE;

		if (!past_open(folder, ids.items[i], &past, NULL))
			continue;
		for (size_t d = 0; past.applied && d < past.journal.directories.count; d++)
			strlist_add_once(ret, past.journal.directories.items[d]);
		past_done(&past);
	}
	return true;
}

/* Out of the history at once, and then to pieces: a crash in between leaves what the next start sweeps up. */
static bool forget(const struct folder *folder, const char *id, const struct folder *transactions, struct fault *fault)
{
	char name[JOURNAL_NAME_SIZE];

	snprintf(name, sizeof(name), ".prep-%s", id);
	return folder_remove(transactions, name, fault) && folder_move(folder, id, transactions, name, fault) &&
	       folder_remove(transactions, name, fault);
}

bool history_prune(const struct folder *folder, const struct folder *transactions, struct fault *fault)
{
	cleanup_strlist struct strlist ids = { 0 };
	bool applied_kept = false;

	if (!list_ids(folder, &ids, fault))
		return false;
	for (size_t i = 0; i < ids.count; i++) {
		bool applied = i < HISTORY_KEPT && applied_kept ? false : is_applied(folder, ids.items[i]);
		bool last_good = applied && !applied_kept;

		applied_kept = applied_kept || applied;
		if (i >= HISTORY_KEPT && i + 1 < ids.count && !last_good &&
		    !forget(folder, ids.items[i], transactions, fault))
			return false;
	}
	return true;
}
