/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/booted.h"

#include <string.h>

#include "base/memory.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/uki.h"
#include "boot/way_back.h"

/* The part of a path of the firmware ("\\EFI\\Linux\\arch.efi") behind its directories. */
static const char *file_name(const char *path)
{
	for (const char *slash = path; (slash = strpbrk(slash, "/\\"));)
		path = ++slash;
	return path;
}

/* systemd-boot names the image as it names an entry; without it, the stub in the image says where it lies. */
static bool image_words(const struct root *root, struct strlist *ret)
{
	static const char *const variables[] = { "LoaderEntrySelected", "StubImageIdentifier", "LoaderImageIdentifier" };
	cleanup_strlist struct strlist images = { 0 };
	char selected[512];

	uki_find(root, &images);
	for (size_t i = 0; i < array_size(variables); i++)
		for (size_t j = 0; clue_efi_variable(root, variables[i], selected, sizeof(selected)) && j < images.count;
		     j++) {
			cleanup_strlist struct strlist words = { 0 };

			if (!entry_name_is(file_name(images.items[j]), file_name(selected)))
				continue;
			if (!uki_words(root, images.items[j], &words) || way_back_is(&words))
				return false;
			strlist_add_all(ret, &words);
			return true;
		}
	return false;
}

static bool entry_words(const struct root *root, struct strlist *ret)
{
	cleanup_entries struct entries entries = { 0 };
	const struct entry *entry;
	char selected[256];

	entries_read(root, &entries);
	entry = entries_default(root, &entries);
	if (!entry || !clue_efi_variable(root, "LoaderEntrySelected", selected, sizeof(selected)) ||
	    !entry_name_is(entry->name, selected))
		return false;
	strlist_add_all(ret, &entry->options);
	return true;
}

bool booted_words(const struct root *root, struct strlist *ret)
{
	char info[256];

	return clue_efi_variable(root, "StubInfo", info, sizeof(info)) ? image_words(root, ret) : entry_words(root, ret);
}
