/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ACS override makes groups smaller than the hardware does: only on request, and never in silence. */
#include "edit/cmdline.h"
#include "plan/rules.h"

#define DANGER                                                                                                  \
	"Devices that are shown in groups of their own may still reach each other's memory behind the IOMMU's " \
	"back: a guest that is broken into, or a faulty card, can then reach into the host or another guest."

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	cleanup_strlist struct strlist words = { 0 };
	struct finding *finding;

	cmdline_split(host->kernel_cmdline, &words);
	if (selection->acs_override && !host->acs_override) {
		finding = findings_add(findings, FINDING_ACS_UNPATCHED, SEVERITY_ERROR,
				       "pcie_acs_override=%s is asked for, but the running kernel %s does not know "
				       "this parameter: it comes with a patch that the mainline kernel does not have.",
				       selection->acs_override, host->kernel_release);
		finding_remedy(finding, "Leave acs-override empty, or boot a kernel with the patch first: those of "
					"Zen, Liquorix, CachyOS, Bazzite and Proxmox are known to have it.");
	} else if (selection->acs_override || (selection->count && cmdline_value(&words, "pcie_acs_override"))) {
		finding = findings_add(findings, FINDING_ACS_UNSAFE, SEVERITY_WARNING,
				       selection->acs_override ? "pcie_acs_override=%s is asked for. " DANGER :
								 "The running kernel has pcie_acs_override=%s. " DANGER,
				       selection->acs_override ? selection->acs_override :
								 cmdline_value(&words, "pcie_acs_override"));
		finding_remedy(finding, "Go on only where you trust every guest. The safe way is a slot that has a "
					"group of its own without the override.");
	}
}

const struct rule rule_acs = { "acs", check };
