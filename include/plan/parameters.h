/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the kernel command line: which it shall hold, and which of the user's shall not count. */
#ifndef VFIOCONF_PLAN_PARAMETERS_H
#define VFIOCONF_PLAN_PARAMETERS_H

#include <stdbool.h>

#include "base/fault.h"
#include "plan/planner.h"

/* Whether there may be something to say on the kernel command line. */
bool parameters_wanted(const struct planner *planner);

/* The running kernel has a word that was set aside: the configuration that it got that from may have it, too. */
bool parameters_left_aside(const struct host *host);

/* Fills plan.parameters and planner.aside, once the boot loader is chosen, and reports what others have there. */
bool parameters_choose(struct planner *planner, struct fault *fault);

/* Adds FINDING_PARAMETERS_TOO_LONG where the kernel would not take in all of its next command line; once it is planned. */
void parameters_check_length(const struct planner *planner);

#endif
