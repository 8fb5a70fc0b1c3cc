/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bridges stay with the host: vfio-pci refuses them, and what is behind them would be gone. */
#include "plan/rules.h"
#include "plan/member.h"

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);
		cleanup_free char *name = NULL;
		struct finding *finding;

		if (!function || member_tickable(function))
			continue;
		name = function_describe(function);
		finding = findings_add(findings, FINDING_BRIDGE_TICKED, SEVERITY_ERROR, "%s is %s.", name,
				       function->bridge ? "a bridge: vfio-pci takes none, and the host needs it to "
							  "reach what is behind it" :
							  "a part of the chipset that the host cannot do without");
		finding_function(finding, function->address);
		finding_remedy(finding, "Untick it. %s",
			       function->bridge ? "Tick what is behind it instead; the bridge is not in the way." :
						  "It is in the way of its group only where it has a driver.");
	}
}

const struct rule rule_bridge = { "bridge", check };
