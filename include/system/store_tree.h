/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories of our own: the journal and its files, and trees that a machine
 * file is unfolded into. Nothing here touches a file of the system.
 */
#ifndef VFIOCONF_SYSTEM_STORE_TREE_H
#define VFIOCONF_SYSTEM_STORE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/text.h"
#include "system/root.h"

/* A directory of ours, open, with its path for the sentences of faults. Initialise with FOLDER_NONE. */
struct folder {
	int descriptor;
	char *path;
};
#define FOLDER_NONE { .descriptor = -1 }

void folder_done(struct folder *folder);
#define cleanup_folder cleanup(folder_done)

/* Opens the directory at PATH inside the root, made (mode 0700, with those that lead there 0755) where it is missing. */
bool folder_make(const struct root *root, const char *path, struct folder *ret, struct fault *fault);
bool folder_open(const struct root *root, const char *path, struct folder *ret, struct fault *fault);

/* The same for NAME below PARENT; no link is followed. */
bool folder_make_below(const struct folder *parent, const char *name, struct folder *ret, struct fault *fault);
bool folder_open_below(const struct folder *parent, const char *name, struct folder *ret, struct fault *fault);

bool folder_has(const struct folder *folder, const char *name);
bool folder_names(const struct folder *folder, struct strlist *ret, struct fault *fault);
bool folder_read(const struct folder *folder, const char *name, size_t limit, struct text *ret, struct fault *fault);

/* A new file, durable. */
bool folder_write(const struct folder *folder, const char *name, const struct text *bytes, struct fault *fault);
/* A file that appears at once with all its bytes, durable with its name; replaces. */
bool folder_mark(const struct folder *folder, const char *name, const struct text *bytes, struct fault *fault);
/* Removes what a crash within folder_mark() may have left. */
bool folder_sweep(const struct folder *folder, struct fault *fault);
bool folder_sync(const struct folder *folder, struct fault *fault);
/* Renames NAME to TO/NEW_NAME, which must not exist, and makes both directories durable. */
bool folder_move(const struct folder *from, const char *name, const struct folder *to, const char *new_name,
		 struct fault *fault);
/* Removes NAME and all below it; that it is not there is no fault. */
bool folder_remove(const struct folder *folder, const char *name, struct fault *fault);

/* Opens NAME (made where it is missing) for appending after its first LENGTH bytes; what follows them is cut off. */
bool folder_open_log(const struct folder *folder, const char *name, uint64_t length, int *ret, struct fault *fault);
bool folder_append(int log, const char *bytes, size_t length); /* durable; errno */

/* One directory at PATH inside the root, mode 0755: made, or removed if it is empty. Done already is no fault. */
bool store_make_directory(const struct root *root, const char *path, struct fault *fault);
bool store_remove_directory(const struct root *root, const char *path, struct fault *fault);

/*
 * A temporary tree, for a machine file. PATHs are relative to DIRECTORY, the
 * open top, and nothing leads out of it; nothing is made durable.
 */
bool tree_temporary(const char *parent, char **ret, struct fault *fault); /* a fresh directory; the caller frees */
int tree_open(const char *path);                                          /* -1: errno */
bool tree_directory(int directory, const char *path, struct fault *fault); /* with those that lead there */
/* As if it had been written at the time WRITTEN. */
bool tree_file(int directory, const char *path, const void *bytes, size_t length, mode_t mode, time_t written,
	       struct fault *fault);
bool tree_link(int directory, const char *path, const char *target, struct fault *fault);
bool tree_remove(const char *path, struct fault *fault); /* what tree_temporary() gave */

#endif
