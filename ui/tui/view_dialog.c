/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A box in the middle that asks. */
#include "tui/view.h"

#include "tui/box.h"

#define NOISE_COLS 6 /* so few columns beside the box say nothing of what is under it, and only disturb */

static void draw_text(const struct model *model, struct screen *screen, const struct box *box)
{
	struct canvas *canvas = &screen->canvas;
	int margin = box->text.col + box->text.cols;
	size_t top = model->dialog.top;

	for (int i = 0; i < box->text.rows && top + (size_t)i < box->page.count; i++)
		canvas_text(canvas, box->text.row + i, box->text.col, box->text.cols, STYLE_PLAIN,
			    box->page.lines[top + (size_t)i].text);
	if (top)
		canvas_text(canvas, box->text.row, margin, 1, STYLE_KEY, theme_glyph(GLYPH_ABOVE, model->ascii));
	if (box_below(model, box))
		canvas_text(canvas, box->text.row + box->text.rows - 1, margin, 1, STYLE_KEY,
			    theme_glyph(GLYPH_BELOW, model->ascii));
}

static void draw_answers(const struct model *model, struct screen *screen, const struct box *box)
{
	const struct dialog *dialog = &model->dialog;
	struct canvas *canvas = &screen->canvas;
	char name[8];

	for (size_t i = 0; i < dialog->answer_count; i++) {
		struct rect rect = box->answers[i];
		int used = canvas_text(canvas, rect.row, rect.col, rect.cols, STYLE_KEY,
				       keys_name(dialog->answers[i].key, name)) +
			   1;

		canvas_text(canvas, rect.row, rect.col + used, rect.cols - used, STYLE_PLAIN, dialog->answers[i].label);
		screen_add_hit(screen, rect, dialog->answers[i].key, 0, false);
	}
	canvas->cursor_row = box->answers[0].row;
	canvas->cursor_col = box->answers[0].col;
	canvas->cursor_typing = false;
}

void view_dialog(const struct model *model, struct screen *screen, const struct layout *layout)
{
	struct rect under;
	struct box box;

	box_make(model, layout, &box);
	under = box.frame;
	if (screen->canvas.cols - under.cols <= NOISE_COLS) {
		under.col = 0;
		under.cols = screen->canvas.cols;
	}
	canvas_fill(&screen->canvas, under, STYLE_PLAIN);
	canvas_frame(&screen->canvas, box.frame, STYLE_FRAME);
	canvas_text(&screen->canvas, box.title.row, box.title.col, box.title.cols, STYLE_TITLE, model->dialog.title);
	draw_text(model, screen, &box);
	draw_answers(model, screen, &box);
	box_done(&box);
}
