/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others have set in mkinitcpio's configurations that keeps ours from counting or images from being made. */
#ifndef VFIOCONF_INITRAMFS_MKINITCPIO_SETTINGS_H
#define VFIOCONF_INITRAMFS_MKINITCPIO_SETTINGS_H

#include "base/finding.h"
#include "boot/preset.h"
#include "system/root.h"

#define MKINITCPIO_CONFIGURATION "/etc/mkinitcpio.conf"
#define MKINITCPIO_DROPINS "/etc/mkinitcpio.conf.d"
/* Files are read in the order of their names, and a later one may set the arrays anew. */
#define MKINITCPIO_OURS "zz-vfioconf.conf"

/* Modules that one of KERNELS does not have: mkinitcpio exits with an error then. */
void mkinitcpio_check_modules(const struct root *root, const struct presets *presets, const struct strlist *kernels,
			      struct findings *findings);

/* What sets HOOKS or MODULES anew after ours: a drop-in, or a line behind ours in one of CONFIGURATIONS. */
void mkinitcpio_check_later(const struct root *root, const struct presets *presets, const struct strlist *configurations,
			    struct findings *findings);

#endif
