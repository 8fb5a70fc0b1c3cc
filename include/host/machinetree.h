/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tree of directories, files and links, put together in memory and then
 * written below a directory. Paths are from its root. Links on the way to a
 * path are followed in memory, so that what is written never passes through one.
 */
#ifndef VFIOCONF_HOST_MACHINETREE_H
#define VFIOCONF_HOST_MACHINETREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/text.h"

struct machinetree;

struct machinetree *machinetree_new(void);
void machinetree_free(struct machinetree *tree); /* accepts NULL */

/*
 * Each adds one node; false (and nothing added) where the path is none that
 * stays inside ("..", empty, too long), or is taken by something else. A
 * directory may be added again. The directories above a path need not be added.
 */
bool machinetree_directory(struct machinetree *tree, const char *path);
bool machinetree_file(struct machinetree *tree, const char *path, mode_t mode, const void *bytes, size_t length);
/* The file that was added just now is older than the others. */
void machinetree_old(struct machinetree *tree);
/* An absolute TARGET is meant from the root of the tree and made relative; only "/dev/null" stays as it is. */
bool machinetree_link(struct machinetree *tree, const char *path, const char *target);
/* A link at PATH to the node that will be at TARGET, both from the root. */
bool machinetree_link_to(struct machinetree *tree, const char *path, const char *target);

/* Writes it all below DIRECTORY, which is there and empty. */
bool machinetree_write(const struct machinetree *tree, const char *directory, struct fault *fault);

#endif
