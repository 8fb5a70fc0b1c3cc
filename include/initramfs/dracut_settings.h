/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others have set for dracut, where it keeps vfio-pci or our file out of the images. */
#ifndef VFIOCONF_INITRAMFS_DRACUT_SETTINGS_H
#define VFIOCONF_INITRAMFS_DRACUT_SETTINGS_H

#include <stdbool.h>

#include "base/finding.h"
#include "boot/uki.h"
#include "initramfs/initramfs.h"

#define DRACUT_OURS "vfioconf.conf"

/*
 * False where a setting that is read after ours takes the place of it, with an error that nobody may override. Else an
 * error where omit_drivers leaves out what vfio-pci needs, and a warning of a module of VFIO that a kernel does not have:
 * dracut says FAILED then, and goes on.
 */
bool dracut_check_settings(const struct root *root, const struct early_request *request, struct findings *findings);

#endif
