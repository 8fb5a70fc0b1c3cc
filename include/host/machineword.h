/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a machine file: escapes, numbers, ids. */
#ifndef VFIOCONF_HOST_MACHINEWORD_H
#define VFIOCONF_HOST_MACHINEWORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/*
 * Appends STRING with its escapes resolved; false where a backslash begins none.
 * "\c" at its very end sets *CUT, where that is given.
 */
bool machineword_unescape(const char *string, struct text *ret, bool *cut);

/* The whole word as a number of digits of BASE (up to 16), not above LIMIT. */
bool machineword_number(const char *word, unsigned base, unsigned limit, unsigned *ret);

/* "10de:13c2" */
bool machineword_ids(const char *word, uint16_t *ret_vendor, uint16_t *ret_device);

#endif
