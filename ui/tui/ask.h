/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boxes that ask, and what follows from the answers. */
#ifndef VFIOCONF_UI_TUI_ASK_H
#define VFIOCONF_UI_TUI_ASK_H

#include "tui/model.h"

void ask_close(struct model *model);

/* FUNCTION is to be ticked, but COUNT others of its group (indices MATES) stand in the way. */
void ask_mates(struct model *model, const struct function *function, const size_t *mates, size_t count);
void ask_allow(struct model *model, const struct finding *finding);
void ask_quit(struct model *model);
void ask_replace(struct model *model, const char *path);
void ask_stop(struct model *model);

/* Something that must be read; PARAGRAPH may hold newlines. */
void ask_told(struct model *model, const char *title, const char *paragraph);

/* Gives KEY to the box. Returns reactions (update.h). */
unsigned ask_answer(struct model *model, int key);

#endif
