/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --list: the IOMMU groups and their functions, as a tree or as JSON. */
#ifndef VFIOCONF_UI_CLI_LIST_H
#define VFIOCONF_UI_CLI_LIST_H

#include "cli/cli.h"

bool cli_list(struct cli *cli, struct fault *fault);

#endif
