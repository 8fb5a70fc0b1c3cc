/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture_devices.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "host/block.h"
#include "host/capture.h"
#include "host/input.h"
#include "host/machinewrite.h"
#include "host/network.h"

struct capture {
	const struct root *root;
	const struct host *host;
	struct text *out;
};

static char *place_of(const struct capture *capture, const char *class, const char *name)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "sys/class/%s/%s", class, name);
	return root_resolve(capture->root, path.bytes);
}

static void begin(const struct capture *capture, const char *class, const char *place)
{
	text_printf(capture->out, "device %s", class);
	machinewrite_word(capture->out, capture_place(capture->host, place));
	text_append_char(capture->out, '\n');
}

static void capture_attribute(const struct capture *capture, const char *place, const char *name)
{
	cleanup_text struct text path = { 0 }, bytes = { 0 };

	text_printf(&path, "%s/%s", place, name);
	if (root_read(capture->root, path.bytes, ROOT_LIMIT_ATTRIBUTE, &bytes, NULL))
		machinewrite_attribute(capture->out, name, text_string(&bytes), bytes.length);
}

static void capture_word(const struct capture *capture, const char *key, const char *word)
{
	text_printf(capture->out, "\t%s", key);
	machinewrite_word(capture->out, word);
	text_append_char(capture->out, '\n');
}

static bool has_attribute(const struct capture *capture, const char *place, const char *name)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "%s/%s", place, name);
	return root_exists(capture->root, path.bytes);
}

/* Loop devices without a file and RAM disks are there by the dozen, for nothing. */
static bool is_idle(const struct capture *capture, const char *name, const char *place)
{
	return (text_starts_with(name, "ram") && isdigit((unsigned char)name[3])) ||
	       (text_starts_with(name, "loop") && strlen(name) < 8 &&
		!has_attribute(capture, place, "loop/backing_file"));
}

/* Of what udev knows of a disk only the ZFS pool that it belongs to. */
static void capture_pool(const struct capture *capture, const char *name, const char *place)
{
	cleanup_free char *pool = block_zfs_pool(capture->root, name);
	cleanup_text struct text path = { 0 };
	cleanup_text struct text bytes = { 0 };
	char number[32];

	text_printf(&path, "%s/dev", place);
	if (!pool || !root_attribute(capture->root, path.bytes, number, sizeof(number)))
		return;
	text_printf(&bytes, "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=%s\n", pool);
	text_done(&path);
	text_printf(&path, "/run/udev/data/b%s", number);
	machinewrite_file(capture->out, path.bytes, 0644, &bytes);
}

static void capture_block(const struct capture *capture, const char *name)
{
	static const char *const names[] = { "dev", "partition", "dm/name", "dm/uuid", "loop/backing_file" };
	cleanup_free char *place = place_of(capture, "block", name);
	cleanup_strlist struct strlist slaves = { 0 };
	cleanup_text struct text path = { 0 };

	if (!place || is_idle(capture, name, place))
		return;
	begin(capture, "block", place);
	for (size_t i = 0; i < array_size(names); i++)
		capture_attribute(capture, place, names[i]);
	text_printf(&path, "%s/slaves", place);
	root_list(capture->root, path.bytes, &slaves, NULL);
	for (size_t i = 0; i < slaves.count; i++)
		capture_word(capture, "slave", slaves.items[i]);
	capture_pool(capture, name, place);
}

/* The ways to the namespaces of an NVMe subsystem: links named "nvme0" to its controllers. */
static void capture_subsystem(const struct capture *capture, const char *name)
{
	cleanup_free char *place = place_of(capture, "nvme-subsystem", name);
	cleanup_strlist struct strlist names = { 0 };

	if (!place || !root_list(capture->root, place, &names, NULL))
		return;
	begin(capture, "nvme-subsystem", place);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };
		cleanup_free char *target = NULL;
		const char *digits = names.items[i] + strlen("nvme");

		if (!text_starts_with(names.items[i], "nvme") || !*digits || digits[strspn(digits, "0123456789")])
			continue;
		text_printf(&path, "%s/%s", place, names.items[i]);
		target = root_resolve(capture->root, path.bytes);
		if (!target)
			continue;
		text_append(capture->out, "\tlink");
		machinewrite_word(capture->out, names.items[i]);
		machinewrite_word(capture->out, capture_place(capture->host, target));
		text_append_char(capture->out, '\n');
	}
}

