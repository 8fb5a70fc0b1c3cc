/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dracut: Fedora, RHEL, openSUSE, Void, EndeavourOS, Gentoo, Ubuntu from 25.10 on. */
#ifndef VFIOCONF_INITRAMFS_DRACUT_H
#define VFIOCONF_INITRAMFS_DRACUT_H

#include "initramfs/initramfs.h"

extern const struct initramfs initramfs_dracut;

#endif
