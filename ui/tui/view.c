/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/view.h"

static void draw_tiny(const struct model *model, struct screen *screen, struct rect rect)
{
	const char *text = model->running ? "vfioconf: applying ..." : "vfioconf: make the window larger (40x10)";

	canvas_text(&screen->canvas, rect.row, rect.col, rect.cols, STYLE_PLAIN, text);
}

static void draw_tree(const struct model *model, struct screen *screen, const struct layout *layout)
{
	struct place pane = { .view = VIEW_DETAIL, .top = model->pane_top };
	struct rect rect = layout->detail;

	view_tree(model, screen, layout->tree);
	if (!rect.cols)
		return;
	canvas_vertical(&screen->canvas, layout->border.row, layout->border.col, layout->border.rows, STYLE_FRAME);
	rect.col++;
	rect.cols--;
	view_page(model, screen, rect, &model->pane, &pane);
}

void view_draw(const struct model *model, struct screen *screen)
{
	struct layout layout = model_layout(model);

	screen->hit_count = 0;
	screen->canvas.ascii = model->ascii;
	canvas_resize(&screen->canvas, model->rows, model->cols);
	if (layout.tiny) {
		draw_tiny(model, screen, layout.message);
		return;
	}
	if (model_view(model) == VIEW_TREE)
		draw_tree(model, screen, &layout);
	else
		view_page(model, screen, layout.body, &model->page, &model->places[model->depth - 1]);
	view_frame(model, screen, &layout);
	if (model->dialog.question != QUESTION_NONE)
		view_dialog(model, screen, &layout);
}
