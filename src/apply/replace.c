/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/replace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "system/store.h"
#include "system/store_copy.h"

static bool make_directories(struct work *work, struct fault *fault)
{
	for (size_t i = 0; i < work->journal.directories.count; i++)
		if (!store_make_directory(work->root, work->journal.directories.items[i], fault))
			return false;
	return true;
}

static bool stage_one(struct work *work, size_t number, const struct text *bytes, struct fault *fault)
{
	const struct journal_file *file = &work->journal.files[number];
	struct place place = PLACE_NONE;
	char temporary[JOURNAL_NAME_SIZE];
	bool done;

	if (!place_open(work->root, file->target, &place, fault))
		return false;
	journal_file_temporary(&work->journal, number, temporary);
	done = store_stage(&place, temporary, bytes, file->mode, fault) && store_sync(&place, fault);
	place_done(&place);
	return done;
}

bool replace_stage(struct work *work, const struct changeset *changeset, struct fault *fault)
{
	const struct journal *journal = &work->journal;

	if (!make_directories(work, fault))
		return false;
	for (size_t i = 0; i < journal->file_count; i++) {
		if (!work_go_on(work, fault))
			return false;
		work_notify(work, APPLY_STAGE, i + 1, journal->file_count, journal->files[i].path, NULL);
		if (journal->files[i].new.there && !stage_one(work, i, &changeset->files[i].after, fault))
			return false;
	}
	return true;
}

static bool publish_one(struct work *work, size_t number, struct fault *fault)
{
	const struct journal_file *file = &work->journal.files[number];
	struct place place = PLACE_NONE;
	char temporary[JOURNAL_NAME_SIZE];
	bool done = false;

	if (!place_open(work->root, file->target, &place, fault))
		return false;
	journal_file_temporary(&work->journal, number, temporary);
	switch (file->kind) {
	case CHANGE_CREATE:
		done = store_publish(&place, temporary, fault);
		break;
	case CHANGE_MODIFY:
		done = store_exchange(&place, temporary, file->old.digest, fault);
		break;
	case CHANGE_DELETE:
		done = store_withdraw(&place, temporary, file->old.digest, fault);
		break;
	}
	done = done && store_sync(&place, fault);
	place_done(&place);
	return done;
}

bool replace_publish(struct work *work, struct fault *fault)
{
	const struct journal *journal = &work->journal;

	if (!log_publish(&work->log, &work->journal, fault))
		return false;
	for (size_t i = 0; i < journal->file_count; i++) {
		if (!work_go_on(work, fault))
			return false;
		work_notify(work, APPLY_PUBLISH, i + 1, journal->file_count, journal->files[i].path, NULL);
		if (!publish_one(work, i, fault))
			return false;
	}
	return true;
}

static void keep_theirs(struct work *work, const struct replacement *replacement)
{
	work_tell_foreign(work,
			  "%s was changed by someone else after vfioconf had changed it; their version was kept, ours is "
			  "in " STATE_DIRECTORY "/history/%s",
			  replacement->path, work->journal.id);
}

/* Neither what was there before nor what we wrote: an editor saved it, and we were stopped with it in our hands. */
static bool is_theirs(const struct replacement *replacement, const struct content *kept)
{
	return kept->there && !side_is(replacement->old, kept) && !side_is(replacement->new, kept);
}

/* The old bytes become the temporary only once they are whole: half of them could be taken for someone else's. */
static bool bring_back(struct work *work, const struct replacement *replacement, const struct place *place,
		       struct fault *fault)
{
	const struct place temporary = {
		.directory = place->directory, .path = place->path, .name = replacement->temporary
	};
	struct folder copies = FOLDER_NONE;
	char name[JOURNAL_NAME_SIZE], unfinished[JOURNAL_NAME_SIZE + 16];
	bool done;

	snprintf(unfinished, sizeof(unfinished), "%s.back.tmp", replacement->temporary);
	if (!folder_open_below(&work->active, replacement->copies, &copies, fault))
		return false;
	done = store_discard(place, unfinished, fault) &&
	       store_bring_back(place, unfinished, copies.descriptor, journal_copy_name(replacement->number, name),
				fault) &&
	       store_replace(&temporary, unfinished, fault);
	folder_done(&copies);
	return done;
}

/* The target is as it was, but what was taken from it last was theirs: it was to get it back. */
static bool give_back(struct work *work, const struct replacement *replacement, const struct place *place,
		      struct fault *fault)
{
	struct fault reason = { 0 };
	bool done = replacement->old->there ?
			    store_exchange(place, replacement->temporary, replacement->old->digest, &reason) :
			    store_publish(place, replacement->temporary, &reason);

	/* A conflict: they have saved it once more in the meantime, and that one stays. */
	if (!done && reason.kind != FAULT_CONFLICT) {
		if (fault)
			*fault = reason;
		return false;
	}
	keep_theirs(work, replacement);
	return store_discard(place, replacement->temporary, fault);
}

