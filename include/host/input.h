/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions the host's only keyboard hangs on. */
#ifndef VFIOCONF_HOST_INPUT_H
#define VFIOCONF_HOST_INPUT_H

#include "host/host.h"
#include "system/root.h"

void input_read(const struct root *root, struct host *host);

/* Whether INPUT ("input3", a name in sys/class/input) has the keys that one writes with. */
bool input_is_keyboard(const struct root *root, const char *input);

#endif
