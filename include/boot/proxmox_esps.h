/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The EFI system partitions that proxmox-boot-tool keeps: it mounts each only while it copies to it. */
#ifndef VFIOCONF_BOOT_PROXMOX_ESPS_H
#define VFIOCONF_BOOT_PROXMOX_ESPS_H

#include <stdbool.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "edit/changeset.h"
#include "system/root.h"

#define PROXMOX_UUIDS "/etc/kernel/proxmox-boot-uuids"

/* Appends the UUIDs of its list, and where those that somebody else mounted are: "/boot/efi". */
void proxmox_esps_read(const struct root *root, struct strlist *ret_uuids, struct strlist *ret_mounts);

/*
 * Appends the command that copies kernels and boot menu to all of them; it is also what takes that back, once the
 * files are as they were.
 */
struct command *proxmox_esps_refresh(struct changeset *changeset, const char *why);

/*
 * Whether a command of CHANGESET makes images that the ESPs have copies of. A hook of update-initramfs copies them,
 * where it is installed; what it did is taken back by a refresh of ours alone.
 */
bool proxmox_esps_due(const struct changeset *changeset);

/* Says of which of them it is not proven that they have the parameters: UNSEEN of UUIDS. */
void proxmox_esps_note(const struct strlist *uuids, size_t unseen, struct findings *findings);

#endif
