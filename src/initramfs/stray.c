/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/stray.h"

#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "edit/cmdline.h"

/* "/a//b" and "\a\b" as "/a/b". */
static char *plain_path(const char *path)
{
	cleanup_strlist struct strlist parts = { 0 };
	struct text plain = { 0 };

	strlist_split(&parts, path, "/\\");
	for (size_t i = 0; i < parts.count; i++)
		text_printf(&plain, "/%s", parts.items[i]);
	return text_take(&plain);
}

/* As the firmware sees them: on its file systems, case means nothing. */
static bool same_path(const char *a, const char *b)
{
	cleanup_free char *plain_a = plain_path(a);
	cleanup_free char *plain_b = plain_path(b);

	return !strcasecmp(plain_a, plain_b);
}

static bool boots_by_entries(const struct root *root)
{
	char info[256];

	return clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) && text_starts_with(info, "systemd-boot");
}

/* Whether the entry has a line "initrd PATH". */
static bool names(const struct entry *entry, const char *path)
{
	cleanup_strlist struct strlist lines = { 0 };

	strlist_split(&lines, text_string(&entry->bytes), "\r\n");
	for (size_t i = 0; i < lines.count; i++) {
		cleanup_strlist struct strlist words = { 0 };

		strlist_split(&words, lines.items[i], " \t");
		for (size_t j = 1; j < words.count && !strcasecmp(words.items[0], "initrd"); j++)
			if (same_path(words.items[j], path))
				return true;
	}
	return false;
}

/* systemd-boot of old tells the kernel there which initrds it is to load: "initrd=\TOKEN\VERSION\initrd". */
static bool running_kernel_has(const struct root *root, const char *path)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };

	root_read(root, "proc/cmdline", ROOT_LIMIT_TEXT, &bytes, NULL);
	cmdline_split(text_string(&bytes), &words);
	for (size_t i = 0; i < words.count; i++)
		if (text_starts_with(words.items[i], "initrd=") && same_path(words.items[i] + strlen("initrd="), path))
			return true;
	return false;
}

/* IMAGE as the entry would have to name it, where the entry starts the kernel beside it; NULL where it does not. */
static const char *beside(const struct entry *entry, const char *image)
{
	cleanup_free char *directory = memory_string_n(entry->path, strlen(entry->path) - strlen(entry->name) - 1);
	cleanup_free char *mount = entries_mount(directory);
	cleanup_free char *theirs = NULL;
	cleanup_free char *ours = NULL;
	const char *relative = image + strlen(mount);

	if (!text_starts_with(image, mount) || *relative != '/' || !strrchr(entry->linux_path, '/'))
		return NULL;
	theirs = memory_string_n(entry->linux_path, (size_t)(strrchr(entry->linux_path, '/') - entry->linux_path));
	ours = memory_string_n(relative, (size_t)(strrchr(relative, '/') - relative));
	/* What lies at the top of /boot is the distribution's own and goes by no entry: only TOKEN/VERSION may be. */
	return same_path(theirs, ours) && *ours && strchr(ours + 1, '/') ? relative : NULL;
}

static bool is_stray(const struct root *root, const struct entries *entries, const char *image)
{
	const char *path = NULL;

	for (size_t i = 0; i < entries->count && !path; i++)
		path = beside(&entries->items[i], image);
	for (size_t i = 0; i < entries->count && path; i++)
		if (names(&entries->items[i], path))
			return false;
	return path && !running_kernel_has(root, path);
}

void stray_part(const struct root *root, struct strlist *images, struct strlist *ret)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_strlist struct strlist strays = { 0 };

	if (!boots_by_entries(root))
		return;
	entries_read(root, &entries);
	for (size_t i = 0; i < images->count; i++)
		if (is_stray(root, &entries, images->items[i]))
			strlist_add(&strays, images->items[i]);
	if (strays.count == images->count)
		return;
	for (size_t i = images->count; i-- > 0;)
		if (strlist_has(&strays, images->items[i]))
			strlist_remove(images, i);
	strlist_add_all(ret, &strays);
}
