/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that are at another address than when they were ticked: where they are now, and a selection that has them. */
#ifndef VFIOCONF_APPLY_FOLLOW_H
#define VFIOCONF_APPLY_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/address.h"
#include "host/host.h"
#include "plan/profile.h"
#include "plan/selection.h"
#include "system/root.h"

/* Whether FUNCTION is what was ticked: the same chip on the same card. */
bool follow_is(const struct function *function, const struct tick *tick);

/*
 * Where such a device is now, less what another tick of SELECTION means. Returns how many; the caller frees *RET.
 */
size_t follow_places(const struct host *host, const struct selection *selection, const struct tick *tick,
		     struct address **ret);

/*
 * The one place at which the device of TICK is now beyond doubt. Not so where there are several; nor where it was
 * bound by its address: then there was a twin that the host kept, and what is there may be that one.
 */
bool follow_place(const struct root *root, const struct host *host, const struct applied *applied,
		  const struct tick *tick, struct address *ret);

/* Ticks in SELECTION at its new place whatever of APPLIED has one beyond doubt. Returns how many were. */
size_t follow_moved(const struct root *root, const struct host *host, const struct applied *applied,
		    struct selection *selection);

#endif
