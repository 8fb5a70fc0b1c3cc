/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/cmdline.h"

#include <string.h>

#include "base/text.h"

/* What the kernel's isspace() takes for a blank, less the newline kinds that no command line has inside. */
static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\v' || byte == '\f';
}

/* One word from *START on, blanks before it skipped. False, and *CLOSED as it was, at the end of the line. */
static bool next_word(const char *line, size_t *start, size_t *end, bool *closed)
{
	bool quoted = false;
	size_t at = *start;

	while (is_blank(line[at]))
		at++;
	*start = at;
	for (; line[at] && (quoted || !is_blank(line[at])); at++)
		if (line[at] == '"')
			quoted = !quoted;
	*end = at;
	if (at == *start)
		return false;
	*closed = !quoted;
	return true;
}

bool cmdline_split(const char *line, struct strlist *words)
{
	size_t start = 0, end = 0;
	bool closed = true;

	for (; next_word(line, &start, &end, &closed); start = end)
		strlist_add_n(words, line + start, end - start);
	return closed;
}

/* The kernel's parameq(): in a name, '-' and '_' are the same. */
static bool same_name(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((a[i] == '-' ? '_' : a[i]) != (b[i] == '-' ? '_' : b[i]))
			return false;
	return true;
}

static bool same_word(const char *a, const char *b)
{
	size_t name = strcspn(a, "=");

	return strcspn(b, "=") == name && same_name(a, b, name) && !strcmp(a + name, b + name);
}

bool cmdline_has(const struct strlist *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (same_word(words->items[i], word))
			return true;
	return false;
}

const char *cmdline_word_value(const char *word, const char *name)
{
	size_t length = strlen(name);

	if (strcspn(word, "=") != length || !same_name(word, name, length))
		return NULL;
	return word[length] ? word + length + 1 : "";
}

const char *cmdline_value(const struct strlist *words, const char *name)
{
	for (size_t i = words->count; i-- > 0;) {
		const char *value = cmdline_word_value(words->items[i], name);

		if (value)
			return value;
	}
	return NULL;
}

bool cmdline_value_has(const char *value, const char *item)
{
	size_t length = strlen(item);

	while (*value) {
		size_t part = strcspn(value, ",");

		if (part == length && !memcmp(value, item, length))
			return true;
		value += part;
		value += *value == ',';
	}
	return false;
}

/* The last word that is exactly WORD. */
static bool find_last(const char *line, const char *word, size_t *ret_start, size_t *ret_end)
{
	size_t start = 0, end = 0, length = strlen(word);
	bool closed = true, found = false;

	for (; next_word(line, &start, &end, &closed); start = end)
		if (end - start == length && !memcmp(line + start, word, length)) {
			*ret_start = start;
			*ret_end = end;
			found = true;
		}
	return found;
}

/*
 * Takes the blank before the word along: it is the one that cmdline_edit() put
 * there. Only a word that begins the line takes the blank after it.
 */
static void remove_word(struct text *line, const char *word)
{
	size_t start, end;

	if (!find_last(text_string(line), word, &start, &end))
		return;
	if (start > 0)
		start--;
	else if (line->bytes[end])
		end++;
	memmove(line->bytes + start, line->bytes + end, line->length - end + 1);
	line->length -= end - start;
}

static void append_word(struct text *line, const char *word, struct strlist *added)
{
	if (line->length)
		text_append_char(line, ' ');
	text_append(line, word);
	if (added)
		strlist_add(added, word);
}

const char *cmdline_aside(const char *word)
{
	return text_starts_with(word, CMDLINE_ASIDE) ? word + strlen(CMDLINE_ASIDE) : NULL;
}

/* Appends LINE to RET with every word set aside or given back as ASIDE has it; every other byte stays. */
static void set_aside(const char *line, const struct strlist *aside, struct text *ret)
{
	size_t start = 0, end = 0, copied = 0;
	bool closed = true;

	for (; next_word(line, &start, &end, &closed); start = end) {
		cleanup_free char *word = memory_string_n(line + start, end - start);
		const char *inner = cmdline_aside(word);

		text_append_n(ret, line + copied, start - copied);
		if (!inner && strlist_has(aside, word))
			text_append(ret, CMDLINE_ASIDE);
		text_append(ret, inner && !strlist_has(aside, inner) ? inner : word);
		copied = end;
	}
	text_append(ret, line + copied);
}

char *cmdline_edit(const char *line, const struct cmdline_change *change, struct strlist *added)
{
	static const struct strlist none = { 0 };
	const struct strlist *remove = change->remove ? change->remove : &none;
	const struct strlist *add = change->add ? change->add : &none;
	const struct strlist *repeat = change->repeat ? change->repeat : &none;
	cleanup_strlist struct strlist words = { 0 };
	struct text text = { 0 };

	if (!cmdline_split(line, &words)) {
		text_append(&text, line);
		return text_take(&text);
	}
	if (change->aside)
		set_aside(line, change->aside, &text);
	else
		text_append(&text, line);
	for (size_t i = 0; i < remove->count; i++)
		remove_word(&text, remove->items[i]);
	strlist_done(&words);
	cmdline_split(text_string(&text), &words);
	for (size_t i = 0; i < add->count; i++)
		if (!cmdline_has(&words, add->items[i])) {
			append_word(&text, add->items[i], added);
			strlist_add(&words, add->items[i]);
		}
	for (size_t i = 0; i < repeat->count; i++)
		append_word(&text, repeat->items[i], added);
	return text_take(&text);
}

bool cmdline_word_is_plain(const char *word)
{
	for (const char *at = word; *at; at++)
		if (*at <= ' ' || *at > '~' || strchr("$`\\;&|<>(){}#'\"*?[]~!", *at))
			return false;
	return *word;
}
