/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/early.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void early_begin(struct early_proposal *proposal, bool wanted)
{
	*proposal = (struct early_proposal){ 0 };
	if (!wanted)
		return;
	strlist_add(&proposal->modules, "vfio-pci");
	strlist_add(&proposal->files, "/etc/modprobe.d/00-vfioconf.conf");
}

void early_add_kernels(struct early_proposal *proposal, struct machine *machine)
{
	root_list(machine->root, "/usr/lib/modules", &proposal->kernels, NULL);
	if (!proposal->kernels.count)
		root_list(machine->root, "/lib/modules", &proposal->kernels, NULL);
}

void early_propose(struct early_proposal *proposal, const struct initramfs *generator, struct machine *machine,
		   bool contents)
{
	bool wanted = proposal->modules.count > 0;
	struct early_request request = { wanted, &proposal->modules, &proposal->files, &proposal->kernels,
					 wanted ? "0123abcd" : "", contents };
	struct fault fault = { 0 };

	if (!generator->propose(machine->root, &request, &proposal->changeset, &proposal->findings, &fault))
		fail_msg("%s", fault.sentence);
}

void early_done(struct early_proposal *proposal)
{
	strlist_done(&proposal->modules);
	strlist_done(&proposal->files);
	strlist_done(&proposal->kernels);
	changeset_done(&proposal->changeset);
	findings_done(&proposal->findings);
}

void early_apply(const struct early_proposal *proposal, struct machine *machine)
{
	machine_apply(machine, &proposal->changeset);
}
