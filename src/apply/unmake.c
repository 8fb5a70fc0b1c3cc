/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/unmake.h"

#include <errno.h>
#include <string.h>

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

/* WHAT has become of it since; what was there before stays at hand: nobody else may have it. */
static void keep_copy(struct work *work, size_t number, const char *what)
{
	struct journal_artefact *artefact = &work->journal.artefacts[number];
	cleanup_text struct text copy = { 0 };
	char name[JOURNAL_NAME_SIZE];

	if (artefact->old.there)
		text_printf(&copy, " (as it was before, it is in " STATE_DIRECTORY "/history/%s/art/%s)",
			    work->journal.id, journal_copy_name(number, name));
	work_tell_foreign(work, "%s was %s%s", artefact->path, what, text_string(&copy));
	/* Where the log cannot be written (a full disk), it is so at least until we are stopped. */
	if (!artefact->kept && !log_kept(&work->log, &work->journal, number, NULL))
		artefact->kept = true;
}

/* As mktemp(1) makes them: "initrd.img-6.1.0.Xq3vB9". */
static bool is_random(const char *suffix)
{
	bool upper = false, other = false;
	size_t length;

	for (length = 0; suffix[length]; length++) {
		char byte = suffix[length];

		if (byte >= 'A' && byte <= 'Z')
			upper = true;
		else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
			other = true;
		else
			return false;
	}
	return length >= 6 && length <= 10 && upper && other;
}

/*
 * What a generator that was stopped leaves beside its image. Of nothing else is it known that it is the generator's:
 * someone may have made a copy of the image after a crash, and an image of Linux 6.1.1 lies beside that of 6.1.
 */
static bool is_leftover(const char *suffix)
{
	static const char *const known[] = { "new", "tmp", "dpkg-bak", "dpkg-new", "dpkg-tmp" };

	for (size_t i = 0; i < array_size(known); i++)
		if (!strcmp(suffix, known[i]))
			return true;
	return is_random(suffix);
}

/* As far as it goes: a directory, or what cannot be removed, must not keep the image itself from being put back. */
static void clear_leftovers(struct work *work, const struct journal_artefact *artefact, const struct place *place)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_text struct text prefix = { 0 };

	text_printf(&prefix, "%s.", place->name);
	if (!place_names(place, text_string(&prefix), &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text line = { 0 };

		if (strlist_has(&artefact->siblings, names.items[i]) || !is_leftover(names.items[i] + prefix.length) ||
		    !store_discard(place, names.items[i], NULL))
			continue;
		text_append(&line, "removed, as left over from a generator: ");
		text_append_visible(&line, names.items[i], strlen(names.items[i]), false);
		work_notify(work, APPLY_ROLLBACK, 0, 0, artefact->path, text_string(&line));
	}
}

static bool undo_artefact_at(struct work *work, size_t number, const struct place *place, struct fault *fault)
{
	const struct journal_artefact *artefact = &work->journal.artefacts[number];
	struct content now;

	/* First, since they may be what fills the disk. */
	clear_leftovers(work, artefact, place);
	if (!place_content(place, NULL, &now, fault))
		return false;
	if (side_is(&artefact->old, &now))
		return true;
	if (artefact->made && !side_is(&artefact->new, &now)) {
		keep_copy(work, number,
			  "made anew by someone else; it was kept, and may still hold what vfioconf wanted: rebuild it");
		return true;
	}
	if (!artefact->old.there)
		return store_discard(place, place->name, fault);
	return restore(work, number, place, fault);
}

/*
 * A command does more than is written down for it: update-initramfs has kernel-install write what a later command is
 * to write. So the start of any one puts all that was saved in doubt; what is still as it was is not touched.
 */
static bool any_started(const struct journal *journal)
{
	for (size_t i = 0; i < journal->commands.command_count; i++)
		if (journal->states[i].started)
			return true;
	return false;
}

/* Removed with its directory (a kernel's, on the ESP) since we were stopped: there is no place to put it back to. */
static bool is_gone(struct work *work, size_t number, const struct fault *reason)
{
	if (!root_missing(reason))
		return false;
	if (work->journal.artefacts[number].old.there)
		keep_copy(work, number, "removed by someone else, with the directory that it was in");
	return true;
}

static bool undo_artefact(struct work *work, size_t number, struct fault *fault)
{
	const struct journal_artefact *artefact = &work->journal.artefacts[number];
	struct place place = PLACE_NONE;
	struct fault reason = { 0 };
	bool done;

	if (!any_started(&work->journal))
		return true;
	if (artefact->output && !artefact->shared)
		return undo_output(work, number, fault);
	if (!place_open(work->root, artefact->target, &place, &reason)) {
		if (is_gone(work, number, &reason))
			return true;
		if (fault)
			*fault = reason;
		return false;
	}
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

/*
 * A command that is its own undo (proxmox-boot-tool refresh) copies what is there: an earlier one's hook may have run
 * it with what is gone again. Any other undo takes back what its own command has done.
 */
static bool has_to_be_undone(const struct journal *journal, size_t number)
{
	const struct journal_command *state = &journal->states[number];
	const struct command *command = &journal->commands.commands[number];

	if (state->undone || !command->undo.count || command->undo_later)
		return false;
	return state->started || (any_started(journal) && strlist_equal(&command->undo, &command->argv));
}

bool unmake_commands(struct work *work, struct fault *fault)
{
	for (size_t i = work->journal.commands.command_count; i-- > 0;)
		if (has_to_be_undone(&work->journal, i) && !undo_command(work, i, fault))
			return false;
	return true;
}
