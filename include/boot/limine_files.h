/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where Limine's files are, and which of them it holds to a check sum. */
#ifndef VFIOCONF_BOOT_LIMINE_FILES_H
#define VFIOCONF_BOOT_LIMINE_FILES_H

#include <stdbool.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "edit/changeset.h"
#include "system/root.h"

/*
 * Appends the paths of every limine.conf at a place where Limine looks, on whatever partition is mounted, each file
 * once; where there is none, of every limine.cfg of the versions before 8. Which of several it reads depends on its
 * version, and on the program that the firmware started.
 */
void limine_configs(const struct root *root, struct strlist *ret);

/* The places, for people. */
#define LIMINE_PLACES \
	"/boot, /efi, /boot/efi and /esp, there in a directory of EFI, at the top, and in limine, boot and boot/limine"

/*
 * Adds a finding where Limine would stop, after CHANGESET, at a check sum that is not right any more: one of an image
 * that is made anew, in a line of CONFIGS, or one of a changed configuration, in the program itself.
 */
void limine_check_sums(const struct root *root, const struct strlist *configs, const struct changeset *changeset,
		       struct findings *findings);

#endif
