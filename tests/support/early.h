/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an initramfs generator proposes for vfio-pci on a machine, and the files of that put in place. */
#ifndef VFIOCONF_TESTS_SUPPORT_EARLY_H
#define VFIOCONF_TESTS_SUPPORT_EARLY_H

#include "initramfs/initramfs.h"
#include "support/machine.h"

struct early_proposal {
	struct strlist modules, files; /* what shall be in the images */
	struct strlist kernels;
	struct changeset changeset;
	struct findings findings;
};

/* Begins one: WANTED asks for vfio-pci and its file in modprobe.d, else nothing shall be there. No kernels yet. */
void early_begin(struct early_proposal *proposal, bool wanted);
/* The kernels that the machine has modules of. */
void early_add_kernels(struct early_proposal *proposal, struct machine *machine);
/* Has GENERATOR propose. CONTENTS: what the files hold has changed, so images are to be made anew. A fault fails. */
void early_propose(struct early_proposal *proposal, const struct initramfs *generator, struct machine *machine,
		   bool contents);
void early_done(struct early_proposal *proposal);

/* Puts the files of the change set in place, as an apply would; the commands are not run. */
void early_apply(const struct early_proposal *proposal, struct machine *machine);

#endif
