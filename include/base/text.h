/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing run of bytes. It may hold any byte, NUL included; one NUL that is
 * not counted in length always follows the last byte, so .bytes can be read as
 * a C string wherever the content is known to be text. Initialise with { 0 };
 * .bytes is NULL until something is appended (text_string() never is).
 */
#ifndef VFIOCONF_BASE_TEXT_H
#define VFIOCONF_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

struct text {
	char *bytes;
	size_t length;
	size_t capacity;
};

void text_done(struct text *text); /* empties; accepts NULL */
#define cleanup_text cleanup(text_done)

void text_append(struct text *text, const char *string);
void text_append_n(struct text *text, const void *bytes, size_t length);
void text_append_char(struct text *text, char byte);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
void text_reset(struct text *text); /* length 0, memory kept */

/* The content as a C string, "" when nothing was appended. Borrowed. */
const char *text_string(const struct text *text);

/* Gives the content away as a C string that the caller frees; the text is empty afterwards. */
char *text_take(struct text *text);

bool text_equal(const struct text *a, const struct text *b);

/*
 * Appends LENGTH bytes from outside in a form that is safe and readable on a
 * terminal: a control character becomes ^X or \xNN, a byte that is not part of
 * well-formed UTF-8 becomes \xNN, bidirectional overrides and other invisible
 * format characters become \u{NNNN}. Newlines and tabs are kept only where LINES is true.
 */
void text_append_visible(struct text *text, const char *bytes, size_t length, bool lines);

/* The same for a C string, into a buffer of SIZE bytes; cut at a whole character where it does not fit. */
void text_visible_to(char *buffer, size_t size, const char *string);

/* Appends STRING as one word of a shell, quoted where it needs that. */
void text_append_word(struct text *text, const char *string);

/* How many bytes the well-formed UTF-8 character at BYTES has; 0 if there is none within LENGTH bytes. */
size_t text_utf8_length(const char *bytes, size_t length);

bool text_starts_with(const char *string, const char *prefix);
bool text_ends_with(const char *string, const char *suffix);

#endif
