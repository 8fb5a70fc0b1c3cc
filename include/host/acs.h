/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the running kernel carries the patch that makes groups smaller than the hardware does. */
#ifndef VFIOCONF_HOST_ACS_H
#define VFIOCONF_HOST_ACS_H

#include <stdbool.h>

#include "system/root.h"

/*
 * Whether it knows pcie_acs_override=: proc/kallsyms then names the functions
 * of the patch, to everyone. That file takes the kernel a tenth of a second to write, so it is
 * read where somebody asks and not with the rest of the host.
 */
bool acs_override_known(const struct root *root);

#endif
