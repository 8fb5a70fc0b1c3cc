/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fault: we failed to do what was asked.
 *
 * Functions that can fail return bool and take a struct fault last. They fill
 * it once, where the failure happened; callers on the way up may put context
 * in front of the sentence. A finding (base/finding.h) is something else: the
 * machine or the choice is so.
 */
#ifndef VFIOCONF_BASE_FAULT_H
#define VFIOCONF_BASE_FAULT_H

#include <stdbool.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_SYSTEM,   /* a system call failed; error is its errno */
	FAULT_INPUT,    /* something from outside is malformed: a file, an argument */
	FAULT_CONFLICT, /* a file is not what it was when the plan was made */
	FAULT_COMMAND,  /* a command failed, or what it wrote is not right */
	FAULT_BUSY,     /* another vfioconf is at work */
	FAULT_CANCELLED /* the user interrupted */
};

/* Needs no cleanup: it owns no memory. Initialise with { 0 }. */
struct fault {
	enum fault_kind kind;
	int error;           /* errno, or 0 */
	char path[512];      /* the file it is about, or "" */
	char sentence[1024]; /* one sentence for the user; control characters already made visible */
};

/*
 * Each fills *FAULT (which may be NULL) and returns false, so that a failing
 * function can end in `return fault_...`. PATH may be NULL. The sentence is
 * made by FORMAT as in printf(3), without a final full stop;
 * fault_system() adds ": " and the text of ERROR (an errno, positive), and
 * fault_input() puts "PATH:LINE: " before it (no LINE when it is 0).
 */
bool fault_set(struct fault *fault, enum fault_kind kind, const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool fault_system(struct fault *fault, int error, const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool fault_input(struct fault *fault, const char *path, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts "CONTEXT: " before the sentence; returns false. */
bool fault_context(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
