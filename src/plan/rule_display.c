/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen on which a person sees what is going on. */
#include "plan/in_use.h"
#include "plan/rules.h"

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	static const struct in_use in_use = {
		.kind = USE_DISPLAY,
		.code = FINDING_DISPLAY_IN_USE,
		.verb = "shows the screen of the host",
		.vital = "The screen would go dark at the next boot, and stay dark while the host runs.",
		.remedy = "Untick it, or give the host another graphics card and make that one the primary display in "
			  "the firmware setup. If you want exactly this, be sure that you reach the host over SSH "
			  "first.",
		.spared = "What is plugged into it will stay dark at the next boot.",
		.caution = "Plug the screen of the host into its other graphics card before you reboot.",
	};

	in_use_check(&in_use, host, selection, findings);
}

const struct rule rule_display = { "display", check };
