/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Beyond the rule of the table: what a kernel command line does to the IOMMU. */
#ifndef VFIOCONF_PLAN_RULE_IOMMU_H
#define VFIOCONF_PLAN_RULE_IOMMU_H

#include <stdbool.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "host/host.h"

/* Whether intel_iommu=on is the word that has it on. */
bool iommu_is_intel(const struct host *host);

/*
 * Finds words that switch the IOMMU off. On Intel the last intel_iommu= counts, and
 * the plan puts one with "on" at the end, so an earlier "off" is only a warning. WHERE
 * stands behind "The kernel command line ": "that GRUB gives", "of the running kernel".
 */
void iommu_check_words(const struct host *host, const struct strlist *words, const char *where,
		       struct findings *findings);

#endif
