/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/unmake.h"

#include <errno.h>

#include "apply/preview.h"
#include "apply/replace.h"
#include "system/store.h"
#include "system/store_copy.h"

static bool undo_output(struct work *work, size_t number, struct fault *fault)
{
	const struct journal_artefact *artefact = &work->journal.artefacts[number];
	char temporary[JOURNAL_NAME_SIZE];
	struct replacement replacement = {
		.path = artefact->path,
		.target = artefact->target,
		.temporary = journal_artefact_temporary(&work->journal, number, temporary),
		.old = &artefact->old,
		.new = &artefact->new,
		.copies = "art",
		.number = number,
	};

	return !artefact->made || replace_undo(work, &replacement, fault);
}

/* A second copy beside it if there is room for one; if not, into the place itself, which is not right anyway. */
static bool restore(struct work *work, size_t number, const struct place *place, struct fault *fault)
{
	char temporary[JOURNAL_NAME_SIZE], name[JOURNAL_NAME_SIZE];
	struct folder copies = FOLDER_NONE;
	struct fault reason = { 0 };
	bool done;

	if (!folder_open_below(&work->active, "art", &copies, fault))
		return false;
	journal_artefact_temporary(&work->journal, number, temporary);
	journal_copy_name(number, name);
	done = store_discard(place, temporary, fault);
	if (done && store_bring_back(place, temporary, copies.descriptor, name, &reason))
		done = store_replace(place, temporary, fault);
	else if (done && (reason.error == ENOSPC || reason.error == EDQUOT))
		done = store_overwrite(place, copies.descriptor, name, fault);
	else if (done && fault)
		*fault = reason;
	if (reason.kind && reason.error != ENOSPC && reason.error != EDQUOT)
		done = false;
	folder_done(&copies);
	return done;
}

/* What was there before stays at hand: nobody else may have it. */
static void keep_image(struct work *work, size_t number)
{
	struct journal_artefact *artefact = &work->journal.artefacts[number];
	cleanup_text struct text copy = { 0 };
	char name[JOURNAL_NAME_SIZE];

	if (artefact->old.there)
		text_printf(&copy, " (as it was before, it is in " STATE_DIRECTORY "/history/%s/art/%s)",
			    work->journal.id, journal_copy_name(number, name));
	work_tell_foreign(work,
			  "%s was made anew by someone else; it was kept, and may still hold what vfioconf wanted: rebuild "
			  "it%s",
			  artefact->path, text_string(&copy));
	/* Where the log cannot be written (a full disk), it is so at least until we are stopped. */
	if (!artefact->kept && !log_kept(&work->log, &work->journal, number, NULL))
		artefact->kept = true;
}

static bool undo_artefact_at(struct work *work, size_t number, const struct place *place, struct fault *fault)
{
	const struct journal_artefact *artefact = &work->journal.artefacts[number];
	struct text prefix = { 0 };
	struct content now;
	bool done;

	/*
	 * A generator that was stopped leaves its own temporaries: initrd.img-6.1.0.new and the like. They go first,
	 * since they may be what fills the disk.
	 */
	text_printf(&prefix, "%s.", place->name);
	done = store_discard_all(place, text_string(&prefix), &artefact->siblings, fault);
	text_done(&prefix);
	if (!done || !place_content(place, NULL, &now, fault))
		return false;
	if (side_is(&artefact->old, &now))
		return true;
	if (artefact->made && !side_is(&artefact->new, &now)) {
		keep_image(work, number);
		return true;
	}
	if (!artefact->old.there)
		return store_discard(place, place->name, fault);
	return restore(work, number, place, fault);
}

static bool undo_artefact(struct work *work, size_t number, struct fault *fault)
{
	const struct journal_artefact *artefact = &work->journal.artefacts[number];
	struct place place = PLACE_NONE;
	bool done;

	if (!work->journal.states[artefact->command].started)
		return true;
	if (artefact->output && !artefact->shared)
		return undo_output(work, number, fault);
	if (!place_open(work->root, artefact->target, &place, fault))
		return false;
	done = undo_artefact_at(work, number, &place, fault) && store_sync(&place, fault);
	place_done(&place);
	return done;
}

bool unmake_artefacts(struct work *work, struct fault *fault)
{
	for (size_t i = work->journal.artefact_count; i-- > 0;) {
		work_notify(work, APPLY_ROLLBACK, 0, 0, work->journal.artefacts[i].path, NULL);
		if (!undo_artefact(work, i, fault))
			return false;
	}
	return true;
}

static bool undo_command(struct work *work, size_t number, struct fault *fault)
{
	const struct command *command = &work->journal.commands.commands[number];
	struct command undo = { .argv = command->undo };
	struct run_request request = work_request(work);
	struct run_result result = { 0 };
	char *line = preview_command(&undo);

	work_notify(work, APPLY_ROLLBACK, 0, 0, line, NULL);
	request.argv = &command->undo;
	request.timeout = command->timeout;
	request.cancelled = NULL;
	if (!run_command(&request, &result, NULL) || result.status || result.timed_out)
		work_tell_foreign(work, "what %s did could not be taken back: type %s", command->argv.items[0], line);
	run_result_done(&result);
	free(line);
	return log_undo(&work->log, &work->journal, number, fault);
}

bool unmake_commands(struct work *work, struct fault *fault)
{
	for (size_t i = work->journal.commands.command_count; i-- > 0;) {
		const struct journal_command *state = &work->journal.states[i];

		if (state->started && !state->undone && work->journal.commands.commands[i].undo.count &&
		    !undo_command(work, i, fault))
			return false;
	}
	return true;
}
