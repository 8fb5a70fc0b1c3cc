/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts the apply step: this program once more, as root, with the selection
 * as a profile on its standard input. The interface itself changes nothing.
 */
#ifndef VFIOCONF_UI_TUI_APPLYING_H
#define VFIOCONF_UI_TUI_APPLYING_H

#include "tui/model.h"

struct applying_view {
	const char *self;         /* the path of this program; NULL: not known */
	const char *ssh;          /* SSH_CONNECTION, or NULL */
	void (*pump)(void *data); /* handles what is typed and draws; called at least every 200 ms */
	void *data;
};

/* Runs it to its end; model.progress tells what came of it. */
void applying_run(struct model *model, const struct applying_view *view);

/* The command line of the apply step. LAUNCHER stands in front of it ("sudo"); NULL: nothing does. */
void applying_command(const struct model *model, const char *self, const char *launcher, struct strlist *ret);

#endif
