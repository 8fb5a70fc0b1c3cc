/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/storage.h"

#include <libmount.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "host/block.h"
#include "host/trace.h"

#define GRAVITY_COUNT 7
#define LOOP_LIMIT 8 /* a loop device in a file on a loop device ... */

struct mount {
	char *target, *source, *type;
	dev_t number; /* 0 where the file system has no block device of its own */
	int gravity;
};

struct reading {
	const struct root *root;
	struct host *host;
	struct mount *mounts;
	size_t count, capacity;
};

/* Of several mounts of one device the one that the host needs most is named. */
static int gravity_of(const char *target)
{
	static const char *const order[GRAVITY_COUNT] = { "/", "/boot", "/boot/efi", "/efi", "/usr", "/var", "/home" };

	for (int i = 0; i < GRAVITY_COUNT; i++)
		if (!strcmp(target, order[i]))
			return i;
	return GRAVITY_COUNT;
}

static bool has_device(const struct mount *mount)
{
	return major(mount->number) || text_starts_with(mount->source, "/dev/") || !strcmp(mount->type, "zfs");
}

static void take_mount(struct reading *reading, struct libmnt_fs *fs)
{
	const char *target = mnt_fs_get_target(fs), *source = mnt_fs_get_source(fs), *type = mnt_fs_get_fstype(fs);
	dev_t number = mnt_fs_get_devno(fs);
	struct mount mount = {
		.target = memory_string(target ? target : ""),
		.source = memory_string(source ? source : ""),
		.type = memory_string(type ? type : ""),
		.number = major(number) ? number : 0,
		.gravity = gravity_of(target ? target : ""),
	};

	/* The datasets of a pool are one thing here. */
	if (!strcmp(mount.type, "zfs"))
		mount.source[strcspn(mount.source, "/")] = '\0';
	if (!has_device(&mount) && strcmp(mount.target, "/") != 0) {
		free(mount.target);
		free(mount.source);
		free(mount.type);
		return;
	}
	reading->mounts = memory_grow(reading->mounts, reading->count, &reading->capacity, sizeof(*reading->mounts));
	reading->mounts[reading->count++] = mount;
}

/* Equal devices side by side, the mount that matters most first. */
static int by_device(const void *a, const void *b)
{
	const struct mount *x = a, *y = b;
	int order;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (!x->number && (order = strcmp(x->source, y->source)))
		return order;
	if (x->gravity != y->gravity)
		return x->gravity < y->gravity ? -1 : 1;
	return strcmp(x->target, y->target);
}

static bool same_device(const struct mount *a, const struct mount *b)
{
	return a->number == b->number && (a->number || !strcmp(a->source, b->source));
}

static bool read_mounts(struct reading *reading)
{
	static const char *const files[] = { "proc/self/mountinfo", "proc/1/mountinfo" };
	struct libmnt_table *table = NULL;
	struct libmnt_iter *iterator;
	struct libmnt_fs *fs;

	for (size_t i = 0; i < array_size(files) && !table; i++) {
		cleanup_free char *path = root_join(reading->root, files[i]);

		if (root_exists(reading->root, files[i]))
			table = mnt_new_table_from_file(path);
	}
	if (!table)
		return false;
	iterator = mnt_new_iter(MNT_ITER_FORWARD);
	while (iterator && !mnt_table_next_fs(table, iterator, &fs))
		take_mount(reading, fs);
	mnt_free_iter(iterator);
	mnt_unref_table(table);
	if (reading->count)
		qsort(reading->mounts, reading->count, sizeof(*reading->mounts), by_device);
	return reading->count;
}

/* The mount that PATH lies on: that with the longest target. */
static const struct mount *mount_of(const struct reading *reading, const char *path)
{
	const struct mount *best = NULL;

	for (size_t i = 0; i < reading->count; i++) {
		const char *target = reading->mounts[i].target;
		size_t length = strcmp(target, "/") ? strlen(target) : 0;

		if (strncmp(path, target, length) != 0 || (path[length] != '/' && path[length]))
			continue;
		if (!best || length >= strlen(best->target))
			best = &reading->mounts[i];
	}
	return best;
}

/* Adds the device of a mount, and of a btrfs or a ZFS pool all its devices. False where there is none to be found. */
static bool trace_mount(struct reading *reading, const struct mount *mount, struct block_trace *trace)
{
	cleanup_strlist struct strlist places = { 0 };
	bool zfs = !strcmp(mount->type, "zfs");
	cleanup_free char *place = mount->number ? block_by_number(reading->root, major(mount->number),
								   minor(mount->number))
						 : NULL;

	if (!place && !zfs)
		place = block_by_path(reading->root, mount->source);
	if (place)
		strlist_add(&places, place);
	else if (zfs)
		block_zfs_members(reading->root, mount->source, &places);
	if (!places.count)
		return false;
	if (!strcmp(mount->type, "btrfs"))
		block_btrfs_members(reading->root, place, &places);
	for (size_t i = 0; i < places.count; i++)
		block_trace(reading->root, places.items[i], trace);
	return true;
}

/* Follows the files that loop devices are made of; what they lie on may be a loop device again. */
static bool trace_files(struct reading *reading, struct block_trace *trace)
{
	for (size_t i = 0; i < trace->backing.count && i < LOOP_LIMIT; i++) {
		const struct mount *mount = mount_of(reading, trace->backing.items[i]);

		if (!mount || !trace_mount(reading, mount, trace))
			return false;
	}
	return true;
}

