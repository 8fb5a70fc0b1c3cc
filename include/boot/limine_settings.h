/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings of limine-entry-tool: lines KERNEL_CMDLINE[key]="words", and += to add to what is there, in several
 * files. The key is "default", or the name of a kernel that does not get the default's words.
 */
#ifndef VFIOCONF_BOOT_LIMINE_SETTINGS_H
#define VFIOCONF_BOOT_LIMINE_SETTINGS_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"
#include "boot/aside_files.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"
#include "system/root.h"

/* The files, in the order in which they count. All but the last can be added to by one that comes later. */
#define LIMINE_SETTINGS_VENDOR "/usr/share/limine-entry-tool.d"
#define LIMINE_SETTINGS_COMMON "/etc/limine-entry-tool.conf"
#define LIMINE_SETTINGS_DIRECTORY "/etc/limine-entry-tool.d"
#define LIMINE_SETTINGS_DROPIN LIMINE_SETTINGS_DIRECTORY "/zz-vfioconf.conf" /* ours */
#define LIMINE_SETTINGS_MAIN "/etc/default/limine"

struct limine_key {
	char *name;           /* without quotes */
	struct strlist words; /* that count, less those of our file */
	bool set_by_main;     /* it says them whole: what our file adds does not count */
};

struct limine_settings {
	struct limine_key *items; /* none for fallback entries, which stay as a way back */
	size_t count, capacity;
	struct strlist vendor;  /* words that a package's files give */
	char *uki;              /* the file that has images made that hold their words; NULL: none has */
	char *refused;          /* a file after ours that sets words in a form that is not understood; NULL: none */
	struct refusal refusal; /* why */
};
void limine_settings_done(struct limine_settings *settings); /* accepts NULL */
#define cleanup_limine_settings cleanup(limine_settings_done)

/* OURS: with the words of our file. */
void limine_settings_read(const struct root *root, bool ours, struct limine_settings *ret);

/* The part of a line of that form that is words (boot/aside_files.h). */
aside_line_part limine_settings_part;

/*
 * Edits LIMINE_SETTINGS_MAIN: the last line of each key that it says whole gets the change. In all others words are
 * only set aside.
 */
bool limine_settings_edit(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
			  struct refusal *refusal);

#endif
