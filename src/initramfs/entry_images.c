/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/entry_images.h"

#include <string.h>

#include "base/text.h"
#include "boot/entries.h"

/* The last initrd that the entry names, where it is there. */
static bool image_of(const struct root *root, const struct entry *entry, struct text *ret)
{
	cleanup_free char *mount =
		memory_string_n(entry->path, strlen(entry->path) - strlen(entry->name) - strlen("/loader/entries/"));
	cleanup_strlist struct strlist lines = { 0 };

	strlist_split(&lines, text_string(&entry->bytes), "\r\n");
	for (size_t i = 0; i < lines.count; i++) {
		cleanup_strlist struct strlist words = { 0 };

		strlist_split(&words, lines.items[i], " \t");
		if (words.count != 2 || strcmp(words.items[0], "initrd") != 0)
			continue;
		text_reset(ret);
		text_printf(ret, "%s%s", mount, words.items[1]);
	}
	return ret->length && root_exists(root, text_string(ret));
}

/* "/TOKEN/RELEASE/linux-CHECKSUM" */
static char *release_of(const struct entry *entry)
{
	cleanup_strlist struct strlist parts = { 0 };

	strlist_split(&parts, entry->linux_path, "/");
	return memory_string(parts.count > 1 ? parts.items[parts.count - 2] : "");
}

void entry_images_find(const struct root *root, struct strlist *ret_entries, struct strlist *ret_releases,
		       struct strlist *ret_images)
{
	cleanup_entries struct entries entries = { 0 };

	if (!root_exists(root, "usr/bin/" ENTRY_IMAGES_MAKER))
		return;
	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++) {
		cleanup_free char *release = release_of(&entries.items[i]);
		cleanup_text struct text image = { 0 };

		if (!entry_is_edited(root, &entries.items[i]) || !entry_is_of_snapshot(root, &entries.items[i]) ||
		    !image_of(root, &entries.items[i], &image))
			continue;
		strlist_add(ret_entries, entries.items[i].path);
		strlist_add(ret_releases, release);
		strlist_add(ret_images, text_string(&image));
	}
}
