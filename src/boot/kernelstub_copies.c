/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/kernelstub.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "boot/entries.h"

#define HOOK "etc/initramfs/post-update.d/zz-kernelstub"
#define KERNEL "vmlinuz-"
#define INITRD "initrd.img-"

/* The copies of the newest kernel and of the one before, and the links by which other tools name their initrds. */
static const struct {
	const char *kernel, *initrd, *link;
} copies[] = {
	{ "vmlinuz.efi", "initrd.img", "/boot/initrd.img" },
	{ "vmlinuz-previous.efi", "initrd.img-previous", "/boot/initrd.img.old" },
};

static int newer_first(const void *a, const void *b)
{
	return strverscmp(*(char *const *)b, *(char *const *)a);
}

static void find_releases(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, "/boot", &names, NULL);
	for (size_t i = 0; i < names.count; i++)
		if (text_starts_with(names.items[i], KERNEL))
			strlist_add(ret, names.items[i] + strlen(KERNEL));
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), newer_first);
}

/* Where the copies are, as the entry of the newest kernel tells: "/boot/efi/EFI/Pop_OS-UUID". */
static bool find_folder(const struct entries *entries, struct text *ret)
{
	for (size_t i = 0; i < entries->count && !ret->length; i++) {
		const struct entry *entry = &entries->items[i];
		const char *slash = strrchr(entry->linux_path, '/'), *below = strstr(entry->path, "/loader/entries/");

		if (text_ends_with(entry->name, "-current.conf") && slash && below)
			text_printf(ret, "%.*s%.*s", (int)(below - entry->path), entry->path,
				    (int)(slash - entry->linux_path), entry->linux_path);
	}
	return ret->length > 0;
}

static bool is_file(const struct root *root, const char *path)
{
	struct stat status;

	return root_stat(root, path, &status) && S_ISREG(status.st_mode);
}

/* All that is beside the copies too: it puts the parameters of the running kernel there. */
static void add_artefacts(const struct root *root, const struct entries *entries, const char *folder,
			  struct command *command)
{
	cleanup_strlist struct strlist names = { 0 };

	strlist_add_once(&command->artefacts, KERNELSTUB_SETTINGS);
	for (size_t i = 0; i < entries->count; i++)
		strlist_add_once(&command->artefacts, entries->items[i].path);
	root_list(root, folder, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", folder, names.items[i]);
		if (!is_file(root, text_string(&path)))
			continue;
		strlist_add_once(&command->artefacts, text_string(&path));
		strlist_add_once(&command->over, text_string(&path));
	}
}

/*
 * Whether INITRD, of the kernel that is the newest by its number, is the one that it copies. An older kernelstub goes
 * by the link: where the two differ, it is not known.
 */
static bool is_source(const struct root *root, const char *initrd, const char *link)
{
	char name[256];

	return is_file(root, initrd) &&
	       (!root_link_name(root, link, name, sizeof(name)) || !strcmp(name, strrchr(initrd, '/') + 1));
}

void kernelstub_expect_copies(const struct root *root, struct command *command)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_strlist struct strlist releases = { 0 };
	cleanup_text struct text folder = { 0 };

	entries_read(root, &entries);
	if (!find_folder(&entries, &folder))
		return;
	add_artefacts(root, &entries, text_string(&folder), command);
	find_releases(root, &releases);
	for (size_t i = 0; i < array_size(copies) && i < releases.count; i++) {
		cleanup_text struct text kernel = { 0 }, initrd = { 0 }, source = { 0 };

		text_printf(&kernel, "%s/%s", text_string(&folder), copies[i].kernel);
		text_printf(&initrd, "%s/%s", text_string(&folder), copies[i].initrd);
		text_printf(&source, "/boot/" INITRD "%s", releases.items[i]);
		if (!is_file(root, text_string(&kernel)) || !is_file(root, text_string(&initrd)))
			continue;
		command_expect(command, EXPECT_FILE, text_string(&kernel));
		command_expect(command, EXPECT_FILE, text_string(&initrd));
		if (is_source(root, text_string(&source), copies[i].link))
			strlist_add(&command_expect(command, EXPECT_COPY, text_string(&initrd))->keys,
				    text_string(&source));
	}
}

void kernelstub_expect_copies_after_initrd(const struct root *root, struct command *command)
{
	if (root_exists(root, KERNELSTUB_SETTINGS) && root_exists(root, HOOK))
		kernelstub_expect_copies(root, command);
}
