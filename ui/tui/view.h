/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the model into a canvas, and remembers what was drawn where, for the mouse. */
#ifndef VFIOCONF_UI_TUI_VIEW_H
#define VFIOCONF_UI_TUI_VIEW_H

#include "tui/canvas.h"
#include "tui/model.h"

/* A click into the rectangle means this key, or (key 0) this row or item. */
struct hit {
	struct rect rect;
	int key;
	size_t item;
	bool mark; /* its tick box */
};

/* Initialise with { 0 }. */
struct screen {
	struct canvas canvas;
	struct hit *hits;
	size_t hit_count, hit_capacity;
};

void screen_done(struct screen *screen);
const struct hit *screen_hit(const struct screen *screen, int row, int col); /* the topmost, or NULL */
void screen_add_hit(struct screen *screen, struct rect rect, int key, size_t item, bool mark);

/* The whole picture, at the size of the model. */
void view_draw(const struct model *model, struct screen *screen);

/* The parts, each in its own view_*.c. */
void view_tree(const struct model *model, struct screen *screen, struct rect rect);
void view_page(const struct model *model, struct screen *screen, struct rect rect, const struct page *page,
	       const struct place *place);
void view_frame(const struct model *model, struct screen *screen, const struct layout *layout);
void view_dialog(const struct model *model, struct screen *screen, struct rect body);

/* One finding with its remedy, as lines of ITEM. */
void page_finding(struct page *page, const struct finding *finding, int item);

/* The pages' contents, made to page.cols. */
void page_of_view(const struct model *model, struct page *page);
void page_of_function(const struct model *model, const struct function *function, struct page *page);
void page_of_group(const struct model *model, size_t group, struct page *page);
void page_of_findings(const struct model *model, struct page *page);
void page_of_diff(const struct model *model, struct page *page);
void page_of_options(const struct model *model, struct page *page);
void page_of_choice(const struct model *model, struct page *page);
void page_of_verdict(const struct model *model, struct page *page);
void page_of_confirm(const struct model *model, struct page *page);
void page_of_progress(const struct model *model, struct page *page);
void page_of_result(const struct model *model, struct page *page);
void page_of_help(const struct model *model, struct page *page);

#endif
