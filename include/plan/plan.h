/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan: what a selection means on this machine. Pure: the same machine and
 * the same selection give the same plan. It is const once it is made.
 */
#ifndef VFIOCONF_PLAN_PLAN_H
#define VFIOCONF_PLAN_PLAN_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/finding.h"
#include "boot/loader.h"
#include "edit/changeset.h"
#include "host/host.h"
#include "initramfs/initramfs.h"
#include "plan/binding.h"
#include "plan/profile.h"
#include "plan/selection.h"

struct plan {
	struct selection selection;
	struct findings findings; /* sorted, overrides marked */
	struct changeset changeset;
	struct binding binding;
	struct strlist parameters; /* every word that the kernel command line shall hold for us */
	const struct loader *loader;       /* NULL where none could be chosen, or none is needed */
	const struct initramfs *generator; /* the same */
	bool refused; /* a finding refuses: the changeset must not be applied (it may be shown) */
	bool changed; /* there is something to apply */
	bool menu_entry; /* the boot menu has, or will have, the entry WAY_BACK_TITLE (boot/way_back.h) */
	char *way_back;  /* what to do at the boot menu for a boot that leaves every device with the host; NULL: no need */
	bool reboot;  /* it takes effect at the next boot */
};

/*
 * APPLIED is what is applied now. ALLOW holds finding codes that the user
 * overrides. The caller frees. A fault is only what made planning impossible (a file
 * that cannot be read); everything else is a finding.
 */
bool plan_make(const struct root *root, const struct host *host, const struct applied *applied,
	       const struct selection *selection, const struct strlist *allow, struct plan **ret,
	       struct fault *fault);
void plan_free(struct plan *plan); /* accepts NULL */

#endif
