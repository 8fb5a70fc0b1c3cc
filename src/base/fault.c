/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void put_sentence(struct fault *fault, const char *sentence)
{
	text_visible_to(fault->sentence, sizeof(fault->sentence), sentence);
}

static void begin(struct fault *fault, enum fault_kind kind, int error, const char *path)
{
	fault->kind = kind;
	fault->error = error;
	text_visible_to(fault->path, sizeof(fault->path), path ? path : "");
}

bool fault_set(struct fault *fault, enum fault_kind kind, const char *path, const char *format, ...)
{
	char sentence[sizeof(fault->sentence)];
	va_list arguments;

	if (!fault)
		return false;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	begin(fault, kind, 0, path);
	put_sentence(fault, sentence);
	return false;
}

bool fault_system(struct fault *fault, int error, const char *path, const char *format, ...)
{
	char sentence[sizeof(fault->sentence)];
	va_list arguments;
	size_t length;

	if (!fault)
		return false;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	length = strlen(sentence);
	snprintf(sentence + length, sizeof(sentence) - length, ": %s", strerror(error));
	begin(fault, FAULT_SYSTEM, error, path);
	put_sentence(fault, sentence);
	return false;
}

bool fault_input(struct fault *fault, const char *path, unsigned line, const char *format, ...)
{
	char sentence[sizeof(fault->sentence)];
	int length;
	va_list arguments;

	if (!fault)
		return false;
	if (!path)
		length = 0;
	else if (line)
		length = snprintf(sentence, sizeof(sentence), "%.400s:%u: ", path, line);
	else
		length = snprintf(sentence, sizeof(sentence), "%.400s: ", path);
	va_start(arguments, format);
	vsnprintf(sentence + length, sizeof(sentence) - (size_t)length, format, arguments);
	va_end(arguments);
	begin(fault, FAULT_INPUT, 0, path);
	put_sentence(fault, sentence);
	return false;
}

bool fault_context(struct fault *fault, const char *format, ...)
{
	char sentence[2 * sizeof(fault->sentence)];
	va_list arguments;
	int length;

	if (!fault)
		return false;
	va_start(arguments, format);
	length = vsnprintf(sentence, sizeof(fault->sentence), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(fault->sentence))
		length = sizeof(fault->sentence) - 1;
	snprintf(sentence + length, sizeof(sentence) - (size_t)length, ": %s", fault->sentence);
	put_sentence(fault, sentence);
	return false;
}
