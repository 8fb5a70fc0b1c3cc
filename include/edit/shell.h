/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a shell script, told apart as far as an editor of assignments
 * needs it: quotes, substitutions, comments, operators, nesting. Nothing is expanded, nothing is run.
 */
#ifndef VFIOCONF_EDIT_SHELL_H
#define VFIOCONF_EDIT_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum shell_token {
	SHELL_END,      /* of the file */
	SHELL_NEWLINE,  /* or ';' */
	SHELL_OPERATOR, /* & | && || < > << and the like */
	SHELL_OPEN,     /* ( */
	SHELL_CLOSE,    /* ) */
	SHELL_WORD,
	SHELL_UNCLOSED  /* a quote or substitution that begins at .start has no end */
};

/* What a word holds. */
#define SHELL_SUBSTITUTION 1u /* $(...) or `...` */
#define SHELL_EXPANSION 2u    /* $name, ${...} */
#define SHELL_CONTINUED 4u    /* a backslash before the end of a line */
#define SHELL_NEWLINE_IN 8u   /* a line end inside quotes */
#define SHELL_UNSURE 16u      /* shells differ in where it ends: a backslash in $'...', a here-document in $(...) */

/* Initialise with .bytes set and the rest zero. */
struct shell {
	const struct text *bytes;
	size_t start, end;   /* of the token last read */
	unsigned flags;      /* of a word */
};

enum shell_token shell_next(struct shell *shell);

/* Whether the token is exactly STRING. */
bool shell_is(const struct shell *shell, const char *string);

/* Whether the word is NAME=... or NAME+=...: where the value begins in it, and whether it adds to what was there. */
bool shell_assigns(const struct shell *shell, const char *name, size_t *ret_value, bool *ret_adds);

#endif
