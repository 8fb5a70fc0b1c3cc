/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/recovery.h"

#include "apply/finish.h"
#include "apply/history.h"
#include "apply/systems.h"
#include "apply/work.h"
#include "system/store.h"

bool recovery_needed(const struct root *root)
{
	return root_is_directory(root, STATE_DIRECTORY "/txn/active");
}

bool recovery_under_way(const struct root *root)
{
	return recovery_needed(root) && store_lock_held(root, STATE_DIRECTORY "/lock");
}

/* From here on a new transaction can begin. */
static void close_active(struct work *work)
{
	log_done(&work->log);
	folder_done(&work->active);
	journal_done(&work->journal);
}

static bool undo(struct work *work, enum recovery_outcome *ret, struct fault *fault)
{
	/* Stopped after that, it still has to be told what was kept. */
	if (folder_has(&work->active, "undone"))
		history_kept(&work->active, &work->foreign);
	else if (!finish_roll_back(work, fault))
		return false;
	*ret = work->foreign.count ? RECOVERY_ATTENTION : RECOVERY_UNDONE;
	return finish_mark_undone(work, NULL, fault) && finish_tidy(work, false, fault);
}

/* The transaction cannot be ended as things are; nobody shall be left without a way out. */
static bool by_hand(struct fault *fault)
{
	struct fault reason;

	if (!fault)
		return false;
	reason = *fault;
	return fault_set(fault, reason.kind, reason.path,
			 "%s. Where that cannot be put right: " STATE_DIRECTORY "/txn/active holds the files as they were, in "
			 "old/ and art/ by their numbers in plan; put them back by hand, and move that directory away",
			 reason.sentence);
}

bool recovery_continue(struct work *work, enum recovery_outcome *ret, struct fault *fault)
{
	bool done;

	*ret = RECOVERY_NOTHING;
	if (!work_sweep(work, fault))
		return false;
	if (!folder_has(&work->transactions, "active"))
		return true;
	if (!work_open_active(work, fault) || !systems_check(work->root, &work->journal, fault)) {
		close_active(work);
		return by_hand(fault);
	}
	if (folder_has(&work->active, "commit")) {
		*ret = RECOVERY_FINISHED;
		done = finish_tidy(work, true, fault);
	} else {
		done = undo(work, ret, fault);
	}
	close_active(work);
	return done;
}

bool recovery_run(const struct root *root, const struct apply_observer *observer, enum recovery_outcome *ret,
		  struct strlist *foreign, struct fault *fault)
{
	struct work work = { 0 };
	bool done;

	if (!root_is_directory(root, STATE_DIRECTORY "/txn")) {
		*ret = RECOVERY_NOTHING;
		return true;
	}
	if (!work_open(root, observer, &work, fault))
		return false;
	done = (!recovery_needed(root) || work_hold_packages(&work, fault)) && recovery_continue(&work, ret, fault);
	if (foreign)
		strlist_add_all(foreign, &work.foreign);
	work_done(&work);
	return done;
}
