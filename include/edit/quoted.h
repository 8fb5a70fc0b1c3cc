/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rEFInd's refind_linux.conf: lines of two strings, a label and a kernel command
 * line, each in double quotes where it holds blanks; "" inside quotes is one double quote, %v the kernel's version.
 */
#ifndef VFIOCONF_EDIT_QUOTED_H
#define VFIOCONF_EDIT_QUOTED_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"

/*
 * Edits the command line of the first entry, which is the default, as
 * cmdline_edit() does, and appends the whole file to RET. False, with nothing appended, where there is no entry or its
 * line is not understood.
 */
bool quoted_edit(const struct text *bytes, const struct cmdline_change *change, struct text *ret, struct strlist *added,
		 struct refusal *refusal);

/* The words of that command line. */
bool quoted_words(const struct text *bytes, struct strlist *ret, struct refusal *refusal);

/*
 * Appends to RET a line LABEL with the command line of the first entry and WORDS behind it. False, with nothing
 * appended, where that entry is not understood.
 */
bool quoted_repeat(const struct text *bytes, const char *label, const struct strlist *words, struct text *ret);

#endif
