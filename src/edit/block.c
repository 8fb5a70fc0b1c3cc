/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/block.h"

#include <string.h>

#include "edit/assign.h"

/* Where our two lines are, with the line end before or after them that goes with them. */
struct place {
	size_t mark, line, line_end, end;
};

static const char mark[] = BLOCK_MARK "\n";

/* The next line from AT on that is our mark; NULL where there is none. */
static const char *next_mark(const struct text *bytes, const char *at)
{
	const char *all = text_string(bytes);

	while ((at = memmem(at, bytes->length - (size_t)(at - all), mark, sizeof(mark) - 1)) && at > all && at[-1] != '\n')
		at++;
	return at;
}

/* Appends the bytes without marks that our line is no longer behind: who deletes that may well leave the comment. */
static void drop_orphans(const struct text *bytes, struct text *ret)
{
	const char *all = text_string(bytes), *copied = all, *at = all, *end = all + bytes->length;

	while ((at = next_mark(bytes, at))) {
		const char *line = at + sizeof(mark) - 1, *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		if (!memmem(line, length, BLOCK_WORD, strlen(BLOCK_WORD)) || *line == '#') {
			text_append_n(ret, copied, (size_t)(at - copied));
			copied = line;
		}
		at = line;
	}
	text_append_n(ret, copied, (size_t)(end - copied));
}

static bool find_block(const struct text *bytes, struct place *ret)
{
	const char *all = text_string(bytes), *at = next_mark(bytes, all), *end;

	if (!at)
		return false;
	ret->mark = (size_t)(at - all);
	ret->line = ret->mark + sizeof(mark) - 1;
	end = memchr(all + ret->line, '\n', bytes->length - ret->line);
	ret->line_end = end ? (size_t)(end - all) : bytes->length;
	ret->end = end ? ret->line_end + 1 : bytes->length;
	/* At the end of a file without a last line end, ours is the one before the mark. */
	if (!end && ret->mark > 0)
		ret->mark--;
	return true;
}

/* Whether a line at the end is one of its own, and read whatever comes before it. */
static bool may_append(const struct text *bytes, struct refusal *refusal)
{
	struct assign assign;
	size_t end = bytes->length;

	if (assign_find(bytes, "VFIOCONF", false, &assign, refusal) == ASSIGN_REFUSED)
		return false;
	while (end > 0 && bytes->bytes[end - 1] == '\n')
		end--;
	if (!end || bytes->bytes[end - 1] != '\\')
		return true;
	refusal_set(refusal, bytes, end - 1, "a backslash at the end of the file would take in what is appended");
	return false;
}

static bool edit(const struct text *bytes, const char *line, struct text *ret, struct refusal *refusal)
{
	struct place place;
	bool ended = !bytes->length || bytes->bytes[bytes->length - 1] == '\n';

	if (find_block(bytes, &place)) {
		text_append_n(ret, bytes->bytes, line ? place.line : place.mark);
		if (line)
			text_append(ret, line);
		text_append_n(ret, bytes->bytes + (line ? place.line_end : place.end),
			      bytes->length - (line ? place.line_end : place.end));
		return true;
	}
	if (line && !may_append(bytes, refusal))
		return false;
	text_append_n(ret, text_string(bytes), bytes->length);
	if (line)
		text_printf(ret, "%s" BLOCK_MARK "\n%s%s", ended ? "" : "\n", line, ended ? "\n" : "");
	return true;
}

bool block_edit(const struct text *bytes, const char *line, struct text *ret, struct refusal *refusal)
{
	cleanup_text struct text now = { 0 };

	drop_orphans(bytes, &now);
	return edit(&now, line, ret, refusal);
}
