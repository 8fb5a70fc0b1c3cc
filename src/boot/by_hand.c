/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot loader that none of the other rows fits: only its owner knows where the parameters go, but which ones, and
 * whether they have arrived, is known here. Nothing speaks for it; it is there to be named.
 */
#include "boot/loaders.h"
#include "boot/manual.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	(void)root;
	(void)evidence;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_free char *words = NULL;

	(void)changeset;
	(void)added;
	if (!manual_missing(root, request, &missing, fault))
		return false;
	words = strlist_join(&missing, " ");
	if (missing.count)
		manual_tell(findings, "The boot loader of this machine is not one whose settings vfioconf can change.",
			    "Add these words to the parameters that it gives the kernel, as its own manual tells, and keep "
			    "the others. " MANUAL_AGAIN, words);
	return true;
}

const struct loader loader_by_hand = {
	.name = "by-hand",
	.label = "another boot loader",
	.systems = "any",
	.files = "nothing: it tells what to add",
	.apply = "nothing",
	.proven = { .nothing = true },
	.applies = false,
	.take_out = "Take %s out of the parameters that the boot loader gives the kernel.",
	.probe = probe,
	.read = manual_read,
	.propose = propose,
};
