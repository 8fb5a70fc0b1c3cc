/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine file needs of the history. */
#ifndef VFIOCONF_APPLY_CAPTURE_HISTORY_H
#define VFIOCONF_APPLY_CAPTURE_HISTORY_H

#include "base/text.h"
#include "system/root.h"

/*
 * Appends the last apply as statements of a machine file (host/machinefile.h): that there was one, when, and whether it
 * was during this boot, so that --verify gives the same verdicts. Without what it changed, which is nobody else's business
 * and could not be undone there anyhow. The ids of boots are the machine's own, and become words.
 */
void capture_history(const struct root *root, struct text *out);

#endif
