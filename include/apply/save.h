/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the journal of a transaction: from its last step on everything can be taken back. */
#ifndef VFIOCONF_APPLY_SAVE_H
#define VFIOCONF_APPLY_SAVE_H

#include <stdbool.h>

#include "apply/work.h"
#include "base/fault.h"
#include "edit/changeset.h"

/* Gives WORK.journal, which check_changeset() has filled, its id and NOTE. */
bool save_name(struct work *work, const char *note, struct fault *fault);

/*
 * Copies everything, then makes it the transaction under way. On a fault
 * nothing is left, unless it came so late that "active" is there already: then it has to be undone.
 */
bool save_journal(struct work *work, const struct changeset *changeset, struct fault *fault);

#endif
