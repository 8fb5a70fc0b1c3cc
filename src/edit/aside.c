/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/aside.h"

#include <string.h>

#include "base/strlist.h"

/* One line with those that it goes on in. */
struct whole {
	struct strlist parts; /* as they were written, each with its line end where it has one */
	struct text joined;
	unsigned number;
	bool aside, rest;     /* by which mark */
};

static void whole_done(struct whole *whole)
{
	strlist_done(&whole->parts);
	text_done(&whole->joined);
}

struct reader {
	const char *at, *end;
	unsigned number; /* of the next line */
};

static size_t line_length(const struct reader *reader)
{
	const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));

	return newline ? (size_t)(newline - reader->at) + 1 : (size_t)(reader->end - reader->at);
}

static bool begins_with(const struct reader *reader, const char *mark)
{
	size_t length = strlen(mark);

	return (size_t)(reader->end - reader->at) >= length && !memcmp(reader->at, mark, length);
}

static void take_part(struct reader *reader, size_t mark, struct whole *whole)
{
	size_t length = line_length(reader) - mark;
	const char *part = reader->at + mark;
	size_t visible = length && part[length - 1] == '\n' ? length - 1 : length;

	strlist_add_n(&whole->parts, part, length);
	if (visible && part[visible - 1] == '\\' && visible < length)
		visible--;
	text_append_n(&whole->joined, part, visible);
	reader->at += mark + length;
	reader->number++;
}

static bool goes_on(const struct whole *whole)
{
	const char *last = whole->parts.items[whole->parts.count - 1];
	size_t length = strlen(last);

	return length > 1 && last[length - 1] == '\n' && last[length - 2] == '\\';
}

static size_t mark_length(const struct reader *reader, bool *ret_rest)
{
	*ret_rest = begins_with(reader, ASIDE_MARK_REST);
	if (*ret_rest)
		return strlen(ASIDE_MARK_REST);
	return begins_with(reader, ASIDE_MARK) ? strlen(ASIDE_MARK) : 0;
}

static void read_whole(struct reader *reader, struct whole *ret)
{
	size_t mark = mark_length(reader, &ret->rest);

	ret->number = reader->number;
	ret->aside = mark > 0;
	take_part(reader, mark, ret);
	while (goes_on(ret) && reader->at < reader->end && (!mark || begins_with(reader, ASIDE_MARK)))
		take_part(reader, mark ? strlen(ASIDE_MARK) : 0, ret);
}

/* Takes what stays in force of a line, and was put before it, off the end of RET; only if nobody has changed it. */
static void drop_rest(const struct text *rest, struct text *ret)
{
	size_t length = rest->length + 1, start;

	if (ret->length < length)
		return;
	start = ret->length - length;
	if (memcmp(ret->bytes + start, text_string(rest), rest->length) != 0 || ret->bytes[ret->length - 1] != '\n' ||
	    (start && ret->bytes[start - 1] != '\n'))
		return;
	ret->length = start;
	ret->bytes[start] = '\0';
}

static void put(const struct whole *whole, bool set, const struct text *rest, struct text *ret)
{
	if (whole->rest)
		drop_rest(rest, ret);
	if (set && rest->length)
		text_printf(ret, "%s\n", text_string(rest));
	for (size_t i = 0; i < whole->parts.count; i++)
		text_printf(ret, "%s%s", !set ? "" : !i && rest->length ? ASIDE_MARK_REST : ASIDE_MARK,
			    whole->parts.items[i]);
}

void aside_edit(const struct text *bytes, aside_judge judge, void *data, struct text *ret)
{
	struct reader reader = { text_string(bytes), text_string(bytes) + bytes->length, 1 };

	/* With a NUL byte it is no text: nothing in it is understood, and every byte stays. */
	if (memchr(reader.at, '\0', bytes->length)) {
		reader.at = reader.end;
		if (ret)
			text_append_n(ret, bytes->bytes, bytes->length);
	}
	while (reader.at < reader.end) {
		cleanup(whole_done) struct whole whole = { 0 };
		cleanup_text struct text rest = { 0 };
		struct aside_line line;
		bool set;

		read_whole(&reader, &whole);
		line = (struct aside_line){ text_string(&whole.joined), whole.number, whole.aside };
		set = judge(data, &line, &rest);
		if (ret)
			put(&whole, set, &rest, ret);
	}
}
