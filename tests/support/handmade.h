/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts put together by hand, function by function, for tests of what is decided about them. */
#ifndef VFIOCONF_TESTS_HANDMADE_H
#define VFIOCONF_TESTS_HANDMADE_H

#include "host/host.h"

/* An Intel machine with its IOMMU on, vfio-pci as a module and no functions yet. Ends with host_free(). */
struct host *handmade_host(void);

/*
 * Adds a function; call it in the order of the addresses. GROUP is -1 for none. DRIVER is NULL for none.
 * CANDIDATES is a list of modules with blanks between them, "+" before one that is built in. Borrowed until the next.
 */
struct function *handmade_function(struct host *host, const char *address, uint32_t class, uint16_t vendor,
				   uint16_t device, int group, const char *driver, const char *candidates);
void handmade_use(struct function *function, enum use_kind kind, bool vital, const char *what);
void handmade_region(struct host *host, unsigned group, enum region_type type);

#endif
