/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changing the options of a selection (settings.h), and the plan that follows from it. */
#ifndef VFIOCONF_UI_TUI_SETTINGS_CHANGE_H
#define VFIOCONF_UI_TUI_SETTINGS_CHANGE_H

#include "tui/model.h"

/* Changes the option under the cursor, or takes the choice under the cursor. */
void settings_change(struct model *model);

/* Asks which boot loader or generator it is, with what speaks for each. */
void settings_choose(struct model *model, enum choice_kind kind);

#endif
