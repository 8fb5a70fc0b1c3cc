/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drivers that vfio-pci competes with: those of the ticked functions. */
#ifndef VFIOCONF_PLAN_BINDING_DRIVERS_H
#define VFIOCONF_PLAN_BINDING_DRIVERS_H

#include "base/finding.h"
#include "host/host.h"
#include "plan/binding.h"
#include "plan/selection.h"

/* The built-in driver that has FUNCTION before vfio-pci is there; NULL where there is none. */
const struct candidate *binding_faster(const struct host *host, const struct function *function);

/* Has every module that could claim FUNCTION come after vfio-pci. */
void binding_add_softdeps(const struct host *host, const struct function *function, struct binding *binding);

/* The modules of what is bound that no function left with the host needs, and a finding for each of the others. */
void binding_add_blacklist(const struct host *host, const struct selection *selection, struct binding *binding,
			   struct findings *findings);

#endif
