/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that the firmware keeps for itself in a device (RMRR): the kernel then lets no guest have it. */
#include "plan/rules.h"

static bool locked(const struct group *group)
{
	for (size_t i = 0; i < group->region_count; i++)
		if (group->regions[i].type == REGION_DIRECT)
			return true;
	return false;
}

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);
		const struct group *group = function ? host_group_of(host, function) : NULL;
		cleanup_free char *name = NULL;
		struct finding *finding;

		if (!group || !locked(group))
			continue;
		name = function_describe(function);
		finding = findings_add(findings, FINDING_RESERVED_REGION, SEVERITY_ERROR,
				       "%s is in group %u, in which the firmware keeps memory for itself (a reserved "
				       "region of the type \"direct\", RMRR on Intel): the kernel then refuses to "
				       "give the device to a guest.",
				       name, group->number);
		finding_function(finding, function->address);
		finding_remedy(finding, "Look in the firmware setup for what reserves it: shared memory for management "
					"(HP: \"HPSA\", \"shared memory features\"), legacy USB emulation, a disk "
					"controller's option ROM. Or untick it.");
	}
}

const struct rule rule_region = { "region", check };
