/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the file systems are mounted that the firmware and the boot loader read: the ESP, and XBOOTLDR. */
#ifndef VFIOCONF_BOOT_ESP_H
#define VFIOCONF_BOOT_ESP_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/finding.h"
#include "base/strlist.h"
#include "system/root.h"

/*
 * Appends the directories where distributions mount them, and then every other one where a FAT file system is mounted,
 * as /proc/self/mountinfo tells, but for places of removable ones ("/media") and of other systems ("/mnt").
 */
void esp_mounts(const struct root *root, struct strlist *ret);

/* Whether the directory BELOW ("/EFI/Linux") of each may be looked into, or is not there; an ordinary user may not. */
bool esp_is_readable(const struct root *root, const char *below, struct fault *fault);

/* Adds the finding that there is WHAT ("no boot entry of this system"), and what to do about it. */
void esp_note_absent(const char *what, struct findings *findings);

#endif
