/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/save.h"

#include <stdio.h>
#include <time.h>

#include "system/store_copy.h"

/* One more than the highest number so far: the clock may be wrong, the order of transactions may not. */
static bool next_number(const struct work *work, uint64_t *ret, struct fault *fault)
{
	cleanup_strlist struct strlist names = { 0 };
	uint64_t highest = 0, number;

	if (!folder_names(&work->history, &names, fault))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (journal_id_parse(names.items[i], &number) && number > highest)
			highest = number;
	*ret = highest + 1;
	return true;
}

bool save_name(struct work *work, const char *note, struct fault *fault)
{
	struct journal *journal = &work->journal;
	char stamp[20], boot[64];
	struct timespec now;
	struct tm utc;
	uint64_t number;

	if (!next_number(work, &number, fault))
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	if (!strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc))
		return fault_set(fault, FAULT_INPUT, NULL, "the clock shows a year that cannot be: set the clock");
	snprintf(journal->id, sizeof(journal->id), "%s-%llu", stamp, (unsigned long long)number);
	journal->time = (uint64_t)now.tv_sec;
	journal->note = memory_string(note ? note : "");
	if (!root_attribute(work->root, "/proc/sys/kernel/random/boot_id", boot, sizeof(boot)))
		boot[0] = '\0';
	journal->boot_id = memory_string(boot);
	return true;
}

static bool save_side(const struct folder *folder, bool there, size_t number, const struct text *bytes,
		      struct fault *fault)
{
	char name[JOURNAL_NAME_SIZE];

	return !there || folder_write(folder, journal_copy_name(number, name), bytes, fault);
}

/* The old file is copied with all its attributes, and proven to be the one that was checked. */
static bool save_copy(const struct work *work, const struct folder *folder, size_t number, const char *target,
		      const struct side *old, struct fault *fault)
{
	const struct place copied = { .directory = folder->descriptor, .path = (char *)target, .name = "" };
	struct place place = PLACE_NONE;
	char name[JOURNAL_NAME_SIZE];
	struct content content;
	bool done;

	if (!old->there)
		return true;
	journal_copy_name(number, name);
	if (!place_open(work->root, target, &place, fault))
		return false;
	done = store_save(&place, folder->descriptor, name, fault) && place_content(&copied, name, &content, fault);
	if (done && !side_is(old, &content))
		done = fault_set(fault, FAULT_CONFLICT, target,
				 "%s was changed by someone else in the meantime: make the plan anew", target);
	place_done(&place);
	return done;
}

static bool save_files(const struct work *work, const struct folder *prep, const struct changeset *changeset,
		       struct fault *fault)
{
	struct folder old = FOLDER_NONE, new = FOLDER_NONE;
	const struct journal *journal = &work->journal;
	bool done = folder_make_below(prep, "old", &old, fault) && folder_make_below(prep, "new", &new, fault);

	for (size_t i = 0; done && i < journal->file_count; i++) {
		const struct journal_file *file = &journal->files[i];

		work_notify(work, APPLY_SAVE, i + 1, journal->file_count, file->path, NULL);
		done = save_copy(work, &old, i, file->target, &file->old, fault) &&
		       save_side(&new, file->new.there, i, &changeset->files[i].after, fault);
	}
	done = done && folder_sync(&old, fault) && folder_sync(&new, fault);
	folder_done(&old);
	folder_done(&new);
	return done;
}

static bool save_artefacts(const struct work *work, const struct folder *prep, struct fault *fault)
{
	struct folder art = FOLDER_NONE, out = FOLDER_NONE;
	const struct journal *journal = &work->journal;
	bool done = folder_make_below(prep, "art", &art, fault) && folder_make_below(prep, "out", &out, fault);

	for (size_t i = 0; done && i < journal->artefact_count; i++) {
		const struct journal_artefact *artefact = &journal->artefacts[i];

		work_notify(work, APPLY_SAVE, i + 1, journal->artefact_count, artefact->path, NULL);
		done = work_go_on(work, fault) && save_copy(work, &art, i, artefact->target, &artefact->old, fault);
	}
	done = done && folder_sync(&art, fault) && folder_sync(&out, fault);
	folder_done(&art);
	folder_done(&out);
	return done;
}

static bool fill(struct work *work, const struct folder *prep, const struct changeset *changeset, struct fault *fault)
{
	return save_files(work, prep, changeset, fault) && save_artefacts(work, prep, fault) &&
	       journal_write(&work->journal, prep, fault) && log_open(prep, &work->journal, &work->log, fault) &&
	       folder_sync(prep, fault);
}

bool save_journal(struct work *work, const struct changeset *changeset, struct fault *fault)
{
	char name[JOURNAL_NAME_SIZE];

	snprintf(name, sizeof(name), ".prep-%s", work->journal.id);
	if (folder_make_below(&work->transactions, name, &work->active, fault) &&
	    fill(work, &work->active, changeset, fault) &&
	    folder_move(&work->transactions, name, &work->transactions, "active", fault))
		return true;
	/* Twice: what made us fail may have been this very directory. */
	if (!folder_remove(&work->transactions, name, NULL))
		folder_remove(&work->transactions, name, NULL);
	return false;
}
