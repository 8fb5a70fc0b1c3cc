/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/entries.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "boot/clue.h"
#include "boot/esp.h"
#include "boot/way_back.h"
#include "edit/cmdline.h"

#define ENTRIES "/loader/entries"

/* As systemd-boot reads them: boot.c joins all lines "options", line_get_key_value() takes quotes off a value. */
const struct keyword_syntax entry_syntax = { .counts = KEYWORD_ALL, .unquotes = true, .separator = '\0' };

static void entry_done(struct entry *entry)
{
	free(entry->path);
	free(entry->name);
	free(entry->linux_path);
	text_done(&entry->bytes);
	strlist_done(&entry->options);
}

void entries_done(struct entries *entries)
{
	if (!entries)
		return;
	for (size_t i = 0; i < entries->count; i++)
		entry_done(&entries->items[i]);
	free(entries->items);
	strlist_done(&entries->directories);
	*entries = (struct entries){ 0 };
}

bool entry_speaks_of_fallback(const char *text)
{
	return strcasestr(text, "fallback") || strcasestr(text, "rescue") || strcasestr(text, "recovery");
}

/* *EFI becomes the program of a line "efi", which may be a kernel, too; *INITRD tells whether there is an initrd. */
static void read_line(const struct text *bytes, const struct keyword_line *line, struct entry *entry, char **efi,
		      bool *initrd)
{
	cleanup_free char *value = keyword_value(bytes, line);

	if (keyword_is(bytes, &entry_syntax, line, "linux") && !*entry->linux_path) {
		free(entry->linux_path);
		entry->linux_path = take(value);
		return;
	}
	if (keyword_is(bytes, &entry_syntax, line, "efi") && !*efi) {
		*efi = take(value);
		return;
	}
	*initrd = *initrd || keyword_is(bytes, &entry_syntax, line, "initrd");
	if (keyword_is(bytes, &entry_syntax, line, "title") || keyword_is(bytes, &entry_syntax, line, "initrd"))
		entry->fallback = entry->fallback || entry_speaks_of_fallback(value);
}

static void read_lines(struct entry *entry)
{
	cleanup_free char *efi = NULL;
	struct keyword_line line;
	bool initrd = false;
	size_t at = 0;

	while (keyword_next(&entry->bytes, &entry_syntax, &at, entry->bytes.length, &line))
		read_line(&entry->bytes, &line, entry, &efi, &initrd);
	keyword_words(&entry->bytes, &entry_syntax, "options", 0, entry->bytes.length, &entry->options);
	/* A kernel is a program of the firmware: other ones have no initrd, and no root= among their options. */
	if (efi && !*entry->linux_path && (initrd || cmdline_value(&entry->options, "root"))) {
		free(entry->linux_path);
		entry->linux_path = take(efi);
	}
}

static void read_entry(const struct root *root, const char *directory, const char *name, struct entries *entries)
{
	struct entry entry = { 0 };
	struct text path = { 0 };

	text_printf(&path, "%s/%s", directory, name);
	entry.path = text_take(&path);
	entry.name = memory_string(name);
	entry.linux_path = memory_string("");
	entry.fallback = entry_speaks_of_fallback(name);
	if (!root_read(root, entry.path, ROOT_LIMIT_TEXT, &entry.bytes, NULL)) {
		entry_done(&entry);
		return;
	}
	read_lines(&entry);
	entries->items = memory_grow(entries->items, entries->count, &entries->capacity, sizeof(entry));
	entries->items[entries->count++] = entry;
}

void entries_read(const struct root *root, struct entries *ret)
{
	cleanup_strlist struct strlist mounts = { 0 };

	esp_mounts(root, &mounts);
	for (size_t i = 0; i < mounts.count; i++) {
		cleanup_strlist struct strlist names = { 0 };
		cleanup_text struct text directory = { 0 };

		text_printf(&directory, "%s" ENTRIES, mounts.items[i]);
		if (!root_list(root, text_string(&directory), &names, NULL))
			continue;
		strlist_add(&ret->directories, text_string(&directory));
		for (size_t j = 0; j < names.count; j++)
			if (text_ends_with(names.items[j], ".conf"))
				read_entry(root, text_string(&directory), names.items[j], ret);
	}
}

