/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/appendix.h"

#include <string.h>

/* Where our lines are; with the line end before them where the file has none at its end. */
struct place {
	size_t start, end;
	bool ended; /* the last of ours has a line end */
};

/* The line LINE, alone on its line, at or after FROM; BYTES.length where it is not there. */
static size_t find_line(const struct text *bytes, const char *line, size_t from)
{
	const char *all = text_string(bytes), *at = all + from;
	size_t length = strlen(line);

	while ((at = memmem(at, bytes->length - (size_t)(at - all), line, length))) {
		const char *after = at + length;

		if ((at == all || at[-1] == '\n') && (!*after || *after == '\n' || (*after == '\r' && after[1] == '\n')))
			return (size_t)(at - all);
		at++;
	}
	return bytes->length;
}

static bool find(const struct text *bytes, struct place *ret)
{
	const char *all = text_string(bytes), *newline;
	size_t start = find_line(bytes, APPENDIX_BEGIN, 0), last = find_line(bytes, APPENDIX_END, start);

	if (last >= bytes->length)
		return false;
	newline = memchr(all + last, '\n', bytes->length - last);
	*ret = (struct place){ .start = start, .ended = newline };
	ret->end = newline ? (size_t)(newline - all) + 1 : bytes->length;
	if (newline || !start)
		return true;
	ret->start -= start > 1 && all[start - 2] == '\r' ? 2 : 1;
	return true;
}

static const char *line_end(const struct text *bytes)
{
	const char *newline = memchr(text_string(bytes), '\n', bytes->length);

	return newline && newline > bytes->bytes && newline[-1] == '\r' ? "\r\n" : "\n";
}

static void put(struct text *ret, const struct text *lines, const char *newline, bool ended)
{
	const char *at = text_string(lines), *end;

	text_printf(ret, APPENDIX_BEGIN "%s", newline);
	for (; (end = strchr(at, '\n')); at = end + 1) {
		text_append_n(ret, at, (size_t)(end - at));
		text_append(ret, newline);
	}
	text_printf(ret, APPENDIX_END "%s", ended ? newline : "");
}

void appendix_edit(const struct text *bytes, const struct text *lines, struct text *ret)
{
	const char *all = text_string(bytes), *newline = line_end(bytes);
	struct place place = { .start = bytes->length, .end = bytes->length };

	if (!find(bytes, &place))
		place.ended = !bytes->length || all[bytes->length - 1] == '\n';
	text_append_n(ret, all, place.start);
	if (lines && !place.ended)
		text_append(ret, newline);
	if (lines)
		put(ret, lines, newline, place.ended);
	text_append_n(ret, all + place.end, bytes->length - place.end);
}
