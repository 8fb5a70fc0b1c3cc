/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/kernel/cmdline as proxmox-boot-tool reads it: of the file the first line alone, and where that has no words
 * those of the running kernel.
 */
#ifndef VFIOCONF_BOOT_PROXMOX_CMDLINE_H
#define VFIOCONF_BOOT_PROXMOX_CMDLINE_H

#include <stdbool.h>

#include "boot/loader.h"

/* The words that the tool would use now. False with a fault or where the line is not understood. */
bool proxmox_cmdline_read(const struct root *root, struct strlist *ret, struct fault *fault);

/*
 * Appends the change of the first line that fulfils the request; the lines behind it stay. A file that is not there is
 * made of the running kernel's words, with a second line that says so, and taken away again when nothing is wanted
 * any more. GONE gets the words that have to be absent afterwards.
 */
bool proxmox_cmdline_propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			     struct findings *findings, struct strlist *added, struct strlist *gone, bool *ret_changed,
			     struct fault *fault);

#endif
