/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A picture, and what was drawn where in it, for the mouse. */
#ifndef VFIOCONF_UI_TUI_SCREEN_H
#define VFIOCONF_UI_TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"
#include "tui/layout.h"

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

#endif
