/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/shell.h"

#include <string.h>

/* The byte at AT, or NUL at the end; a NUL in the file is an ordinary byte of a word (see peek()'s callers). */
static char peek(const struct shell *shell, size_t at)
{
	return at < shell->bytes->length ? shell->bytes->bytes[at] : '\0';
}

static bool done(const struct shell *shell, size_t at)
{
	return at >= shell->bytes->length;
}

static bool skip_double(struct shell *shell, size_t *at, unsigned depth);

/* How deep substitutions may stand in one another; deeper ones count as not closed. */
#define DEPTH_MAX 32u

/*
 * From an opening quote to past the closing one. ESCAPES: that of $'...', where a backslash takes the next byte along; to
 * a shell that does not know it, the '$' is one.
 */
static bool skip_single(struct shell *shell, size_t *at, bool escapes)
{
	for ((*at)++; !done(shell, *at); (*at)++) {
		if (peek(shell, *at) == '\'') {
			(*at)++;
			return true;
		}
		if (peek(shell, *at) == '\n')
			shell->flags |= SHELL_NEWLINE_IN;
		if (escapes && peek(shell, *at) == '\\') {
			shell->flags |= SHELL_UNSURE;
			(*at)++;
		}
	}
	return false;
}

static void skip_backslash(struct shell *shell, size_t *at)
{
	if (peek(shell, *at + 1) == '\n')
		shell->flags |= SHELL_CONTINUED;
	*at += done(shell, *at + 1) ? 1 : 2;
}

static bool skip_backquoted(struct shell *shell, size_t *at)
{
	shell->flags |= SHELL_SUBSTITUTION;
	for ((*at)++; !done(shell, *at);) {
		if (peek(shell, *at) == '`') {
			(*at)++;
			return true;
		}
		if (peek(shell, *at) == '\\')
			skip_backslash(shell, at);
		else
			(*at)++;
	}
	return false;
}

/* In a command that is substituted, a '#' at the head of a word begins a comment, and quotes in that are none. */
static bool begins_comment(const struct shell *shell, size_t at, char open)
{
	char before = peek(shell, at - 1);

	return open == '(' && peek(shell, at) == '#' && before && strchr(" \t\n;&|(", before);
}

static void skip_comment(const struct shell *shell, size_t *at)
{
	while (!done(shell, *at) && peek(shell, *at) != '\n')
		(*at)++;
}

static bool skip_dollar_outside(struct shell *shell, size_t *at, unsigned depth);

/* From the opening bracket to past the closing one, with everything that may be nested in it. */
static bool skip_bracket(struct shell *shell, size_t *at, char open, char close, unsigned depth)
{
	if (depth > DEPTH_MAX)
		return false;
	for ((*at)++; !done(shell, *at);) {
		char byte = peek(shell, *at);
		bool closed = true;

		if (byte == '<' && peek(shell, *at + 1) == '<')
			shell->flags |= SHELL_UNSURE;
		if (byte == close) {
			(*at)++;
			return true;
		}
		if (byte == '\\')
			skip_backslash(shell, at);
		else if (byte == '\'')
			closed = skip_single(shell, at, false);
		else if (byte == '"')
			closed = skip_double(shell, at, depth + 1);
		else if (byte == '`')
			closed = skip_backquoted(shell, at);
		else if (byte == '$')
			closed = skip_dollar_outside(shell, at, depth);
		else if (begins_comment(shell, *at, open))
			skip_comment(shell, at);
		else if (byte == open)
			closed = skip_bracket(shell, at, open, close, depth + 1);
		else
			(*at)++;
		if (!closed)
			return false;
	}
	return false;
}

/* A '$' and what belongs to it. */
static bool skip_dollar(struct shell *shell, size_t *at, unsigned depth)
{
	char next = peek(shell, *at + 1);

	(*at)++;
	if (next == '(') {
		shell->flags |= SHELL_SUBSTITUTION;
		return skip_bracket(shell, at, '(', ')', depth + 1);
	}
	if (next == '{') {
		shell->flags |= SHELL_EXPANSION;
		return skip_bracket(shell, at, '{', '}', depth + 1);
	}
	/* A '$' before anything else but a name or a special parameter stands for itself. */
	if (next && !strchr(" \t\n\"'", next))
		shell->flags |= SHELL_EXPANSION;
	return true;
}

