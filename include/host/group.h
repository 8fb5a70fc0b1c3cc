/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IOMMU groups, their members and what the firmware reserves in them. */
#ifndef VFIOCONF_HOST_GROUP_H
#define VFIOCONF_HOST_GROUP_H

#include "host/host.h"
#include "system/root.h"

/* Fills host.groups and the group of each function; NUMBERS is what pci_read() gave. */
void group_read(const struct root *root, struct host *host, const unsigned *numbers);

#endif
