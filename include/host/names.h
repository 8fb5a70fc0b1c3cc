/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of pci.ids that one machine needs. libpci reads and sorts all of the
 * list before it knows a single name, which takes longer than everything else
 * that is read; so it is given a list in memory with the names of this machine only.
 */
#ifndef VFIOCONF_HOST_NAMES_H
#define VFIOCONF_HOST_NAMES_H

#include "host/host.h"

/*
 * A descriptor of the names of the vendors and devices of HOST, and of all
 * classes, out of the list at PATH. -1 where that cannot be read or is
 * compressed: it is then libpci's to make of it what it can. The caller closes.
 */
int names_select(const char *path, const struct host *host);

#endif
