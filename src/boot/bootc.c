/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bootc without rpm-ostree: the parameters belong to the image. */
#include "boot/loaders.h"
#include "boot/manual.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (root_exists(root, "run/ostree-booted") && root_exists(root, "usr/bin/bootc") &&
	    !root_exists(root, "usr/bin/rpm-ostree"))
		evidence_add(evidence, SCORE_PROVEN,
			     "/run/ostree-booted is there, and bootc is installed without rpm-ostree");
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	(void)changeset;
	(void)added;
	return manual_propose(root, request, findings,
			      "With bootc the kernel command line belongs to the image, which vfioconf does not build.",
			      "Run bootc loader-entries set-options-for-source --source vfioconf --options \"%s\", or "
			      "put the words into /usr/lib/bootc/kargs.d/ of your image. Then reboot.", fault);
}

const struct loader loader_bootc = {
	.name = "bootc",
	.label = "bootc",
	.systems = "images of bootc",
	.files = "the image (by you)",
	.apply = "bootc loader-entries set-options-for-source (by you)",
	.applies = false,
	.take_out = "It comes from /usr/lib/bootc/kargs.d of the image, or was set on this machine: where rpm-ostree is "
		    "installed, rpm-ostree kargs --delete=%s takes it out.",
	.probe = probe,
	.read = manual_read,
	.propose = propose,
};
