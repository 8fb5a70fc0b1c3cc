/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ACS override makes groups smaller than the hardware does: only on request, and never in silence. */
#include "plan/rule_acs.h"

#include "edit/cmdline.h"
#include "plan/rules.h"

#define PARAMETER "pcie_acs_override"

static void warn(const char *who, const char *value, struct findings *findings)
{
	struct finding *finding =
		findings_add(findings, FINDING_ACS_UNSAFE, SEVERITY_WARNING,
			     "%s " PARAMETER "=%s. Devices that are shown in groups of their own may still reach each "
					     "other's "
			     "memory behind the IOMMU's back: a guest that is broken into, or a faulty card, can then "
			     "reach into the host or another guest.", who, value);

	finding_remedy(finding, "Go on only where you trust every guest. The safe way is a slot that has a group of "
				"its own without the override.");
}

/* A running kernel that has it already shows groups that are not what they seem. */
static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	cleanup_strlist struct strlist words = { 0 };

	cmdline_split(host->kernel_cmdline, &words);
	if (selection->count && !selection->acs_override && cmdline_value(&words, PARAMETER))
		warn("The running kernel was given", cmdline_value(&words, PARAMETER), findings);
}

const struct rule rule_acs = { "acs", check };

void acs_check_request(const struct host *host, const struct selection *selection, bool known,
		       struct findings *findings)
{
	struct finding *finding;

	if (known) {
		warn("You ask for", selection->acs_override, findings);
		return;
	}
	finding = findings_add(findings, FINDING_ACS_UNPATCHED, SEVERITY_ERROR,
			       PARAMETER "=%s is asked for, but the running kernel %s does not know this parameter: "
					 "it comes "
			       "with a patch that the mainline kernel does not have.", selection->acs_override,
			       host->kernel_release);
	finding_remedy(finding, "Leave acs-override empty, or boot a kernel with the patch first: those of Zen, "
				"Liquorix, CachyOS, Bazzite and Proxmox are known to have it.");
}
