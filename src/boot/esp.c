/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/esp.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"

static const char *const usual[] = { "/boot", "/efi", "/boot/efi", "/esp" };
static const char *const foreign[] = { "/media/", "/mnt/", "/run/", "/tmp/", "/var/tmp/" };

/* A line of mountinfo about a FAT file system as a whole, not about a directory of one. */
struct mount {
	struct strlist words;
	const char *device; /* "8:1" */
	const char *place;
};

static bool read_mount(const char *line, struct mount *ret)
{
	static const char kind[] = " - vfat ";

	strlist_split(&ret->words, strstr(line, kind) ? line : "", " ");
	if (ret->words.count < 5 || strcmp(ret->words.items[3], "/") != 0)
		return false;
	ret->device = ret->words.items[2];
	ret->place = ret->words.items[4];
	return true;
}

static bool is_usual(const char *place)
{
	for (size_t i = 0; i < array_size(usual); i++)
		if (!strcmp(place, usual[i]))
			return true;
	return false;
}

/* A place with a blank in its name, which stands there as an escape, is none of these. */
static bool is_foreign(const char *place)
{
	for (size_t i = 0; i < array_size(foreign); i++)
		if (text_starts_with(place, foreign[i]))
			return true;
	return !strcmp(place, "/mnt") || strchr(place, '\\');
}

/* Those at usual places, or at others. What is mounted at several places is the same at each: one is enough. */
static void add_mounts(const struct strlist *lines, bool at_usual, struct strlist *devices, struct strlist *ret)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct mount mount = { 0 };

		if (read_mount(lines->items[i], &mount) && is_usual(mount.place) == at_usual) {
			if (!at_usual && !is_foreign(mount.place) && !strlist_has(devices, mount.device))
				strlist_add_once(ret, mount.place);
			strlist_add_once(devices, mount.device);
		}
		strlist_done(&mount.words);
	}
}

/* A link, or a second mount: what is there would be found, and edited, twice. */
static bool is_another_name(const struct root *root, const char *place, const struct strlist *places)
{
	for (size_t i = 0; i < places->count; i++)
		if (clue_same_file(root, place, places->items[i]))
			return true;
	return false;
}

void esp_mounts(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist lines = { 0 }, devices = { 0 };
	cleanup_text struct text bytes = { 0 };

	for (size_t i = 0; i < array_size(usual); i++)
		if (!is_another_name(root, usual[i], ret))
			strlist_add(ret, usual[i]);
	root_read(root, "proc/self/mountinfo", ROOT_LIMIT_GENERATED, &bytes, NULL);
	strlist_split(&lines, text_string(&bytes), "\n");
	add_mounts(&lines, true, &devices, ret);
	add_mounts(&lines, false, &devices, ret);
}

bool esp_is_readable(const struct root *root, const char *below, struct fault *fault)
{
	cleanup_strlist struct strlist mounts = { 0 };

	esp_mounts(root, &mounts);
	for (size_t i = 0; i < mounts.count; i++) {
		cleanup_strlist struct strlist names = { 0 };
		cleanup_text struct text path = { 0 };
		struct fault own = { 0 };

		text_printf(&path, "%s%s", mounts.items[i], below);
		if (root_list(root, text_string(&path), &names, &own) || own.error != EACCES)
			continue;
		if (fault)
			*fault = own;
		return false;
	}
	return true;
}

void esp_note_absent(const char *what, struct findings *findings)
{
	finding_remedy(findings_add(findings, FINDING_LOADER_ABSENT, SEVERITY_ERROR,
				    "The parameters would reach no kernel: there is %s.", what),
		       "Where it lies on the EFI system partition, and that is not mounted (see findmnt -t vfat), mount it "
		       "first. Where another boot loader starts this system, name that with --loader NAME.");
}
