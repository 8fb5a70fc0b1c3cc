/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether everything that a transaction will write has room, on every file system that it writes to. */
#ifndef VFIOCONF_APPLY_ROOM_H
#define VFIOCONF_APPLY_ROOM_H

#include <stdbool.h>

#include "apply/journal.h"
#include "base/fault.h"
#include "system/root.h"

bool room_check(const struct root *root, const struct journal *journal, struct fault *fault);

#endif
