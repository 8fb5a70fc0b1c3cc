/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of ours at the end of a shell file of somebody else's, under a mark.
 * For settings that can be amended from the end, which is simpler and safer than editing what stands there.
 */
#ifndef VFIOCONF_EDIT_BLOCK_H
#define VFIOCONF_EDIT_BLOCK_H

#include <stdbool.h>

#include "base/text.h"
#include "edit/refusal.h"

#define BLOCK_MARK "# Added by vfioconf, with the next line:"
#define BLOCK_WORD "vfioconf" /* in every line of ours: what else stands behind the mark is somebody else's */

/*
 * Appends to RET the whole file with LINE (one line with BLOCK_WORD in it, without its end) as our
 * block: replaced where there is one, else put at the end; LINE NULL takes it
 * away. A mark that our line is not behind any more goes, too. Every other byte stays. False, with nothing appended,
 * where what would be put at the end might not be read.
 */
bool block_edit(const struct text *bytes, const char *line, struct text *ret, struct refusal *refusal);

#endif
