/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a block device down to the disks that it is made of: through
 * partitions, device mapper, md, bcache, the paths of an NVMe namespace.
 */
#ifndef VFIOCONF_HOST_BLOCK_H
#define VFIOCONF_HOST_BLOCK_H

#include <stdbool.h>

#include "base/strlist.h"
#include "system/root.h"

/* Initialise with { 0 }. */
struct block_trace {
	struct strlist seen;    /* devices that were looked at, by their place in sysfs */
	struct strlist disks;   /* places in sysfs of what has nothing below it: ".../0000:00:17.0/.../block/sda" */
	struct strlist layers;  /* in words, from the top: "LUKS", "LVM", "RAID" */
	struct strlist backing; /* files that loop devices are made of */
};
void block_trace_done(struct block_trace *trace); /* accepts NULL */

/* Adds the device at PLACE (as root_resolve() gives it) and all below it. */
void block_trace(const struct root *root, const char *place, struct block_trace *trace);

/* The place of a device in sysfs by "8:2", and by a name in /dev ("/dev/mapper/vg-root"); the caller frees; or NULL. */
char *block_by_number(const struct root *root, unsigned major, unsigned minor);
char *block_by_path(const struct root *root, const char *path);

/* Adds the places of all members of the btrfs that the device at PLACE belongs to; nothing where sysfs knows none. */
void block_btrfs_members(const struct root *root, const char *place, struct strlist *ret);

/*
 * The pool that the device NAME of sys/class/block belongs to, as udev's database has it (run/udev/data/bMAJOR:MINOR:
 * ID_FS_TYPE=zfs_member, ID_FS_LABEL=POOL; sysfs knows nothing of ZFS). The caller frees; NULL where it is in none.
 */
char *block_zfs_pool(const struct root *root, const char *name);

/* Adds the places of all members of the ZFS pool; nothing where udev knows none. */
void block_zfs_members(const struct root *root, const char *pool, struct strlist *ret);

/* Whether the device is made of memory (zram, ram): there is no disk below it. */
bool block_is_memory(const char *place);

#endif
