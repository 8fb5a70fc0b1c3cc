/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a test sits at a machine, ticks, and has it planned. */
#ifndef VFIOCONF_TESTS_SUPPORT_DESK_H
#define VFIOCONF_TESTS_SUPPORT_DESK_H

#include "plan/plan.h"
#include "support/pretend.h"

/* A machine, and a plan made on it. */
struct desk {
	struct machine *machine;
	struct host *host;
	struct applied applied;
	struct selection selection;
	struct strlist allow;
	struct plan *plan;
};

void desk_open(struct desk *desk, const char *name); /* the machine file of that name, with nothing ticked */
void desk_close(struct desk *desk);
void desk_look(struct desk *desk); /* looks at the machine anew */
void desk_tick(struct desk *desk, const char *address);

/* Makes the plan for what is ticked; borrowed until the next. A fault is a failure of the test. */
const struct plan *desk_plan(struct desk *desk);

/* As if the plan for what is ticked had been applied. */
void desk_apply(struct desk *desk);

/* The first finding of CODE, or NULL. */
const struct finding *plan_finding(const struct plan *made, enum finding_code code);

/* What the plan makes of the file PATH; "" where it does not change it. */
const char *plan_after(const struct plan *made, const char *path);

#endif
