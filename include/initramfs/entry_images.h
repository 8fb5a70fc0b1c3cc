/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openSUSE: sdbootutil has dracut make the images of the boot entries. It keeps them on the ESP under names made of
 * their check sums, so that entries of several snapshots can share them; a new image has a new name.
 */
#ifndef VFIOCONF_INITRAMFS_ENTRY_IMAGES_H
#define VFIOCONF_INITRAMFS_ENTRY_IMAGES_H

#include "base/strlist.h"
#include "system/root.h"

/* Makes them anew for all kernels of the snapshot that runs, and has the entries name them. */
#define ENTRY_IMAGES_MAKER "sdbootutil"
#define ENTRY_IMAGES_COMMAND { ENTRY_IMAGES_MAKER, "mkinitrd", NULL }

/*
 * Appends the boot entries of the running system's own snapshot, for each the release of its kernel, and the image
 * that it names now. All three have the same number; none where sdbootutil is not installed.
 */
void entry_images_find(const struct root *root, struct strlist *ret_entries, struct strlist *ret_releases,
		       struct strlist *ret_images);

#endif
