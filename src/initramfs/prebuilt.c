/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Solus and Clear Linux: the images come ready made with the kernel's package, for every machine. */
#include "initramfs/generators.h"

#include "initramfs/real_root.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_strlist struct strlist names = { 0 };

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
	(void)root;
	(void)changeset;
	(void)fault;
	real_root_note(request, "The initramfs comes ready made with the kernel's package, without vfio-pci.",
		       findings);
	return true;
}

const struct initramfs initramfs_prebuilt = {
	.name = "prebuilt",
	.label = "ready-made images (Solus, Clear Linux)",
	.files = "nothing",
	.apply = "nothing",
	.probe = probe,
	.propose = propose,
};
