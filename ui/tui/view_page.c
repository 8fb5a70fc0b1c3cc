/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws a page: scrolled, with the chosen item and what a search found made visible. */
#include <string.h>

#include "tui/view.h"

static void mark_match(const struct model *model, struct screen *screen, struct rect rect, int row, const char *text,
		       int skip, enum style style)
{
	const char *found = *model->search ? strcasestr(text, model->search) : NULL;
	cleanup_free char *before = NULL, *match = NULL;
	int at, cols;

	if (!found)
		return;
	before = memory_string_n(text, (size_t)(found - text));
	match = memory_string_n(found, strlen(model->search));
	at = canvas_columns(&screen->canvas, before) - skip;
	cols = canvas_columns(&screen->canvas, match);
	for (int i = 0; i < cols; i++)
		if (at + i >= 0 && at + i < rect.cols)
			canvas_restyle(&screen->canvas, row, rect.col + at + i, 1, style);
}

static void draw_line(const struct model *model, struct screen *screen, struct rect rect, int row,
		      const struct page_line *line, const struct place *place, int cols, bool chosen, bool first)
{
	struct canvas *canvas = &screen->canvas;

	if (chosen && first) {
		canvas_text(canvas, row, rect.col, 1, STYLE_KEY, theme_glyph(GLYPH_CURSOR, model->ascii));
		canvas->cursor_row = row;
		canvas->cursor_col = rect.col;
	}
	rect.col++;
	rect.cols--;
	canvas_text_from(canvas, row, rect.col, rect.cols, line->style, line->text, place->side);
	if (line->label && !place->side)
		canvas_restyle(canvas, row, rect.col, line->label, STYLE_LABEL);
	if (chosen && first)
		canvas_restyle(canvas, row, rect.col, canvas_columns(canvas, line->text), STYLE_SELECTED);
	mark_match(model, screen, rect, row, line->text, place->side, STYLE_MATCH);
	if (line->goes_on && !place->side)
		canvas_text(canvas, row, rect.col + cols - 1, 1, STYLE_GOES_ON, theme_glyph(GLYPH_GOES_ON, model->ascii));
}

/* What a search found last looks as what is chosen, and has the cursor. */
static void mark_found(const struct model *model, struct screen *screen, struct rect rect, int row, const char *text,
		       const struct place *place)
{
	rect.col++;
	rect.cols--;
	mark_match(model, screen, rect, row, text, place->side, STYLE_SELECTED);
	if (place == &model->places[model->depth - 1])
		screen->canvas.cursor_row = row;
}

void view_page(const struct model *model, struct screen *screen, struct rect rect, const struct page *page,
	       const struct place *place)
{
	/* The hardware cursor rests at the top of what is read, unless something is chosen. */
	if (place == &model->places[model->depth - 1]) {
		screen->canvas.cursor_row = rect.row;
		screen->canvas.cursor_col = rect.col + 1;
	}
	for (int i = 0; i < rect.rows && place->top + (size_t)i < page->count; i++) {
		size_t at = place->top + (size_t)i;
		const struct page_line *line = &page->lines[at];
		bool chosen = line->item != PAGE_NO_ITEM && (size_t)line->item == place->cursor;
		bool first = line->item != PAGE_NO_ITEM && page_item_start(page, line->item) == at;

		/* Of an item that begins above the screen, the first line that is seen has the mark. */
		draw_line(model, screen, rect, rect.row + i, line, place, page->cols, chosen, first || (chosen && !i));
		if (*model->search && place->match == at + 1)
			mark_found(model, screen, rect, rect.row + i, line->text, place);
		if (line->item != PAGE_NO_ITEM)
			screen_add_hit(screen, (struct rect){ rect.row + i, rect.col, 1, rect.cols }, 0,
				       (size_t)line->item, false);
	}
}
