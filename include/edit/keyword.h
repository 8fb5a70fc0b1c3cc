/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of lines "key value": entries of the Boot Loader Specification
 * ("options ..."), extlinux ("APPEND ..."), Limine ("cmdline: ..."). Lines that begin with '#' are comments.
 */
#ifndef VFIOCONF_EDIT_KEYWORD_H
#define VFIOCONF_EDIT_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strlist.h"
#include "base/text.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"

/* Which lines of one key the program reads that the file is for. */
enum keyword_counts { KEYWORD_ALL, KEYWORD_FIRST, KEYWORD_LAST };

struct keyword_syntax {
	enum keyword_counts counts;
	bool unquotes;    /* quotes around all of a value are taken off */
	bool ends;        /* at an empty line, or one that is a key alone, the rest is not read */
	bool ignore_case; /* of the key */
	const char *text, *text_end; /* keys of the lines around lines that are no such lines: all of them count as one
	                                line of the key .text; or NULL */
	char separator;   /* '\0': blanks stand between key and value; ':' and the like: that, with blanks around it */
};

struct keyword_line {
	size_t start, end;       /* the line without its line end ("\n" or "\r\n") */
	size_t next;             /* where the next line begins */
	size_t key, key_length;
	size_t value, value_end; /* trailing blanks belong to the value */
};

/* The line at *AT, which is moved on; false at END. A comment and an empty line have a key_length of 0. */
bool keyword_next(const struct text *bytes, const struct keyword_syntax *syntax, size_t *at, size_t end,
		  struct keyword_line *ret);

bool keyword_is(const struct text *bytes, const struct keyword_syntax *syntax, const struct keyword_line *line,
		const char *key);

/* The value of a line; the caller frees. */
char *keyword_value(const struct text *bytes, const struct keyword_line *line);

/* Appends the words of those lines of KEY between START and END that count. */
void keyword_words(const struct text *bytes, const struct keyword_syntax *syntax, const char *key, size_t start,
		   size_t end, struct strlist *ret);

/*
 * Edits those lines of KEY between START and END that count as one kernel command line (see
 * cmdline_edit()): words are removed wherever they stand, new ones are appended to the last of them. Where
 * there is no such line and there is something to add, KEYWORD_MARK and a line of KEY are put after the last line
 * that is not empty; removing the last word of that takes both away. Appends the whole file to RET; false, with
 * nothing appended, where something is not understood.
 */
#define KEYWORD_MARK "# Added by vfioconf:"
bool keyword_edit(const struct text *bytes, const struct keyword_syntax *syntax, const char *key, size_t start,
		  size_t end, const struct cmdline_change *change, struct text *ret, struct strlist *added,
		  struct refusal *refusal);

#endif
