/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/array.h"

#include <string.h>

#include "edit/shell.h"

static bool find_opening(struct shell *shell, const char *name)
{
	cleanup_text struct text assignment = { 0 };
	bool named = false;
	enum shell_token token;

	text_printf(&assignment, "%s=", name);
	while ((token = shell_next(shell)) != SHELL_END && token != SHELL_UNCLOSED) {
		if (token == SHELL_OPEN && named && shell->bytes->bytes[shell->start - 1] == '=')
			return true;
		named = token == SHELL_WORD && shell_is(shell, text_string(&assignment));
	}
	return false;
}

/* One element: all of it quoted the same way, or not at all. */
static bool take_word(const struct shell *shell, struct strlist *ret)
{
	const char *bytes = shell->bytes->bytes;
	size_t start = shell->start, end = shell->end;

	if (end - start > 1 && (bytes[start] == '"' || bytes[start] == '\'') && bytes[end - 1] == bytes[start]) {
		start++;
		end--;
	}
	for (size_t at = start; at < end; at++)
		if (strchr("\"'\\$`", bytes[at]))
			return false;
	strlist_add_n(ret, bytes + start, end - start);
	return true;
}

bool array_words(const struct text *bytes, const char *name, struct strlist *ret)
{
	struct shell shell = { .bytes = bytes };
	cleanup_strlist struct strlist words = { 0 };
	enum shell_token token;

	if (!find_opening(&shell, name))
		return false;
	while ((token = shell_next(&shell)) == SHELL_WORD || token == SHELL_NEWLINE)
		if (token == SHELL_WORD && !take_word(&shell, &words))
			return false;
	if (token != SHELL_CLOSE)
		return false;
	strlist_add_all(ret, &words);
	return true;
}

/* Whether the bytes expand NAME: what it held is part of its new value. */
static bool expands(const struct text *bytes, size_t start, size_t end, const char *name)
{
	size_t length = strlen(name);

	for (size_t at = start; at + length < end; at++) {
		size_t from = at + 1 + (bytes->bytes[at + 1] == '{');

		if (bytes->bytes[at] == '$' && from + length <= end && !memcmp(bytes->bytes + from, name, length))
			return true;
	}
	return false;
}

/* The words between START and END, parted by blanks, quotes and line ends. */
static void visit_words(const struct text *bytes, size_t start, size_t end,
			void (*visit)(void *data, const char *word, size_t offset), void *data)
{
	static const char between[] = " \t\r\n\"'";

	for (size_t at = start; at < end;) {
		size_t word = at;
		cleanup_free char *copy = NULL;

		if (!bytes->bytes[at] || strchr(between, bytes->bytes[at])) {
			at++;
			continue;
		}
		while (at < end && bytes->bytes[at] && !strchr(between, bytes->bytes[at]))
			at++;
		copy = memory_string_n(bytes->bytes + word, at - word);
		if (!strpbrk(copy, "$`\\"))
			visit(data, copy, word);
	}
}

/* From behind the opening bracket to the closing one; each word by itself, since comments may stand between them. */
static void visit_array(struct shell *shell, const char *name, bool adds,
			void (*visit)(void *data, const char *word, size_t offset), void *data)
{
	struct shell ahead = *shell;
	bool anew = !adds;

	for (enum shell_token token = shell_next(&ahead); token == SHELL_WORD || token == SHELL_NEWLINE;
	     token = shell_next(&ahead))
		anew = anew && !expands(ahead.bytes, ahead.start, ahead.end, name);
	if (anew)
		visit(data, NULL, shell->start);
	for (enum shell_token token = shell_next(shell); token == SHELL_WORD || token == SHELL_NEWLINE;
	     token = shell_next(shell))
		if (token == SHELL_WORD)
			visit_words(shell->bytes, shell->start, shell->end, visit, data);
}

void array_each(const struct text *bytes, const char *name, void (*visit)(void *data, const char *word, size_t offset),
		void *data)
{
	struct shell shell = { .bytes = bytes };
	enum shell_token token;
	bool adds = false, named = false;
	size_t value;

	while ((token = shell_next(&shell)) != SHELL_END && token != SHELL_UNCLOSED) {
		if (token == SHELL_OPEN && named && bytes->bytes[shell.start - 1] == '=')
			visit_array(&shell, name, adds, visit, data);
		named = token == SHELL_WORD && shell_assigns(&shell, name, &value, &adds);
		if (!named || (value == shell.end && value < bytes->length && bytes->bytes[value] == '('))
			continue;
		if (!adds && !expands(bytes, value, shell.end, name))
			visit(data, NULL, shell.start);
		visit_words(bytes, value, shell.end, visit, data);
	}
}
