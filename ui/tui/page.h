/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of styled text, made to a width: what every view but the tree shows. */
#ifndef VFIOCONF_UI_TUI_PAGE_H
#define VFIOCONF_UI_TUI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/theme.h"

#define PAGE_NO_ITEM (-1)

struct page_line {
	char *text;
	enum style style;
	int item;  /* the thing that can be chosen and that this line belongs to, or PAGE_NO_ITEM */
	int label; /* so many bytes at the front are a label */
	bool goes_on; /* the next line is the rest of it, and none of its own */
};

/* Initialise with { .cols = ..., .ascii = ... }. */
struct page {
	int cols; /* what prose is wrapped to */
	bool ascii;
	struct page_line *lines;
	size_t count, capacity;
	int items; /* how many things can be chosen */
};

void page_done(struct page *page); /* accepts NULL */

/* One line as it is; it may be longer than the page is wide. */
void page_line(struct page *page, enum style style, int item, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void page_blank(struct page *page);

/* Prose, wrapped at blanks; its lines after the first start INDENT columns further in than FIRST. Newlines are kept. */
void page_wrap(struct page *page, enum style style, int item, const char *first, int indent, const char *text);

/*
 * Lines as they are, each on as many rows as it takes: broken where a row is full, with a sign in the last column where
 * it goes on. Whether any does.
 */
bool page_verbatim(struct page *page, enum style style, int item, const char *text);

/* "Label   value", the value wrapped beside the label; nothing where the value is NULL or "". */
void page_field(struct page *page, const char *label, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The first line of an item; the line count where there is none. And the first line after it. */
size_t page_item_start(const struct page *page, int item);
size_t page_item_end(const struct page *page, int item);

/*
 * The lines from *RET_START to *RET_END (exclusive) that are read with an item: its own, and what stands above the
 * first item and below the last, where no cursor goes.
 */
void page_item_reach(const struct page *page, int item, size_t *ret_start, size_t *ret_end);

/* The columns of the longest line: prose is never wider than the page, but what is shown as it is may be. */
int page_width(const struct page *page);

/* How many columns TEXT takes on the page. */
int page_columns(const struct page *page, const char *text);

#endif
