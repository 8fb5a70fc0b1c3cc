/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finished transactions, and how to take one back. */
#ifndef VFIOCONF_APPLY_HISTORY_H
#define VFIOCONF_APPLY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/fault.h"
#include "base/finding.h"
#include "base/strlist.h"
#include "edit/changeset.h"
#include "system/root.h"
#include "system/store_tree.h"

struct history_entry {
	char *id;
	time_t time;   /* when it was committed or rolled back */
	char *note;    /* with the reason, where it was rolled back */
	bool applied;  /* false: it failed and was rolled back */
	bool damaged;  /* its journal cannot be read: nothing is known but its id; the note says why */
	bool confirmed; /* the user has seen what became of it after the reboot */
	char *boot_id; /* of the boot during which it was applied */
	struct strlist files;    /* paths that it changed */
	struct strlist commands; /* command lines that it ran */
	struct strlist kept;     /* a sentence for each file of others that was kept when it was put back */
};

struct history {
	struct history_entry *entries; /* newest first */
	size_t count;
};

bool history_read(const struct root *root, struct history *ret, struct fault *fault); /* none is no fault */
void history_done(struct history *history);

/*
 * The changeset that takes transaction ID back (NULL: the last that was
 * applied), its old bytes as new ones; the commands are the same, less those for
 * kernels that are gone (and see apply/since.h). A file that is no longer as that
 * transaction left it adds a FINDING_FILE_FOREIGN error. *RET_ID: of that transaction; NULL where ID is NULL and
 * nothing was applied yet, so that there is nothing to take back.
 */
bool history_undo(const struct root *root, const char *id, struct changeset *ret, struct findings *findings,
		  char **ret_id, struct fault *fault);

/* Whether the newest that was applied has not been confirmed. *RET_KNOWN: whether the history could be read at all. */
bool history_unconfirmed(const struct root *root, bool *ret_known);

/* Notes that it is confirmed; needs root. That nothing was applied is no fault. */
bool history_confirm(const struct root *root, struct fault *fault);

/*
 * For the writer: all directories that the transactions in FOLDER made; and
 * forgetting all but the last 50, the first, and the last that was applied (TRANSACTIONS: where they are taken apart).
 */
bool history_directories(const struct folder *folder, struct strlist *ret, struct fault *fault);
bool history_prune(const struct folder *folder, const struct folder *transactions, struct fault *fault);

/* What was kept of others when the transaction in that folder was put back, as its mark says: a sentence each. */
void history_kept(const struct folder *transaction, struct strlist *ret);

#endif
