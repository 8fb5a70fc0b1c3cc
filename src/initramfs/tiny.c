/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tiny-initramfs (Debian): loads the modules of the root file system, no others; it has neither udev nor modprobe. */
#include "initramfs/generators.h"

#include "boot/clue.h"
#include "initramfs/real_root.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (!root_exists(root, "usr/sbin/update-tirfs"))
		return;
	if (root_exists(root, "usr/sbin/mkinitramfs") || root_exists(root, "usr/bin/dracut"))
		evidence_add(evidence, SCORE_TRACE, "update-tirfs is there, beside another generator");
	else
		evidence_add(evidence, SCORE_USED, "update-tirfs is there, and no other generator");
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	(void)root;
	(void)changeset;
	(void)fault;
	real_root_note(request, "tiny-initramfs loads only what the root file system needs.", findings);
	return true;
}

const struct initramfs initramfs_tiny = {
	.name = "tiny-initramfs",
	.label = "tiny-initramfs",
	.systems = "Debian",
	.files = "nothing",
	.apply = "nothing",
	.late = true,
	.proven = { .booted = "Debian 12", .run = "Debian sid" },
	.probe = probe,
	.propose = propose,
};
