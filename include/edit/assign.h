/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assignments in a file that a shell sources (/etc/default/grub, a drop-in of
 * it, update-extlinux.conf): the one that counts, its value, and edits of
 * that value that keep every other byte. Only what can be understood without running it is touched.
 */
#ifndef VFIOCONF_EDIT_ASSIGN_H
#define VFIOCONF_EDIT_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strlist.h"
#include "base/text.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"

/* Whether the value takes up what the variable held before ("$NAME more", "more ${NAME}"), as in drop-ins. */
enum assign_self { ASSIGN_SELF_NONE, ASSIGN_SELF_FIRST, ASSIGN_SELF_LAST };

struct assign {
	size_t start, end;         /* NAME=value, with its quotes */
	size_t value, value_end;   /* inside the quotes, less a reference to the variable itself */
	char quote;                /* '"', '\'' or 0 */
	enum assign_self self;
};

enum assign_result {
	ASSIGN_NONE,   /* NAME is not assigned */
	ASSIGN_FOUND,  /* once, in a form that is understood */
	ASSIGN_REFUSED /* anything else; the refusal says what */
};

/* Finds the assignment of NAME. SELF allows the references of enum assign_self. */
enum assign_result assign_find(const struct text *bytes, const char *name, bool self, struct assign *ret,
			       struct refusal *refusal);

/* The value without quotes and escapes, as the shell would see it; the caller frees. */
char *assign_value(const struct text *bytes, const struct assign *assign);

/*
 * Edits the value as a kernel command line (see cmdline_edit()) and appends the
 * whole file to RET. Where NAME is not assigned and there is something to
 * add, two lines are appended to the file: ASSIGN_MARK and the assignment; removing their last word takes both away.
 * On ASSIGN_REFUSED nothing is appended.
 */
#define ASSIGN_MARK "# Added by vfioconf:"
enum assign_result assign_edit(const struct text *bytes, const char *name, const struct cmdline_change *change,
			       struct text *ret, struct strlist *added, struct refusal *refusal);

#endif
