/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Beyond the rule of the table: what cannot be reset between two guests. */
#ifndef VFIOCONF_PLAN_RULE_RESET_H
#define VFIOCONF_PLAN_RULE_RESET_H

#include "base/finding.h"
#include "host/host.h"
#include "plan/selection.h"
#include "system/root.h"

/*
 * Warns of every ticked function that the kernel has no way to reset. The way
 * of last resort is to reset the bus: vfio offers it to a guest that has all that is on it
 * (VFIO_DEVICE_PCI_HOT_RESET), so a card that is ticked as a whole is none of these. Reads the attributes
 * of what is ticked alone (host/detail.h).
 */
void reset_check(const struct root *root, const struct host *host, const struct selection *selection,
		 struct findings *findings);

#endif
