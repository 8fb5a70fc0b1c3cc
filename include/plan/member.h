/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a function can and must do when its group is handed over: whether it can go to a guest, whether it stands in the
 * way where it stays, and who has to go with it. The rules, the tree and the bindings ask here; it asks nobody of them.
 */
#ifndef VFIOCONF_PLAN_MEMBER_H
#define VFIOCONF_PLAN_MEMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "host/host.h"
#include "plan/selection.h"

/* How a member of a group bears on the group being handed over, by the kernel's own rule (vfio_dev_viable() up
 * to 5.17, driver_managed_dma since): used by the rule, the offer of group mates and the detail pane. */
enum member_bearing {
	MEMBER_TICKED,   /* goes to the guest as well */
	MEMBER_FREE,     /* a bridge (its port driver does no DMA), at vfio, or driverless and nobody would claim it */
	MEMBER_DRIVEN,   /* has a host driver: stands in the way */
	MEMBER_CLAIMABLE /* has no driver now, but a module would claim it at the next boot: stands in the way */
};
enum member_bearing member_bearing(const struct function *member, const struct selection *selection);

/* Whether it can be handed to a guest at all: not a bridge, and not the chipset's own host or ISA bridge. */
bool member_tickable(const struct function *function);

/* A driver that hands functions to guests, or a module of one: the kernel takes it for no obstacle, and so do we. */
bool driver_passes_on(const char *driver);

/*
 * The members of FUNCTION's group that would have to be ticked with it: those
 * that stand in the way, are not ticked yet and can be. Indices into
 * host.functions; the caller frees *RET. Returns how many.
 */
size_t member_mates(const struct function *function, const struct host *host, const struct selection *selection,
		    size_t **ret);

#endif
