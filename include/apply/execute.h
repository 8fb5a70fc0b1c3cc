/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of a transaction: run and proven. */
#ifndef VFIOCONF_APPLY_EXECUTE_H
#define VFIOCONF_APPLY_EXECUTE_H

#include <stdbool.h>

#include "apply/work.h"
#include "base/fault.h"

/* Runs them all in order, looks into what each made, and publishes the outputs. */
bool execute_all(struct work *work, struct fault *fault);

#endif
