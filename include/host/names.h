/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of pci.ids that one machine needs. libpci reads and sorts all of the
 * list before it knows a single name, which takes longer than everything else
 * that is read; so it is given a list in memory with the names of this machine only.
 */
#ifndef VFIOCONF_HOST_NAMES_H
#define VFIOCONF_HOST_NAMES_H

#include <stdbool.h>

#include "base/text.h"
#include "host/host.h"
#include "system/root.h"

/*
 * Appends the names of the vendors, devices and classes of HOST out of the list
 * that came with the machine. False where it has none.
 */
bool names_select(const struct root *root, const struct host *host, struct text *ret);

/*
 * The same as a descriptor of a file in memory, from the list of the program's own system where the machine has
 * none; -1 where that has none either (or a compressed one): libpci may then find one. The caller closes.
 */
int names_open(const struct root *root, const struct host *host);

#endif
