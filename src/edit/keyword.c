/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/keyword.h"

#include <string.h>
#include <strings.h>

#include "edit/cmdline.h"

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static size_t skip_blanks(const char *bytes, size_t at, size_t end)
{
	while (at < end && is_blank(bytes[at]))
		at++;
	return at;
}

/* Splits the line into key and value; a line without a separator is all key. */
static void split_line(const char *bytes, const struct keyword_syntax *syntax, struct keyword_line *line)
{
	size_t at = skip_blanks(bytes, line->start, line->end);

	line->key = line->value = line->value_end = at;
	line->key_length = 0;
	if (at == line->end || bytes[at] == '#')
		return;
	while (at < line->end && (syntax->separator ? bytes[at] != syntax->separator : !is_blank(bytes[at])))
		at++;
	line->value = at;
	line->value_end = line->end;
	while (at > line->key && is_blank(bytes[at - 1]))
		at--;
	line->key_length = at - line->key;
	if (syntax->separator && line->value < line->end)
		line->value++;
	line->value = skip_blanks(bytes, line->value, line->end);
}

static bool next_line(const struct text *bytes, const struct keyword_syntax *syntax, size_t *at, size_t end,
		      struct keyword_line *ret)
{
	const char *newline;

	if (*at >= end)
		return false;
	newline = memchr(bytes->bytes + *at, '\n', end - *at);
	ret->start = *at;
	ret->end = newline ? (size_t)(newline - bytes->bytes) : end;
	ret->next = newline ? ret->end + 1 : end;
	if (ret->end > ret->start && bytes->bytes[ret->end - 1] == '\r')
		ret->end--;
	split_line(bytes->bytes, syntax, ret);
	*at = ret->next;
	return true;
}

bool keyword_is(const struct text *bytes, const struct keyword_syntax *syntax, const struct keyword_line *line,
		const char *key)
{
	const char *found = bytes->bytes + line->key;

	return line->key_length && strlen(key) == line->key_length &&
	       !(syntax->ignore_case ? strncasecmp : strncmp)(found, key, line->key_length);
}

bool keyword_next(const struct text *bytes, const struct keyword_syntax *syntax, size_t *at, size_t end,
		  struct keyword_line *ret)
{
	struct keyword_line line;

	if (!next_line(bytes, syntax, at, end, ret))
		return false;
	if (!syntax->text || !keyword_is(bytes, syntax, ret, syntax->text))
		return true;
	while (next_line(bytes, syntax, at, end, &line)) {
		ret->end = ret->value_end = line.end;
		ret->next = line.next;
		if (keyword_is(bytes, syntax, &line, syntax->text_end))
			break;
	}
	return true;
}

char *keyword_value(const struct text *bytes, const struct keyword_line *line)
{
	return memory_string_n(bytes->bytes + line->value, line->value_end - line->value);
}

/* The lines of one key, with their values as they become. */
struct values {
	struct keyword_line *lines;
	char **now;
	size_t count, line_capacity, now_capacity;
	struct keyword_line last; /* the last line that is not empty, of any key */
	bool any;                 /* .last is set */
	struct keyword_line end;  /* the line at which the boot loader stops reading */
	bool ended;               /* .end is set */
	bool behind;              /* there is a line of the key after it */
};

static void values_done(struct values *values)
{
	for (size_t i = 0; i < values->count; i++)
		free(values->now[i]);
	free(values->lines);
	free(values->now);
}

/* Whether the line before LINE is KEYWORD_MARK: *RET is where the line before that ends. */
static bool is_marked(const struct text *bytes, const struct keyword_line *line, size_t *ret)
{
	const size_t length = strlen(KEYWORD_MARK);
	size_t at = line->start;

	if (!at)
		return false;
	at -= at > 1 && bytes->bytes[at - 2] == '\r' ? 2 : 1;
	if (at < length || memcmp(bytes->bytes + at - length, KEYWORD_MARK, length) != 0)
		return false;
	at -= length;
	if (at > 0 && bytes->bytes[at - 1] != '\n')
		return false;
	if (at > 0)
		at -= at > 1 && bytes->bytes[at - 2] == '\r' ? 2 : 1;
	*ret = at;
	return true;
}

/* A line that cannot be edited so that the edit could be taken back, or is not understood. */
static bool understand(const struct text *bytes, const struct keyword_line *line, const char *value,
		       struct refusal *refusal)
{
	cleanup_strlist struct strlist words = { 0 };
	size_t before;

