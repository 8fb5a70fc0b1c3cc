/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks, network interfaces, screens and keyboards of a machine as statements of a machine file. */
#ifndef VFIOCONF_HOST_CAPTURE_DEVICES_H
#define VFIOCONF_HOST_CAPTURE_DEVICES_H

#include "base/text.h"
#include "host/host.h"
#include "system/root.h"

void capture_devices(const struct root *root, const struct host *host, struct text *out);

#endif
