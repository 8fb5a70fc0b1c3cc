/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The installed kernels of a machine as statements of a machine file: of their modules only those that matter here. */
#ifndef VFIOCONF_HOST_CAPTURE_KERNEL_H
#define VFIOCONF_HOST_CAPTURE_KERNEL_H

#include "base/text.h"
#include "host/host.h"
#include "system/root.h"

void capture_kernels(const struct root *root, const struct host *host, struct text *out);

#endif
