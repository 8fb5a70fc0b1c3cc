/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the detail pane shows of one function and no rule needs of all: read
 * when it is looked at, so that the first screen does not pay for it.
 */
#ifndef VFIOCONF_HOST_DETAIL_H
#define VFIOCONF_HOST_DETAIL_H

#include <stdbool.h>

#include "base/address.h"
#include "base/strlist.h"
#include "system/root.h"

struct detail {
	char link_speed[32], link_speed_max[32]; /* "8.0 GT/s PCIe"; "" where there is no link */
	unsigned link_width, link_width_max;     /* lanes; 0 where there is no link */
	struct strlist reset_methods;            /* in the kernel's order; none: it cannot be reset */
	bool reset_known;                        /* the kernel says (attribute since 5.15) */
	int numa_node;                           /* -1: none */
	char power_state[16];                    /* "D0", "D3hot" ...; "" unknown */
	bool d3cold_allowed;
	unsigned virtual_total, virtual_now; /* SR-IOV */
	unsigned long long memory;           /* bytes of the memory BARs together */
	bool rom;                            /* has an expansion ROM */
	char driver_override[64];            /* "" where none is set */
	char acs[96];                        /* Access Control Services in the words of lspci; "" where not readable or not there */
};

void detail_read(const struct root *root, struct address address, struct detail *ret);
void detail_done(struct detail *detail);

#endif
