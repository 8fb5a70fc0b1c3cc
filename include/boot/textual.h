/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot loaders whose configuration is a text that people write and that they read themselves: nothing is run. */
#ifndef VFIOCONF_BOOT_TEXTUAL_H
#define VFIOCONF_BOOT_TEXTUAL_H

#include "boot/loader.h"

extern const struct loader loader_syslinux;
extern const struct loader loader_limine;
extern const struct loader loader_refind;
extern const struct loader loader_raspberry_pi;

#endif
