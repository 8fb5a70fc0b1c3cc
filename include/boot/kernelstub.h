/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernelstub copies the two newest kernels and their initrds to the ESP: the copies are what is started. */
#ifndef VFIOCONF_BOOT_KERNELSTUB_H
#define VFIOCONF_BOOT_KERNELSTUB_H

#include "edit/changeset.h"
#include "system/root.h"

#define KERNELSTUB_SETTINGS "/etc/kernelstub/configuration"

/*
 * Adds to COMMAND that kernelstub runs in it: all that this writes, and which initrds of /boot it has copied then.
 * Nothing where it writes no boot entries here.
 */
void kernelstub_expect_copies(const struct root *root, struct command *command);

/* The same for a command that makes initrds, after which Pop!_OS runs kernelstub by a hook of initramfs-tools. */
void kernelstub_expect_copies_after_initrd(const struct root *root, struct command *command);

#endif
