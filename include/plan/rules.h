/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that a choice must keep. Each is one source file (rule_*.c) and one
 * row of a const table; a rule looks at the host and the selection and adds findings.
 */
#ifndef VFIOCONF_PLAN_RULES_H
#define VFIOCONF_PLAN_RULES_H

#include <stdbool.h>

#include "base/finding.h"
#include "host/host.h"
#include "plan/selection.h"

struct rule {
	const char *name;
	void (*check)(const struct host *host, const struct selection *selection, struct findings *findings);
};

extern const struct rule *const rules[]; /* NULL-terminated */

void rules_check(const struct host *host, const struct selection *selection, struct findings *findings);

/* How a member of a group bears on the group being handed over, by the kernel's own rule (vfio_dev_viable() up
 * to 5.17, driver_managed_dma since): used by the rule, the offer of group mates and the detail pane. */
enum member_bearing {
	MEMBER_TICKED,     /* goes to the guest as well */
	MEMBER_FREE,       /* a bridge (its port driver does no DMA), at vfio,
	or driverless and nobody would claim it */ MEMBER_DRIVEN,     /* has a host driver: stands in the way */
	MEMBER_CLAIMABLE   /* has no driver now, but a module would claim it at the next boot: stands in the way */
};
enum member_bearing rule_member_bearing(const struct function *member, const struct selection *selection);

/* Whether it can be handed to a guest at all: not a bridge, and not the chipset's own host or ISA bridge. */
bool rule_tickable(const struct function *function);

/* A driver that hands functions to guests, or a module of one: the kernel takes it for no obstacle, and so do we. */
bool rule_passes_on(const char *driver);

#endif