/* The same where no double quotes are around it. */
static bool skip_dollar_outside(struct shell *shell, size_t *at, unsigned depth)
{
	if (peek(shell, *at + 1) != '\'')
		return skip_dollar(shell, at, depth);
	(*at)++;
	return skip_single(shell, at, true);
}

static bool skip_double(struct shell *shell, size_t *at, unsigned depth)
{
	if (depth > DEPTH_MAX)
		return false;
	for ((*at)++; !done(shell, *at);) {
		char byte = peek(shell, *at);
		bool closed = true;

		if (byte == '"') {
			(*at)++;
			return true;
		}
		if (byte == '\n')
			shell->flags |= SHELL_NEWLINE_IN;
		if (byte == '\\')
			skip_backslash(shell, at);
		else if (byte == '`')
			closed = skip_backquoted(shell, at);
		else if (byte == '$')
			closed = skip_dollar(shell, at, depth);
		else
			(*at)++;
		if (!closed)
			return false;
	}
	return false;
}

static bool ends_word(const struct shell *shell, size_t at)
{
	char byte = peek(shell, at);

	return done(shell, at) || (byte && strchr(" \t\n;&|<>()", byte));
}

static bool skip_word(struct shell *shell, size_t *at)
{
	bool closed = true;

	while (closed && !ends_word(shell, *at)) {
		switch (peek(shell, *at)) {
		case '\\':
			skip_backslash(shell, at);
			break;
		case '\'':
			closed = skip_single(shell, at, false);
			break;
		case '"':
			closed = skip_double(shell, at, 0);
			break;
		case '`':
			closed = skip_backquoted(shell, at);
			break;
		case '$':
			closed = skip_dollar_outside(shell, at, 0);
			break;
		default:
			(*at)++;
		}
	}
	return closed;
}

/* Blanks, comments and continued line ends between words. */
static void skip_blanks(struct shell *shell, size_t *at)
{
	for (;;) {
		if (peek(shell, *at) == ' ' || peek(shell, *at) == '\t')
			(*at)++;
		else if (peek(shell, *at) == '\\' && peek(shell, *at + 1) == '\n')
			*at += 2;
		else
			break;
	}
	if (peek(shell, *at) == '#')
		skip_comment(shell, at);
}

enum shell_token shell_next(struct shell *shell)
{
	size_t at = shell->end;
	char byte;

	skip_blanks(shell, &at);
	shell->start = shell->end = at;
	shell->flags = 0;
	if (done(shell, at))
		return SHELL_END;
	byte = peek(shell, at);
	if (byte && strchr("\n;&|<>()", byte)) {
		while (strchr("&|<>", byte) && peek(shell, shell->end + 1) == byte)
			shell->end++;
		shell->end++;
		return byte == '\n' || byte == ';' ? SHELL_NEWLINE :
		       byte == '(' ? SHELL_OPEN :
		       byte == ')' ? SHELL_CLOSE : SHELL_OPERATOR;
	}
	if (!skip_word(shell, &at))
		return SHELL_UNCLOSED;
	shell->end = at;
	return SHELL_WORD;
}

bool shell_is(const struct shell *shell, const char *string)
{
	size_t length = shell->end - shell->start;

	return strlen(string) == length && !memcmp(shell->bytes->bytes + shell->start, string, length);
}

bool shell_assigns(const struct shell *shell, const char *name, size_t *ret_value, bool *ret_adds)
{
	const char *word = shell->bytes->bytes + shell->start;
	size_t length = shell->end - shell->start, at = strlen(name);
	bool adds;

	if (length <= at || memcmp(word, name, at) != 0)
		return false;
	adds = word[at] == '+';
	at += adds;
	if (at >= length || word[at] != '=')
		return false;
	*ret_value = shell->start + at + 1;
	*ret_adds = adds;
	return true;
}
