/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What proc says of a machine, without the addresses, options and mounts that nobody asks for. */
#ifndef VFIOCONF_HOST_CAPTURE_PROC_H
#define VFIOCONF_HOST_CAPTURE_PROC_H

#include "base/text.h"
#include "host/host.h"
#include "system/root.h"

void capture_proc(const struct root *root, const struct host *host, struct text *out);

#endif
