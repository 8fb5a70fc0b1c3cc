/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine to look at: a directory that holds sys, proc, etc, boot ... of one
 * computer. "/" is one, a fixture is another. Every read of the program goes
 * through here. Paths are given from the root, with or without a leading "/";
 * they are resolved inside the root by openat2(2) with RESOLVE_IN_ROOT, so an
 * absolute symbolic link or a "../.." of a fixture cannot lead out of it.
 */
#ifndef VFIOCONF_SYSTEM_ROOT_H
#define VFIOCONF_SYSTEM_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"

struct root;

/* Limits for root_read(): what a sysfs attribute, a text file of an administrator, a generated file may have. */
#define ROOT_LIMIT_ATTRIBUTE 4096u
#define ROOT_LIMIT_TEXT 0x100000u       /* 1 MiB */
#define ROOT_LIMIT_GENERATED 0x1000000u /* 16 MiB */

/* Opens DIRECTORY as a root; the caller frees. */
bool root_open(const char *directory, struct root **ret, struct fault *fault);
void root_free(struct root *root); /* accepts NULL */

bool root_is_running_system(const struct root *root); /* whether it is "/" itself */
const char *root_directory(const struct root *root);  /* as given, without a trailing slash; "" for "/" */
int root_descriptor(const struct root *root);         /* of the directory, O_PATH; borrowed */

/* The host's path of PATH for a library that takes only strings (libpci, libkmod, libmount). The caller frees. */
char *root_join(const struct root *root, const char *path);

/*
 * Reads a regular file of at most LIMIT bytes. A larger one, a directory, a
 * device or a fifo is a fault (never blocks). fault.error is ENOENT or ENOTDIR
 * where nothing is there, EACCES where we may not read; see root_missing().
 */
bool root_read(const struct root *root, const char *path, size_t limit, struct text *ret, struct fault *fault);

/* The first bytes of a regular file of any size, at most LIMIT of them. */
bool root_read_start(const struct root *root, const char *path, size_t limit, struct text *ret, struct fault *fault);

/* As root_read(), but an absent file is no fault: it reads as an empty one, and *RET_THERE tells. */
bool root_read_if_there(const struct root *root, const char *path, size_t limit, struct text *ret, bool *ret_there,
			struct fault *fault);

/* SIZE bytes of a regular file of any size from OFFSET on; fewer where it ends before. */
bool root_read_range(const struct root *root, const char *path, uint64_t offset, size_t size, struct text *ret,
		     struct fault *fault);

/* Whether the fault of a read says that the file is not there. */
bool root_missing(const struct fault *fault);

/*
 * Reads a sysfs attribute (at most ROOT_LIMIT_ATTRIBUTE bytes) into BUFFER:
 * first line, without the newline and trailing blanks. False where it is
 * missing, unreadable, too long for BUFFER or holds a NUL: to the caller all
 * these are "the kernel does not say".
 */
bool root_attribute(const struct root *root, const char *path, char *buffer, size_t size);

/* The same for an attribute NAME of a directory opened by root_open_directory(). NAME has no slash. */
bool root_attribute_at(int directory, const char *name, char *buffer, size_t size);
int root_open_directory(const struct root *root, const char *path); /* -1: errno; the caller closes */

/* The first bytes of such a file, up to SIZE: how many there were; 0 where it cannot be read. */
size_t root_head_at(int directory, const char *name, void *buffer, size_t size);

/* Where the symbolic link points, as it stands in it; and the last component of that. */
bool root_link(const struct root *root, const char *path, char *buffer, size_t size);
bool root_link_at(int directory, const char *name, char *buffer, size_t size);
bool root_link_name(const struct root *root, const char *path, char *buffer, size_t size);
bool root_link_name_at(int directory, const char *name, char *buffer, size_t size);

/* The path with all links resolved, from the root ("/boot/grub/grub.cfg"); the caller frees; NULL where it is not there. */
char *root_resolve(const struct root *root, const char *path);

bool root_exists(const struct root *root, const char *path);     /* follows links */
bool root_is_directory(const struct root *root, const char *path);
bool root_stat(const struct root *root, const char *path, struct stat *ret); /* follows links; errno */

/* The names in a directory, sorted by byte value, without "." and "..". */
bool root_list(const struct root *root, const char *path, struct strlist *ret, struct fault *fault);

#endif
