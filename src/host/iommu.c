/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/iommu.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *word, *label;
	const char *prefix; /* of the names below sys/class/iommu */
} kinds[] = {
	[IOMMU_NONE] = { "none", "none", NULL },
	[IOMMU_DMAR] = { "dmar", "Intel VT-d", "dmar" },
	[IOMMU_IVHD] = { "ivhd", "AMD-Vi", "ivhd" },
	[IOMMU_SMMU] = { "smmu", "ARM SMMU", "smmu." },
	[IOMMU_SMMU3] = { "smmu3", "ARM SMMUv3", "smmu3." },
	[IOMMU_VIRTIO] = { "virtio", "virtio-iommu", "virtio" },
	[IOMMU_OTHER] = { "other", "an IOMMU of another kind", NULL },
};

const char *iommu_kind_word(enum iommu_kind kind)
{
	return kinds[kind].word;
}

const char *iommu_kind_label(enum iommu_kind kind)
{
	return kinds[kind].label;
}

static bool is_number(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!isdigit((unsigned char)*c))
			return false;
	return *name;
}

/* A group of vfio's no-IOMMU mode is called so by its name; others have none or another. */
static bool is_real_group(const struct root *root, const char *number)
{
	char path[300], name[64];

	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%s/name", number);
	return !root_attribute(root, path, name, sizeof(name)) || strcmp(name, "vfio-noiommu") != 0;
}

static bool read_enabled(const struct root *root)
{
	cleanup_strlist struct strlist groups = { 0 };

	if (!root_list(root, "sys/kernel/iommu_groups", &groups, NULL))
		return false;
	for (size_t i = 0; i < groups.count; i++)
		if (is_number(groups.items[i]) && is_real_group(root, groups.items[i]))
			return true;
	return false;
}

static enum iommu_kind kind_of(const struct iommu *iommu)
{
	for (size_t i = 0; i < iommu->units.count; i++)
		for (size_t kind = 0; kind < array_size(kinds); kind++)
			if (kinds[kind].prefix && text_starts_with(iommu->units.items[i], kinds[kind].prefix))
				return (enum iommu_kind)kind;
	if (iommu->units.count)
		return IOMMU_OTHER;
	if (iommu->table_dmar)
		return IOMMU_DMAR;
	if (iommu->table_ivrs)
		return IOMMU_IVHD;
	if (iommu->table_iort)
		return IOMMU_SMMU3;
	return iommu->enabled ? IOMMU_OTHER : IOMMU_NONE;
}

void iommu_read(const struct root *root, struct iommu *ret)
{
	cleanup_strlist struct strlist units = { 0 };
	struct iommu iommu = { 0 };

	if (root_list(root, "sys/class/iommu", &units, NULL))
		for (size_t i = 0; i < units.count; i++) {
			char name[128];

			text_visible_to(name, sizeof(name), units.items[i]);
			strlist_add(&iommu.units, name);
		}
	iommu.enabled = read_enabled(root);
	iommu.table_dmar = root_exists(root, "sys/firmware/acpi/tables/DMAR");
	iommu.table_ivrs = root_exists(root, "sys/firmware/acpi/tables/IVRS");
	iommu.table_iort = root_exists(root, "sys/firmware/acpi/tables/IORT");
	iommu.kind = kind_of(&iommu);
	*ret = iommu;
}

void iommu_done(struct iommu *iommu)
{
	if (iommu)
		strlist_done(&iommu->units);
}
