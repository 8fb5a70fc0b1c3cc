/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands of a transaction made, taken back. Each may be repeated after a crash within it. */
#ifndef VFIOCONF_APPLY_UNMAKE_H
#define VFIOCONF_APPLY_UNMAKE_H

#include <stdbool.h>

#include "apply/work.h"
#include "base/fault.h"

/*
 * Once any command was started, puts back all that commands write. What someone else made anew is kept: see
 * WORK.foreign.
 */
bool unmake_artefacts(struct work *work, struct fault *fault);

/*
 * Runs the undo of each command that was started, and of each that only copies what is there, last first. What fails
 * goes to WORK.foreign. The files and images have to be back by then.
 */
bool unmake_commands(struct work *work, struct fault *fault);

#endif
