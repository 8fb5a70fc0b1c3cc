/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/box.h"

#include <string.h>

#define TEXT_COLS 64
#define ANSWER_GAP 3

static void write_text(const struct dialog *dialog, struct page *page)
{
	for (size_t i = 0; i < dialog->body.count; i++) {
		const char *text = dialog->body.items[i];

		if (text_starts_with(text, "- "))
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "- ", 0, text + 2);
		else
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, text);
	}
}

/* The answers one beside the other, on as many rows as they need, from row and column 0 on. Returns the rows. */
static int place_answers(const struct dialog *dialog, int cols, struct rect *answers)
{
	int row = 0, col = 0;
	char name[8];

	for (size_t i = 0; i < dialog->answer_count; i++) {
		const char *key = keys_name(dialog->answers[i].key, name);
		int need = (int)(strlen(key) + 1 + strlen(dialog->answers[i].label));

		if (col && col + need > cols) {
			row++;
			col = 0;
		}
		answers[i] = (struct rect){ row, col, 1, need < cols ? need : cols };
		col += need + ANSWER_GAP;
	}
	return row + 1;
}

static int smaller(int one, int other)
{
	return one < other ? one : other;
}

void box_make(const struct model *model, const struct layout *layout, struct box *ret)
{
	const struct dialog *dialog = &model->dialog;
	struct rect outer = layout->body;
	int cols = smaller(outer.cols - 6, TEXT_COLS), rows, answer_rows, first;

	*ret = (struct box){ .page = { .cols = cols, .ascii = model->ascii } };
	write_text(dialog, &ret->page);
	answer_rows = place_answers(dialog, cols, ret->answers);
	rows = 1 + (int)ret->page.count + 1 + answer_rows; /* the title, and a blank line between text and answers */
	if (rows + 2 > outer.rows) {
		outer.row = layout->banner.row; /* what is asked comes before what is told */
		outer.rows = layout->banner.rows + layout->body.rows + layout->message.rows;
	}
	ret->frame = layout_box(outer, rows, cols);
	ret->title = (struct rect){ ret->frame.row + 1, ret->frame.col + 2, 1, cols };
	/* Where there is not room for all of it, the blank line goes first, and then the text scrolls: never the answers. */
	rows = ret->frame.rows - 2 - 1 - answer_rows;
	ret->text = (struct rect){ ret->title.row + 1, ret->title.col, smaller((int)ret->page.count, rows), cols };
	first = ret->frame.row + ret->frame.rows - 1 - answer_rows;
	for (size_t i = 0; i < dialog->answer_count; i++) {
		ret->answers[i].row += first;
		ret->answers[i].col += ret->title.col;
	}
}

void box_done(struct box *box)
{
	page_done(&box->page);
}

size_t box_below(const struct model *model, const struct box *box)
{
	size_t seen = model->dialog.top + (size_t)box->text.rows;

	return box->page.count > seen ? box->page.count - seen : 0;
}
