/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/member.h"

#include <string.h>

#include "base/memory.h"

/* vfio-pci itself and its variants (mlx5_vfio_pci), in either spelling; and the one that only holds a place. */
bool driver_passes_on(const char *driver)
{
	return strstr(driver, "vfio-pci") || strstr(driver, "vfio_pci") || !strcmp(driver, "pci-stub") ||
	       !strcmp(driver, "pci_stub");
}

bool member_tickable(const struct function *function)
{
	uint32_t class = function->class >> 8;

	return !function->bridge && class != 0x0600 && class != 0x0601;
}

enum member_bearing member_bearing(const struct function *member, const struct selection *selection)
{
	if (selection_find(selection, member->address))
		return MEMBER_TICKED;
	if (member->bridge)
		return MEMBER_FREE;
	if (member->driver)
		return driver_passes_on(member->driver) ? MEMBER_FREE : MEMBER_DRIVEN;
	for (size_t i = 0; i < member->candidate_count; i++)
		if (!driver_passes_on(member->candidates[i].name))
			return MEMBER_CLAIMABLE;
	return MEMBER_FREE;
}

size_t member_mates(const struct function *function, const struct host *host, const struct selection *selection,
		    size_t **ret)
{
	const struct group *group = host_group_of(host, function);
	size_t *mates = memory_zero(group ? group->function_count : 1, sizeof(*mates));
	size_t count = 0;

	for (size_t i = 0; group && i < group->function_count; i++) {
		const struct function *member = &host->functions[group->functions[i]];
		enum member_bearing bearing = member_bearing(member, selection);

		if (member != function && member_tickable(member) &&
		    (bearing == MEMBER_DRIVEN || bearing == MEMBER_CLAIMABLE))
			mates[count++] = group->functions[i];
	}
	*ret = mates;
	return count;
}
