/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the model and its pages (pages.h) into a screen. */
#ifndef VFIOCONF_UI_TUI_VIEW_H
#define VFIOCONF_UI_TUI_VIEW_H

#include "tui/model.h"
#include "tui/screen.h"

/* The whole picture, at the size of the model. */
void view_draw(const struct model *model, struct screen *screen);

/* The parts, each in its own view_*.c. */
void view_tree(const struct model *model, struct screen *screen, struct rect rect);
void view_page(const struct model *model, struct screen *screen, struct rect rect, const struct page *page,
	       const struct place *place);
void view_frame(const struct model *model, struct screen *screen, const struct layout *layout);
void view_dialog(const struct model *model, struct screen *screen, const struct layout *layout);

#endif
