/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host that is reached over the network must stay in reach. */
#include "plan/in_use.h"
#include "plan/rules.h"

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	static const struct in_use in_use = {
		.kind = USE_NETWORK,
		.carrier = 0x02,
		.code = FINDING_NETWORK_IN_USE,
		.verb = "carries the network of the host",
		.vital = "After the next boot this host might be out of reach.",
		.remedy = "Untick it, or first give the host another way to the network and to you: another card, or "
			  "a screen and a keyboard.",
		.spared = "The host will not have this connection any more after the next boot.",
		.caution = "Go on if nothing on the host needs it.",
	};

	in_use_check(&in_use, host, selection, findings);
}

const struct rule rule_network = { "network", check };