/* The target is new, and was something before: that is in the temporary, or else in the journal. */
static bool exchange_back(struct work *work, const struct replacement *replacement, const struct place *place,
			  const struct content *kept, struct fault *fault)
{
	struct fault reason = { 0 };

	if ((!kept->there || side_is(replacement->new, kept)) && !bring_back(work, replacement, place, fault))
		return false;
	if (!store_exchange(place, replacement->temporary, replacement->new->digest, &reason)) {
		if (reason.kind != FAULT_CONFLICT) {
			if (fault)
				*fault = reason;
			return false;
		}
		keep_theirs(work, replacement);
	} else if (is_theirs(replacement, kept)) {
		/* We were stopped between taking out what an editor had just saved, and putting it back. */
		keep_theirs(work, replacement);
	}
	return store_discard(place, replacement->temporary, fault);
}

/* The target is new, and was not there before. */
static bool take_away(struct work *work, const struct replacement *replacement, const struct place *place,
		      struct fault *fault)
{
	struct fault reason = { 0 };

	if (!store_discard(place, replacement->temporary, fault))
		return false;
	if (!store_withdraw(place, replacement->temporary, replacement->new->digest, &reason)) {
		if (reason.kind == FAULT_CONFLICT) {
			keep_theirs(work, replacement);
			return true;
		}
		if (fault)
			*fault = reason;
		return false;
	}
	return store_discard(place, replacement->temporary, fault);
}

/* The target is gone, as was wanted, and shall be there again. */
static bool put_back(struct work *work, const struct replacement *replacement, const struct place *place,
		     const struct content *kept, struct fault *fault)
{
	struct fault reason = { 0 };

	if (!kept->there && !bring_back(work, replacement, place, fault))
		return false;
	if (kept->there && !side_is(replacement->old, kept))
		keep_theirs(work, replacement);
	if (store_publish(place, replacement->temporary, &reason))
		return true;
	if (reason.kind == FAULT_CONFLICT) {
		keep_theirs(work, replacement);
		return store_discard(place, replacement->temporary, fault);
	}
	if (fault)
		*fault = reason;
	return false;
}

/*
 * The target is neither old nor new. Whether it ever was ours is told by the
 * temporary: before the publication it holds the new bytes (or nothing yet, of a deletion).
 */
static bool leave(struct work *work, const struct replacement *replacement, const struct place *place,
		  const struct content *kept, struct fault *fault)
{
	bool ours;

	if (!replacement->new->there)
		ours = kept->there;
	else if (!replacement->old->there)
		ours = !kept->there;
	else
		ours = !kept->there || side_is(replacement->old, kept);
	if (ours)
		keep_theirs(work, replacement);
	return store_discard(place, replacement->temporary, fault);
}

/* Something that is not a regular file any more is nothing of ours: a content that is never equal. */
static bool content_now(const struct place *place, struct content *ret, struct fault *fault)
{
	struct fault reason = { 0 };

	if (place_content(place, NULL, ret, &reason))
		return true;
	if (reason.kind == FAULT_INPUT || reason.error == ELOOP) {
		*ret = (struct content){ .there = true };
		return true;
	}
	if (fault)
		*fault = reason;
	return false;
}

static bool undo_at(struct work *work, const struct replacement *replacement, const struct place *place,
		    struct fault *fault)
{
	struct content now, kept;

	if (!store_settle(place, replacement->temporary, fault) || !content_now(place, &now, fault) ||
	    !place_content(place, replacement->temporary, &kept, fault))
		return false;
	if (side_is(replacement->old, &now))
		return is_theirs(replacement, &kept) ? give_back(work, replacement, place, fault) :
						       store_discard(place, replacement->temporary, fault);
	if (!side_is(replacement->new, &now))
		return leave(work, replacement, place, &kept, fault);
	if (!replacement->new->there)
		return put_back(work, replacement, place, &kept, fault);
	if (!replacement->old->there)
		return take_away(work, replacement, place, fault);
	return exchange_back(work, replacement, place, &kept, fault);
}

bool replace_undo(struct work *work, const struct replacement *replacement, struct fault *fault)
{
	struct place place = PLACE_NONE;
	struct fault reason = { 0 };
	bool done;

	if (!work->journal.publishing)
		return true;
	if (!place_open(work->root, replacement->target, &place, &reason)) {
		/* Its directory was never made, or is gone with all that was in it. */
		if (root_missing(&reason)) {
			if (replacement->old->there)
				keep_theirs(work, replacement);
			return true;
		}
		if (fault)
			*fault = reason;
		return false;
	}
	done = undo_at(work, replacement, &place, fault) && store_sync(&place, fault);
	place_done(&place);
	return done;
}

bool replace_undo_file(struct work *work, size_t number, struct fault *fault)
{
	const struct journal_file *file = &work->journal.files[number];
	char temporary[JOURNAL_NAME_SIZE];
	struct replacement replacement = {
		.path = file->path,
		.target = file->target,
		.temporary = journal_file_temporary(&work->journal, number, temporary),
		.old = &file->old,
		.new = &file->new,
		.copies = "old",
		.number = number,
	};

	return replace_undo(work, &replacement, fault);
}
