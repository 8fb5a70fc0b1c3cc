/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/handmade.h"

#include "base/memory.h"
#include "base/text.h"

struct host *handmade_host(void)
{
	struct host *host = memory_zero(1, sizeof(*host));

	host->iommu.enabled = true;
	host->iommu.kind = IOMMU_DMAR;
	host->iommu.table_dmar = true;
	strlist_add(&host->iommu.units, "dmar0");
	host->kernel_release = memory_string("6.1.0-44-amd64");
	host->kernel_cmdline = memory_string("BOOT_IMAGE=/vmlinuz root=/dev/sda2 ro quiet");
	host->distribution = memory_string("Debian GNU/Linux 12 (bookworm)");
	host->cpu = CPU_INTEL;
	host->vfio_pci = MODULE_LOADABLE;
	strlist_add(&host->kernels, "6.1.0-44-amd64");
	return host;
}

static struct group *group_numbered(struct host *host, unsigned number, int *ret_index)
{
	size_t at = 0;

	while (at < host->group_count && host->groups[at].number != number)
		at++;
	if (at == host->group_count) {
		host->groups = reallocarray(host->groups, at + 1, sizeof(*host->groups));
		host->groups[at] = (struct group){ .number = number, .type = "DMA" };
		host->group_count++;
	}
	*ret_index = (int)at;
	return &host->groups[at];
}

static void add_candidates(struct function *function, const char *candidates)
{
	cleanup_strlist struct strlist names = { 0 };

	strlist_split(&names, candidates, " ");
	function->candidates = memory_zero(names.count, sizeof(*function->candidates));
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];

		function->candidates[i].builtin = *name == '+';
		function->candidates[i].name = memory_string(name + (*name == '+'));
	}
	function->candidate_count = names.count;
}

struct function *handmade_function(struct host *host, const char *address, uint32_t class, uint16_t vendor,
				   uint16_t device, int group, const char *driver, const char *candidates)
{
	size_t index = host->function_count++;
	struct function *function;

	host->functions = reallocarray(host->functions, host->function_count, sizeof(*function));
	function = &host->functions[index];
	*function = (struct function){ .class = class, .vendor = vendor, .device = device, .group = -1, .parent = -1,
				       .physical = -1, .boot_vga = -1 };
	if (!address_parse(address, &function->address))
		abort();
	function->vendor_name = memory_string("Maker");
	function->device_name = memory_string("Thing");
	function->class_name = memory_string("Class");
	function->driver = memory_string(driver);
	function->bridge = class >> 8 == 0x0604;
	add_candidates(function, candidates);
	if (group >= 0) {
		struct group *all = group_numbered(host, (unsigned)group, &function->group);

		all->functions = reallocarray(all->functions, all->function_count + 1, sizeof(*all->functions));
		all->functions[all->function_count++] = index;
	}
	return function;
}

void handmade_use(struct function *function, enum use_kind kind, bool vital, const char *what)
{
	function->uses = reallocarray(function->uses, function->use_count + 1, sizeof(*function->uses));
	function->uses[function->use_count++] = (struct use){ .kind = kind, .vital = vital,
							     .what = memory_string(what) };
}

void handmade_region(struct host *host, unsigned group, enum region_type type)
{
	int index;
	struct group *found = group_numbered(host, group, &index);

	found->regions = reallocarray(found->regions, found->region_count + 1, sizeof(*found->regions));
	found->regions[found->region_count++] = (struct region){ .start = 0x7b800000, .end = 0x7fffffff, .type = type };
}
