/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --verify: after the reboot, a verdict for each function. */
#ifndef VFIOCONF_UI_CLI_VERIFY_H
#define VFIOCONF_UI_CLI_VERIFY_H

#include "cli/cli.h"

bool cli_verify(struct cli *cli, struct fault *fault);

#endif
