/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel modules could claim a function, and how the running kernel has vfio-pci. */
#ifndef VFIOCONF_HOST_MODULES_H
#define VFIOCONF_HOST_MODULES_H

#include "host/host.h"
#include "system/root.h"

/*
 * Fills host.kernels, host.vfio_pci, the candidates of each function and host.settings; host.kernel_release
 * is known.
 */
void modules_read(const struct root *root, struct host *host);

/*
 * What modprobe looks a function up by. The kernel makes it from the ids and in
 * this form only, so there is no need to read it for each function.
 */
#define MODALIAS_SIZE 64
void modules_alias(const struct function *function, char buffer[MODALIAS_SIZE]);

#endif
