/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinewrite.h"

#include <string.h>

/* BYTES with escapes for what a line cannot hold; a blank is one of them where WORD. */
static void append_escaped(struct text *out, const char *bytes, size_t length, bool word)
{
	for (size_t at = 0; at < length;) {
		size_t taken = text_utf8_length(bytes + at, length - at);
		unsigned char c = (unsigned char)bytes[at];

		if (c == '\\')
			text_append(out, "\\\\");
		else if (c == '\n')
			text_append(out, "\\n");
		else if (c == '\r')
			text_append(out, "\\r");
		else if (c == '\t' && word)
			text_append(out, "\\t");
		else if (c == ' ' && word)
			text_append(out, "\\s");
		else if (!taken || (c < 0x20 && c != '\t') || c == 0x7f)
			text_printf(out, "\\x%02x", c);
		else
			text_append_n(out, bytes + at, taken);
		at += taken ? taken : 1;
	}
}

void machinewrite_word(struct text *out, const char *word)
{
	text_append_char(out, ' ');
	append_escaped(out, word, strlen(word), true);
}

void machinewrite_attribute(struct text *out, const char *name, const char *bytes, size_t length)
{
	bool newline = length && bytes[length - 1] == '\n';

	text_printf(out, "\t%s = ", name);
	append_escaped(out, bytes, newline ? length - 1 : length, false);
	text_append(out, newline ? "\n" : "\\c\n");
}

/* Whether a line can stand as it is: readable text. */
static bool is_plain(const char *line, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t taken = text_utf8_length(line + at, length - at);
		unsigned char c = (unsigned char)line[at];

		if (!taken || (c < 0x20 && c != '\t') || c == 0x7f)
			return false;
		at += taken;
	}
	return true;
}

static void write_content(struct text *out, const struct text *bytes)
{
	const char *at = text_string(bytes), *end = at + bytes->length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		bool plain = newline && is_plain(at, length);

		text_append(out, plain ? "\t|" : "\t\\");
		if (plain)
			text_append_n(out, at, length);
		else
			append_escaped(out, at, newline ? length + 1 : length, false);
		text_append_char(out, '\n');
		at += length + (newline != NULL);
	}
}

void machinewrite_file(struct text *out, const char *path, mode_t mode, const struct text *bytes)
{
	text_append(out, "file");
	machinewrite_word(out, path);
	if (mode != 0644)
		text_printf(out, " %04o", (unsigned)mode & 0777u);
	text_append_char(out, '\n');
	write_content(out, bytes);
}

void machinewrite_old_file(struct text *out, const char *path, mode_t mode, const struct text *bytes)
{
	text_append(out, "file");
	machinewrite_word(out, path);
	text_printf(out, " %04o old\n", (unsigned)mode & 0777u);
	write_content(out, bytes);
}

void machinewrite_link(struct text *out, const char *path, const char *target)
{
	text_append(out, "link");
	machinewrite_word(out, path);
	machinewrite_word(out, target);
	text_append_char(out, '\n');
}

void machinewrite_directory(struct text *out, const char *path)
{
	text_append(out, "dir");
	machinewrite_word(out, path);
	text_append_char(out, '\n');
}
