/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/clue.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/strlist.h"
#include "base/text.h"
#include "edit/cmdline.h"

#define EFI_VARIABLES "sys/firmware/efi/efivars"
#define LOADER_VENDOR "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f" /* the boot loader interface's own GUID */
#define MACHINE_ID_LENGTH 32
#define EFI_ATTRIBUTES 4 /* bytes before the content, in efivarfs */

/* UTF-16LE; what is not ASCII becomes '?': it is for recognition and for people, and names are ASCII. */
static bool from_utf16(const struct text *bytes, char *buffer, size_t size)
{
	size_t used = 0;

	for (size_t at = EFI_ATTRIBUTES; at + 1 < bytes->length; at += 2) {
		unsigned unit = (uint8_t)bytes->bytes[at] | (unsigned)(uint8_t)bytes->bytes[at + 1] << 8;

		if (!unit)
			break;
		if (used + 1 >= size)
			return false;
		buffer[used++] = unit >= ' ' && unit < 0x7f ? (char)unit : '?';
	}
	buffer[used] = '\0';
	return used > 0;
}

bool clue_efi_variable(const struct root *root, const char *name, char *buffer, size_t size)
{
	cleanup_text struct text bytes = { 0 };
	char path[256];

	snprintf(path, sizeof(path), EFI_VARIABLES "/%s-" LOADER_VENDOR, name);
	return root_read(root, path, ROOT_LIMIT_ATTRIBUTE, &bytes, NULL) && from_utf16(&bytes, buffer, size);
}

bool clue_efi_variables_known(const struct root *root)
{
	cleanup_strlist struct strlist names = { 0 };

	return root_list(root, EFI_VARIABLES, &names, NULL) && names.count;
}

bool clue_is_efi(const struct root *root)
{
	return root_is_directory(root, "sys/firmware/efi");
}

static bool copy_to(char *buffer, size_t size, const char *value)
{
	if (!value || strlen(value) >= size)
		return false;
	memcpy(buffer, value, strlen(value) + 1);
	return true;
}

bool clue_cmdline_value(const struct root *root, const char *name, char *buffer, size_t size)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };

	if (!root_read(root, "proc/cmdline", ROOT_LIMIT_TEXT, &bytes, NULL))
		return false;
	cmdline_split(text_string(&bytes), &words);
	return copy_to(buffer, size, cmdline_value(&words, name));
}

static bool os_release_read(const struct root *root, struct text *bytes)
{
	return root_read(root, "etc/os-release", ROOT_LIMIT_TEXT, bytes, NULL) ||
	       root_read(root, "usr/lib/os-release", ROOT_LIMIT_TEXT, bytes, NULL);
}

/* A field of os-release without its quotes. */
static bool os_release_field(const struct root *root, const char *field, char *buffer, size_t size)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text bytes = { 0 };
	size_t length = strlen(field);

	if (!os_release_read(root, &bytes))
		return false;
	strlist_split(&lines, text_string(&bytes), "\r\n");
	for (size_t i = lines.count; i-- > 0;) {
		char *value = lines.items[i] + length + 1;
		size_t end;

		if (strncmp(lines.items[i], field, length) != 0 || lines.items[i][length] != '=')
			continue;
		end = strlen(value);
		if (end > 1 && (*value == '"' || *value == '\'') && value[end - 1] == *value) {
			value[end - 1] = '\0';
			value++;
		}
		return copy_to(buffer, size, value);
	}
	return false;
}

bool clue_os_is(const struct root *root, const char *name)
{
	cleanup_strlist struct strlist like = { 0 };
	char value[256];

	if (os_release_field(root, "ID", value, sizeof(value)))
		strlist_add(&like, value);
	if (os_release_field(root, "ID_LIKE", value, sizeof(value)))
		strlist_split(&like, value, " \t");
	return strlist_has(&like, name);
}

bool clue_file_holds(const struct root *root, const char *path, size_t limit, const char *needle)
{
	cleanup_text struct text bytes = { 0 };

	return root_read(root, path, limit, &bytes, NULL) &&
	       memmem(text_string(&bytes), bytes.length, needle, strlen(needle));
}

bool clue_same_file(const struct root *root, const char *a, const char *b)
{
	struct stat mine, other;

	return root_stat(root, a, &mine) && root_stat(root, b, &other) && mine.st_dev == other.st_dev &&
	       mine.st_ino == other.st_ino;
}

bool clue_is_image_based(const struct root *root)
{
	return root_exists(root, "etc/NIXOS") || root_exists(root, "run/ostree-booted");
}

bool clue_boot_image(const struct root *root, char *buffer, size_t size)
{
	char value[512];
	const char *slash;

	if (!clue_cmdline_value(root, "BOOT_IMAGE", value, sizeof(value)))
		return false;
	slash = strrchr(value, '/');
	return copy_to(buffer, size, slash ? slash + 1 : value) && *buffer;
}

/* The first 32 hexadecimal digits in NAME that stand alone, as a machine id does; NULL where there are none. */
static const char *find_machine_id(const char *name)
{
	static const char digits[] = "0123456789abcdef";

	for (const char *at = name; *at; at++) {
		size_t length = strspn(at, digits);

		if (length == MACHINE_ID_LENGTH && !isalnum((unsigned char)at[length]) &&
		    (at == name || !isalnum((unsigned char)at[-1])))
			return at;
		if (length)
			at += length - 1;
	}
	return NULL;
}

enum clue_owner clue_owner(const struct root *root, const char *name)
{
	const char *theirs = find_machine_id(name);
	char ours[256];

	if (root_attribute(root, "etc/kernel/entry-token", ours, sizeof(ours)) && *ours &&
	    text_starts_with(name, ours) && name[strlen(ours)] == '-')
		return CLUE_OWNER_THIS;
	if (!theirs || !root_attribute(root, "etc/machine-id", ours, sizeof(ours)) ||
	    strlen(ours) != MACHINE_ID_LENGTH)
		return CLUE_OWNER_UNKNOWN;
	return strncmp(theirs, ours, MACHINE_ID_LENGTH) ? CLUE_OWNER_OTHER : CLUE_OWNER_THIS;
}

const char *clue_first(const struct root *root, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (root_exists(root, paths[i]))
			return paths[i];
	return NULL;
}
