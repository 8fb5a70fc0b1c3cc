/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/view.h"

#include "tui/tiny.h"

static void draw_tiny(const struct model *model, struct screen *screen, struct rect rect)
{
	canvas_text(&screen->canvas, rect.row, rect.col, rect.cols, STYLE_PLAIN, tiny_line(model));
}

/* What is not seen of the pane has its sign on the border; where the arrows scroll the pane, the bar is there. */
static void draw_pane(const struct model *model, struct screen *screen, const struct layout *layout)
{
	struct place pane = { .view = VIEW_DETAIL, .top = model->pane_top };
	struct canvas *canvas = &screen->canvas;
	struct rect rect = layout->detail, border = layout->border;

	canvas_vertical(canvas, border.row, border.col, border.rows, STYLE_FRAME);
	if (model->pane_top)
		canvas_text(canvas, border.row, border.col, 1, STYLE_KEY, theme_glyph(GLYPH_ABOVE, model->ascii));
	if (model->pane_top + (size_t)rect.rows < model->pane.count)
		canvas_text(canvas, border.row + border.rows - 1, border.col, 1, STYLE_KEY,
			    theme_glyph(GLYPH_BELOW, model->ascii));
	rect.col++;
	rect.cols--;
	view_page(model, screen, rect, &model->pane, &pane);
	if (!model_in_pane(model))
		return;
	canvas_restyle(canvas, rect.row, rect.col, rect.cols, STYLE_SELECTED);
	canvas->cursor_row = rect.row;
	canvas->cursor_col = rect.col + 1;
}

static void draw_tree(const struct model *model, struct screen *screen, const struct layout *layout)
{
	view_tree(model, screen, layout->tree);
	if (layout->detail.cols)
		draw_pane(model, screen, layout);
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
