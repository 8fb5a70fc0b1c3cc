/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/transaction.h"

#include <stdio.h>
#include <string.h>

#include "apply/check.h"
#include "apply/execute.h"
#include "apply/finish.h"
#include "apply/recovery.h"
#include "apply/replace.h"
#include "apply/room.h"
#include "apply/save.h"
#include "apply/work.h"

const char *apply_step_label(enum apply_step step)
{
	static const char *const labels[] = {
		[APPLY_CHECK] = "Checking that everything can be changed",
		[APPLY_SAVE] = "Saving the old files",
		[APPLY_STAGE] = "Writing the new files beside the old",
		[APPLY_PUBLISH] = "Putting the new files in place",
		[APPLY_COMMAND] = "Running",
		[APPLY_PROVE] = "Looking into what was made",
		[APPLY_FLUSH] = "Writing it out for the boot loader",
		[APPLY_COMMIT] = "Making it final",
		[APPLY_ROLLBACK] = "Putting everything back",
		[APPLY_DONE] = "Done",
	};

	return labels[step];
}

void apply_result_done(struct apply_result *result)
{
	if (result)
		strlist_done(&result->foreign);
}

static void note_check(void *data, const char *sentence)
{
	work_notify(data, APPLY_CHECK, 0, 0, "", sentence);
}

static bool check(struct work *work, const struct changeset *changeset, struct fault *fault)
{
	struct check_listener listener = { .note = note_check, .data = work };

	work_notify(work, APPLY_CHECK, 0, 0, "", NULL);
	return check_changeset(work->root, changeset, true, &listener, &work->journal, fault) &&
	       room_check(work->root, &work->journal, fault) && work_go_on(work, fault);
}

bool transaction_check(const struct root *root, const struct changeset *changeset, struct fault *fault)
{
	struct journal journal = { 0 };
	bool done = check_changeset(root, changeset, false, NULL, &journal, fault) && room_check(root, &journal, fault);

	journal_done(&journal);
	return done;
}

/* What was interrupted before us is ended first; then we begin with a clean sheet. */
static bool recover(struct work *work, struct apply_result *result, struct fault *fault)
{
	enum recovery_outcome outcome = RECOVERY_NOTHING;

	if (!recovery_continue(work, &outcome, fault)) {
		result->needs_attention = outcome == RECOVERY_ATTENTION;
		return fault_context(fault, "an earlier transaction was interrupted and could not be ended");
	}
	if (outcome == RECOVERY_ATTENTION) {
		result->needs_attention = true;
		strlist_add_all(&result->foreign, &work->foreign);
		return fault_set(fault, FAULT_CONFLICT, NULL, "an earlier transaction was interrupted, and: %s",
				 work->foreign.items[0]);
	}
	return true;
}

/* Everything from the first change to the commit point. */
static bool perform(struct work *work, const struct changeset *changeset, bool *ret_committed, struct fault *fault)
{
	return replace_stage(work, changeset, fault) && replace_publish(work, fault) && execute_all(work, fault) &&
	       finish_flush(work, fault) && work_go_on(work, fault) && finish_commit(work, ret_committed, fault);
}

static void append(struct fault *fault, const char *format, const char *argument)
{
	char first[sizeof(fault->sentence)];
	size_t length;

	if (!fault)
		return;
	snprintf(first, sizeof(first), "%s", fault->sentence);
	length = strlen(first);
	snprintf(first + length, sizeof(first) - length, format, argument);
	text_visible_to(fault->sentence, sizeof(fault->sentence), first);
}

/* FAULT says why; what is added to it is only what the user has to do about it. */
static void give_up(struct work *work, struct apply_result *result, struct fault *fault)
{
	struct fault reason = { 0 };

	work_notify(work, APPLY_ROLLBACK, 0, 0, fault ? fault->sentence : "", NULL);
	/* A second time in case it was a passing trouble. */
	if (!finish_roll_back(work, NULL) && !finish_roll_back(work, &reason)) {
		result->needs_attention = true;
		append(fault, ". Not everything could be put back (%s): run vfioconf --recover before the next boot",
		       reason.sentence);
		return;
	}
	result->rolled_back = true;
	result->needs_attention = work->foreign.count > 0;
	strlist_add_all(&result->foreign, &work->foreign);
	if (work->foreign.count)
		append(fault, ". Everything else was put back, but %s", work->foreign.items[0]);
	if (work->foreign.count > 1)
		append(fault, " (%s names more)", "vfioconf --history");
	if (!finish_mark_undone(work, fault ? fault->sentence : NULL, NULL) || !finish_tidy(work, false, &reason))
		append(fault, ". Everything was put back, but not tidied up (%s): run vfioconf --recover",
		       reason.sentence);
}

static bool run(struct work *work, const struct changeset *changeset, const char *note, struct apply_result *result,
		struct fault *fault)
{
	struct fault reason = { 0 };
	bool committed = false;

	if (!save_name(work, note, fault))
		return false;
	memcpy(result->id, work->journal.id, sizeof(result->id));
	if (!save_journal(work, changeset, fault)) {
		if (folder_has(&work->transactions, "active"))
			give_up(work, result, fault);
		return false;
	}
	if (!perform(work, changeset, &committed, fault) && !committed) {
		give_up(work, result, fault);
		return false;
	}
	if (finish_tidy(work, true, &reason))
		work_notify(work, APPLY_DONE, 0, 0, work->journal.note, NULL);
	else
		work_notify(work, APPLY_DONE, 0, 0, "everything is done but the tidying up: run vfioconf --recover",
			    reason.sentence);
	return true;
}

bool transaction_apply(const struct root *root, const struct changeset *changeset, const char *note,
		       const struct apply_observer *observer, struct apply_result *ret, struct fault *fault)
{
	struct apply_result result = { 0 };
	struct work work = { 0 };
	struct fault own = { 0 };
	bool done;

	*ret = result;
	if (changeset_empty(changeset))
		return true;
	fault = fault ? fault : &own;
	if (!work_open(root, observer, &work, fault))
		return false;
	done = (!changeset->command_count || work_hold_packages(&work, fault)) && recover(&work, &result, fault) &&
	       check(&work, changeset, fault) && run(&work, changeset, note, &result, fault);
	work_done(&work);
	*ret = result;
	return done;
}
