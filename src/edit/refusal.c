/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/refusal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A line may be a megabyte long; what is shown of it is cut. */
#define SHOWN_MAX 240u

void refusal_done(struct refusal *refusal)
{
	if (!refusal)
		return;
	text_done(&refusal->text);
	*refusal = (struct refusal){ 0 };
}

void refusal_set(struct refusal *refusal, const struct text *bytes, size_t offset, const char *format, ...)
{
	const char *all = text_string(bytes), *end;
	size_t start = offset;
	va_list arguments;

	if (!refusal || refusal->line)
		return;
	/* What the end of the file lacks is shown with its last line. */
	if (offset >= bytes->length)
		while (start > 0 && strchr("\r\n", all[start - 1]))
			start--;
	while (start > 0 && all[start - 1] != '\n')
		start--;
	end = memchr(all + start, '\n', bytes->length - start);
	text_append_n(&refusal->text, all + start, end ? (size_t)(end - all) - start : bytes->length - start);
	refusal->line = 1;
	for (size_t i = 0; i < start; i++)
		refusal->line += all[i] == '\n';
	va_start(arguments, format);
	vsnprintf(refusal->reason, sizeof(refusal->reason), format, arguments);
	va_end(arguments);
}

static void shown_line(const struct refusal *refusal, struct text *shown)
{
	size_t length = refusal->text.length < SHOWN_MAX ? refusal->text.length : SHOWN_MAX;

	text_append_visible(shown, text_string(&refusal->text), length, false);
	if (length < refusal->text.length)
		text_append(shown, "~");
}

struct finding *refusal_finding(const struct refusal *refusal, const char *path, struct findings *findings)
{
	cleanup_text struct text shown = { 0 };

	shown_line(refusal, &shown);
	return findings_add(findings, FINDING_SYNTAX_NOT_UNDERSTOOD, SEVERITY_ERROR, "%s, line %u: %s. The line: %s",
			    path, refusal->line, refusal->reason, text_string(&shown));
}

bool refusal_fault(const struct refusal *refusal, const char *path, struct fault *fault)
{
	cleanup_text struct text shown = { 0 };

	shown_line(refusal, &shown);
	return fault_input(fault, path, refusal->line, "%s: %s", refusal->reason, text_string(&shown));
}
