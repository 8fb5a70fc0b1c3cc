/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --check: is this machine ready, with the evidence, and what is missing. */
#ifndef VFIOCONF_UI_CLI_CHECK_H
#define VFIOCONF_UI_CLI_CHECK_H

#include "cli/cli.h"

bool cli_check(struct cli *cli, struct fault *fault);

#endif
