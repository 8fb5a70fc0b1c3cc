/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PCI functions, groups and IOMMU units of a machine as statements of a machine file. */
#ifndef VFIOCONF_HOST_CAPTURE_H
#define VFIOCONF_HOST_CAPTURE_H

#include "base/text.h"
#include "host/host.h"
#include "system/root.h"

void capture_pci(const struct root *root, const struct host *host, struct text *out);

/*
 * PLACE ("/sys/devices/pci0000:00/0000:00:17.0/ata1") as a machine file names
 * it: "0000:00:17.0/ata1", or from below sys/devices where it is on no function. Borrowed from PLACE.
 */
const char *capture_place(const struct host *host, const char *place);

#endif
