/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After the reboot: did each function arrive at vfio-pci, and if not, why not. Reads only. */
#ifndef VFIOCONF_APPLY_VERIFY_H
#define VFIOCONF_APPLY_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/address.h"
#include "base/strlist.h"
#include "host/host.h"
#include "plan/profile.h"
#include "system/root.h"

enum verdict_kind {
	VERDICT_ARRIVED,
	VERDICT_NOT_REBOOTED,     /* applied during this very boot */
	VERDICT_PARAMETER_MISSING, /* a word is not on the running kernel's command line */
	VERDICT_WAY_BACK,         /* vfioconf.bind=no is on the command line: wanted so */
	VERDICT_IOMMU_OFF,
	VERDICT_FUNCTION_GONE,    /* nothing at the address */
	VERDICT_FUNCTION_CHANGED, /* something else at the address */
	VERDICT_IMAGE_STALE,      /* the kernel started from an image that is older, or without vfio-pci */
	VERDICT_NATIVE_DRIVER,    /* the native driver won; a module */
	VERDICT_BUILTIN_DRIVER,   /* the same, and it is built into the kernel */
	VERDICT_PROBE_FAILED,     /* vfio-pci was told to take it and failed */
	VERDICT_NO_DRIVER,        /* vfio-pci did not take it, nor anyone else */
	VERDICT_FRAMEBUFFER,      /* at vfio-pci, but its memory is held by the boot's framebuffer */
	VERDICT_GROUP_NOT_VIABLE, /* at vfio-pci, but another member of its group has a host driver */
	VERDICT_NOT_RETURNED,     /* not ticked any more, but still at vfio-pci */
	VERDICT_UNREADABLE        /* not as wanted, but maybe not yet: who asks may not read when it was applied */
};

struct verdict {
	enum verdict_kind kind;
	bool general; /* about the machine as a whole: address means nothing */
	struct address address;
	bool moved;              /* the device is at another address beyond doubt: apply/follow.h ticks it there */
	struct address moved_to; /* where it is now, or the first place where one like it is; only where .found */
	bool found;
	char *sentence; /* names the device in words */
	char *next;     /* what to do now, or NULL */
};

struct verification {
	struct verdict *items; /* one for each function that is applied, by address; then general ones */
	size_t count;
	bool arrived; /* every verdict is VERDICT_ARRIVED */
};

void verify_run(const struct root *root, const struct host *host, const struct applied *applied,
		struct verification *ret);
void verification_done(struct verification *verification);
const char *verdict_word(enum verdict_kind kind); /* for JSON: "arrived", "not-rebooted", ... */

#endif
