/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit status 0 proves nothing: what a command wrote is looked into. */
#ifndef VFIOCONF_APPLY_PROVE_H
#define VFIOCONF_APPLY_PROVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "edit/changeset.h"
#include "system/root.h"
#include "system/run.h"

struct proof {
	const struct root *root;
	const struct command *command;
	const char *staged;          /* where command.output is until it is published, from the root; or NULL */
	const struct run_request *manner; /* how to run a lister: environment, lock, cancel */
};

/* SIZE is what the file had before the command. False: what is not so, in a sentence that names the file. */
bool prove_expectation(const struct proof *proof, const struct expectation *expectation, uint64_t size,
		       struct fault *fault);

/*
 * What will hold once everything is as it is now, before the command: of the
 * words of an EXPECT_WORDS, EXPECT_BESIDE or EXPECT_SECTION those that are missing now into RET_ABSENT, those to
 * go that are there into RET_PRESENT. Nothing where the file cannot be read.
 */
void prove_inverse(const struct root *root, const struct expectation *expectation, struct strlist *ret_present,
		   struct strlist *ret_absent);

#endif
