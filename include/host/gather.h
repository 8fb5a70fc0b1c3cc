/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks everybody who knows something of the machine, once. */
#ifndef VFIOCONF_HOST_GATHER_H
#define VFIOCONF_HOST_GATHER_H

#include <stdbool.h>

#include "base/fault.h"
#include "host/host.h"
#include "system/root.h"

/*
 * Gathers all that struct host holds, below ROOT. Missing and malformed attributes are no fault (they are "the kernel
 * does not say", and host.incomplete tells where it matters); a root without sys/bus/pci gives a host without
 * functions. ENVIRONMENT_SSH is the value of SSH_CONNECTION (or NULL), given by the caller because the library reads no
 * environment. The caller frees the host.
 */
bool host_gather(const struct root *root, const char *environment_ssh, struct host **ret, struct fault *fault);

#endif
