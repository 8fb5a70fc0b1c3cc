/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/real_root.h"

void real_root_note(const struct early_request *request, const char *why, struct findings *findings)
{
	if (!request->wanted || !request->contents_changed)
		return;
	finding_remedy(findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_WARNING,
				    "%s vfio-pci takes the devices when the system itself loads drivers, after the "
				    "initramfs.", why),
		       "That is right for network cards, disks and USB controllers. A graphics card whose driver is in "
		       "the kernel or in the initramfs is taken by that first: use another generator for such a card.");
}
