/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every editor of configuration files under one signature, so that the laws of editing are stated once. */
#ifndef VFIOCONF_TESTS_SUPPORT_EDITORS_H
#define VFIOCONF_TESTS_SUPPORT_EDITORS_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"

struct editor {
	const char *name; /* also the directory of its files in tests/awkward */
	bool (*edit)(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
		     struct strlist *added, struct refusal *refusal);
};

extern const struct editor editors[]; /* the last has no name */

/*
 * Holds EDITOR to the laws on BYTES, adding WORDS: no edit, same bytes; twice is once; taken back, the bytes of the
 * beginning; refused, nothing written and a line and a reason given. NULL where all hold, else which one does not.
 */
const char *editor_breaks_law(const struct editor *editor, const struct text *bytes, const struct strlist *words);

#endif
