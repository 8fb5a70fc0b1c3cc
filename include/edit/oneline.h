/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is nothing but a kernel command line: /etc/kernel/cmdline (whose
 * line ends count as blanks), the Raspberry Pi's cmdline.txt (which has exactly one line).
 */
#ifndef VFIOCONF_EDIT_ONELINE_H
#define VFIOCONF_EDIT_ONELINE_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"

/*
 * Edits the file as cmdline_edit() does, new words at the end of its last line that is not empty, and appends it to
 * RET. SINGLE refuses more than one line. A line that begins with '#' is refused: to some readers it is a comment, to
 * others it is not. False, with nothing appended, where something is not understood.
 */
bool oneline_edit(const struct text *bytes, bool single, const struct cmdline_change *change, struct text *ret,
		  struct strlist *added, struct refusal *refusal);

/* Its words; false where it is refused. */
bool oneline_words(const struct text *bytes, bool single, struct strlist *ret, struct refusal *refusal);

#endif
