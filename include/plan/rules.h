/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that a choice must keep. Each is one source file (rule_*.c) and one
 * row of a const table; a rule looks at the host and the selection and adds findings.
 */
#ifndef VFIOCONF_PLAN_RULES_H
#define VFIOCONF_PLAN_RULES_H

#include "base/finding.h"
#include "host/host.h"
#include "plan/selection.h"

struct rule {
	const char *name;
	void (*check)(const struct host *host, const struct selection *selection, struct findings *findings);
};

extern const struct rule *const rules[]; /* NULL-terminated */

void rules_check(const struct host *host, const struct selection *selection, struct findings *findings);

#endif
