/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ends of a transaction: put back, made final, tidied up. Each may be repeated after a crash within it. */
#ifndef VFIOCONF_APPLY_FINISH_H
#define VFIOCONF_APPLY_FINISH_H

#include <stdbool.h>

#include "apply/work.h"
#include "base/fault.h"

/* Everything as it was before; what others have changed since is kept, and told in WORK.foreign. */
bool finish_roll_back(struct work *work, struct fault *fault);

/* Makes all files that were touched readable for a boot loader. */
bool finish_flush(struct work *work, struct fault *fault);

/* The commit point. *RET_COMMITTED says whether it was reached, also where it returns false. */
bool finish_commit(struct work *work, bool *ret_committed, struct fault *fault);

/* Notes that everything is put back, and why (may be NULL: a crash). */
bool finish_mark_undone(struct work *work, const char *reason, struct fault *fault);

/* Removes our temporaries and moves the journal into the history, which is kept short. */
bool finish_tidy(struct work *work, bool applied, struct fault *fault);

#endif
