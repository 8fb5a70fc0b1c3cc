/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Directories of settings of one program: the administrator's, and those that the vendor and packages fill. */
#ifndef VFIOCONF_BOOT_CONF_FILES_H
#define VFIOCONF_BOOT_CONF_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "system/root.h"

#define CONF_DIRECTORIES 4 /* at most */

/*
 * Appends the paths of all *.conf of COUNT DIRECTORIES, in the order of their names, whatever directory they are in: by
 * byte value, or, with VERSIONS, as sort -V has it. Of several with one name, only that of the first directory counts.
 */
void conf_files(const struct root *root, const char *const *directories, size_t count, bool versions,
		struct strlist *ret);

/* The command that has FILE, a drop-in, read before all others of DIRECTORY, as what FINDING has to be pasted. */
void conf_files_paste_first(const char *file, const char *directory, struct finding *finding);

#endif
