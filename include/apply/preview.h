/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A changeset as a unified diff, made by diff(1). */
#ifndef VFIOCONF_APPLY_PREVIEW_H
#define VFIOCONF_APPLY_PREVIEW_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/text.h"
#include "edit/changeset.h"

/* The diff of one file, with a/ and b/ names (/dev/null where it is not there); control characters stay as they are. */
bool preview_file(const struct file_change *change, struct text *ret, struct fault *fault);

/* All files, then "# command" lines: the whole preview as plain text, made visible. */
bool preview_all(const struct changeset *changeset, struct text *ret, struct fault *fault);

/* A command line for people: words quoted where a shell would need it. The caller frees. */
char *preview_command(const struct command *command);

#endif
