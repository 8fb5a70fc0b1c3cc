/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interface on a terminal. */
#ifndef VFIOCONF_UI_TUI_TUI_H
#define VFIOCONF_UI_TUI_TUI_H

#include <stdbool.h>
#include <stddef.h>

#include "session.h"

struct tui_options {
	bool ascii;      /* --ascii; ASCII is drawn anyway where the locale is not UTF-8 */
	bool color;      /* false: --color=never, or NO_COLOR without --color=always */
	const char *ssh; /* the environment's SSH_CONNECTION, or NULL */
};

/*
 * Whether the interface can run here; where not, REASON says why as the end of
 * a sentence ("TERM is not set ..."). Reads TERM from the environment.
 */
bool tui_usable(char *reason, size_t size);

/*
 * Runs until the user leaves, with setlocale(3) called before. Returns the exit
 * status: 0, or 1 where the terminal could not be used (said on stderr), or 128 + the
 * signal that asked us to end. The terminal is as it was.
 */
int tui_run(struct session *session, const struct tui_options *options);

#endif
