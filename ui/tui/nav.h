/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moving about: within a page, between pages, by searching. */
#ifndef VFIOCONF_UI_TUI_NAV_H
#define VFIOCONF_UI_TUI_NAV_H

#include "tui/model.h"

#define NAV_SIDE 8 /* columns that one key scrolls to the side */

/* Makes the page of the current view anew and brings cursor and scrolling into its bounds. */
void nav_refresh(struct model *model);

/* Reads what the next picture needs and was not read yet (a function's details). Call before drawing. */
void nav_prepare(struct model *model);

void nav_open(struct model *model, enum view view); /* a page on top; a page that is open already comes to the front */
void nav_back(struct model *model);

/*
 * Of the cursor, or of the page where it has none. What is longer than the screen, and what stands above the first item
 * and below the last, is scrolled through before the cursor leaves it.
 */
void nav_move(struct model *model, int lines);
void nav_page(struct model *model, int pages); /* 1 or -1 */
void nav_end(struct model *model, bool top);
void nav_box(struct model *model, int lines); /* the text of the question that is open */
void nav_box_page(struct model *model, int pages);
void nav_select(struct model *model, size_t row); /* of the tree, or an item of the page */

/* Searches for model.search, forwards or backwards, from the cursor on; says so where there is no match. */
void nav_search(struct model *model, int direction, bool here);
void nav_filter(struct model *model, const char *filter);
void nav_fold(struct model *model, bool fold);
void nav_fold_all(struct model *model);

/* Puts the tree's cursor on a function. */
void nav_show(struct model *model, const struct function *function);

#endif
