/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are wholly ours: written whole, taken away whole, and never somebody else's. */
#ifndef VFIOCONF_BOOT_OWN_H
#define VFIOCONF_BOOT_OWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/finding.h"
#include "base/text.h"
#include "edit/changeset.h"
#include "system/root.h"

/* Stands in a comment of every file that is wholly ours; a file at our path without it is not ours. */
#define OWN_MARK "Written by vfioconf"

/* The comment that begins such a file, with COMMENT before each line ("# "). */
void own_header(struct text *text, const char *comment);

/*
 * Has PATH become AFTER (NULL: not be there). A file there that does not hold OWN_MARK is somebody else's: it stays
 * as it is, and FINDING_FILE_FOREIGN says so (only where it is in our way). Returns false only on a fault.
 * *RET_CHANGED (may be NULL) tells whether a change was recorded.
 */
bool own_file(const struct root *root, const char *path, const struct text *after, mode_t mode, const char *why,
	      struct changeset *changeset, struct findings *findings, bool *ret_changed, struct fault *fault);

#endif
