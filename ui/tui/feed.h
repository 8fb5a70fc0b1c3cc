/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The apply step as it is seen from here: a program of its own (vfioconf with
 * --apply-saved and --json) that tells what it does in one JSON object a line.
 */
#ifndef VFIOCONF_UI_TUI_FEED_H
#define VFIOCONF_UI_TUI_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strlist.h"

#define FEED_LINES 400 /* of the commands' output are kept */

enum outcome {
	OUTCOME_NONE, /* still at it */
	OUTCOME_DONE,
	OUTCOME_NOTHING, /* there was nothing to do */
	OUTCOME_REFUSED,
	OUTCOME_FAULT,  /* the apply step says that it failed */
	OUTCOME_RECOVERED, /* what was cut off before is put right, as far as it can be; nothing else was done */
	OUTCOME_UNKNOWN /* it ended without saying how */
};

/* Initialise with { 0 }. */
struct feed {
	enum outcome outcome;
	struct strlist done;     /* steps that are behind us, in words */
	char *step;              /* the word of the step under way: "publish" */
	size_t number, total;    /* of the files or commands in it; 0 where it does not count */
	char *what;              /* the file or the command */
	struct strlist lines;    /* the last lines of output */
	char *message;           /* of the fault */
	char *id;                /* in the history */
	struct strlist findings; /* what refused it, in sentences */
	struct strlist not_proven; /* of what was done, in sentences */
	char *recovered; /* the word of how what was cut off before ended: "undone"; NULL: nothing was */
	struct strlist kept; /* of what others have changed since, and what was left as it is: in sentences */
	char *way_back;  /* how to have a boot without passthrough; "" where nothing is passed through */
	bool reboot;
	bool rolled_back;
	bool needs_attention;
	bool recovery; /* it is to put right what was cut off, and nothing else */
	bool stopping; /* the user asked to stop */
	int status;    /* exit status */
};

void feed_done(struct feed *feed); /* accepts NULL */

/* Takes one line of output: an event, or anything else, which is then kept as a line of output. */
void feed_line(struct feed *feed, const char *line);

/* The program ended; where it never said how, the outcome is told from this. */
void feed_ended(struct feed *feed, int status);

/* What a step does, in words: "Writing the new files". The word itself where it is not known. */
const char *feed_label(const char *step);

#endif
