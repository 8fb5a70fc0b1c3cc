/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/wordlist.h"

#include <string.h>

#include "edit/keyword.h"

static const struct keyword_syntax syntax = { .separator = ':' };

/* The one line of the key, and what is in it. */
struct list {
	bool found;
	struct keyword_line line;
	size_t list_end; /* where the words end: before blanks and a comment */
};

static bool refuse(const struct text *bytes, size_t at, struct refusal *refusal, const char *reason)
{
	refusal_set(refusal, bytes, at, "%s", reason);
	return false;
}

static bool is_word_byte(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
	       (byte && strchr("_-,. ", byte));
}

/* Whether the next line that is not empty is indented: YAML takes it for a part of the value before it. */
static bool goes_on(const struct text *bytes, size_t at)
{
	struct keyword_line line;

	while (keyword_next(bytes, &syntax, &at, bytes->length, &line))
		if (line.key < line.end)
			return line.key > line.start;
	return false;
}

/* "key: value" or "key:" at the left margin, the key without quotes. */
static bool is_top_level(const struct text *bytes, const struct keyword_line *line)
{
	const char *key = bytes->bytes + line->key;

	if (line->key > line->start || !line->key_length || line->key + line->key_length >= line->end ||
	    key[line->key_length] != ':')
		return false;
	if (line->key + line->key_length + 1 < line->end && key[line->key_length + 1] != ' ')
		return false;
	for (size_t i = 0; i < line->key_length; i++)
		if (!is_word_byte(key[i]) || strchr(", ", key[i]))
			return false;
	return true;
}

/* Whether a line "key: value" at the left margin is one of the settings, wherever it stands. */
static bool is_plain_mapping(const struct text *bytes, struct refusal *refusal)
{
	struct keyword_line line;
	bool any = false, begun = false;
	size_t at = 0;

	while (keyword_next(bytes, &syntax, &at, bytes->length, &line)) {
		const char *key = bytes->bytes + line.key;
		size_t length = line.end - line.key;

		if (!length || *key == '#' || (any && line.key > line.start))
			continue;
		if (!any && !begun && line.key == line.start && length == 3 && !memcmp(key, "---", 3))
			begun = true;
		else if (is_top_level(bytes, &line))
			any = true;
		else
			return refuse(bytes, line.start, refusal,
				      "the settings are not all lines \"key: value\" at the left margin");
	}
	return true;
}

static bool understand(const struct text *bytes, const struct keyword_line *line, struct list *ret,
		       struct refusal *refusal)
{
	size_t at = line->value;

	if (ret->found)
		return refuse(bytes, line->start, refusal, "the key stands there a second time");
	while (at < line->value_end && is_word_byte(bytes->bytes[at]))
		at++;
	if (at < line->value_end && (bytes->bytes[at] != '#' || at == line->value || bytes->bytes[at - 1] != ' '))
		return refuse(bytes, line->start, refusal, "the value is no plain list of words with commas");
	if (goes_on(bytes, line->next))
		return refuse(bytes, line->start, refusal, "the value goes on in the next line");
	while (at > line->value && bytes->bytes[at - 1] == ' ')
		at--;
	if (at == line->value)
		return refuse(bytes, line->start, refusal, "the value is empty, or stands on other lines");
	*ret = (struct list){ .found = true, .line = *line, .list_end = at };
	return true;
}

static bool find_list(const struct text *bytes, const char *key, struct list *ret, struct refusal *refusal)
{
	struct keyword_line line;
	size_t at = 0;

	*ret = (struct list){ 0 };
	if (bytes->length && memchr(bytes->bytes, '\0', bytes->length))
		return refuse(bytes, 0, refusal, "a NUL byte: this is not a text file");
	while (keyword_next(bytes, &syntax, &at, bytes->length, &line))
		/* An indented one is of another key's value. */
		if (line.key == line.start && keyword_is(bytes, &syntax, &line, key) && !understand(bytes, &line, ret, refusal))
			return false;
	return true;
}

