/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --history and --undo. */
#ifndef VFIOCONF_UI_CLI_HISTORY_H
#define VFIOCONF_UI_CLI_HISTORY_H

#include "cli/cli.h"

bool cli_history(struct cli *cli, struct fault *fault);
bool cli_undo(struct cli *cli, struct fault *fault);

#endif
