/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The binary look-up tables of modprobe (modules.alias.bin and its like), as
 * depmod writes them: a trie over the keys, big-endian, children first. A
 * machine file holds the lines; libkmod looks only into the tables.
 */
#ifndef VFIOCONF_HOST_MODULEINDEX_H
#define VFIOCONF_HOST_MODULEINDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct moduleindex;

struct moduleindex *moduleindex_new(void);
void moduleindex_free(struct moduleindex *index); /* accepts NULL */

/*
 * Adds VALUE under KEY. Of several values of one look-up those with the lower PRIORITY come first.
 * False where the key is empty, longer than 1000 bytes or not ASCII: the format has no place for it.
 */
bool moduleindex_add(struct moduleindex *index, const char *key, const char *value, uint32_t priority);

/* Appends the file. */
void moduleindex_write(const struct moduleindex *index, struct text *ret);

#endif