	if (!cmdline_split(value, &words)) {
		refusal_set(refusal, bytes, line->start, "a double quote on the kernel command line is not closed");
		return false;
	}
	if (!*value && is_marked(bytes, line, &before)) {
		refusal_set(refusal, bytes, line->start,
			    "nothing is left of what vfioconf added here; delete the line and the comment before it");
		return false;
	}
	return true;
}

/* A line that GRUB's blscfg.c, read_entry(), takes for the end of the file: empty, or a key and nothing behind it. */
static bool ends_file(const struct text *bytes, const struct keyword_line *line)
{
	size_t length = line->end - line->key;
	const char *key = bytes->bytes + line->key, *blank;

	if (length && *key == '#')
		return false;
	blank = length ? memchr(key, ' ', length) : NULL;
	if (!blank && length)
		blank = memchr(key, '\t', length);
	return !blank || (size_t)(blank - key) + 1 == length;
}

static void add_value(const struct text *bytes, const struct keyword_line *line, struct values *values)
{
	values->lines = memory_grow(values->lines, values->count, &values->line_capacity, sizeof(*line));
	values->now = memory_grow(values->now, values->count, &values->now_capacity, sizeof(char *));
	values->lines[values->count] = *line;
	values->now[values->count++] = keyword_value(bytes, line);
}

static void drop_values(struct values *values)
{
	while (values->count)
		free(values->now[--values->count]);
}

/* A line of the key, among those before it. */
static void take_line(const struct text *bytes, const struct keyword_syntax *syntax, const struct keyword_line *line,
		      struct values *values)
{
	if (syntax->counts == KEYWORD_FIRST && values->count)
		return;
	if (syntax->counts == KEYWORD_LAST)
		drop_values(values);
	/* A key alone has no place for a value: it stays, and a line of ours follows where one is needed. */
	if (line->value != line->key + line->key_length)
		add_value(bytes, line, values);
}

/* The lines of KEY that count, and whether the file is text. */
static bool collect(const struct text *bytes, const struct keyword_syntax *syntax, const char *key, size_t start,
		    size_t end, struct values *values, struct refusal *refusal)
{
	struct keyword_line line;

	while (keyword_next(bytes, syntax, &start, end, &line)) {
		if (memchr(bytes->bytes + line.start, '\0', line.end - line.start)) {
			refusal_set(refusal, bytes, line.start, "a NUL byte: this is not a text file");
			return false;
		}
		if (skip_blanks(bytes->bytes, line.start, line.end) < line.end) {
			values->last = line;
			values->any = true;
		}
		if (syntax->ends && !values->ended && ends_file(bytes, &line)) {
			values->ended = true;
			values->end = line;
		}
		if (!values->ended && keyword_is(bytes, syntax, &line, key))
			take_line(bytes, syntax, &line, values);
		else if (values->ended && keyword_is(bytes, syntax, &line, key) && line.start != values->end.start)
			values->behind = true;
	}
	return true;
}

/* Whether systemd-boot takes quotes off around all of the value: what is put behind it would keep it from that. */
static bool is_in_quotes(const char *value)
{
	size_t length = strlen(value);

	while (length > 0 && is_blank(value[length - 1]))
		length--;
	return length > 1 && strchr("\"'", *value) && value[length - 1] == *value;
}

/* Whether what counts is understood, and what would be appended were read. */
static bool understand_all(const struct text *bytes, const struct keyword_syntax *syntax, const struct values *values,
			   struct refusal *refusal)
{
	for (size_t i = 0; i < values->count; i++) {
		const struct keyword_line *line = &values->lines[i];

		if (syntax->unquotes && is_in_quotes(values->now[i])) {
			refusal_set(refusal, bytes, line->start, "the value is in quotes, which are taken off as long as "
								 "nothing else is on the line");
			return false;
		}
		if (!understand(bytes, line, values->now[i], refusal))
			return false;
	}
	if (values->count || !values->ended || (!values->behind && values->end.start > values->last.start))
		return true;
	refusal_set(refusal, bytes, values->end.start,
		    "an empty line, or one with a key alone: the boot loader does not read what comes after it");
	return false;
}

static void remove_word(struct values *values, char *word)
{
	const struct strlist one = { .items = &word, .count = 1 };
	const struct cmdline_change change = { .remove = &one };

	for (size_t i = values->count; i-- > 0;) {
		char *after = cmdline_edit(values->now[i], &change, NULL);
		bool done = strcmp(after, values->now[i]) != 0;

		free(values->now[i]);
		values->now[i] = after;
		if (done)
			return;
	}
}

