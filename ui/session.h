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
#include "system/root.h"

struct session {
	struct root *root;
	struct host *host;
	struct applied applied;
	struct selection selection; /* being edited; starts as what is applied */
	struct strlist allow;       /* finding codes overridden */
	struct plan *plan;          /* of the selection as it was when it was made; NULL before */
	char *machine_directory;    /* made for --machine, removed by session_done(); or NULL */
	bool read_only;             /* a machine file: nothing can be applied */
};

struct session_options {
	const char *root;    /* --root, or NULL */
	const char *machine; /* --machine, or NULL */
	const char *ssh;     /* the environment's SSH_CONNECTION, or NULL */
};

bool session_open(const struct session_options *options, struct session *ret, struct fault *fault);
void session_done(struct session *session);

/* Makes session.plan anew from session.selection. */
bool session_plan(struct session *session, struct fault *fault);

/* Reads the machine and what is applied again; the selection is kept. */
bool session_rescan(struct session *session, const char *ssh, struct fault *fault);

#endif
