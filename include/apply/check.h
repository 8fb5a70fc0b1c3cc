/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that can be known to fail is found before the first byte is written. */
#ifndef VFIOCONF_APPLY_CHECK_H
#define VFIOCONF_APPLY_CHECK_H

#include <stdbool.h>

#include "apply/journal.h"
#include "base/fault.h"
#include "edit/changeset.h"
#include "system/root.h"

/* Called with a sentence about something that is no obstacle, but worth a word. */
struct check_listener {
	void (*note)(void *data, const char *sentence); /* may be NULL */
	void *data;
};

/*
 * Fills JOURNAL with the files, artefacts and commands of CHANGESET as they are
 * on the machine now. A fault where a file is not what the plan saw, or cannot be
 * changed. PRIVILEGED: lacking the right to write is a fault, too.
 */
bool check_changeset(const struct root *root, const struct changeset *changeset, bool privileged,
		     const struct check_listener *listener, struct journal *journal, struct fault *fault);

#endif
