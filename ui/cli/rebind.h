/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --bind and --unbind: now, and until the next boot. */
#ifndef VFIOCONF_UI_CLI_REBIND_H
#define VFIOCONF_UI_CLI_REBIND_H

#include "cli/cli.h"

bool cli_rebind(struct cli *cli, struct fault *fault);

#endif
