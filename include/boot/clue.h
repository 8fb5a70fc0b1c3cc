/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware, the running kernel and the distribution say about how this system was booted. */
#ifndef VFIOCONF_BOOT_CLUE_H
#define VFIOCONF_BOOT_CLUE_H

#include <stdbool.h>
#include <stddef.h>

#include "system/root.h"

/*
 * The text of a variable of the boot loader interface ("LoaderInfo",
 * "StubInfo", "LoaderEntrySelected"), in visible form. False where it is not
 * there, cannot be read or does not fit.
 */
bool clue_efi_variable(const struct root *root, const char *name, char *buffer, size_t size);

/* Whether the firmware's variables can be seen at all: only then does one that is not there tell something. */
bool clue_efi_variables_known(const struct root *root);

bool clue_is_efi(const struct root *root); /* booted by UEFI firmware */

/* The value of the last NAME=value in proc/cmdline. */
bool clue_cmdline_value(const struct root *root, const char *name, char *buffer, size_t size);

/* Whether ID is NAME or ID_LIKE names it. */
bool clue_os_is(const struct root *root, const char *name);

/* Whether the text file PATH (of at most LIMIT bytes) can be read and holds NEEDLE. */
bool clue_file_holds(const struct root *root, const char *path, size_t limit, const char *needle);

/* The first of COUNT paths that is there, or NULL. */
const char *clue_first(const struct root *root, const char *const *paths, size_t count);

/* Whether two paths lead to one file or directory that is there: by a link, or a second mount. */
bool clue_same_file(const struct root *root, const char *a, const char *b);

/* Whether the whole system, boot entries and all, is made by something else: NixOS, ostree. */
bool clue_is_image_based(const struct root *root);

/*
 * Whose the file NAME on an ESP is, which several systems may share: names often hold the machine id of the system
 * that wrote them, or the word that kernel-install was given instead (/etc/kernel/entry-token).
 */
enum clue_owner { CLUE_OWNER_UNKNOWN, CLUE_OWNER_THIS, CLUE_OWNER_OTHER };
enum clue_owner clue_owner(const struct root *root, const char *name);

/* The name of the file that BOOT_IMAGE= names, without its directory: "vmlinuz-6.1.0-49-amd64". */
bool clue_boot_image(const struct root *root, char *buffer, size_t size);

#endif
