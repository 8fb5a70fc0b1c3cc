/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/rules.h"

extern const struct rule rule_changed, rule_bridge, rule_iommu, rule_vfio, rule_group, rule_region;
extern const struct rule rule_sriov, rule_acs, rule_storage, rule_network, rule_display, rule_input;

/* In the order in which a person would have to solve them. */
const struct rule *const rules[] = {
	&rule_changed, &rule_bridge,  &rule_iommu,   &rule_vfio,    &rule_group, &rule_region, &rule_sriov,
	&rule_acs,     &rule_storage, &rule_network, &rule_display, &rule_input, NULL,
};

void rules_check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	for (size_t i = 0; rules[i]; i++)
		rules[i]->check(host, selection, findings);
}
