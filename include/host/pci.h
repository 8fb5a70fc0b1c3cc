/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PCI functions: which there are, what they are, where they stand, who drives them. */
#ifndef VFIOCONF_HOST_PCI_H
#define VFIOCONF_HOST_PCI_H

#include <stdbool.h>

#include "base/fault.h"
#include "host/host.h"
#include "system/root.h"

#define PCI_NO_GROUP (~0u)

/*
 * Fills host.functions (all but candidates, group and uses). RET_GROUPS is, in
 * the same order, the number of the group of each, or PCI_NO_GROUP; the caller frees it.
 */
bool pci_read(const struct root *root, struct host *host, unsigned **ret_groups, struct fault *fault);

#endif
