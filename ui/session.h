/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One sitting at one machine: what both the command line and the interface
 * work on. Ties the backend's parts together and holds no policy of its own.
 */
#ifndef VFIOCONF_UI_SESSION_H
#define VFIOCONF_UI_SESSION_H

#include <stdbool.h>

#include "apply/transaction.h"
#include "apply/verify.h"
#include "base/fault.h"
#include "host/host.h"
#include "plan/plan.h"
#include "plan/profile.h"
#include "plan/selection.h"
#include "plan/today.h"
#include "system/root.h"

struct session {
	struct root *root;
	struct host *host;
	struct applied applied;
	struct fault record;        /* why the record of what is applied cannot be read (FAULT_NONE: it can): then
	                               nothing is known to be applied, and session_plan() fails with this */
	struct today today;         /* what is for guests now, whoever has set it up */
	struct selection selection; /* being edited; starts as that of today */
	struct strlist allow;       /* finding codes overridden */
	struct plan *plan;          /* of the selection as it was when it was made; NULL before */
	char *machine_directory;    /* made for --machine, removed by session_done(); or NULL */
	bool read_only;             /* a machine file: nothing can be applied */
	bool bare;                  /* only the root was opened: host is NULL */
	bool asked;                 /* the selection was asked for in so many words: it is planned, although it may be
	                               what is found */
};

struct session_options {
	const char *root;    /* --root, or NULL */
	const char *machine; /* --machine, or NULL */
	const char *temporary; /* where a directory for --machine may be made: the environment's TMPDIR, or /tmp */
	const char *ssh;     /* the environment's SSH_CONNECTION, or NULL */
	bool bare;           /* only open the root: for what needs to know nothing about the machine */
};

bool session_open(const struct session_options *options, struct session *ret, struct fault *fault);
void session_done(struct session *session);

/*
 * Makes session.plan anew from session.selection. As long as that is what
 * somebody else has set up, and nothing is changed in it, the plan is to change nothing.
 */
bool session_plan(struct session *session, struct fault *fault);

/* Whether the selection is what somebody else has set up, and nothing is changed in it. */
bool session_is_as_found(const struct session *session);

/* Reads the machine and what is applied again; the selection is kept. */
bool session_rescan(struct session *session, const char *ssh, struct fault *fault);

/*
 * Takes the profile in FILE ("-": standard input) as the selection; writes the selection as a profile to FILE ("-":
 * standard output). These are files of the user's, named from the working directory, whatever the root is.
 */
bool session_load(struct session *session, const char *file, struct fault *fault);
bool session_save(const struct session *session, const char *file, struct fault *fault);
bool session_write(const char *file, const struct text *bytes, struct fault *fault); /* any bytes, the same way */

#endif
