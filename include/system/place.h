/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a file is or shall be: resolved inside the root once, and from then on
 * addressed by its open directory. Reads only; system/store.h writes.
 */
#ifndef VFIOCONF_SYSTEM_PLACE_H
#define VFIOCONF_SYSTEM_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/strlist.h"
#include "system/root.h"

/* Initialise with PLACE_NONE. */
struct place {
	int directory;
	char *path;       /* from the root, links resolved */
	const char *name; /* the last component of path; points into it */
};
#define PLACE_NONE { .directory = -1 }

/*
 * Finds the place of PATH. A symbolic link is followed: its target is the
 * place. A link that leads nowhere, and any place below /usr, /run, /nix,
 * /proc, /sys or /dev, is a fault. fault.error is ENOENT where its directory is not there.
 */
bool place_find(const struct root *root, const char *path, struct place *ret, struct fault *fault);

/* The same for a path that place_find() once gave: nothing is followed any more. */
bool place_open(const struct root *root, const char *path, struct place *ret, struct fault *fault);

void place_done(struct place *place);
#define cleanup_place cleanup(place_done)

/* What stands under a name. */
struct content {
	bool there;
	char digest[DIGEST_SIZE]; /* "" where nothing is there */
	uint64_t size;
	struct stat status;
};

/* Reads all of NAME (NULL: the place's own) in the directory of PLACE. Anything but a regular file is a fault. */
bool place_content(const struct place *place, const char *name, struct content *ret, struct fault *fault);

/* The names in its directory that begin with PREFIX, sorted. */
bool place_names(const struct place *place, const char *prefix, struct strlist *ret, struct fault *fault);

/* What stands in the way of replacing a file, before anything is tried. */
struct obstacles {
	bool read_only;           /* the file system is mounted read-only */
	bool file_immutable;      /* chattr +i */
	bool file_append_only;    /* chattr +a */
	bool directory_immutable;
	bool directory_append_only;
	bool mount_point;         /* something is mounted over the file itself */
	bool forbidden;           /* we lack the privilege to write into the directory */
	uint64_t device;          /* of the directory */
};

void place_obstacles(const struct place *place, struct obstacles *ret);

#endif