static void add_layers(struct text *what, const struct strlist *layers)
{
	cleanup_free char *words = strlist_join(layers, ", ");

	if (layers->count)
		text_printf(what, " (%s)", words);
}

static void cannot_trace(struct reading *reading, const char *what)
{
	strlist_add(&reading->host->untraced_storage, what);
	strlist_printf(
		&reading->host->incomplete,
		"%s: it cannot be told which PCI functions that needs, so look yourself before you give a disk "
		"controller away",
		what);
}

/* A disk that needs no PCI function: one made of memory, or a part of the board itself (an SD card); no iSCSI session. */
static bool needs_none(const char *disk)
{
	return block_is_memory(disk) ||
	       (text_starts_with(disk, "/sys/devices/platform/") && !strstr(disk, "/session"));
}

/* Adds the use to every function that a disk of TRACE hangs on. */
static void use_disks(struct reading *reading, const struct block_trace *trace, const char *what)
{
	bool complete = true;

	for (size_t i = 0; i < trace->disks.count; i++)
		if (!trace_path(reading->host, trace->disks.items[i], USE_STORAGE, true, what) &&
		    !needs_none(trace->disks.items[i]))
			complete = false;
	if (!complete)
		cannot_trace(reading, what);
}

static void describe_mount(const struct mount *mount, struct text *what)
{
	if (!strcmp(mount->target, "/"))
		text_append(what, "root file system");
	else
		text_append_visible(what, mount->target, strlen(mount->target), false);
	text_append(what, " on ");
	text_append_visible(what, mount->source, strlen(mount->source), false);
}

/*
 * A package or an image in a file needs what the file system with that file
 * needs, which is mounted too: it is named only where it is one of the host's main file systems.
 */
static bool is_told_by_another(const struct mount *mount, const struct block_trace *trace)
{
	return trace->backing.count && !trace->disks.count && mount->gravity == GRAVITY_COUNT;
}

/* A root in memory, or one that is laid over others: what it needs is mounted too, and named by that. */
static bool stands_on_others(const struct reading *reading, const struct mount *mount)
{
	static const char *const types[] = { "overlay", "aufs", "tmpfs", "ramfs", "rootfs" };
	bool stacked = false;

	for (size_t i = 0; i < array_size(types); i++)
		stacked = stacked || !strcmp(mount->type, types[i]);
	for (size_t i = 0; stacked && i < reading->count; i++)
		if (&reading->mounts[i] != mount && has_device(&reading->mounts[i]))
			return true;
	return false;
}

static void use_mount(struct reading *reading, const struct mount *mount)
{
	struct block_trace trace = { 0 };
	cleanup_text struct text what = { 0 };
	bool known, told;

	if (stands_on_others(reading, mount))
		return;
	known = trace_mount(reading, mount, &trace);
	told = is_told_by_another(mount, &trace);
	known = trace_files(reading, &trace) && known;
	describe_mount(mount, &what);
	add_layers(&what, &trace.layers);
	if (known && !told)
		use_disks(reading, &trace, what.bytes);
	else if (!known)
		cannot_trace(reading, what.bytes);
	block_trace_done(&trace);
}

static void use_swap(struct reading *reading, const char *source)
{
	struct block_trace trace = { 0 };
	cleanup_text struct text what = { 0 };
	cleanup_free char *place = block_by_path(reading->root, source);

	text_append(&what, "swap space on ");
	text_append_visible(&what, source, strlen(source), false);
	if (place)
		block_trace(reading->root, place, &trace);
	else
		strlist_add(&trace.backing, source);
	if (trace_files(reading, &trace)) {
		add_layers(&what, &trace.layers);
		use_disks(reading, &trace, what.bytes);
	} else {
		cannot_trace(reading, what.bytes);
	}
	block_trace_done(&trace);
}

static void read_swaps(struct reading *reading)
{
	cleanup_free char *path = root_join(reading->root, "proc/swaps");
	struct libmnt_table *table;
	struct libmnt_iter *iterator;
	struct libmnt_fs *fs;

	if (!root_exists(reading->root, "proc/swaps"))
		return;
	table = mnt_new_table();
	iterator = mnt_new_iter(MNT_ITER_FORWARD);
	if (table && iterator && !mnt_table_parse_swaps(table, path))
		while (!mnt_table_next_fs(table, iterator, &fs))
			if (mnt_fs_get_source(fs))
				use_swap(reading, mnt_fs_get_source(fs));
	mnt_free_iter(iterator);
	mnt_unref_table(table);
}

void storage_read(const struct root *root, struct host *host)
{
	struct reading reading = { .root = root, .host = host };

	if (!read_mounts(&reading)) {
		strlist_add(&host->untraced_storage, "whatever is mounted");
		strlist_add(&host->incomplete,
			    "the mounted file systems cannot be read from /proc/self/mountinfo: which "
			    "disks the host uses is not known");
	}
	for (size_t i = 0; i < reading.count; i++)
		if (!i || !same_device(&reading.mounts[i - 1], &reading.mounts[i]))
			use_mount(&reading, &reading.mounts[i]);
	read_swaps(&reading);
	for (size_t i = 0; i < reading.count; i++) {
		free(reading.mounts[i].target);
		free(reading.mounts[i].source);
		free(reading.mounts[i].type);
	}
	free(reading.mounts);
}
