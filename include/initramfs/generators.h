/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the table of initramfs generators, each of which is all that its source file shows. */
#ifndef VFIOCONF_INITRAMFS_GENERATORS_H
#define VFIOCONF_INITRAMFS_GENERATORS_H

#include "initramfs/initramfs.h"

extern const struct initramfs initramfs_initramfs_tools;
extern const struct initramfs initramfs_dracut;
extern const struct initramfs initramfs_mkinitcpio;
extern const struct initramfs initramfs_booster;
extern const struct initramfs initramfs_mkinitfs;
extern const struct initramfs initramfs_genkernel;
extern const struct initramfs initramfs_tiny;
extern const struct initramfs initramfs_rpm_ostree;
extern const struct initramfs initramfs_prebuilt;
extern const struct initramfs initramfs_none;
extern const struct initramfs initramfs_nixos;

#endif
