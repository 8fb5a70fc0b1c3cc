/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing into sysfs: an attribute is no file that could be exchanged, what is written acts at once. */
#ifndef VFIOCONF_SYSTEM_STORE_ATTRIBUTE_H
#define VFIOCONF_SYSTEM_STORE_ATTRIBUTE_H

#include <stdbool.h>

#include "base/fault.h"
#include "system/root.h"

/* Writes VALUE into the attribute PATH, which must lie below /sys, links resolved. The kernel's refusal is the fault. */
bool store_attribute(const struct root *root, const char *path, const char *value, struct fault *fault);

#endif
