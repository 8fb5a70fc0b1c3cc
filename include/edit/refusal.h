/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A construct in a file that an editor does not understand: where it stands, how it reads, what is wrong with it. */
#ifndef VFIOCONF_EDIT_REFUSAL_H
#define VFIOCONF_EDIT_REFUSAL_H

#include <stddef.h>

#include "base/fault.h"
#include "base/finding.h"
#include "base/text.h"

/* Initialise with { 0 }. */
struct refusal {
	unsigned line;    /* from 1 */
	struct text text; /* the line itself, as it stands */
	char reason[160]; /* "a command substitution, whose result is not known here" */
};
void refusal_done(struct refusal *refusal); /* accepts NULL */
#define cleanup_refusal cleanup(refusal_done)

/* Fills in line and text for the byte at OFFSET of BYTES. A refusal that is filled already keeps what it has. */
void refusal_set(struct refusal *refusal, const struct text *bytes, size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* FINDING_SYNTAX_NOT_UNDERSTOOD, an error: file, line number, reason and the line; the caller adds the remedy. */
struct finding *refusal_finding(const struct refusal *refusal, const char *path, struct findings *findings);

/* The same as a fault, for who only reads. Returns false. */
bool refusal_fault(const struct refusal *refusal, const char *path, struct fault *fault);

#endif
