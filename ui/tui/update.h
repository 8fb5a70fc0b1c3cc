/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an event changes in the model, and what the terminal must do about it. */
#ifndef VFIOCONF_UI_TUI_UPDATE_H
#define VFIOCONF_UI_TUI_UPDATE_H

#include "tui/model.h"

enum event_kind {
	EVENT_KEY,    /* key: a character or INPUT_... */
	EVENT_SELECT, /* item: a row of the tree or an item of a page was clicked */
	EVENT_MARK,   /* the same, on its tick box */
	EVENT_DOUBLE, /* the same, twice */
	EVENT_WHEEL,  /* lines */
	EVENT_RESIZE  /* rows, cols */
};

struct event {
	enum event_kind kind;
	int key;
	size_t item;
	int lines;
	int rows, cols;
};

#define REACT_QUIT 1u
#define REACT_APPLY 2u /* start the apply step */
#define REACT_CLEAR 4u /* draw everything again */
#define REACT_SUSPEND 8u
#define REACT_FLUSH 16u /* forget what was typed ahead, once this is drawn */
#define REACT_MOUSE 32u /* take or release the mouse, as model.mouse says */

unsigned update(struct model *model, const struct event *event);

/* The apply step is over: shows its result. */
void update_applied(struct model *model);

/* Before anything else: opens the page that comes first, where that is not the tree. */
void update_begin(struct model *model);

#endif
