/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays in files that bash reads: PRESETS=('default' 'fallback'). Only read, never edited. */
#ifndef VFIOCONF_EDIT_ARRAY_H
#define VFIOCONF_EDIT_ARRAY_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"

/* The elements of the first NAME=(...), without their quotes. False where there is none, or an element is not plain. */
bool array_words(const struct text *bytes, const char *name, struct strlist *ret);

#endif
