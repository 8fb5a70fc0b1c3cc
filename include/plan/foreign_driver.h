/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of modprobe.d that somebody else wrote for the drivers of what is ticked. modprobe follows one softdep
 * for a module, the first that it reads, and no install line where there is a softdep.
 */
#ifndef VFIOCONF_PLAN_FOREIGN_DRIVER_H
#define VFIOCONF_PLAN_FOREIGN_DRIVER_H

#include "base/finding.h"
#include "host/host.h"
#include "plan/binding.h"
#include "system/root.h"

/* Says which of them keep ours from counting, and which ours keep from counting, with file and line. */
void foreign_report_drivers(const struct root *root, const struct host *host, const struct binding *binding,
			    struct findings *findings);

#endif
