/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaving, and stopping what is under way: both ask before something is lost. */
#ifndef VFIOCONF_UI_TUI_LEAVE_H
#define VFIOCONF_UI_TUI_LEAVE_H

#include "tui/model.h"

unsigned leave_now(struct model *model); /* returns reactions (update.h) */
void leave_stop(struct model *model);

/* While something is changed, every key that does nothing says why. */
void leave_refuse(struct model *model);

#endif
