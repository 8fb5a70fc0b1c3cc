/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/page.h"

#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/canvas.h"

#define LABEL_COLUMNS 11

void page_done(struct page *page)
{
	if (!page)
		return;
	for (size_t i = 0; i < page->count; i++)
		free(page->lines[i].text);
	free(page->lines);
	*page = (struct page){ 0 };
}

static struct page_line *add(struct page *page, enum style style, int item, char *text)
{
	page->lines = memory_grow(page->lines, page->count, &page->capacity, sizeof(*page->lines));
	page->lines[page->count] = (struct page_line){ .text = text, .style = style, .item = item };
	if (item >= page->items)
		page->items = item + 1;
	return &page->lines[page->count++];
}

void page_line(struct page *page, enum style style, int item, const char *format, ...)
{
	struct text text = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	add(page, style, item, text_take(&text));
}

void page_blank(struct page *page)
{
	add(page, STYLE_PLAIN, PAGE_NO_ITEM, memory_string(""));
}

int page_columns(const struct page *page, const char *text)
{
	int columns = 0, width;
	size_t length;

	for (; (length = canvas_character(text, page->ascii, &width)); text += length)
		columns += width;
	return columns;
}

int page_width(const struct page *page)
{
	int width = 0;

	for (size_t i = 0; i < page->count; i++) {
		int columns = page_columns(page, page->lines[i].text);

		if (columns > width)
			width = columns;
	}
	return width;
}

/*
 * How many bytes of TEXT stand on a line of COLS columns: up to the last blank
 * that fits, or cut within a word that is longer than the line. *RET_SKIP gets
 * the bytes to the start of the next line.
 */
static size_t line_break(const struct page *page, const char *text, int cols, size_t *ret_skip)
{
	size_t at = 0, blank = 0, length;
	int used = 0, width;

	for (; text[at] && text[at] != '\n'; at += length, used += width) {
		length = canvas_character(text + at, page->ascii, &width);
		if (text[at] == ' ')
			blank = at;
		if (used + width > cols) {
			if (!blank && !at)
				at = length; /* at least one character a line */
			*ret_skip = blank ? blank + 1 : at;
			return blank ? blank : at;
		}
	}
	*ret_skip = text[at] ? at + 1 : at;
	return at;
}

void page_wrap(struct page *page, enum style style, int item, const char *first, int indent, const char *text)
{
	int head = page_columns(page, first);
	bool begun = false;

	do {
		int in = begun ? head + indent : head;
		size_t skip, length = line_break(page, text, page->cols - in > 8 ? page->cols - in : 8, &skip);
		struct text line = { 0 };

		if (begun)
			text_printf(&line, "%*s", in, "");
		else
			text_append(&line, first);
		text_append_n(&line, text, length);
		add(page, style, item, text_take(&line));
		text += skip;
		begun = true;
	} while (*text);
}

/* How many bytes of a line stand on a row of COLS columns. */
static size_t row_of(const struct page *page, const char *line, size_t length, int cols)
{
	size_t at = 0, more;
	int used = 0, width;

	while (at < length && (more = canvas_character(line + at, page->ascii, &width))) {
		if (at && used + width > cols)
			break;
		at += more;
		used += width;
	}
	return at;
}

bool page_verbatim(struct page *page, enum style style, int item, const char *text)
{
	int cols = page->cols > 8 ? page->cols - 1 : 8; /* the sign has the last one */
	bool any = false;

	while (*text) {
		size_t left = strcspn(text, "\n"), row;

		do {
			row = row_of(page, text, left, cols);
			left -= row;
			add(page, style, item, memory_string_n(text, row))->goes_on = left > 0;
			any = any || left;
			text += row;
		} while (left);
		text += *text == '\n';
	}
	return any;
}

void page_field(struct page *page, const char *label, const char *format, ...)
{
	cleanup_text struct text value = { 0 }, first = { 0 };
	size_t line = page->count;
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&value, format, arguments);
	va_end(arguments);
	if (!value.length)
		return;
	text_printf(&first, "%-*s ", LABEL_COLUMNS, label);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, text_string(&first), 0, text_string(&value));
	page->lines[line].label = (int)strlen(label);
}

size_t page_item_start(const struct page *page, int item)
{
	size_t line = 0;

	while (line < page->count && page->lines[line].item != item)
		line++;
	return line;
}

size_t page_item_end(const struct page *page, int item)
{
	size_t line = page_item_start(page, item);

	while (line < page->count && page->lines[line].item == item)
		line++;
	return line;
}

void page_item_reach(const struct page *page, int item, size_t *ret_start, size_t *ret_end)
{
	*ret_start = item ? page_item_start(page, item) : 0;
	*ret_end = item + 1 < page->items ? page_item_end(page, item) : page->count;
}
