/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/quoted.h"

#include <string.h>

#include "edit/cmdline.h"

static size_t skip_blanks(const struct text *bytes, size_t at)
{
	while (at < bytes->length && (bytes->bytes[at] == ' ' || bytes->bytes[at] == '\t'))
		at++;
	return at;
}

static bool ends_line(const struct text *bytes, size_t at)
{
	return at >= bytes->length || bytes->bytes[at] == '\n' ||
	       (bytes->bytes[at] == '\r' && (at + 1 >= bytes->length || bytes->bytes[at + 1] == '\n'));
}

/* From an opening quote to the closing one, which *RET_END is; a doubled quote does not close. False: none does. */
static bool find_close(const struct text *bytes, size_t at, size_t *ret_end)
{
	for (at++; !ends_line(bytes, at); at++) {
		if (bytes->bytes[at] != '"')
			continue;
		if (at + 1 < bytes->length && bytes->bytes[at + 1] == '"') {
			at++;
			continue;
		}
		*ret_end = at;
		return true;
	}
	return false;
}

static bool refuse(const struct text *bytes, size_t at, struct refusal *refusal, const char *reason)
{
	refusal_set(refusal, bytes, at, "%s", reason);
	return false;
}

/* The first line that is neither empty nor a comment. */
static bool find_entry(const struct text *bytes, size_t *ret)
{
	for (size_t at = 0; at < bytes->length;) {
		const char *newline = memchr(bytes->bytes + at, '\n', bytes->length - at);
		size_t first = skip_blanks(bytes, at);

		if (!ends_line(bytes, first) && bytes->bytes[first] != '#') {
			*ret = first;
			return true;
		}
		if (!newline)
			break;
		at = (size_t)(newline - bytes->bytes) + 1;
	}
	return false;
}

/* The bytes between the quotes of the second string of the entry at AT. */
static bool find_options(const struct text *bytes, size_t *ret_start, size_t *ret_end, struct refusal *refusal)
{
	size_t at = 0, end;

	if (bytes->length && memchr(bytes->bytes, '\0', bytes->length))
		return refuse(bytes, 0, refusal, "a NUL byte: this is not a text file");
	if (!find_entry(bytes, &at))
		return refuse(bytes, 0, refusal, "there is no entry in the file");
	if (bytes->bytes[at] == '"') {
		if (!find_close(bytes, at, &end))
			return refuse(bytes, at, refusal, "a double quote is not closed");
		at = end + 1;
	} else {
		while (!ends_line(bytes, at) && !strchr(" \t\"", bytes->bytes[at]))
			at++;
	}
	at = skip_blanks(bytes, at);
	if (ends_line(bytes, at) || bytes->bytes[at] != '"')
		return refuse(bytes, at, refusal, "the kernel command line of the first entry is not in double quotes");
	if (!find_close(bytes, at, &end))
		return refuse(bytes, at, refusal, "a double quote is not closed");
	if (!ends_line(bytes, skip_blanks(bytes, end + 1)))
		return refuse(bytes, at, refusal, "there is more on the line than a label and a kernel command line");
	*ret_start = at + 1;
	*ret_end = end;
	return true;
}

/*
 * A doubled quote stands for one: to the kernel the words are cut the same way with one and with two only when both
 * of a pair are doubled, so that the line is split as the kernel will see it.
 */
static char *kernel_line(const struct text *bytes, size_t start, size_t end)
{
	struct text line = { 0 };

	for (size_t at = start; at < end; at++) {
		text_append_char(&line, bytes->bytes[at]);
		at += bytes->bytes[at] == '"';
	}
	return text_take(&line);
}

static void append_raw(struct text *ret, const char *line)
{
	for (; *line; line++) {
		if (*line == '"')
			text_append_char(ret, '"');
		text_append_char(ret, *line);
	}
}

static bool read_line(const struct text *bytes, size_t *start, size_t *end, char **ret_line, struct strlist *words,
		      struct refusal *refusal)
{
	if (!find_options(bytes, start, end, refusal))
		return false;
	*ret_line = kernel_line(bytes, *start, *end);
	return cmdline_split(*ret_line, words) ||
	       refuse(bytes, *start, refusal, "a double quote on the kernel command line is not closed");
}

bool quoted_words(const struct text *bytes, struct strlist *ret, struct refusal *refusal)
{
	cleanup_free char *line = NULL;
	size_t start, end;

	return read_line(bytes, &start, &end, &line, ret, refusal);
}

bool quoted_edit(const struct text *bytes, const struct cmdline_change *change, struct text *ret, struct strlist *added,
		 struct refusal *refusal)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *before = NULL;
	cleanup_free char *after = NULL;
	size_t start, end;

	if (!read_line(bytes, &start, &end, &before, &words, refusal))
		return false;
	after = cmdline_edit(before, change, added);
	text_append_n(ret, bytes->bytes, start);
	append_raw(ret, after);
	text_append_n(ret, bytes->bytes + end, bytes->length - end);
	return true;
}

bool quoted_repeat(const struct text *bytes, const char *label, const struct strlist *words, struct text *ret)
{
	cleanup_strlist struct strlist now = { 0 };
	cleanup_free char *before = NULL;
	cleanup_free char *after = NULL;
	size_t start, end;

	if (!read_line(bytes, &start, &end, &before, &now, NULL))
		return false;
	after = cmdline_edit(before, &(struct cmdline_change){ .repeat = words }, NULL);
	text_printf(ret, "\"%s\" \"", label);
	append_raw(ret, after);
	text_append(ret, "\"\n");
	return true;
}
