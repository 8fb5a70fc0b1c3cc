/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/view.h"

void screen_done(struct screen *screen)
{
	canvas_done(&screen->canvas);
	free(screen->hits);
	*screen = (struct screen){ 0 };
}

void screen_add_hit(struct screen *screen, struct rect rect, int key, size_t item, bool mark)
{
	screen->hits = memory_grow(screen->hits, screen->hit_count, &screen->hit_capacity, sizeof(*screen->hits));
	screen->hits[screen->hit_count++] = (struct hit){ rect, key, item, mark };
}

const struct hit *screen_hit(const struct screen *screen, int row, int col)
{
	for (size_t i = screen->hit_count; i > 0; i--) {
		const struct rect *rect = &screen->hits[i - 1].rect;

		if (row >= rect->row && row < rect->row + rect->rows && col >= rect->col &&
		    col < rect->col + rect->cols)
			return &screen->hits[i - 1];
	}
	return NULL;
}

void page_of_view(const struct model *model, struct page *page)
{
	switch (model_view(model)) {
	case VIEW_TREE:
		break;
	case VIEW_DETAIL:
		if (model_function(model))
			page_of_function(model, model_function(model), page);
		break;
	case VIEW_FINDINGS:
		page_of_findings(model, page);
		break;
	case VIEW_DIFF:
		page_of_diff(model, page);
		break;
	case VIEW_OPTIONS:
		page_of_options(model, page);
		break;
	case VIEW_CHOICE:
		page_of_choice(model, page);
		break;
	case VIEW_VERDICT:
		page_of_verdict(model, page);
		break;
	case VIEW_CONFIRM:
		page_of_confirm(model, page);
		break;
	case VIEW_PROGRESS:
		page_of_progress(model, page);
		break;
	case VIEW_RESULT:
		page_of_result(model, page);
		break;
	case VIEW_HELP:
		page_of_help(model, page);
		break;
	}
}

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
		view_dialog(model, screen, layout.body);
}
