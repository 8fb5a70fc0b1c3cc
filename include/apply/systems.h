/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file systems that a transaction writes to. After a crash /boot may not be mounted: then what lies in the empty
 * directory below is no file of ours that someone has removed.
 */
#ifndef VFIOCONF_APPLY_SYSTEMS_H
#define VFIOCONF_APPLY_SYSTEMS_H

#include <stdbool.h>

#include "apply/journal.h"
#include "base/fault.h"
#include "system/root.h"

/* Notes in JOURNAL, which has all its files and artefacts, where the file systems of these begin. */
void systems_note(const struct root *root, struct journal *journal);

/* A fault where one of them is not mounted, or where something else is mounted over it. */
bool systems_check(const struct root *root, const struct journal *journal, struct fault *fault);

#endif
