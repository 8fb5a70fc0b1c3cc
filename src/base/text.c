/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

void text_done(struct text *text)
{
	if (!text)
		return;
	free(text->bytes);
	*text = (struct text){ 0 };
}

static void reserve(struct text *text, size_t more)
{
	size_t needed = text->length + more + 1;
	size_t capacity = text->capacity ? text->capacity : 64;
	char *bytes;

	if (needed < more)
		abort();
	if (needed <= text->capacity)
		return;
	while (capacity < needed)
		capacity *= 2;
	bytes = realloc(text->bytes, capacity);
	if (!bytes)
		abort();
	text->bytes = bytes;
	text->capacity = capacity;
}

void text_append_n(struct text *text, const void *bytes, size_t length)
{
	reserve(text, length);
	if (length)
		memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
	text_append_n(text, string, strlen(string));
}

void text_append_char(struct text *text, char byte)
{
	text_append_n(text, &byte, 1);
}

void text_vprintf(struct text *text, const char *format, va_list arguments)
{
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		abort();
	reserve(text, (size_t)length);
	vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
	va_end(again);
	text->length += (size_t)length;
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(text, format, arguments);
	va_end(arguments);
}

void text_reset(struct text *text)
{
	text->length = 0;
	if (text->bytes)
		text->bytes[0] = '\0';
}

const char *text_string(const struct text *text)
{
	return text->bytes ? text->bytes : "";
}

char *text_take(struct text *text)
{
	char *bytes = text->bytes ? text->bytes : memory_string("");

	*text = (struct text){ 0 };
	return bytes;
}

bool text_equal(const struct text *a, const struct text *b)
{
	return a->length == b->length && (!a->length || !memcmp(a->bytes, b->bytes, a->length));
}

static uint32_t decode(const char *bytes, size_t length)
{
	static const uint8_t lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t point = (uint8_t)bytes[0] & lead_mask[length];

	for (size_t i = 1; i < length; i++)
		point = point << 6 | ((uint8_t)bytes[i] & 0x3f);
	return point;
}

/* Well-formed as in the Unicode standard, table 3-7: no overlong forms, no surrogates. */
size_t text_utf8_length(const char *bytes, size_t length)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t lead;
	size_t need;
	uint32_t point;

	if (!length)
		return 0;
	lead = (uint8_t)bytes[0];
	if (lead < 0x80)
		return 1;
	need = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc0 && lead < 0xe0 ? 2 : 0;
	if (!need || need > length)
		return 0;
	for (size_t i = 1; i < need; i++)
		if (((uint8_t)bytes[i] & 0xc0) != 0x80)
			return 0;
	point = decode(bytes, need);
	if (point < smallest[need] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		return 0;
	return need;
}

/* Characters that change how a line reads without being seen. */
static bool invisible(uint32_t point)
{
	return (point >= 0x80 && point < 0xa0) || point == 0xad || point == 0x61c ||
	       (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb) ||
	       (point >= 0xe0000 && point <= 0xe0fff);
}

/* One character in visible form into OUT (at least 16 bytes); returns how many bytes of input it took. */
static size_t visible_character(char *out, size_t size, const char *bytes, size_t length, bool lines)
{
	size_t taken = text_utf8_length(bytes, length);
	uint8_t byte = (uint8_t)bytes[0];

	if (!taken) {
		snprintf(out, size, "\\x%02x", byte);
		return 1;
	}
	if (taken == 1 && (byte == '\n' || byte == '\t' ? !lines : byte < 0x20 || byte == 0x7f)) {
		snprintf(out, size, "^%c", byte ^ 0x40);
		return 1;
	}
	if (taken > 1 && invisible(decode(bytes, taken))) {
		snprintf(out, size, "\\u{%04x}", decode(bytes, taken));
		return taken;
	}
	memcpy(out, bytes, taken);
	out[taken] = '\0';
	return taken;
}

void text_append_visible(struct text *text, const char *bytes, size_t length, bool lines)
{
	char out[16];

	for (size_t at = 0; at < length;) {
		at += visible_character(out, sizeof(out), bytes + at, length - at, lines);
		text_append(text, out);
	}
}

void text_visible_to(char *buffer, size_t size, const char *string)
{
	size_t length = strlen(string), used = 0;
	char out[16];

	for (size_t at = 0; at < length;) {
		at += visible_character(out, sizeof(out), string + at, length - at, false);
		if (used + strlen(out) >= size)
			break;
		memcpy(buffer + used, out, strlen(out));
		used += strlen(out);
	}
	buffer[used] = '\0';
}

void text_append_word(struct text *text, const char *string)
{
	/* Without these nothing in a word means anything to a shell. */
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%_-+=:,./";

	if (*string && !string[strspn(string, plain)]) {
		text_append(text, string);
		return;
	}
	text_append_char(text, '\'');
	for (; *string; string++) {
		/* A quote ends the quoted part, stands alone, and the next part begins. */
		if (*string == '\'')
			text_append(text, "'\\''");
		else
			text_append_char(text, *string);
	}
	text_append_char(text, '\'');
}

bool text_starts_with(const char *string, const char *prefix)
{
	return !strncmp(string, prefix, strlen(prefix));
}

bool text_ends_with(const char *string, const char *suffix)
{
	size_t length = strlen(string), tail = strlen(suffix);

	return length >= tail && !strcmp(string + length - tail, suffix);
}
