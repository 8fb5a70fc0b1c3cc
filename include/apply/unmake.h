/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands of a transaction made, taken back. Each may be repeated after a crash within it. */
#ifndef VFIOCONF_APPLY_UNMAKE_H
#define VFIOCONF_APPLY_UNMAKE_H

#include <stdbool.h>

#include "apply/work.h"
#include "base/fault.h"

/* Puts back what the commands that were started made. What someone else made anew is kept: see WORK.foreign. */
bool unmake_artefacts(struct work *work, struct fault *fault);

/* Runs the undo of each command that was started and has one, last first. What fails goes to WORK.foreign. */
bool unmake_commands(struct work *work, struct fault *fault);

#endif
