/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/screen.h"

#include <stdlib.h>

#include "base/memory.h"

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
