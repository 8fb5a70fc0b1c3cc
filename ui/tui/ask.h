/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boxes that ask; what follows from the answers is for answer.h. */
#ifndef VFIOCONF_UI_TUI_ASK_H
#define VFIOCONF_UI_TUI_ASK_H

#include "tui/model.h"

void ask_close(struct model *model);

/* FUNCTION is to be ticked, but COUNT others of its group (indices MATES) stand in the way. */
void ask_mates(struct model *model, const struct function *function, const size_t *mates, size_t count);
/* FUNCTION is to be unticked; MATES stay ticked, and could not go to a guest without it. */
void ask_unticked(struct model *model, const struct function *function, const size_t *mates, size_t count);
void ask_allow(struct model *model, const struct finding *finding);
void ask_enable(struct model *model);
void ask_quit(struct model *model);
void ask_replace(struct model *model, const char *path);
void ask_recover(struct model *model);
void ask_stop(struct model *model);

/*
 * KEY as one of the box's answers: capital letters count, Esc and ^C mean no, and the key that asked to leave means yes
 * to that. 0: none of them.
 */
int ask_chosen(const struct dialog *dialog, int key);

#endif
