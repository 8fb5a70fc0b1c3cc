/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows from the answer to a box that asks (ask.h). */
#ifndef VFIOCONF_UI_TUI_ANSWER_H
#define VFIOCONF_UI_TUI_ANSWER_H

#include "tui/model.h"

/* Gives KEY to the box. Returns reactions (update.h). */
unsigned answer_key(struct model *model, int key);

#endif
