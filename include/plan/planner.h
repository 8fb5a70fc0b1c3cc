/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of planning hand on: for plan/plan.c, plan/planner.c, plan/parameters.c and plan/late.c alone. */
#ifndef VFIOCONF_PLAN_PLANNER_H
#define VFIOCONF_PLAN_PLANNER_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"
#include "plan/foreign.h"
#include "plan/plan.h"

struct planner {
	const struct root *root;
	const struct host *host;
	const struct applied *applied;
	struct plan *plan;
	struct text modprobe;     /* what BINDING_MODPROBE_PATH shall hold; empty: shall not be there */
	struct text modprobe_now; /* what it holds */
	bool modprobe_there, modprobe_ours;
	bool files_aside; /* what others have in files that go into the images changes */
	const struct loader *loader_then;       /* through which the applied words went; NULL */
	const struct initramfs *generator_then; /* the same */
	struct strlist added;
	bool way_back;     /* the boot menu has, or will have, an entry of ours beside the normal one */
	struct foreign foreign; /* what others have set up */
	struct strlist aside;   /* words on the kernel command line that shall not count */
	bool acs_override; /* wanted, and known to the running kernel */
};

/* Whether FAULT is a file that this user may not read: no fault of planning, but a finding, since root can go on. */
bool planner_tolerate(struct planner *planner, const struct fault *fault);

/* Copies FAULT to TO, which may be NULL. Returns false. */
bool planner_pass_on(struct fault *to, const struct fault *fault);

#endif
