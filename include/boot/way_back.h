/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way back at the boot menu: an entry beside the normal one, for its kernels or for that of the first or the
 * default entry, with words that leave every device with the host for that boot. For a person at a black screen it is two keys instead of a line to be edited.
 */
#ifndef VFIOCONF_BOOT_WAY_BACK_H
#define VFIOCONF_BOOT_WAY_BACK_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"
#include "boot/loader.h"
#include "edit/changeset.h"
#include "system/root.h"

/* On the kernel command line: no function is taken for that boot. Always among the words of such an entry. */
#define WAY_BACK_WORD "vfioconf.bind=no"
#define WAY_BACK_TITLE "Without device passthrough"

/* Whether such an entry is asked for. */
bool way_back_wanted(const struct boot_request *request);

/* Whether WORDS are those of such an entry, ours or one that a person made: it is never edited. */
bool way_back_is(const struct strlist *words);

/* Says that the menu has, or will have, the entry that was asked for. */
void way_back_made(const struct boot_request *request);

/* A configuration of several entries with one more of ours at its end, between two comments (edit/appendix.h). */
struct way_back_file {
	const char *path;  /* borrowed */
	struct text before; /* as it is */
	struct text now;    /* as CHANGESET has it become so far */
};
bool way_back_open(const struct root *root, const char *path, const struct changeset *changeset,
		   struct way_back_file *ret, struct fault *fault);
void way_back_close(struct way_back_file *file); /* accepts NULL */
#define cleanup_way_back_file cleanup(way_back_close)

/* Records that the file shall end with LINES (NULL or empty: without an entry of ours). */
void way_back_put(const struct way_back_file *file, const struct boot_request *request, const struct text *lines,
		  struct changeset *changeset);

#endif
