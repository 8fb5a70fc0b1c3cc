/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images that come ready made, for every machine: with the kernel's package on Solus and Clear Linux, with the whole
 * system where that is an image of bootc (there, only rpm-ostree makes one for this machine).
 */
#include "initramfs/generators.h"

#include "initramfs/real_root.h"

static bool is_bootc(const struct root *root)
{
	return root_exists(root, "run/ostree-booted") && root_exists(root, "usr/bin/bootc") &&
	       !root_exists(root, "usr/bin/rpm-ostree");
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_strlist struct strlist names = { 0 };

	if (is_bootc(root))
		evidence_add(evidence, SCORE_PROVEN,
			     "/run/ostree-booted is there, and bootc is installed without rpm-ostree");
	if (!root_exists(root, "usr/bin/clr-boot-manager"))
		return;
	root_list(root, "/usr/lib/kernel", &names, NULL);
	for (size_t i = 0; i < names.count; i++)
		if (text_starts_with(names.items[i], "initrd-")) {
			evidence_add(evidence, SCORE_USED, "clr-boot-manager installs /usr/lib/kernel/%s as it is",
				     names.items[i]);
			return;
		}
	evidence_add(evidence, SCORE_TRACE, "clr-boot-manager is there");
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	(void)changeset;
	(void)fault;
	real_root_note(request, is_bootc(root) ?
		       "The initramfs comes ready made with the image of the system." :
		       "The initramfs comes ready made with the kernel's package, without vfio-pci.",
		       findings);
	return true;
}

const struct initramfs initramfs_prebuilt = {
	.name = "prebuilt",
	.label = "ready-made images",
	.systems = "Solus, Clear Linux, bootc",
	.files = "nothing",
	.apply = "nothing",
	.late = true,
	.probe = probe,
	.propose = propose,
};
