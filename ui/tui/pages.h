/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on the pages, made to page.cols; how it is drawn is for view.h. */
#ifndef VFIOCONF_UI_TUI_PAGES_H
#define VFIOCONF_UI_TUI_PAGES_H

#include "tui/model.h"

/* The page of the current view; the tree has none. */
void page_of_view(const struct model *model, struct page *page);

/* One finding with its remedy, as lines of ITEM. */
void page_finding(struct page *page, const struct finding *finding, int item);

/* The pages' contents, each in its own page_*.c. */
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
