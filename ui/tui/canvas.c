/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/canvas.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

static const struct cell blank = { .bytes = " ", .width = 1, .style = STYLE_PLAIN };

void canvas_clear(struct canvas *canvas)
{
	for (int i = 0; i < canvas->rows * canvas->cols; i++)
		canvas->cells[i] = blank;
	canvas->cursor_row = canvas->cursor_col = 0;
	canvas->cursor_typing = false;
}

void canvas_resize(struct canvas *canvas, int rows, int cols)
{
	if (rows < 1)
		rows = 1;
	if (cols < 1)
		cols = 1;
	if (rows != canvas->rows || cols != canvas->cols || !canvas->cells) {
		free(canvas->cells);
		canvas->cells = memory_zero((size_t)rows * (size_t)cols, sizeof(*canvas->cells));
		canvas->rows = rows;
		canvas->cols = cols;
	}
	canvas_clear(canvas);
}

void canvas_done(struct canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->cells);
	*canvas = (struct canvas){ 0 };
}

static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
	if (row < 0 || col < 0 || row >= canvas->rows || col >= canvas->cols)
		return NULL;
	return &canvas->cells[row * canvas->cols + col];
}

const struct cell *canvas_cell(const struct canvas *canvas, int row, int col)
{
	return cell_at(canvas, row, col);
}

/* The code point of a well-formed UTF-8 character of LENGTH bytes. */
static wchar_t code_point(const char *bytes, size_t length)
{
	static const uint8_t lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t point = (uint8_t)bytes[0] & lead_mask[length];

	for (size_t i = 1; i < length; i++)
		point = point << 6 | ((uint8_t)bytes[i] & 0x3fu);
	return (wchar_t)point;
}

/* The columns of the character at TEXT; -1: cannot be shown, 0: combines with the one before it. */
static int width_at(const char *text, size_t length)
{
	if (!length || (uint8_t)text[0] < 0x20 || text[0] == 0x7f)
		return -1;
	return length == 1 ? 1 : wcwidth(code_point(text, length));
}

size_t canvas_character(const char *text, bool ascii, int *ret_columns)
{
	size_t left = strnlen(text, 64), length, more, used = 0;

	if (!left)
		return 0;
	length = text_utf8_length(text, left);
	*ret_columns = length ? width_at(text, length) : -1;
	if (*ret_columns < 1 || (ascii && length > 1))
		*ret_columns = 1; /* is drawn as '?' */
	if (!length)
		return 1;
	if (ascii)
		return length;
	used = length;
	while ((more = text_utf8_length(text + used, left - used)) > 1 && width_at(text + used, more) == 0)
		used += more;
	return used;
}

int canvas_columns(const struct canvas *canvas, const char *text)
{
	int columns = 0, width;
	size_t length;

	for (; (length = canvas_character(text, canvas->ascii, &width)); text += length)
		columns += width;
	return columns;
}

/* No half of a wide character may stay behind where the other half is drawn over. */
static void detach(struct canvas *canvas, int row, int col)
{
	struct cell *cell = cell_at(canvas, row, col);
	struct cell *left = cell_at(canvas, row, col - 1), *right = cell_at(canvas, row, col + 1);
	unsigned char style;

	if (cell->width == 0 && left) {
		style = left->style;
		*left = blank;
		left->style = style;
	}
	if (cell->width == 2 && right) {
		style = right->style;
		*right = blank;
		right->style = style;
	}
}

static void put(struct canvas *canvas, int row, int col, enum style style, const char *bytes, size_t length, int width)
{
	struct cell *cell = cell_at(canvas, row, col), *second;

	if (!cell)
		return;
	second = cell_at(canvas, row, col + 1);
	if (width == 2 && !second) {
		bytes = "~";
		length = 1;
		width = 1;
	}
	detach(canvas, row, col);
	if (width == 2)
		detach(canvas, row, col + 1);
	if (length >= CELL_BYTES) /* more combining characters than are kept */
		for (length = CELL_BYTES - 1; ((uint8_t)bytes[length] & 0xc0u) == 0x80u; length--)
			;
	memcpy(cell->bytes, bytes, length);
	cell->bytes[length] = '\0';
	cell->width = (unsigned char)width;
	cell->style = (unsigned char)style;
	if (width == 2)
		*second = (struct cell){ .bytes = "", .width = 0, .style = (unsigned char)style };
}

