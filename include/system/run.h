/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only place that starts other programs. No shell: an argument list, a
 * fixed PATH and environment, stdin from /dev/null, the output through a pipe line by line,
 * a process group of its own and a time limit (TERM, 20 s later KILL). What it leaves running is ended as well,
 * wherever it went: nothing of it writes any more once run_command() returns.
 */
#ifndef VFIOCONF_SYSTEM_RUN_H
#define VFIOCONF_SYSTEM_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"
#include "system/root.h"

struct run_request {
	const struct root *root;    /* not "/": the command runs in it by chroot(2); NULL: as if "/" */
	const struct strlist *argv; /* argv[0] without a slash is looked up in the fixed PATH, inside the root */
	const struct strlist *environment; /* NAME=value added to the fixed environment, or NULL */
	const struct text *input;   /* given on stdin; NULL: /dev/null */
	unsigned timeout;           /* seconds; 0: 60 */
	unsigned grace;             /* seconds between TERM and KILL; 0: 20 */
	size_t output_limit;        /* bytes of output kept in run_result.output; 0: 1 MiB. The rest is read and dropped. */
	int inherit;                /* a descriptor that the child keeps open under its number (the lock); 0 or -1: none */
	bool on_terminal;           /* stays in our session and process group, so that it (sudo) may ask on the terminal */
	void (*line)(void *data, const char *line); /* each line of output, visible form; or NULL */
	bool (*cancelled)(void *data);              /* polled at least each 200 ms; true ends the command; or NULL */
	void *data;
};

/* Initialise with { 0 }. */
struct run_result {
	int status;         /* exit status; 128 + signal where a signal ended it */
	bool timed_out;
	bool cancelled;
	struct text output; /* stdout and stderr as they came */
};
void run_result_done(struct run_result *result);

/* False where it could not be started (command not there: fault.error is ENOENT). A non-zero status is no fault. */
bool run_command(const struct run_request *request, struct run_result *ret, struct fault *fault);

/* A descriptor from which BYTES can be read (not a file of any disk), for `inherit`; the caller closes. */
bool run_bytes(const struct text *bytes, int *ret, struct fault *fault);

/* Whether a program is there and executable in the fixed PATH inside the root. */
bool run_available(const struct root *root, const char *program);

#endif
