/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What others have set up for vfio-pci: lines in /etc/modprobe.d, ids on the
 * kernel command line, overrides of driverctl. All of it is shown, none of it is changed.
 */
#ifndef VFIOCONF_PLAN_FOREIGN_H
#define VFIOCONF_PLAN_FOREIGN_H

#include "base/finding.h"
#include "base/strlist.h"
#include "host/host.h"
#include "plan/binding.h"
#include "plan/selection.h"
#include "system/root.h"

/* OURS are the words on the kernel command line that we added ourselves. */
void foreign_check(const struct root *root, const struct host *host, const struct selection *selection,
		   const struct binding *binding, const struct strlist *ours, struct findings *findings);

#endif