/* The name of the block device ("sda2") that a value of root= means, as udev's links tell; false where they do not. */
static bool device_of(const struct root *root, const char *value, char *buffer, size_t size)
{
	static const struct {
		const char *prefix, *directory;
	} kinds[] = { { "UUID=", "dev/disk/by-uuid/" }, { "PARTUUID=", "dev/disk/by-partuuid/" },
		      { "LABEL=", "dev/disk/by-label/" }, { "PARTLABEL=", "dev/disk/by-partlabel/" }, { "/dev/", "dev/" } };
	cleanup_text struct text path = { 0 };

	for (size_t i = 0; i < array_size(kinds) && !path.length; i++)
		if (text_starts_with(value, kinds[i].prefix))
			text_printf(&path, "%s%s", kinds[i].directory, value + strlen(kinds[i].prefix));
	if (!path.length)
		return false;
	if (root_link_name(root, text_string(&path), buffer, size))
		return true;
	/* "/dev/sda2" is no link. */
	return *value == '/' && !strchr(value + strlen("/dev/"), '/') &&
	       (size_t)snprintf(buffer, size, "%s", value + strlen("/dev/")) < size;
}

/* Two ways to say it: root=UUID= here, root=PARTUUID= of the same partition there. */
static bool same_device(const struct root *root, const char *a, const char *b)
{
	char device_a[256], device_b[256];

	return device_of(root, a, device_a, sizeof(device_a)) && device_of(root, b, device_b, sizeof(device_b)) &&
	       !strcmp(device_a, device_b);
}

bool entry_words_are_of_system(const struct root *root, const struct strlist *words)
{
	const char *theirs = cmdline_value(words, "root");
	char ours[512];

	/* Without root= the initramfs finds the partition by its type: an entry that names one is another system's. */
	if (!clue_cmdline_value(root, "root", ours, sizeof(ours)))
		return !theirs || !root_exists(root, "proc/cmdline");
	return theirs && (!strcmp(theirs, ours) || same_device(root, theirs, ours));
}

bool entry_is_of_snapshot(const struct root *root, const struct entry *entry)
{
	const char *theirs = cmdline_value(&entry->options, "rootflags");
	char ours[512];

	return !clue_cmdline_value(root, "rootflags", ours, sizeof(ours)) || (theirs && !strcmp(theirs, ours));
}

bool entry_is_of_system(const struct root *root, const struct entry *entry)
{
	return *entry->linux_path && entry_words_are_of_system(root, &entry->options);
}

bool entry_is_edited(const struct root *root, const struct entry *entry)
{
	return !entry->fallback && !way_back_is(&entry->options) && entry_is_of_system(root, entry);
}

bool entry_is_tries(const char *text, size_t length)
{
	return length > 1 && *text == '+' && isdigit((unsigned char)text[1]) &&
	       strspn(text + 1, "0123456789-") >= length - 1;
}

/* How much of a name stands before its ending and the tries left: X of X+3-1.conf. */
static size_t stem_length(const char *name)
{
	const char *dot = strrchr(name, '.'), *plus = strrchr(name, '+');
	size_t length = dot ? (size_t)(dot - name) : strlen(name);

	if (plus && (size_t)(plus - name) < length && entry_is_tries(plus, length - (size_t)(plus - name)))
		length = (size_t)(plus - name);
	return length;
}

bool entry_name_is(const char *name, const char *selected)
{
	size_t length = stem_length(name);
	const char *ending = strrchr(name, '.');

	return length == stem_length(selected) && !strncasecmp(name, selected, length) && ending &&
	       strrchr(selected, '.') && !strcasecmp(ending, strrchr(selected, '.'));
}

const struct entry *entries_default(const struct root *root, const struct entries *entries)
{
	const struct entry *chosen = NULL;
	char selected[256] = "";

	clue_efi_variable(root, "LoaderEntrySelected", selected, sizeof(selected));
	for (size_t i = 0; i < entries->count; i++)
		if (entry_is_edited(root, &entries->items[i]) &&
		    (!chosen || entry_name_is(entries->items[i].name, selected)))
			chosen = &entries->items[i];
	return chosen;
}

bool entries_default_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	const struct entry *entry;

	entries_read(root, &entries);
	entry = entries_default(root, &entries);
	if (!entry)
		return entries_none(fault);
	strlist_add_all(ret_words, &entry->options);
	return true;
}

bool entries_none(struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, NULL,
			 "there is no boot entry in loader/entries that starts this system (the same root= as now), "
			 "other than for fallback");
}

char *entries_mount(const char *directory)
{
	return memory_string_n(directory, strlen(directory) - strlen(ENTRIES));
}
