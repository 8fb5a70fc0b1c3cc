/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/finish.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "apply/history.h"
#include "apply/record.h"
#include "apply/replace.h"
#include "apply/unmake.h"
#include "system/store.h"

#define TIDY_ATTEMPTS 3

typedef bool place_function(struct work *work, const struct place *place, struct fault *fault);

static bool at_place(struct work *work, const char *target, place_function *function, struct fault *fault)
{
	struct place place = PLACE_NONE;
	struct fault reason = { 0 };
	bool done;

	if (!place_open(work->root, target, &place, &reason)) {
		/* A directory that is not there has nothing of ours. */
		if (root_missing(&reason))
			return true;
		if (fault)
			*fault = reason;
		return false;
	}
	done = function(work, &place, fault);
	place_done(&place);
	return done;
}

static bool each_place(struct work *work, place_function *function, struct fault *fault)
{
	const struct journal *journal = &work->journal;

	for (size_t i = 0; i < journal->file_count; i++)
		if (!at_place(work, journal->files[i].target, function, fault))
			return false;
	for (size_t i = 0; i < journal->artefact_count; i++)
		if (!at_place(work, journal->artefacts[i].target, function, fault))
			return false;
	return true;
}

static bool flush_place(struct work *work, const struct place *place, struct fault *fault)
{
	work_notify(work, APPLY_FLUSH, 0, 0, place->path, NULL);
	return store_flush(place, fault);
}

bool finish_flush(struct work *work, struct fault *fault)
{
	return each_place(work, flush_place, fault);
}

static bool thaw_place(struct work *work, const struct place *place, struct fault *fault)
{
	(void)work;
	(void)fault;
	store_thaw(place);
	return true;
}

bool finish_roll_back(struct work *work, struct fault *fault)
{
	size_t count = work->journal.file_count;

	if (!each_place(work, thaw_place, fault) || !unmake_artefacts(work, fault))
		return false;
	for (size_t i = count; i-- > 0;) {
		work_notify(work, APPLY_ROLLBACK, count - i, count, work->journal.files[i].path, NULL);
		if (!replace_undo_file(work, i, fault))
			return false;
	}
	return unmake_commands(work, fault) && finish_flush(work, fault);
}

static void mark_time(struct text *text)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	record_begin(text, "time");
	record_number(text, (uint64_t)now.tv_sec);
	record_end(text);
}

bool finish_commit(struct work *work, bool *ret_committed, struct fault *fault)
{
	cleanup_text struct text text = { 0 };
	bool done;

	work_notify(work, APPLY_COMMIT, 0, 0, work->journal.note, NULL);
	mark_time(&text);
	done = folder_mark(&work->active, "commit", &text, fault);
	*ret_committed = folder_has(&work->active, "commit");
	return done;
}

/* The copies of images: large, and of no more use, but for those whose place someone else's image has. */
static bool remove_copies(struct work *work, struct fault *fault)
{
	cleanup_folder struct folder art = FOLDER_NONE;
	char name[JOURNAL_NAME_SIZE];
	bool kept = false;

	for (size_t i = 0; i < work->journal.artefact_count; i++)
		kept = kept || work->journal.artefacts[i].kept;
	if (!kept)
		return folder_remove(&work->active, "art", fault);
	if (!folder_open_below(&work->active, "art", &art, fault))
		return false;
	for (size_t i = 0; i < work->journal.artefact_count; i++)
		if (!work->journal.artefacts[i].kept && !folder_remove(&art, journal_copy_name(i, name), fault))
			return false;
	return true;
}

bool finish_mark_undone(struct work *work, const char *reason, struct fault *fault)
{
	cleanup_text struct text text = { 0 };

	mark_time(&text);
	record_begin(&text, "reason");
	record_word(&text, reason ? reason : "vfioconf or the machine stopped in the middle");
	record_end(&text);
	for (size_t i = 0; i < work->foreign.count; i++) {
		record_begin(&text, "foreign");
		record_word(&text, work->foreign.items[i]);
		record_end(&text);
	}
	/* It only informs the history: on a full disk the transaction is undone all the same. */
	if (!folder_has(&work->active, "undone") && !folder_mark(&work->active, "undone", &text, fault))
		return remove_copies(work, fault) && folder_mark(&work->active, "undone", &text, fault);
	return true;
}

static bool sweep_place(struct work *work, const struct place *place, struct fault *fault)
{
	char prefix[JOURNAL_NAME_SIZE];

	return store_discard_all(place, journal_prefix(&work->journal, prefix), fault) &&
	       store_sync(place, fault);
}

static bool remove_directories(struct work *work, const struct strlist *directories, struct fault *fault)
{
	for (size_t i = directories->count; i-- > 0;)
		if (!store_remove_directory(work->root, directories->items[i], fault))
			return false;
	return true;
}

/* A directory that an earlier transaction made goes when the last file in it goes. */
static bool remove_our_directories(struct work *work, struct fault *fault)
{
	cleanup_strlist struct strlist ours = { 0 }, empty = { 0 };
	bool deletes = false;

	for (size_t i = 0; i < work->journal.file_count; i++)
		deletes = deletes || !work->journal.files[i].new.there;
	if (!deletes || !history_directories(&work->history, &ours, fault))
		return !deletes;
	for (size_t i = 0; i < work->journal.file_count; i++) {
		const struct journal_file *file = &work->journal.files[i];
		cleanup_free char *part = memory_string(file->target);

		for (char *slash = strrchr(part, '/'); !file->new.there && slash && slash != part;
		     slash = strrchr(part, '/')) {
			*slash = '\0';
			if (!strlist_has(&ours, part))
				break;
			strlist_add_once(&empty, part);
		}
	}
	/* Sorted, a directory stands before what is in it; they are removed from the last to the first. */
	strlist_sort(&empty);
	return remove_directories(work, &empty, fault);
}

static bool tidy_once(struct work *work, bool applied, struct fault *fault)
{
	if (folder_has(&work->transactions, "active")) {
		if (!each_place(work, sweep_place, fault))
			return false;
		if (applied ? !remove_our_directories(work, fault) :
			      !remove_directories(work, &work->journal.directories, fault))
			return false;
		if (!folder_sweep(&work->active, fault) || !remove_copies(work, fault) ||
		    !folder_move(&work->transactions, "active", &work->history, work->journal.id, fault))
			return false;
	}
	return history_prune(&work->history, &work->transactions, fault);
}

bool finish_tidy(struct work *work, bool applied, struct fault *fault)
{
	for (int attempt = 1; attempt < TIDY_ATTEMPTS; attempt++)
		if (tidy_once(work, applied, NULL))
			return true;
	return tidy_once(work, applied, fault);
}
