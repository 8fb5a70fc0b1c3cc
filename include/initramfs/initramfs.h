/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Initramfs generators: how modules and files get into the images that the
 * kernels start from. One source file each; all of them stand in one const table.
 */
#ifndef VFIOCONF_INITRAMFS_INITRAMFS_H
#define VFIOCONF_INITRAMFS_INITRAMFS_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/finding.h"
#include "base/strlist.h"
#include "boot/evidence.h"
#include "boot/proven.h"
#include "edit/changeset.h"
#include "system/root.h"

struct early_request {
	bool wanted;                   /* false: take back everything of ours */
	const struct strlist *modules; /* that every image must load early: "vfio-pci" (where it is not built in) */
	const struct strlist *files;   /* that every image must hold, same path: "/etc/modprobe.d/00-vfioconf.conf" */
	const struct strlist *kernels; /* installed kernel releases */
	const char *stamp;             /* hexadecimal digest of what is wanted, "" where nothing is: lets an image
	                                  be told from a stale one, as an empty file usr/lib/vfioconf/STAMP in it */
	bool contents_changed;         /* a file of `files` changes in this plan: images must be rebuilt even
	                                  where the generator's own configuration stays */
};

struct initramfs {
	const char *name;  /* for --generator: "initramfs-tools" */
	const char *label;
	const char *systems; /* for the manual: who has it */
	const char *files;   /* for the manual: what it edits */
	const char *apply;   /* for the manual: what it runs */
	struct proven proven;
	bool late; /* it cannot promise that vfio-pci comes first: what is bound is taken in the real root (plan/late.h) */
	bool by_softdep; /* its images do not load vfio-pci by themselves: a driver that is loaded has it come first */
	bool options_only; /* of modprobe.d its images have the options alone; no install line is run in them */

	void (*probe)(const struct root *root, struct evidence *evidence);

	/*
	 * Appends the changes, the command that rebuilds the images of all
	 * installed kernels, their artefacts and what must be found in them.
	 */
	bool (*propose)(const struct root *root, const struct early_request *request, struct changeset *changeset,
			struct findings *findings, struct fault *fault);
};

extern const struct initramfs *const generators[]; /* NULL-terminated */

const struct initramfs *initramfs_find(const char *name);
const struct initramfs *initramfs_choose(const struct root *root, const char *name, struct findings *findings);

#endif
