/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether there is an IOMMU and whether the kernel uses it, told from sysfs and
 * never from the kernel's log (whose "DMAR: IOMMU enabled" only says that an
 * option was parsed).
 */
#ifndef VFIOCONF_HOST_IOMMU_H
#define VFIOCONF_HOST_IOMMU_H

#include <stdbool.h>

#include "base/strlist.h"
#include "system/root.h"

/* Told by the names below sys/class/iommu; where those are empty, by the ACPI table that the firmware gives. */
enum iommu_kind { IOMMU_NONE, IOMMU_DMAR, IOMMU_IVHD, IOMMU_SMMU, IOMMU_SMMU3, IOMMU_VIRTIO, IOMMU_OTHER };

struct iommu {
	bool enabled;         /* at least one group that is not of vfio's no-IOMMU mode */
	enum iommu_kind kind; /* IOMMU_NONE: neither units nor a firmware table */
	bool table_dmar;      /* sys/firmware/acpi/tables/DMAR is there (Intel) */
	bool table_ivrs;      /* .../IVRS (AMD) */
	bool table_iort;      /* .../IORT (ARM) */
	struct strlist units; /* names below sys/class/iommu: "dmar0" */
};

void iommu_read(const struct root *root, struct iommu *ret); /* what cannot be read is not there */
void iommu_done(struct iommu *iommu);

const char *iommu_kind_word(enum iommu_kind kind);  /* "none", "dmar", "ivhd", "smmu", "smmu3", "virtio", "other" */
const char *iommu_kind_label(enum iommu_kind kind); /* "Intel VT-d", "AMD-Vi", "ARM SMMUv3" ... */

#endif
