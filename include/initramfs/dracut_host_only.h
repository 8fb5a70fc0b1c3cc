/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether images are made for this host alone, with its crypttab and the like in them. Where dracut's configuration says
 * so it is nothing to care about; on Arch and its kin the scripts that pacman runs say so, on the command line.
 */
#ifndef VFIOCONF_INITRAMFS_DRACUT_HOST_ONLY_H
#define VFIOCONF_INITRAMFS_DRACUT_HOST_ONLY_H

#include "base/strlist.h"
#include "system/root.h"

/* Appends the options that these scripts give dracut(8) for an image that is no fallback; none where there are none. */
void dracut_host_only_options(const struct root *root, struct strlist *ret);

#endif
