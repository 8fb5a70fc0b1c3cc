/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After a crash: finish or undo the transaction that was under way. Idempotent, and safe to crash in. */
#ifndef VFIOCONF_APPLY_RECOVERY_H
#define VFIOCONF_APPLY_RECOVERY_H

#include <stdbool.h>

#include "apply/transaction.h"
#include "base/strlist.h"

enum recovery_outcome {
	RECOVERY_NOTHING,   /* no transaction was under way */
	RECOVERY_FINISHED,  /* it had been committed; the rest was tidied up */
	RECOVERY_UNDONE,    /* everything is as it was before */
	RECOVERY_ATTENTION  /* a file was neither old nor new: it was kept, ours is in the journal */
};

/* Whether a transaction was left under way; reads only, needs no privilege beyond reading STATE_DIRECTORY. */
bool recovery_needed(const struct root *root);

/* Whether that one is being carried out at this moment: someone holds the lock. Only root can tell. */
bool recovery_under_way(const struct root *root);

/* FOREIGN (may be NULL) gets a sentence for each file that was kept because someone else had edited it. */
bool recovery_run(const struct root *root, const struct apply_observer *observer, enum recovery_outcome *ret,
		  struct strlist *foreign, struct fault *fault);

struct work;

/* The same for the writer, which holds the lock; afterwards WORK has no transaction under way. */
bool recovery_continue(struct work *work, enum recovery_outcome *ret, struct fault *fault);

#endif
