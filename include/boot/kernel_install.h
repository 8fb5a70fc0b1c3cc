/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel-install: the program that puts a kernel on the ESP, with an entry of its own or as a unified image. */
#ifndef VFIOCONF_BOOT_KERNEL_INSTALL_H
#define VFIOCONF_BOOT_KERNEL_INSTALL_H

#include "boot/loader.h"

/*
 * Appends the command for the kernel RELEASE, which writes the entry or image PATH anew. The initrd is named where the
 * distribution keeps it beside the kernel, as its own hooks do: else a second one would be made. NULL with a
 * finding where the kernel is not there, which refuses if it is the one that is started by itself, or where a file of
 * another name would be written beside PATH, since tries are counted in it (/etc/kernel/tries).
 */
struct command *kernel_install_command(const struct root *root, const char *release, const char *path,
				       struct changeset *changeset, struct findings *findings);

/* Whether such a command for RELEASE is given an initrd. */
bool kernel_install_gives_initrd(const struct root *root, const char *release);

/* The initrd that such a command is given; NULL where it is given none. Borrowed. */
const char *kernel_install_initrd(const struct command *command);

/*
 * Whether a command of CHANGESET makes anew the initrd that is given to kernel-install for RELEASE: what the firmware
 * starts is a copy of it, on the ESP or in a unified image, and has to be made anew after it.
 */
bool kernel_install_has_new_initrd(const char *release, const struct changeset *changeset);

#endif
