/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot entries of the Boot Loader Specification, type 1: text files in loader/entries of the ESP or of XBOOTLDR. */
#ifndef VFIOCONF_BOOT_ENTRIES_H
#define VFIOCONF_BOOT_ENTRIES_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"
#include "edit/keyword.h"
#include "system/root.h"

struct entry {
	char *path;             /* of the file */
	char *name;             /* of the file, without directories */
	char *linux_path;       /* of the kernel, as the entry says it; "" for another program of the firmware */
	struct text bytes;
	struct strlist options;
	bool fallback;          /* says so in its name, title or initrd: it stays as it is, as a way back */
};

struct entries {
	struct entry *items;
	size_t count, capacity;
	struct strlist directories; /* where the entries are: "/boot/loader/entries" */
};
void entries_done(struct entries *entries); /* accepts NULL */
#define cleanup_entries cleanup(entries_done)

extern const struct keyword_syntax entry_syntax;

/* Reads all entries that can be read, in the order of directories and names. */
void entries_read(const struct root *root, struct entries *ret);

/* Whether a name, a title or an image speaks of a way back: "fallback", "rescue", "recovery". */
bool entry_speaks_of_fallback(const char *text);

/* Whether WORDS have the same root= as proc/cmdline, be it by another name, or neither has one; so too where there is no proc/cmdline. */
bool entry_words_are_of_system(const struct root *root, const struct strlist *words);

/*
 * Whether the entry starts the system that runs: a kernel, and the same root=
 * as in proc/cmdline (none, where that says none).
 */
bool entry_is_of_system(const struct root *root, const struct entry *entry);

/*
 * Whether it starts the same snapshot, too: those of others have another rootflags=subvol=. A tool that writes the
 * entries of this system leaves them as they are.
 */
bool entry_is_of_snapshot(const struct root *root, const struct entry *entry);

/* Whether vfioconf edits it: it is of this system, and no fallback entry, which stays as a way back. */
bool entry_is_edited(const struct root *root, const struct entry *entry);

/* Whether the LENGTH bytes at TEXT are tries left, as they are counted in the names of entries: "+3", "+2-1". */
bool entry_is_tries(const char *text, size_t length);

/*
 * Whether the file NAME is what the boot loader calls SELECTED: case means nothing, nor do the tries left that are
 * counted in its name (X+3-1.conf is X.conf to systemd-boot).
 */
bool entry_name_is(const char *name, const char *selected);

/* Of those the one that was booted, as far as the loader says, else the first; NULL where there is none. Borrowed. */
const struct entry *entries_default(const struct root *root, const struct entries *entries);

/* Appends the words of that one; a fault where there is none. */
bool entries_default_words(const struct root *root, struct strlist *ret_words, struct fault *fault);

/* The fault that there is none. Returns false. */
bool entries_none(struct fault *fault);

/* The directory that the ESP or XBOOTLDR is mounted at, given a directory of entries: "/boot"; the caller frees. */
char *entries_mount(const char *directory);

#endif
