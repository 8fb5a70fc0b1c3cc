/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/layout.h"

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static void split_body(struct layout *layout)
{
	struct rect body = layout->body;
	int detail = clamp(body.cols * 2 / 5, 40, 64);

	layout->tree = body;
	if (body.cols < LAYOUT_TWO_PANES)
		return;
	layout->tree.cols = body.cols - detail - 1;
	layout->border = (struct rect){ body.row, layout->tree.cols, body.rows, 1 };
	layout->detail = (struct rect){ body.row, layout->tree.cols + 1, body.rows, detail };
}

struct layout layout_compute(int rows, int cols, int banner_rows, int message_rows)
{
	struct layout layout = { 0 };

	if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS) {
		layout.tiny = true;
		layout.message = (struct rect){ 0, 0, rows > 0 ? 1 : 0, cols > 0 ? cols : 0 };
		return layout;
	}
	/* However much there is to say, half of the rows stay with the body. */
	message_rows = clamp(message_rows, 1, rows / 4);
	banner_rows = clamp(banner_rows, 0, rows / 4);
	layout.header = (struct rect){ 0, 0, 1, cols };
	layout.banner = (struct rect){ 1, 0, banner_rows, cols };
	layout.body = (struct rect){ 1 + banner_rows, 0, rows - 2 - banner_rows - message_rows, cols };
	layout.message = (struct rect){ rows - 1 - message_rows, 0, message_rows, cols };
	layout.footer = (struct rect){ rows - 1, 0, 1, cols };
	split_body(&layout);
	return layout;
}

struct rect layout_box(struct rect outer, int rows, int cols)
{
	struct rect box = { 0 };

	box.rows = clamp(rows + 2, 0, outer.rows);
	box.cols = clamp(cols + 4, 0, outer.cols);
	box.row = outer.row + (outer.rows - box.rows) / 2;
	box.col = outer.col + (outer.cols - box.cols) / 2;
	return box;
}
