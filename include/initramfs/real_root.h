/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Systems whose initramfs is not changed: modprobe.d does its work when the real root starts udev. */
#ifndef VFIOCONF_INITRAMFS_REAL_ROOT_H
#define VFIOCONF_INITRAMFS_REAL_ROOT_H

#include "initramfs/initramfs.h"

/* Says what that means, once, when something is set up; WHY is a sentence. */
void real_root_note(const struct early_request *request, const char *why, struct findings *findings);

#endif
