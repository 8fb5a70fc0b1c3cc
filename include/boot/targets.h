/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several places that all have to say the same words: boot entries, and the
 * settings that later entries are made from. They are edited alike, so that one list of words tells what is to be taken
 * back from each of them.
 */
#ifndef VFIOCONF_BOOT_TARGETS_H
#define VFIOCONF_BOOT_TARGETS_H

#include <stdbool.h>

#include "boot/entries.h"
#include "boot/loader.h"
#include "edit/cmdline.h"
#include "edit/keyword.h"
#include "edit/refusal.h"

struct words_edit;

struct target {
	char *path;
	struct text bytes;
	struct strlist words; /* that stand there now; of several lines, those that all of them have */
	const char *name;     /* of the variable, where it is an assignment */
	char *form;           /* how a line is written that is understood (words_refuse_form()); owned, or NULL */
	const void *data;     /* what else .edit has to know; borrowed */
	bool (*edit)(const struct target *target, const struct cmdline_change *change, struct text *ret,
		     struct refusal *refusal);
	/* Where it is not a file to write: records what makes it AFTER; or NULL. */
	void (*put)(const struct target *target, const struct text *after, const struct words_edit *edit,
		    struct changeset *changeset);
};

/* Initialise with { 0 }. */
struct targets {
	struct target *items;
	size_t count, capacity;
};
void targets_done(struct targets *targets); /* accepts NULL */
#define cleanup_targets cleanup(targets_done)

/* A file whose bytes and words the caller fills in; borrowed until the next is added. */
struct target *targets_add(struct targets *targets, const char *path,
			   bool (*edit)(const struct target *target, const struct cmdline_change *change,
					struct text *ret, struct refusal *refusal));

/*
 * Those of ENTRIES that IS_EDITED says, edited as files of SYNTAX. False, with the fault that there is none, where
 * none is and REQUEST has words to put there or to take away.
 */
bool targets_add_entries(const struct root *root, struct targets *targets, const struct entries *entries,
			 const struct keyword_syntax *syntax,
			 bool (*is_edited)(const struct root *root, const struct entry *entry),
			 const struct boot_request *request, struct fault *fault);

/* Only where the file is there. NAME is borrowed; an assignment that is not understood is refused when it is edited. */
void targets_add_assignment(const struct root *root, struct targets *targets, const char *path, const char *name);
void targets_add_oneline(const struct root *root, struct targets *targets, const char *path);

/*
 * Fulfils the request in all of them, or, where one is not understood, in none,
 * with a finding about that one.
 */
bool targets_propose(const struct targets *targets, const struct boot_request *request, struct changeset *changeset,
		     struct findings *findings, struct strlist *added, struct fault *fault);

#endif
