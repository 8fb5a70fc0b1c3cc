/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays in files that bash reads: PRESETS=('default' 'fallback'). Only read, never edited. */
#ifndef VFIOCONF_EDIT_ARRAY_H
#define VFIOCONF_EDIT_ARRAY_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"

/* The elements of the first NAME=(...), without their quotes. False where there is none, or an element is not plain. */
bool array_words(const struct text *bytes, const char *name, struct strlist *ret);

/*
 * Everything that is assigned to NAME, in the order in which it stands there: as NAME=(...), NAME+=(...) or, as of old,
 * NAME="...". VISIT gets each word without quotes and where it stands, and a NULL for a word where an assignment takes
 * the place of all that was there before. What is expanded is passed over.
 */
void array_each(const struct text *bytes, const char *name, void (*visit)(void *data, const char *word, size_t offset),
		void *data);

#endif
