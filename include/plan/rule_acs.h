/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Beyond the rule of the table: pcie_acs_override= on request. */
#ifndef VFIOCONF_PLAN_RULE_ACS_H
#define VFIOCONF_PLAN_RULE_ACS_H

#include <stdbool.h>

#include "base/finding.h"
#include "host/host.h"
#include "plan/selection.h"

/* KNOWN: whether the running kernel carries the patch (host/acs.h); asked only where the selection wants it. */
void acs_check_request(const struct host *host, const struct selection *selection, bool known,
		       struct findings *findings);

#endif