static void set_aside(struct values *values, const struct strlist *aside)
{
	const struct cmdline_change change = { .aside = aside };

	for (size_t i = 0; aside && i < values->count; i++) {
		char *after = cmdline_edit(values->now[i], &change, NULL);

		free(values->now[i]);
		values->now[i] = after;
	}
}

/* The words that are to be appended. */
static void missing_words(const struct values *values, const struct cmdline_change *change, struct strlist *ret)
{
	cleanup_strlist struct strlist words = { 0 };
	const struct strlist *add = change->add;

	for (size_t i = 0; i < values->count; i++)
		cmdline_split(values->now[i], &words);
	for (size_t i = 0; add && i < add->count; i++)
		if (!cmdline_has(&words, add->items[i])) {
			strlist_add(&words, add->items[i]);
			strlist_add(ret, add->items[i]);
		}
	if (change->repeat)
		strlist_add_all(ret, change->repeat);
}

static void append_words(char **value, const struct strlist *words)
{
	const struct cmdline_change change = { .repeat = words };
	char *after = cmdline_edit(*value, &change, NULL);

	free(*value);
	*value = after;
}

static void rebuild(const struct text *bytes, const struct values *values, struct text *ret)
{
	size_t copied = 0, from;

	for (size_t i = 0; i < values->count; i++) {
		const struct keyword_line *line = &values->lines[i];

		if (!*values->now[i] && line->value_end > line->value && is_marked(bytes, line, &from)) {
			text_append_n(ret, bytes->bytes + copied, from - copied);
			/* At the head of a file there is no line end before the mark that could go. */
			copied = from ? line->end : line->next;
			continue;
		}
		text_append_n(ret, bytes->bytes + copied, line->value - copied);
		text_append(ret, values->now[i]);
		copied = line->value_end;
	}
	text_append_n(ret, text_string(bytes) + copied, bytes->length - copied);
}

static void insert_line(const struct text *bytes, const struct keyword_syntax *syntax, const char *key, size_t start,
			const struct values *values, const struct strlist *words, struct text *ret)
{
	cleanup_free char *joined = strlist_join(words, " ");
	const struct keyword_line *last = &values->last;
	const char *line_end = values->any && last->end < last->next && bytes->bytes[last->end] == '\r' ? "\r\n" : "\n";
	size_t at = values->any ? last->end : start;

	text_append_n(ret, text_string(bytes), at);
	if (values->any)
		text_append(ret, line_end);
	text_printf(ret, KEYWORD_MARK "%s", line_end);
	if (values->any)
		text_append_n(ret, bytes->bytes + last->start, last->key - last->start);
	text_append(ret, key);
	if (syntax->separator)
		text_append_char(ret, syntax->separator);
	text_printf(ret, " %s%s", joined, values->any ? "" : line_end);
	text_append_n(ret, text_string(bytes) + at, bytes->length - at);
}

void keyword_words(const struct text *bytes, const struct keyword_syntax *syntax, const char *key, size_t start,
		   size_t end, struct strlist *ret)
{
	struct values values = { 0 };

	collect(bytes, syntax, key, start, end, &values, NULL);
	for (size_t i = 0; i < values.count; i++) {
		char *value = values.now[i];

		if (syntax->unquotes && is_in_quotes(value)) {
			*strrchr(value, *value) = '\0';
			value++;
		}
		cmdline_split(value, ret);
	}
	values_done(&values);
}

bool keyword_edit(const struct text *bytes, const struct keyword_syntax *syntax, const char *key, size_t start,
		  size_t end, const struct cmdline_change *change, struct text *ret, struct strlist *added,
		  struct refusal *refusal)
{
	cleanup_strlist struct strlist missing = { 0 };
	struct values values = { 0 };
	bool understood = collect(bytes, syntax, key, start, end, &values, refusal) &&
			  understand_all(bytes, syntax, &values, refusal);

	if (understood) {
		set_aside(&values, change->aside);
		for (size_t i = 0; change->remove && i < change->remove->count; i++)
			remove_word(&values, change->remove->items[i]);
		missing_words(&values, change, &missing);
		if (values.count) {
			append_words(&values.now[values.count - 1], &missing);
			rebuild(bytes, &values, ret);
		} else if (missing.count) {
			insert_line(bytes, syntax, key, start, &values, &missing, ret);
		} else {
			text_append_n(ret, text_string(bytes), bytes->length);
		}
		if (added)
			strlist_add_all(added, &missing);
	}
	values_done(&values);
	return understood;
}
