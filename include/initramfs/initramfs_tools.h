/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools: Debian, and Ubuntu up to 25.04. */
#ifndef VFIOCONF_INITRAMFS_INITRAMFS_TOOLS_H
#define VFIOCONF_INITRAMFS_INITRAMFS_TOOLS_H

#include "initramfs/initramfs.h"

extern const struct initramfs initramfs_initramfs_tools;

#endif
