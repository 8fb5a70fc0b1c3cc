/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the parts of the screen are: a function of its size alone. */
#ifndef VFIOCONF_UI_TUI_LAYOUT_H
#define VFIOCONF_UI_TUI_LAYOUT_H

#include <stdbool.h>

#include "tui/canvas.h"

#define LAYOUT_MIN_ROWS 10
#define LAYOUT_MIN_COLS 40
#define LAYOUT_TWO_PANES 100 /* columns from which the detail pane stands beside the tree */

/* A part that is not there has no rows or no columns. */
struct layout {
	bool tiny; /* too small for anything but one line, which is `message` */
	struct rect header;
	struct rect banner;
	struct rect body;   /* of a view that takes the whole width */
	struct rect tree;   /* the left part of the body, or all of it */
	struct rect border; /* the line between */
	struct rect detail;
	struct rect message;
	struct rect footer;
};

struct layout layout_compute(int rows, int cols, int banner_rows, int message_rows);

/* A box of the wanted size (without its frame) in the middle of OUTER, made smaller where it must be. */
struct rect layout_box(struct rect outer, int rows, int cols);

#endif
