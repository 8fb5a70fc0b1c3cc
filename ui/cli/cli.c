/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

/* Sentences are easiest to read when the lines are not too long, and a file has no width of its own. */
#define PARAGRAPH_WIDTH 80u
#define PARAGRAPH_WIDTH_MOST 100u

void cli_tone(const struct cli *cli, struct text *text, enum tone tone, const char *string)
{
	static const char *const codes[] = {
		[TONE_HEADING] = "1", [TONE_ERROR] = "1;31", [TONE_WARNING] = "33", [TONE_GOOD] = "32",
		[TONE_ADDED] = "32", [TONE_REMOVED] = "31", [TONE_PLACE] = "36",
	};

	if (cli->color)
		text_printf(text, "\033[%sm%s\033[m", codes[tone], string);
	else
		text_append(text, string);
}

static size_t character_columns(const char *bytes, size_t length)
{
	mbstate_t state = { 0 };
	wchar_t character;
	size_t taken = mbrtowc(&character, bytes, length, &state);
	int columns = taken && taken <= length ? wcwidth(character) : 1;

	return columns < 0 ? 1 : (size_t)columns;
}

static size_t columns_of(const char *bytes, size_t length)
{
	size_t columns = 0;

	for (size_t at = 0; at < length;) {
		size_t taken = text_utf8_length(bytes + at, length - at);

		taken = taken ? taken : 1;
		columns += character_columns(bytes + at, taken);
		at += taken;
	}
	return columns;
}

size_t cli_columns(const char *string)
{
	return columns_of(string, strlen(string));
}

static size_t paragraph_width(const struct cli *cli)
{
	if (!cli->width)
		return PARAGRAPH_WIDTH;
	return cli->width < PARAGRAPH_WIDTH_MOST ? cli->width : PARAGRAPH_WIDTH_MOST;
}

void cli_paragraph(const struct cli *cli, struct text *text, const char *first, size_t first_width, const char *rest,
		   const char *sentence)
{
	size_t width = paragraph_width(cli), used = first_width, indent = cli_columns(rest);
	bool begun = false;

	text_append(text, first);
	while (*sentence) {
		size_t length = strcspn(sentence, " \n");
		size_t columns = columns_of(sentence, length);

		if (begun && length && used + 1 + columns > width) {
			text_printf(text, "\n%s", rest);
			used = indent;
			begun = false;
		}
		text_printf(text, "%s%.*s", begun ? " " : "", (int)length, sentence);
		used += begun + columns;
		begun = true;
		sentence += length;
		if (*sentence == '\n') {
			text_printf(text, "\n%s", rest);
			used = indent;
			begun = false;
		}
		sentence += *sentence != '\0';
	}
	text_append_char(text, '\n');
}

void cli_print(const struct cli *cli, const struct text *text)
{
	const char *bytes = text_string(text);

	if (cli->unicode) {
		fwrite(bytes, 1, text->length, cli->out);
		return;
	}
	for (size_t at = 0; at < text->length;) {
		size_t taken = text_utf8_length(bytes + at, text->length - at);

		putc((uint8_t)bytes[at] < 0x80 ? bytes[at] : '?', cli->out);
		at += taken ? taken : 1;
	}
}

void cli_printf(const struct cli *cli, const char *format, ...)
{
	cleanup_text struct text text = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	cli_print(cli, &text);
}

void cli_complain(const char *format, ...)
{
	cleanup_text struct text raw = { 0 }, visible = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&raw, format, arguments);
	va_end(arguments);
	text_append_visible(&visible, text_string(&raw), raw.length, true);
	fprintf(stderr, "vfioconf: %s\n", text_string(&visible));
}
