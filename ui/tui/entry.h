/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line at the bottom where something is typed. */
#ifndef VFIOCONF_UI_TUI_ENTRY_H
#define VFIOCONF_UI_TUI_ENTRY_H

#include "tui/model.h"

void entry_open(struct model *model, enum entry entry, const char *text);
const char *entry_prompt(enum entry entry);

/* Gives KEY to it. False: the key is none for it. *REACTIONS gets what follows (update.h). */
bool entry_key(struct model *model, int key, unsigned *reactions);

/* Saves the profile. */
void entry_save(struct model *model, const char *path, bool replace);

#endif
