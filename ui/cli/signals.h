/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals only raise a flag: what is under way ends at a consistent point, the
 * temporary directory is removed, and then the program ends by the signal.
 */
#ifndef VFIOCONF_UI_CLI_SIGNALS_H
#define VFIOCONF_UI_CLI_SIGNALS_H

#include <stdbool.h>

/* For INT, TERM, HUP and PIPE. Handlers, so that programs we start get the default again. */
void signals_catch(void);

/* Whether the user interrupted (INT or TERM). */
bool signals_interrupted(void);

/* Whether what we write is read no more (PIPE). */
bool signals_ended_reader(void);

/* Ends by the first signal that was caught, as if it never had been; returns where there was none. */
void signals_end(void);

#endif
