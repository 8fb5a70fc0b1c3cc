/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all ways of configuring systemd-boot (and its kin gummiboot and
 * goofiboot) have in common: which of them this system has, and the evidence that it boots it.
 */
#ifndef VFIOCONF_BOOT_SDBOOT_H
#define VFIOCONF_BOOT_SDBOOT_H

#include <stdbool.h>

#include "boot/entries.h"
#include "boot/loader.h"

/* How a person adds a word for one boot (struct loader). */
#define SDBOOT_MENU "press e at the boot menu (holding Space brings it up), add %s at the end, and press Enter"

enum sdboot_way {
	SDBOOT_ABSENT,
	SDBOOT_KERNEL_INSTALL, /* kernel-install writes the entries */
	SDBOOT_ENTRIES         /* a person does */
};

enum sdboot_way sdboot_way(const struct root *root, const struct entries *entries);

/* Whether INFO, the variable LoaderInfo, is of it. */
bool sdboot_is_loader(const char *info);

/* Adds the evidence that it boots ROOT. */
void sdboot_evidence(const struct root *root, const struct entries *entries, struct evidence *evidence);

/* Adds the trace of one that started this system from a partition that is not to be seen now. */
void sdboot_evidence_without_entries(const struct root *root, struct evidence *evidence);

/*
 * The kernel release that kernel-install made the entry for: its file is TOKEN-RELEASE.conf and its kernel lies in
 * TOKEN/RELEASE. False where it is not of that form, or where another system wrote it that shares the ESP.
 */
bool sdboot_entry_release(const struct root *root, const struct entry *entry, char *buffer, size_t size);

#endif
