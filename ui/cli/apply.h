/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --device, --iommu, --apply-saved, --remove, --follow: plan, show, ask, apply. */
#ifndef VFIOCONF_UI_CLI_APPLY_H
#define VFIOCONF_UI_CLI_APPLY_H

#include "cli/cli.h"
#include "cli/report.h"

bool cli_apply(struct cli *cli, struct fault *fault);

/* --follow: what is applied, with every device that has moved ticked where it is now. */
bool cli_follow(struct cli *cli, struct fault *fault);

/* --save: the choice that cli_apply() would apply, as a profile. */
bool cli_save(struct cli *cli, struct fault *fault);

/* Shows REPORT, asks, and applies its changeset under NOTE: the same for a plan and for what takes one back. */
bool cli_apply_changes(struct cli *cli, const struct report *report, const char *note, struct fault *fault);

#endif
