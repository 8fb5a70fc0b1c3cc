/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bootc without rpm-ostree: the parameters belong to the image. */
#include "base/text.h"
#include "boot/loaders.h"
#include "boot/manual.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (root_exists(root, "run/ostree-booted") && root_exists(root, "usr/bin/bootc") &&
	    !root_exists(root, "usr/bin/rpm-ostree"))
		evidence_add(evidence, SCORE_PROVEN,
			     "/run/ostree-booted is there, and bootc is installed without rpm-ostree");
}

/* All words that are wanted: they take the place of what the same source gave before. */
static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text paste = { 0 };
	cleanup_free char *words = strlist_join(request->wanted, " ");

	(void)changeset;
	(void)added;
	if (!manual_missing(root, request, &missing, fault))
		return false;
	text_append(&paste, "bootc loader-entries set-options-for-source --source vfioconf --options ");
	text_append_word(&paste, words);
	if (missing.count)
		manual_tell(findings,
			    "With bootc the kernel command line belongs to the image, which vfioconf does not build.",
			    "Type this command, or put the words into /usr/lib/bootc/kargs.d/ of your image. " MANUAL_AGAIN,
			    text_string(&paste));
	return true;
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
