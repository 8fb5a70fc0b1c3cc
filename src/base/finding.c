/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/finding.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

static const struct {
	const char *word;
	bool overridable;
} codes[] = {
#define FINDING_ROW(name, word, overridable) [name] = { word, overridable },
	FINDING_CODES(FINDING_ROW)
#undef FINDING_ROW
};

void findings_done(struct findings *findings)
{
	if (!findings)
		return;
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->items[i].functions);
		free(findings->items[i].message);
		free(findings->items[i].remedy);
		free(findings->items[i].paste);
	}
	free(findings->items);
	*findings = (struct findings){ 0 };
}

const char *finding_code_word(enum finding_code code)
{
	return codes[code].word;
}

bool finding_code_parse(const char *word, enum finding_code *ret)
{
	for (size_t i = 0; i < array_size(codes); i++) {
		if (strcmp(codes[i].word, word) != 0)
			continue;
		*ret = (enum finding_code)i;
		return true;
	}
	return false;
}

bool finding_code_overridable(enum finding_code code)
{
	return codes[code].overridable;
}

const char *severity_word(enum severity severity)
{
	static const char *const words[] = { "note", "warning", "error" };

	return words[severity];
}

static char *visible_format(const char *format, va_list arguments)
{
	struct text visible = { 0 };
	cleanup_text struct text raw = { 0 };

	text_vprintf(&raw, format, arguments);
	text_append_visible(&visible, text_string(&raw), raw.length, true);
	return text_take(&visible);
}

struct finding *findings_add(struct findings *findings, enum finding_code code, enum severity severity,
			     const char *format, ...)
{
	struct finding *finding;
	va_list arguments;

	findings->items = memory_grow(findings->items, findings->count, &findings->capacity, sizeof(*findings->items));
	finding = &findings->items[findings->count++];
	*finding = (struct finding){ .code = code, .severity = severity };
	va_start(arguments, format);
	finding->message = visible_format(format, arguments);
	va_end(arguments);
	return finding;
}

void finding_remedy(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	free(finding->remedy);
	va_start(arguments, format);
	finding->remedy = visible_format(format, arguments);
	va_end(arguments);
}

void finding_paste(struct finding *finding, const char *format, ...)
{
	cleanup_text struct text raw = { 0 };
	struct text visible = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&raw, format, arguments);
	va_end(arguments);
	for (const char *line = text_string(&raw); *line;) {
		size_t length = strcspn(line, "\n");

		text_append_visible(&visible, line, length, false);
		if (line[length] && line[length + 1])
			text_append_char(&visible, '\n');
		line += length + (line[length] != '\0');
	}
	free(finding->paste);
	finding->paste = text_take(&visible);
}

void finding_function(struct finding *finding, struct address address)
{
	for (size_t i = 0; i < finding->function_count; i++)
		if (!address_compare(finding->functions[i], address))
			return;
	/* Few functions a finding: growing by one is enough. */
	finding->functions = reallocarray(finding->functions, finding->function_count + 1, sizeof(address));
	if (!finding->functions)
		abort();
	finding->functions[finding->function_count++] = address;
}

void findings_allow(struct findings *findings, const struct strlist *words)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = &findings->items[i];

		if (finding->severity == SEVERITY_ERROR && finding_code_overridable(finding->code) &&
		    strlist_has(words, finding_code_word(finding->code)))
			finding->allowed = true;
	}
}

bool findings_refuse(const struct findings *findings)
{
	return findings_count(findings, SEVERITY_ERROR) > 0;
}

static enum severity effective(const struct finding *finding)
{
	return finding->allowed ? SEVERITY_WARNING : finding->severity;
}

size_t findings_count(const struct findings *findings, enum severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		count += effective(&findings->items[i]) == severity;
	return count;
}

/* Insertion sort: stable, and the lists are short. */
void findings_sort(struct findings *findings)
{
	for (size_t i = 1; i < findings->count; i++) {
		struct finding moved = findings->items[i];
		size_t at = i;

		for (; at > 0 && effective(&findings->items[at - 1]) < effective(&moved); at--)
			findings->items[at] = findings->items[at - 1];
		findings->items[at] = moved;
	}
}
