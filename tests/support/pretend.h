/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has a changeset come true on a fixture, without a transaction and without running anything. */
#ifndef VFIOCONF_TESTS_PRETEND_H
#define VFIOCONF_TESTS_PRETEND_H

#include "edit/changeset.h"
#include "support/machine.h"

/* Writes and deletes the files, and edits what the commands would generate until it is as they promise. */
void pretend_applied(struct machine *machine, const struct changeset *changeset);

#endif
