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
