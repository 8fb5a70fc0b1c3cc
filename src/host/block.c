/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/block.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_LIMIT 16
#define BTRFS "sys/fs/btrfs"

void block_trace_done(struct block_trace *trace)
{
	if (!trace)
		return;
	strlist_done(&trace->seen);
	strlist_done(&trace->disks);
	strlist_done(&trace->layers);
	strlist_done(&trace->backing);
}

static const char *name_of(const char *place)
{
	const char *slash = strrchr(place, '/');

	return slash ? slash + 1 : place;
}

static bool attribute(const struct root *root, const char *place, const char *name, char *buffer, size_t size)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "%s/%s", place, name);
	return root_attribute(root, path.bytes, buffer, size);
}

/* The names below PLACE/DIRECTORY, resolved. */
static void members(const struct root *root, const char *place, const char *directory, struct strlist *ret)
{
	cleanup_text struct text path = { 0 };
	cleanup_strlist struct strlist names = { 0 };

	text_printf(&path, "%s/%s", place, directory);
	if (!root_list(root, path.bytes, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text member = { 0 };
		cleanup_free char *resolved = NULL;

		text_printf(&member, "%s/%s", path.bytes, names.items[i]);
		resolved = root_resolve(root, member.bytes);
		if (resolved)
			strlist_add(ret, resolved);
	}
}

/* The controllers of an NVMe namespace that has several ways to it: "nvme0", "nvme1" beside it in its subsystem. */
static void nvme_paths(const struct root *root, const char *place, struct strlist *ret)
{
	cleanup_free char *subsystem = memory_string_n(place, (size_t)(name_of(place) - place));
	cleanup_strlist struct strlist names = { 0 };

	if (!strstr(place, "/nvme-subsystem/") || !root_list(root, subsystem, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		cleanup_text struct text path = { 0 };
		cleanup_free char *resolved = NULL;

		if (!text_starts_with(name, "nvme") || !isdigit((unsigned char)name[4]) ||
		    name[4 + strspn(name + 4, "0123456789")])
			continue;
		text_printf(&path, "%s%s", subsystem, name);
		resolved = root_resolve(root, path.bytes);
		if (resolved)
			strlist_add(ret, resolved);
	}
}

static void add_layer(const struct root *root, const char *place, struct strlist *layers)
{
	static const struct {
		const char *prefix, *word;
	} kinds[] = { { "CRYPT-", "LUKS" }, { "LVM-", "LVM" }, { "mpath-", "multipath" }, { "DMRAID-", "RAID" } };
	const char *name = name_of(place);
	char uuid[256];

	if (attribute(root, place, "dm/uuid", uuid, sizeof(uuid)))
		for (size_t i = 0; i < array_size(kinds); i++)
			if (text_starts_with(uuid, kinds[i].prefix))
				strlist_add_once(layers, kinds[i].word);
	if (text_starts_with(name, "md"))
		strlist_add_once(layers, "RAID");
	if (text_starts_with(name, "bcache"))
		strlist_add_once(layers, "bcache");
}

/* The disk that PLACE is a partition of, PLACE itself where it is none. */
static char *whole_disk(const struct root *root, const char *place)
{
	char number[16];

	if (!attribute(root, place, "partition", number, sizeof(number)))
		return memory_string(place);
	return memory_string_n(place, (size_t)(name_of(place) - place - 1));
}

static void descend(const struct root *root, const char *place, struct block_trace *trace, int depth)
{
	cleanup_free char *disk = whole_disk(root, place);
	cleanup_strlist struct strlist below = { 0 };
	char backing[PATH_MAX];

	if (depth > DEPTH_LIMIT || !strlist_add_once(&trace->seen, disk))
		return;
	add_layer(root, disk, &trace->layers);
	members(root, disk, "slaves", &below);
	nvme_paths(root, disk, &below);
	if (attribute(root, disk, "loop/backing_file", backing, sizeof(backing)))
		strlist_add_once(&trace->backing, backing);
	else if (!below.count)
		strlist_add(&trace->disks, disk);
	for (size_t i = 0; i < below.count; i++)
		descend(root, below.items[i], trace, depth + 1);
}

void block_trace(const struct root *root, const char *place, struct block_trace *trace)
{
	descend(root, place, trace, 0);
}

char *block_by_number(const struct root *root, unsigned major, unsigned minor)
{
	char path[64];

	snprintf(path, sizeof(path), "sys/dev/block/%u:%u", major, minor);
	return root_resolve(root, path);
}

/* "vg-root" is what dm-0 says its name is. */
static char *by_mapper_name(const struct root *root, const char *name)
{
	cleanup_strlist struct strlist devices = { 0 };

	if (!root_list(root, "sys/class/block", &devices, NULL))
		return NULL;
	for (size_t i = 0; i < devices.count; i++) {
		cleanup_text struct text place = { 0 };
		char mapper[256];

		if (!text_starts_with(devices.items[i], "dm-"))
			continue;
		text_printf(&place, "sys/class/block/%s", devices.items[i]);
		if (attribute(root, place.bytes, "dm/name", mapper, sizeof(mapper)) && !strcmp(mapper, name))
			return root_resolve(root, place.bytes);
	}
	return NULL;
}

char *block_by_path(const struct root *root, const char *path)
{
	cleanup_free char *real = root_resolve(root, path);
	cleanup_text struct text place = { 0 };
	const char *device = real && text_starts_with(real, "/dev/") ? real : path;

	if (text_starts_with(device, "/dev/mapper/"))
		return by_mapper_name(root, device + strlen("/dev/mapper/"));
	if (!text_starts_with(device, "/dev/"))
		return NULL;
	device += strlen("/dev/");
	text_append(&place, "sys/class/block/");
	/* As in sysfs, where a name may hold no slash: "cciss/c0d0" is "cciss!c0d0". */
	for (; *device; device++)
		text_append_char(&place, *device == '/' ? '!' : *device);
	return root_resolve(root, place.bytes);
}

void block_btrfs_members(const struct root *root, const char *place, struct strlist *ret)
{
	cleanup_strlist struct strlist systems = { 0 };

	if (!root_list(root, BTRFS, &systems, NULL))
		return;
	for (size_t i = 0; i < systems.count; i++) {
		cleanup_text struct text base = { 0 };
		cleanup_strlist struct strlist devices = { 0 };

		text_printf(&base, BTRFS "/%s", systems.items[i]);
		members(root, base.bytes, "devices", &devices);
		if (strlist_has(&devices, place))
			strlist_add_all(ret, &devices);
	}
}

/* The value behind KEY in what udev knows of a device, to the end of its line; NULL where there is none. */
static char *udev_property(const struct text *data, const char *key)
{
	const char *line = data->bytes;

	while (line && !text_starts_with(line, key))
		line = (line = strchr(line, '\n')) ? line + 1 : NULL;
	if (!line)
		return NULL;
	line += strlen(key);
	return memory_string_n(line, strcspn(line, "\n"));
}

char *block_zfs_pool(const struct root *root, const char *name)
{
	cleanup_text struct text place = { 0 };
	cleanup_text struct text path = { 0 };
	cleanup_text struct text data = { 0 };
	cleanup_free char *type = NULL;
	struct fault fault = { 0 };
	char number[32];

	text_printf(&place, "sys/class/block/%s", name);
	if (!attribute(root, place.bytes, "dev", number, sizeof(number)))
		return NULL;
	text_printf(&path, "run/udev/data/b%s", number);
	if (!root_read(root, path.bytes, ROOT_LIMIT_TEXT, &data, &fault) || !data.length)
		return NULL;
	type = udev_property(&data, "E:ID_FS_TYPE=");
	return type && !strcmp(type, "zfs_member") ? udev_property(&data, "E:ID_FS_LABEL=") : NULL;
}

/* In a label udev has "_" for a blank. */
static bool is_label_of(const char *label, const char *pool)
{
	for (; *label && (*label == *pool || (*label == '_' && *pool == ' ')); label++)
		pool++;
	return !*label && !*pool;
}

void block_zfs_members(const struct root *root, const char *pool, struct strlist *ret)
{
	cleanup_strlist struct strlist devices = { 0 };

	if (!root_list(root, "sys/class/block", &devices, NULL))
		return;
	for (size_t i = 0; i < devices.count; i++) {
		cleanup_text struct text place = { 0 };
		cleanup_free char *of = block_zfs_pool(root, devices.items[i]);
		cleanup_free char *resolved = NULL;

		if (!of || !is_label_of(of, pool))
			continue;
		text_printf(&place, "sys/class/block/%s", devices.items[i]);
		resolved = root_resolve(root, place.bytes);
		if (resolved)
			strlist_add_once(ret, resolved);
	}
}

bool block_is_memory(const char *place)
{
	const char *name = name_of(place);

	return text_starts_with(name, "zram") || (text_starts_with(name, "ram") && isdigit((unsigned char)name[3]));
}
