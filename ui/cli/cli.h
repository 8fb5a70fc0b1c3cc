/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every command of the command line works with: the session, and how its answer is to look. */
#ifndef VFIOCONF_UI_CLI_CLI_H
#define VFIOCONF_UI_CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/fault.h"
#include "base/text.h"
#include "cli/options.h"
#include "session.h"

enum status {
	STATUS_DONE = 0,
	STATUS_FAULT = 1,
	STATUS_USAGE = 2,
	STATUS_REFUSED = 3,
	STATUS_ATTENTION = 4
};

struct cli {
	const struct options *options;
	struct session *session;
	FILE *out;
	unsigned width;   /* columns of the terminal; 0: it is not one, nothing need be cut */
	bool color;
	bool unicode;     /* the terminal understands UTF-8 */
	bool person;      /* standard input and output are a terminal: questions can be asked */
	const char *ssh;  /* SSH_CONNECTION, for a second look at the machine */
	enum status status; /* what main() returns where there is no fault */
};

enum tone { TONE_HEADING, TONE_ERROR, TONE_WARNING, TONE_GOOD, TONE_ADDED, TONE_REMOVED, TONE_PLACE };

/* Appends STRING, in the colour of TONE where colours are wanted. */
void cli_tone(const struct cli *cli, struct text *text, enum tone tone, const char *string);

/*
 * Appends SENTENCE broken at blanks: FIRST stands before its first line (its
 * colours do not count as columns where FIRST_WIDTH says how wide it is), REST before the others. Ends with a newline.
 */
void cli_paragraph(const struct cli *cli, struct text *text, const char *first, size_t first_width, const char *rest,
		   const char *sentence);

/* Writes TEXT as it is; where the terminal has no UTF-8, other characters than ASCII become "?". */
void cli_print(const struct cli *cli, const struct text *text);
void cli_printf(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* On standard error, "vfioconf: " before it. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Columns that a string takes on the terminal. */
size_t cli_columns(const char *string);

#endif
