/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB's way back: a script of ours in /etc/grub.d. It has the distribution's own 10_linux say its entries once more,
 * with our words, and puts a submenu around them: so they are for whatever kernels there are, also after an update.
 */
#ifndef VFIOCONF_BOOT_GRUB_WAY_BACK_H
#define VFIOCONF_BOOT_GRUB_WAY_BACK_H

#include <stdbool.h>

#include "boot/grub.h"

/* After all others, so that an entry that GRUB_DEFAULT names by its number stays the same one. */
#define GRUB_WAY_BACK_PATH "/etc/grub.d/95_vfioconf"

/* Begins what the script says, in grub.cfg. */
#define GRUB_WAY_BACK_BEGIN "### BEGIN " GRUB_WAY_BACK_PATH " ###"

/*
 * Appends the change of the script that fulfils the request. Where the entries do not come from a 10_linux that is
 * known to take its words from the environment (grub2-mkconfig; a root on ZFS) there is no script. *RET_CHANGED tells
 * whether it changes, *RET_THERE whether it is there afterwards.
 */
bool grub_way_back_propose(const struct root *root, const struct grub *grub, const struct boot_request *request,
			   struct changeset *changeset, struct findings *findings, bool *ret_changed, bool *ret_there,
			   struct fault *fault);

#endif
