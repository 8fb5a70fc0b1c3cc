/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkinitcpio: Arch and its kin. */
#ifndef VFIOCONF_INITRAMFS_MKINITCPIO_H
#define VFIOCONF_INITRAMFS_MKINITCPIO_H

#include "initramfs/initramfs.h"

extern const struct initramfs initramfs_mkinitcpio;

#endif
