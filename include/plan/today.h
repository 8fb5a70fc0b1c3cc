/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is for guests today, whoever has set it up: with that ticked the program starts. */
#ifndef VFIOCONF_PLAN_TODAY_H
#define VFIOCONF_PLAN_TODAY_H

#include "host/host.h"
#include "plan/plan.h"
#include "plan/profile.h"
#include "plan/selection.h"
#include "system/root.h"

enum today_origin {
	TODAY_NOTHING,
	TODAY_APPLIED,   /* what we applied last */
	TODAY_BOUND,     /* nothing was applied, but functions are at vfio-pci now */
	TODAY_CONFIGURED /* none is, but somebody's set-up names some (plan/foreign.h) */
};

/* Initialise with { 0 } and selection_init(). */
struct today {
	enum today_origin origin;
	struct selection selection;
};

/* The first of these, in the order above, that there is. */
void today_read(const struct root *root, const struct host *host, const struct applied *applied, struct today *ret);
void today_done(struct today *today); /* accepts NULL */

/*
 * The plan for leaving everything as somebody else has set it up: it changes
 * nothing, and its notes tell who did. For TODAY_BOUND and TODAY_CONFIGURED; the caller frees.
 */
struct plan *today_plan(const struct root *root, const struct host *host, const struct today *today);

#endif
