/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a device of any kind to the PCI functions that it stands on: they are named in its path in sysfs. */
#ifndef VFIOCONF_HOST_TRACE_H
#define VFIOCONF_HOST_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "host/host.h"

/*
 * Adds a use to every function that PATH ("/sys/devices/pci0000:00/0000:00:17.0/ata1/...") goes through, bridges
 * left out, once for the same words. Returns whether there was one.
 */
bool trace_path(struct host *host, const char *path, enum use_kind kind, bool vital, const char *what);

/* The innermost function that PATH goes through, or NULL. */
struct function *trace_function(struct host *host, const char *path);

void trace_use(struct function *function, enum use_kind kind, bool vital, const char *what);

/* Whether the host has given the function away: it is at vfio-pci or at another driver of that kind. */
bool trace_is_given_away(const struct function *function);

#endif
