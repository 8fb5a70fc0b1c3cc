/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A changeset made durable or undone, step by step. Every prefix of the steps
 * boots; a crash at any point is repaired by recovery_run() at the next start.
 */
#ifndef VFIOCONF_APPLY_TRANSACTION_H
#define VFIOCONF_APPLY_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "edit/changeset.h"
#include "system/root.h"

#define STATE_DIRECTORY "/var/lib/vfioconf"

enum apply_step {
	APPLY_CHECK,    /* the files are what the plan saw; there is room; nothing is read-only */
	APPLY_SAVE,     /* old bytes and old images copied into the journal */
	APPLY_STAGE,    /* new bytes written beside their targets */
	APPLY_PUBLISH,  /* exchanged in */
	APPLY_COMMAND,  /* a command runs; `line` carries its output */
	APPLY_PROVE,    /* what the command made is looked into */
	APPLY_FLUSH,    /* made readable for the boot loader */
	APPLY_COMMIT,
	APPLY_ROLLBACK, /* something failed: everything is put back */
	APPLY_DONE
};

struct apply_progress {
	enum apply_step step;
	size_t number, total; /* of the files or commands of this step, from 1; 0 where it does not count */
	const char *what;     /* the file or the command line; never NULL */
	const char *line;     /* one line of a command's output, made visible; or NULL */
};

struct apply_observer {
	void (*notify)(void *data, const struct apply_progress *progress); /* may be NULL */
	bool (*cancelled)(void *data); /* polled between steps and while a command runs; may be NULL */
	void *data;
};

struct apply_result {
	char id[32];           /* of the history entry: "20261122T141500Z-1" */
	bool rolled_back;      /* it failed, and everything is as it was */
	bool needs_attention;  /* rollback met a foreign edit: exit status 4 */
	struct strlist foreign; /* a sentence for each file that was kept because someone else had edited it */
};

void apply_result_done(struct apply_result *result); /* accepts NULL */

/*
 * Applies CHANGESET to ROOT. NOTE is one line for the history ("2 functions for
 * vfio-pci"). On a fault everything has been put back (result.rolled_back), or
 * nothing had been touched, or needs_attention says which file is not as it was.
 * *RET is filled in every case; the caller gives it to apply_result_done(). Ignores no signal itself; the caller
 * decides what `cancelled` is.
 */
bool transaction_apply(const struct root *root, const struct changeset *changeset, const char *note,
		       const struct apply_observer *observer, struct apply_result *ret, struct fault *fault);

/* What transaction_apply() finds out before its first write; needs no privilege and changes nothing: for --dry-run. */
bool transaction_check(const struct root *root, const struct changeset *changeset, struct fault *fault);

const char *apply_step_label(enum apply_step step); /* "Saving the old files" */

#endif
