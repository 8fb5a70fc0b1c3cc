/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions the mounted file systems and the swap space of the host are on. */
#ifndef VFIOCONF_HOST_STORAGE_H
#define VFIOCONF_HOST_STORAGE_H

#include "host/host.h"
#include "system/root.h"

void storage_read(const struct root *root, struct host *host);

#endif
