/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Beyond the rule of the table: what a kernel command line does to the IOMMU. */
#ifndef VFIOCONF_PLAN_RULE_IOMMU_H
#define VFIOCONF_PLAN_RULE_IOMMU_H

#include <stdbool.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "boot/loader.h"
#include "host/host.h"

/* Where the firmware setup of such a machine has the switch for it, and what to do then: sentences. */
const char *iommu_where_in_firmware(enum cpu_vendor cpu);

/* Whether intel_iommu=on is the word that has it on. */
bool iommu_is_intel(const struct host *host);

/* Whether WORD of a kernel command line switches the IOMMU of this machine off. */
bool iommu_is_off_word(const struct host *host, const char *word);

/*
 * Finds words that switch the IOMMU off. On Intel the last intel_iommu= counts, and
 * the plan puts one with "on" at the end, so an earlier "off" is only a warning. WHERE
 * stands behind "The kernel command line ": "that GRUB gives", "of the running kernel". LOADER (or NULL) is who gives
 * them: it may be able to set them aside with the user's consent, which is not given.
 */
void iommu_check_words(const struct host *host, const struct strlist *words, const char *where,
		       const struct loader *loader, struct findings *findings);

#endif
