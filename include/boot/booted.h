/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the running kernel was started from, as the firmware variables tell: its words as they lie on the disk, without
 * what a person added for one boot at the menu.
 */
#ifndef VFIOCONF_BOOT_BOOTED_H
#define VFIOCONF_BOOT_BOOTED_H

#include <stdbool.h>

#include "base/strlist.h"
#include "system/root.h"

/*
 * Appends the words of the unified kernel image or of the boot entry that was started. False, with nothing appended,
 * where it is not known for sure which that was, or it is a fallback entry or one that leaves the devices with the host.
 */
bool booted_words(const struct root *root, struct strlist *ret);

#endif
