/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens while something is applied: lines for a person, or with --json
 * one object per line for a program (the interface reads these).
 */
#ifndef VFIOCONF_UI_CLI_EVENTS_H
#define VFIOCONF_UI_CLI_EVENTS_H

#include "apply/recovery.h"
#include "apply/transaction.h"
#include "base/finding.h"
#include "cli/cli.h"
#include "cli/report.h"

struct events {
	const struct cli *cli;
	bool said_interrupted;
};

/* EVENTS lives as long as the observer is used. */
struct apply_observer events_observer(struct events *events);

/* The events other than steps and lines; each prints only where --json is given. */
void events_refused(const struct cli *cli, const struct findings *findings);
void events_nothing(const struct cli *cli);
void events_done(const struct cli *cli, const char *id, const struct report *report);
void events_fault(const struct cli *cli, enum status status, const struct fault *fault,
		    const struct apply_result *result);
void events_recovered(const struct cli *cli, enum recovery_outcome outcome, const struct strlist *foreign);

#endif