/* What an earlier edit added: how many bytes at the end of the list, and how many at the end of the line. */
static bool find_ours(const struct text *bytes, const struct list *list, size_t *ret_words, size_t *ret_mark)
{
	cleanup_free char *line = memory_string_n(bytes->bytes + list->line.value,
						  list->line.value_end - list->line.value);
	const char *mark = strstr(line, WORDLIST_MARK), *words = mark ? mark + strlen(WORDLIST_MARK) : NULL;
	size_t length = words ? strlen(words) : 0, end = list->list_end - list->line.value;

	if (!length || (size_t)(mark - line) != end || end < length || memcmp(line + end - length, words, length) != 0)
		return false;
	*ret_words = length;
	*ret_mark = strlen(mark);
	return true;
}

/* The bytes without what an earlier edit added. */
static void take_out(const struct text *bytes, const struct list *list, struct text *ret)
{
	size_t words = 0, mark = 0, list_length;

	if (!list->found || !find_ours(bytes, list, &words, &mark)) {
		text_append_n(ret, text_string(bytes), bytes->length);
		return;
	}
	list_length = list->list_end - list->line.value - words;
	if (list_length) {
		/* The comma before our first word goes with it. */
		text_append_n(ret, bytes->bytes, list->line.value + list_length - 1);
		text_append_n(ret, bytes->bytes + list->line.value_end, bytes->length - list->line.value_end);
		return;
	}
	/* The whole line is ours, with the line end before it, or at the head of a file after it. */
	text_append_n(ret, bytes->bytes, list->line.start ? list->line.start - 1 : 0);
	text_append_n(ret, bytes->bytes + (list->line.start ? list->line.end : list->line.next),
		      bytes->length - (list->line.start ? list->line.end : list->line.next));
}

static bool has_word(const struct text *bytes, const struct list *list, const char *word)
{
	cleanup_free char *value = memory_string_n(bytes->bytes + list->line.value, list->list_end - list->line.value);
	cleanup_strlist struct strlist words = { 0 };

	strlist_split(&words, value, ", ");
	return strlist_has(&words, word);
}

static bool put_in(const struct text *bytes, const char *key, const struct list *list, const struct strlist *add,
		   struct text *ret, struct refusal *refusal)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_free char *joined = NULL;

	for (size_t i = 0; i < add->count; i++)
		if (!list->found || !has_word(bytes, list, add->items[i]))
			strlist_add(&missing, add->items[i]);
	joined = strlist_join(&missing, ",");
	if (!missing.count) {
		text_append_n(ret, text_string(bytes), bytes->length);
	} else if (!list->found) {
		bool ended = !bytes->length || bytes->bytes[bytes->length - 1] == '\n';

		text_append_n(ret, text_string(bytes), bytes->length - (ended && bytes->length));
		text_printf(ret, "%s%s: %s" WORDLIST_MARK "%s%s", bytes->length ? "\n" : "", key, joined, joined,
			    ended ? "\n" : "");
	} else if (list->list_end < list->line.value_end) {
		return refuse(bytes, list->line.start, refusal,
			      "there is a comment or a blank after the list, where ours would be");
	} else {
		text_append_n(ret, bytes->bytes, list->list_end);
		text_printf(ret, ",%s" WORDLIST_MARK "%s", joined, joined);
		text_append_n(ret, bytes->bytes + list->list_end, bytes->length - list->list_end);
	}
	return true;
}

bool wordlist_edit(const struct text *bytes, const char *key, const struct strlist *add, struct text *ret,
		   struct refusal *refusal)
{
	cleanup_text struct text without = { 0 };
	struct list list;

	if (!find_list(bytes, key, &list, refusal))
		return false;
	take_out(bytes, &list, &without);
	if (!find_list(&without, key, &list, refusal) || (add->count && !is_plain_mapping(&without, refusal)))
		return false;
	return put_in(&without, key, &list, add, ret, refusal);
}
