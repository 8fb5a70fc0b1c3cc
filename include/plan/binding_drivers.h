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

/* Has every module that could claim FUNCTION come after vfio-pci, but for those that the user has forbidden to load. */
void binding_add_softdeps(const struct host *host, const struct function *function, struct binding *binding);

/*
 * Appends the softdep for MODULE, with what the one that ours takes the place of has loaded before and after it: of two
 * libkmod follows only the first.
 */
void binding_softdep_line(const struct host *host, const char *module, struct text *ret);

/* Says what of the softdeps that ours take the place of does not go into them. */
void binding_report_softdeps(const struct host *host, const struct binding *binding, struct findings *findings);

/* The modules of what is bound that no function left with the host needs, and a finding for each of the others. */
void binding_add_blacklist(const struct host *host, const struct selection *selection, struct binding *binding,
			   struct findings *findings);

#endif
