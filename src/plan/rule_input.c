/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A person at the machine needs a keyboard. */
#include "plan/in_use.h"
#include "plan/rules.h"

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	static const struct in_use in_use = {
		.kind = USE_INPUT,
		.code = FINDING_INPUT_IN_USE,
		.verb = "has input devices of the host on it",
		.vital = "There would be no keyboard to type on at this host any more.",
		.remedy = "Untick it, or plug a keyboard into a port of another USB controller first. If you want "
			  "exactly this, be sure that you reach the host over SSH first.",
		.spared = "They will be gone from the host after the next boot.",
		.caution = "Plug into a port of another USB controller what the host shall keep.",
	};

	in_use_check(&in_use, host, selection, findings);
}

const struct rule rule_input = { "input", check };
