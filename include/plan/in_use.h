/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules that save the host have in common: a ticked function that the host itself uses, or may well use. */
#ifndef VFIOCONF_PLAN_IN_USE_H
#define VFIOCONF_PLAN_IN_USE_H

#include "base/finding.h"
#include "host/host.h"
#include "plan/selection.h"

struct in_use {
	enum use_kind kind;
	uint8_t carrier; /* the base class of what carries such uses: where one could not be traced, any of it may */
	enum finding_code code;
	const char *verb;    /* "holds storage of the host" */
	const char *vital;   /* what happens where the host cannot do without: "Without it the host does not start." */
	const char *remedy;  /* what to do then */
	const char *spared;  /* what happens where it can: "The host loses it." */
	const char *caution; /* what to do then */
};

void in_use_check(const struct in_use *rule, const struct host *host, const struct selection *selection,
		  struct findings *findings);

#endif
