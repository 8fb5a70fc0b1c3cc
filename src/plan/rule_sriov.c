/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vfio-pci refuses a physical function while virtual functions of it are enabled. */
#include "plan/rules.h"

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);
		char address[ADDRESS_SIZE];
		cleanup_free char *name = NULL;
		struct finding *finding;

		if (!function || !function->virtual_now)
			continue;
		name = function_describe(function);
		finding = findings_add(findings, FINDING_SRIOV_ACTIVE, SEVERITY_ERROR,
				       "%s has %u virtual functions enabled (SR-IOV), and vfio-pci refuses a card in "
				       "that state.",
				       name, function->virtual_now);
		finding_function(finding, function->address);
		finding_remedy(finding, "Tick the virtual functions instead and leave the card itself to the host; or "
					"keep them from being enabled at boot and write 0 to "
					"/sys/bus/pci/devices/%s/sriov_numvfs.",
			       address_format(function->address, address));
	}
}

const struct rule rule_sriov = { "sriov", check };
