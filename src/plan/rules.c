/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/rules.h"

#include <string.h>

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

/* vfio-pci itself and its variants (mlx5_vfio_pci), in either spelling; and the one that only holds a place. */
bool rule_passes_on(const char *driver)
{
	return strstr(driver, "vfio-pci") || strstr(driver, "vfio_pci") || !strcmp(driver, "pci-stub") ||
	       !strcmp(driver, "pci_stub");
}

bool rule_tickable(const struct function *function)
{
	uint32_t class = function->class >> 8;

	return !function->bridge && class != 0x0600 && class != 0x0601;
}

enum member_bearing rule_member_bearing(const struct function *member, const struct selection *selection)
{
	if (selection_find(selection, member->address))
		return MEMBER_TICKED;
	if (member->bridge)
		return MEMBER_FREE;
	if (member->driver)
		return rule_passes_on(member->driver) ? MEMBER_FREE : MEMBER_DRIVEN;
	for (size_t i = 0; i < member->candidate_count; i++)
		if (!rule_passes_on(member->candidates[i].name))
			return MEMBER_CLAIMABLE;
	return MEMBER_FREE;
}
