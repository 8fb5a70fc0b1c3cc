/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all parts of the writer share: the machine, the observer, the lock, the journal under way. */
#ifndef VFIOCONF_APPLY_WORK_H
#define VFIOCONF_APPLY_WORK_H

#include <stdbool.h>

#include "apply/journal.h"
#include "apply/log.h"
#include "apply/transaction.h"
#include "base/fault.h"
#include "base/strlist.h"
#include "system/root.h"
#include "system/run.h"
#include "system/store_tree.h"

struct work {
	const struct root *root;
	const struct apply_observer *observer; /* or NULL */
	struct folder state, transactions, history;
	struct folder active; /* of the transaction under way */
	int lock;             /* given to every command: while one of them lives, nobody else begins */
	int frontend;         /* dpkg's lock, or -1 where there is no dpkg */
	struct strlist environment; /* for commands */
	struct journal journal;
	struct log log;
	struct strlist foreign; /* a sentence for each file that someone else has changed and that was kept */
};

/* Opens STATE_DIRECTORY, made where it is missing, and takes the lock; FAULT_BUSY where someone else is at work. */
bool work_open(const struct root *root, const struct apply_observer *observer, struct work *ret, struct fault *fault);
void work_done(struct work *work);

/* Holds off dpkg and apt until work_done(), where they are installed. */
bool work_hold_packages(struct work *work, struct fault *fault);

/* Removes what was being prepared when someone before us was stopped. */
bool work_sweep(struct work *work, struct fault *fault);

/* Opens the journal of the transaction under way, and its log. */
bool work_open_active(struct work *work, struct fault *fault);

void work_notify(const struct work *work, enum apply_step step, size_t number, size_t total, const char *what,
		 const char *line);

/* False, with FAULT_CANCELLED, where the user has interrupted. */
bool work_go_on(const struct work *work, struct fault *fault);

/* Adds a sentence to FOREIGN, once: putting back may have to be repeated. */
void work_tell_foreign(struct work *work, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How commands are run. */
struct run_request work_request(const struct work *work);

#endif
