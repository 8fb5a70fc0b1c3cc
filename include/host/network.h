/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions carry the default routes and the SSH session that we are called from. */
#ifndef VFIOCONF_HOST_NETWORK_H
#define VFIOCONF_HOST_NETWORK_H

#include "host/host.h"
#include "system/root.h"

void network_read(const struct root *root, struct host *host, const char *environment_ssh);

/* Appends the interfaces that default routes lead through, each once. */
void network_default_interfaces(const struct root *root, struct strlist *ret);

#endif
