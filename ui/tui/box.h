/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the parts of a question's box are on the screen: its text, which scrolls where it is long, and its answers. */
#ifndef VFIOCONF_UI_TUI_BOX_H
#define VFIOCONF_UI_TUI_BOX_H

#include "tui/model.h"

struct box {
	struct rect frame, title;
	struct rect text; /* its rows show the page from model.dialog.top on */
	struct rect answers[ANSWERS];
	struct page page; /* all of the text */
};

/* The box of the question that is open: in the body or, where it is long, over all but the first and the last row. */
void box_make(const struct model *model, const struct layout *layout, struct box *ret);
void box_done(struct box *box);

/* How many lines of the text are below what is seen. */
size_t box_below(const struct model *model, const struct box *box);

#endif
