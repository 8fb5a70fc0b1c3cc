/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes out of a text what would tell one computer or its owner from another:
 * UUIDs, volume ids, machine-ids, MAC addresses, serial numbers in names of
 * disks, names of users in paths. The same thing becomes the same placeholder everywhere, so that what
 * belonged together still does.
 */
#ifndef VFIOCONF_HOST_REDACT_H
#define VFIOCONF_HOST_REDACT_H

#include "base/text.h"

void redact(struct text *text);

#endif
