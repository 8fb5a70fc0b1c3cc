/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels that were installed since a transaction: their images and boot entries were made while its files were there,
 * and the commands in its journal, one for each kernel of then, know nothing of them.
 */
#ifndef VFIOCONF_APPLY_SINCE_H
#define VFIOCONF_APPLY_SINCE_H

#include "edit/changeset.h"
#include "host/host.h"
#include "plan/profile.h"
#include "system/root.h"

/*
 * Adds to UNDO, which history_undo() made, what the plan for the selection that it goes back to would make anew
 * besides: further commands, and further files of those that are in it. Nothing is taken away: where no such plan can
 * be made, UNDO stays as it is. APPLIED is what is applied now.
 */
void since_add(const struct root *root, const struct host *host, const struct applied *applied, struct changeset *undo);

#endif
