/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of somebody else's set-up: what it means, in each of the syntaxes in which vfio-pci is set up. */
#ifndef VFIOCONF_PLAN_FOREIGN_LINE_H
#define VFIOCONF_PLAN_FOREIGN_LINE_H

#include <stdbool.h>

#include "base/text.h"
#include "plan/foreign.h"

enum line_syntax {
	LINE_MODPROBE, /* modprobe.d */
	LINE_MODULES,  /* /etc/modules, modules-load.d, initramfs-tools/modules: a module, and its parameters */
	LINE_UDEV      /* rules.d */
};

/*
 * Whether TEXT sets vfio-pci up: fills kind, text, ids, addresses and understood
 * of ITEM, which is zero, and appends to REST the line that stays in force when it is set aside.
 */
bool foreign_line(enum line_syntax syntax, const char *text, struct foreign_item *item, struct text *rest);

/* Appends the addresses of PCI functions ("0000:02:00.0") that stand anywhere in TEXT, each once. */
void foreign_addresses(const char *text, struct strlist *ret);

/* Appends the parts of a list of ids. */
void foreign_ids(const char *list, struct strlist *ret);

bool foreign_is_vfio(const char *module); /* "vfio-pci" and "vfio_pci" are one name to the kernel */

#endif
