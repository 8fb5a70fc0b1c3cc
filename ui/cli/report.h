/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would be done, before it is done: the findings, the whole diff, the commands. */
#ifndef VFIOCONF_UI_CLI_REPORT_H
#define VFIOCONF_UI_CLI_REPORT_H

#include "base/finding.h"
#include "cli/cli.h"
#include "edit/changeset.h"
#include "plan/binding.h"

/* Borrowed parts of a plan, or of what takes an entry of the history back. */
struct report {
	const struct findings *findings;
	const struct changeset *changeset;
	const struct binding *binding;     /* or NULL */
	const struct selection *selection; /* or NULL: no word about functions */
	bool refused, changed, reboot;
	const char *way_back; /* how to have a boot without passthrough (struct plan), or NULL */
};

/* On plain text or as one JSON object, as the options say. */
bool report_show(const struct cli *cli, const struct report *report, struct fault *fault);

/* The findings alone, in words. */
void report_findings(const struct cli *cli, const struct findings *findings, struct text *text);

#endif