/* Whether the character can be drawn as it is; otherwise a '?' stands for it. */
static bool drawable(const struct canvas *canvas, const char *text, size_t length)
{
	size_t first = text_utf8_length(text, length);

	return first && !(canvas->ascii && first > 1) && width_at(text, first) > 0;
}

int canvas_text_from(struct canvas *canvas, int row, int col, int limit, enum style style, const char *text, int skip)
{
	int used = 0, width, total = canvas_columns(canvas, text) - skip;
	size_t length;

	if (row < 0 || row >= canvas->rows || limit <= 0)
		return 0;
	for (int hidden = 0; hidden < skip && (length = canvas_character(text, canvas->ascii, &width)); text += length)
		hidden += width;
	for (; (length = canvas_character(text, canvas->ascii, &width)); text += length) {
		bool last = total > limit && used + width > limit - 1;

		if (last || (skip > 0 && used == 0)) {
			put(canvas, row, col + used, style, "~", 1, 1);
			used++;
			if (last)
				break;
			if (width == 2)
				put(canvas, row, col + used++, style, " ", 1, 1);
			continue;
		}
		if (drawable(canvas, text, length))
			put(canvas, row, col + used, style, text, length, width);
		else
			put(canvas, row, col + used, style, "?", 1, 1);
		used += width;
	}
	return used;
}

int canvas_text(struct canvas *canvas, int row, int col, int limit, enum style style, const char *text)
{
	return canvas_text_from(canvas, row, col, limit, style, text, 0);
}

void canvas_fill(struct canvas *canvas, struct rect rect, enum style style)
{
	for (int row = 0; row < rect.rows; row++)
		for (int col = 0; col < rect.cols; col++)
			put(canvas, rect.row + row, rect.col + col, style, " ", 1, 1);
}

static void glyph(struct canvas *canvas, int row, int col, enum style style, enum glyph which)
{
	const char *bytes = theme_glyph(which, canvas->ascii);

	put(canvas, row, col, style, bytes, strlen(bytes), 1);
}

void canvas_vertical(struct canvas *canvas, int row, int col, int rows, enum style style)
{
	for (int i = 0; i < rows; i++)
		glyph(canvas, row + i, col, style, GLYPH_VERTICAL);
}

void canvas_frame(struct canvas *canvas, struct rect rect, enum style style)
{
	int bottom = rect.row + rect.rows - 1, right = rect.col + rect.cols - 1;

	if (rect.rows < 2 || rect.cols < 2)
		return;
	for (int col = rect.col + 1; col < right; col++) {
		glyph(canvas, rect.row, col, style, GLYPH_HORIZONTAL);
		glyph(canvas, bottom, col, style, GLYPH_HORIZONTAL);
	}
	canvas_vertical(canvas, rect.row + 1, rect.col, rect.rows - 2, style);
	canvas_vertical(canvas, rect.row + 1, right, rect.rows - 2, style);
	glyph(canvas, rect.row, rect.col, style, GLYPH_TOP_LEFT);
	glyph(canvas, rect.row, right, style, GLYPH_TOP_RIGHT);
	glyph(canvas, bottom, rect.col, style, GLYPH_BOTTOM_LEFT);
	glyph(canvas, bottom, right, style, GLYPH_BOTTOM_RIGHT);
}

void canvas_restyle(struct canvas *canvas, int row, int col, int cols, enum style style)
{
	for (int i = 0; i < cols; i++) {
		struct cell *cell = cell_at(canvas, row, col + i);

		if (cell)
			cell->style = (unsigned char)style;
	}
}

void canvas_dump(const struct canvas *canvas, struct text *ret)
{
	for (int row = 0; row < canvas->rows; row++) {
		size_t end = ret->length;

		for (int col = 0; col < canvas->cols; col++) {
			const struct cell *cell = canvas_cell(canvas, row, col);

			text_append(ret, cell->bytes);
			if (cell->width && strcmp(cell->bytes, " ") != 0)
				end = ret->length;
		}
		if (ret->bytes) {
			ret->length = end;
			ret->bytes[end] = '\0';
		}
		text_append_char(ret, '\n');
	}
}
