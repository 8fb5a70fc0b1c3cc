/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --recover; and the same before anything else is changed. */
#ifndef VFIOCONF_UI_CLI_RECOVER_H
#define VFIOCONF_UI_CLI_RECOVER_H

#include "cli/cli.h"

bool cli_recover(struct cli *cli, struct fault *fault);

/*
 * Puts right what an interrupted run left, where there is such a thing, and
 * looks at the machine again. *RET is false where a file needs the user's
 * attention first; the user has been told and cli.status is set.
 */
bool cli_recover_first(struct cli *cli, bool *ret, struct fault *fault);

/* For commands that only read: tells of what was left. */
void cli_recover_remind(const struct cli *cli);

#endif
