/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --capture: this machine as one text file. */
#ifndef VFIOCONF_UI_CLI_CAPTURE_H
#define VFIOCONF_UI_CLI_CAPTURE_H

#include "cli/cli.h"

bool cli_capture(struct cli *cli, struct fault *fault);

#endif
