/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --print: what a guest needs to have what is applied. */
#ifndef VFIOCONF_UI_CLI_PRINT_H
#define VFIOCONF_UI_CLI_PRINT_H

#include "cli/cli.h"

bool cli_print_guest(struct cli *cli, struct fault *fault);

#endif