static void capture_btrfs(const struct capture *capture, const char *uuid)
{
	cleanup_text struct text base = { 0 };
	cleanup_strlist struct strlist names = { 0 };

	text_printf(&base, "sys/fs/btrfs/%s/devices", uuid);
	if (!root_list(capture->root, base.bytes, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };
		char target[PATH_MAX];

		text_printf(&path, "/%s/%s", base.bytes, names.items[i]);
		if (root_link(capture->root, path.bytes, target, sizeof(target)))
			machinewrite_link(capture->out, path.bytes, target);
	}
}

/* The interfaces below one: the names of its links "lower_...". */
static void lower_interfaces(const struct capture *capture, const char *place, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!root_list(capture->root, place, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (text_starts_with(names.items[i], "lower_"))
			strlist_add(ret, names.items[i] + strlen("lower_"));
}

/* Those on hardware, those that rest on others, and those of a default route; not every guest's and container's. */
static bool is_needed(const struct capture *capture, const char *name, const struct strlist *routes)
{
	cleanup_free char *place = place_of(capture, "net", name);
	cleanup_strlist struct strlist lower = { 0 };

	if (!place)
		return false;
	if (!strstr(place, "/virtual/") || strlist_has(routes, name))
		return true;
	lower_interfaces(capture, place, &lower);
	return lower.count;
}

static void capture_net(const struct capture *capture)
{
	cleanup_strlist struct strlist names = { 0 }, needed = { 0 }, routes = { 0 };

	network_default_interfaces(capture->root, &routes);
	root_list(capture->root, "sys/class/net", &names, NULL);
	for (size_t i = 0; i < names.count; i++)
		if (is_needed(capture, names.items[i], &routes))
			strlist_add(&needed, names.items[i]);
	for (size_t i = 0; i < needed.count; i++) {
		cleanup_free char *place = place_of(capture, "net", needed.items[i]);
		cleanup_strlist struct strlist lower = { 0 };

		begin(capture, "net", place);
		lower_interfaces(capture, place, &lower);
		for (size_t j = 0; j < lower.count; j++)
			if (strlist_has(&needed, lower.items[j]))
				capture_word(capture, "lower", lower.items[j]);
	}
}

/* NAMES of CLASS that begin with PREFIX, each with ATTRIBUTE (or NULL). */
static void capture_class(const struct capture *capture, const char *class, const char *prefix, const char *attribute)
{
	cleanup_text struct text path = { 0 };
	cleanup_strlist struct strlist names = { 0 };

	text_printf(&path, "sys/class/%s", class);
	root_list(capture->root, path.bytes, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_free char *place = place_of(capture, class, names.items[i]);

		if (!place || !text_starts_with(names.items[i], prefix))
			continue;
		begin(capture, class, place);
		if (attribute)
			capture_attribute(capture, place, attribute);
	}
}

/* Only what is a keyboard; one that came by radio has a name that somebody may have given it. */
static void capture_keyboards(const struct capture *capture)
{
	cleanup_strlist struct strlist names = { 0 };

	root_list(capture->root, "sys/class/input", &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_free char *place = place_of(capture, "input", names.items[i]);

		if (!place || !input_is_keyboard(capture->root, names.items[i]))
			continue;
		begin(capture, "input", place);
		capture_attribute(capture, place, "capabilities/key");
		if (!strstr(place, "/bluetooth/") && !strstr(place, "/uhid/"))
			capture_attribute(capture, place, "name");
	}
}

void capture_devices(const struct root *root, const struct host *host, struct text *out)
{
	struct capture capture = { root, host, out };
	cleanup_strlist struct strlist blocks = { 0 }, subsystems = { 0 }, file_systems = { 0 };

	root_list(root, "sys/class/nvme-subsystem", &subsystems, NULL);
	for (size_t i = 0; i < subsystems.count; i++)
		capture_subsystem(&capture, subsystems.items[i]);
	root_list(root, "sys/class/block", &blocks, NULL);
	for (size_t i = 0; i < blocks.count; i++)
		capture_block(&capture, blocks.items[i]);
	capture_net(&capture);
	capture_class(&capture, "drm", "card", "status");
	capture_class(&capture, "graphics", "fb0", NULL);
	capture_keyboards(&capture);
	root_list(root, "sys/fs/btrfs", &file_systems, NULL);
	for (size_t i = 0; i < file_systems.count; i++)
		capture_btrfs(&capture, file_systems.items[i]);
}
