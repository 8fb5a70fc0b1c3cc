/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/record.h"

#include <string.h>

void record_begin(struct text *text, const char *keyword)
{
	text_append(text, keyword);
}

void record_word(struct text *text, const char *word)
{
	text_append_char(text, ' ');
	if (!*word)
		text_append_char(text, '%');
	for (; *word; word++) {
		if (*word > ' ' && *word < 0x7f && *word != '%')
			text_append_char(text, *word);
		else
			text_printf(text, "%%%02x", (uint8_t)*word);
	}
}

void record_number(struct text *text, uint64_t number)
{
	text_printf(text, " %llu", (unsigned long long)number);
}

void record_words(struct text *text, const struct strlist *words)
{
	for (size_t i = 0; i < words->count; i++)
		record_word(text, words->items[i]);
}

void record_end(struct text *text)
{
	text_append_char(text, '\n');
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unescape(const char *word, size_t length, struct text *ret)
{
	if (length == 1 && *word == '%')
		return true;
	for (size_t i = 0; i < length; i++) {
		if (word[i] != '%') {
			text_append_char(ret, word[i]);
			continue;
		}
		if (i + 2 >= length || hex_value(word[i + 1]) < 0 || hex_value(word[i + 2]) < 0)
			return false;
		text_append_char(ret, (char)(hex_value(word[i + 1]) << 4 | hex_value(word[i + 2])));
		i += 2;
	}
	return length > 0;
}

bool record_parse(const char *line, size_t length, struct strlist *ret)
{
	const char *end = line + length;

	if (memchr(line, '\0', length))
		return false;
	for (;;) {
		cleanup_text struct text word = { 0 };
		const char *blank = memchr(line, ' ', (size_t)(end - line));
		const char *stop = blank ? blank : end;

		if (!unescape(line, (size_t)(stop - line), &word))
			return false;
		strlist_add(ret, text_string(&word));
		if (!blank)
			return true;
		line = blank + 1;
	}
}

bool record_parse_number(const char *word, uint64_t *ret)
{
	uint64_t number = 0;

	if (!*word || strlen(word) > 19)
		return false;
	for (; *word; word++) {
		if (*word < '0' || *word > '9')
			return false;
		number = number * 10 + (uint64_t)(*word - '0');
	}
	*ret = number;
	return true;
}
