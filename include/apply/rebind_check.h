/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What speaks against handing a function over while the machine runs. */
#ifndef VFIOCONF_APPLY_REBIND_CHECK_H
#define VFIOCONF_APPLY_REBIND_CHECK_H

#include "apply/rebind.h"
#include "base/finding.h"
#include "host/host.h"
#include "plan/selection.h"
#include "system/root.h"

/*
 * For REBIND_TO_VFIO by all the rules of a plan, with what is at vfio-pci already and the functions of SELECTION
 * ticked, and more strictly, for the host uses what it uses now; for REBIND_TO_HOST: a guest has the function.
 */
void rebind_check(const struct root *root, const struct host *host, const struct selection *selection,
		  enum rebind_way way, struct findings *findings);

#endif
