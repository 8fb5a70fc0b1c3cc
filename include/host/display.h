/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions show the host's screen. */
#ifndef VFIOCONF_HOST_DISPLAY_H
#define VFIOCONF_HOST_DISPLAY_H

#include "host/host.h"
#include "system/root.h"

void display_read(const struct root *root, struct host *host);

#endif
