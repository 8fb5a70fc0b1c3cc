/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the words, values and contents of a machine file so that they are read back as they were. */
#ifndef VFIOCONF_HOST_MACHINEWRITE_H
#define VFIOCONF_HOST_MACHINEWRITE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/text.h"

/* " WORD", with escapes where it needs them. */
void machinewrite_word(struct text *out, const char *word);
/* "\tNAME = VALUE" from the bytes of an attribute. */
void machinewrite_attribute(struct text *out, const char *name, const char *bytes, size_t length);
void machinewrite_file(struct text *out, const char *path, mode_t mode, const struct text *bytes);
/* The same for one that is older than the others. */
void machinewrite_old_file(struct text *out, const char *path, mode_t mode, const struct text *bytes);
void machinewrite_link(struct text *out, const char *path, const char *target);
void machinewrite_directory(struct text *out, const char *path);

#endif
