/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without vfio-pci in the kernel nothing can be bound to it. */
#include "plan/rules.h"

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	struct finding *finding;

	if (!selection->count || host->vfio_pci != MODULE_ABSENT)
		return;
	finding = findings_add(findings, FINDING_VFIO_MISSING, SEVERITY_ERROR,
			       "The running kernel%s%s has no vfio-pci, neither built in nor below /lib/modules.",
			       *host->kernel_release ? " " : "", host->kernel_release);
	finding_remedy(finding, "Boot the kernel of your distribution, or install the package with its further modules "
				"(linux-modules-extra or the like). If the kernel was updated just now, reboot first. "
				"Those who build kernels themselves set CONFIG_VFIO_PCI=m.");
}

const struct rule rule_vfio = { "vfio", check };
