/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A window that is too small to show what a key would do takes few keys. */
#ifndef VFIOCONF_UI_TUI_TINY_H
#define VFIOCONF_UI_TUI_TINY_H

#include "tui/model.h"

/* Gives KEY to such a window: leaving and stopping, both of which ask. Returns reactions (update.h). */
unsigned tiny_key(struct model *model, int key);

/* The one line that it shows. */
const char *tiny_line(const struct model *model);

#endif
