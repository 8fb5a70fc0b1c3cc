/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images that lie beside a kernel's copy on the ESP (or XBOOTLDR) and that nothing starts any more. */
#ifndef VFIOCONF_INITRAMFS_STRAY_H
#define VFIOCONF_INITRAMFS_STRAY_H

#include "base/strlist.h"
#include "system/root.h"

/*
 * Moves from IMAGES, those of one kernel, to RET what nothing starts. That is said only where it is beyond doubt: the
 * firmware's variables say that this boot was systemd-boot's, which knows nothing but its entries; one of these starts
 * the kernel in the image's own directory; none of them all, whatever it is for, names the image, nor does the running
 * kernel's command line; and another image of this kernel is left. What lies in /boot itself is the distribution's own
 * and always stays in IMAGES.
 */
void stray_part(const struct root *root, struct strlist *images, struct strlist *ret);

#endif
