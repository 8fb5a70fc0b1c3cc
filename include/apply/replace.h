/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file from old to new, and back again. */
#ifndef VFIOCONF_APPLY_REPLACE_H
#define VFIOCONF_APPLY_REPLACE_H

#include <stdbool.h>

#include "apply/work.h"
#include "base/fault.h"
#include "edit/changeset.h"

/* Writes the new bytes of all files beside their targets. */
bool replace_stage(struct work *work, const struct changeset *changeset, struct fault *fault);

/* Exchanges them all in. */
bool replace_publish(struct work *work, struct fault *fault);

/* One replacement, as it may be found at any moment after a crash. */
struct replacement {
	const char *path;   /* for sentences */
	const char *target;
	const char *temporary;
	const struct side *old, *new;
	const char *copies; /* the directory in the journal that has the old bytes: "old" or "art" */
	size_t number;      /* under this number */
};

/* Makes PLACE old again; what is neither old nor new is kept, with a sentence in WORK.foreign. */
bool replace_undo(struct work *work, const struct replacement *replacement, struct fault *fault);
bool replace_undo_file(struct work *work, size_t number, struct fault *fault);

#endif
