/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A box in the middle that asks. */
#include "tui/view.h"

static void build(const struct model *model, struct page *page)
{
	const struct dialog *dialog = &model->dialog;

	for (size_t i = 0; i < dialog->body.count; i++) {
		const char *text = dialog->body.items[i];

		if (text_starts_with(text, "- "))
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "- ", 0, text + 2);
		else
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, text);
	}
}

static void draw_answers(const struct model *model, struct screen *screen, struct rect box, int row)
{
	const struct dialog *dialog = &model->dialog;
	struct canvas *canvas = &screen->canvas;
	char name[8];
	int at = box.col + 2, end = box.col + box.cols - 2;

	for (size_t i = 0; i < dialog->answer_count; i++) {
		const char *key = keys_name(dialog->answers[i].key, name);
		int start = at;

		at += canvas_text(canvas, row, at, end - at, STYLE_KEY, key) + 1;
		at += canvas_text(canvas, row, at, end - at, STYLE_PLAIN, dialog->answers[i].label);
		screen_add_hit(screen, (struct rect){ row, start, 1, at - start }, dialog->answers[i].key, 0, false);
		at += 3;
	}
	canvas->cursor_row = row;
	canvas->cursor_col = box.col + 2;
	canvas->cursor_typing = false;
}

void view_dialog(const struct model *model, struct screen *screen, struct rect body)
{
	int cols = body.cols - 6 < 64 ? body.cols - 6 : 64;
	struct page page = { .cols = cols, .ascii = model->ascii };
	struct rect box;
	int shown;

	build(model, &page);
	box = layout_box(body, (int)page.count + 3, cols);
	canvas_fill(&screen->canvas, box, STYLE_PLAIN);
	canvas_frame(&screen->canvas, box, STYLE_FRAME);
	canvas_text(&screen->canvas, box.row + 1, box.col + 2, box.cols - 4, STYLE_TITLE, model->dialog.title);
	/* What does not fit is cut in the middle of the text, never the answers. */
	shown = box.rows - 5 < (int)page.count ? box.rows - 4 : (int)page.count;
	for (int i = 0; i < shown; i++)
		canvas_text(&screen->canvas, box.row + 2 + i, box.col + 2, box.cols - 4, STYLE_PLAIN,
			    i == shown - 1 && shown < (int)page.count ? "..." : page.lines[i].text);
	draw_answers(model, screen, box, box.row + box.rows - 2);
	page_done(&page);
}
