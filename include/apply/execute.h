/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of a transaction: run, proven, and taken back. */
#ifndef VFIOCONF_APPLY_EXECUTE_H
#define VFIOCONF_APPLY_EXECUTE_H

#include <stdbool.h>

#include "apply/work.h"
#include "base/fault.h"

/* Runs them all in order, looks into what each made, and publishes the outputs. */
bool execute_all(struct work *work, struct fault *fault);

/* Puts back what the commands that were started made. */
bool execute_undo_artefacts(struct work *work, struct fault *fault);

/* Runs the undo of each command that was started and has one, last first. What fails goes to WORK.foreign. */
bool execute_undo_commands(struct work *work, struct fault *fault);

#endif
