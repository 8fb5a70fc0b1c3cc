/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of somebody else's that shall not count for a while: made comments
 * where they stand, under a mark, and given back without one byte changed. For files in which a line that begins with
 * '#' is a comment and a backslash at the end of a line joins the next: modprobe.d, rules of udev, lists of modules.
 */
#ifndef VFIOCONF_EDIT_ASIDE_H
#define VFIOCONF_EDIT_ASIDE_H

#include <stdbool.h>

#include "base/text.h"

#define ASIDE_MARK "# Set aside by vfioconf: "
#define ASIDE_MARK_REST "# Set aside by vfioconf, but for what the line above says: "

struct aside_line {
	const char *text; /* as its owner wrote it, joined with the lines that it goes on in */
	unsigned number;  /* of its first line in the file as it is, from 1 */
	bool aside;       /* set aside today */
};

/*
 * Whether LINE shall be set aside. What of it shall stay in force goes to REST
 * as a line without its end, whatever the answer is: by that it is known again when the line is given back.
 */
typedef bool (*aside_judge)(void *data, const struct aside_line *line, struct text *rest);

/*
 * Asks JUDGE for every line, those that are set aside today included, and
 * appends the file as it then is to RET (may be NULL: only to look).
 */
void aside_edit(const struct text *bytes, aside_judge judge, void *data, struct text *ret);

#endif
