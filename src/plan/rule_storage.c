/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host must keep the disks that it lives on. */
#include "plan/in_use.h"
#include "plan/rules.h"

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	static const struct in_use in_use = {
		.kind = USE_STORAGE,
		.carrier = 0x01,
		.code = FINDING_STORAGE_IN_USE,
		.verb = "holds storage of the host",
		.vital = "Without it the host cannot start or run.",
		.remedy = "Untick it. To give a guest this controller, first move what the host needs to a disk on "
			  "another one.",
		.spared = "These will not be there any more after the next boot.",
		.caution = "If the host can do without them, take them out of /etc/fstab first, so that the next boot "
			   "does not wait for them.",
	};

	in_use_check(&in_use, host, selection, findings);
}

const struct rule rule_storage = { "storage", check };
