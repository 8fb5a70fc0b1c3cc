/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NixOS: the parameters are part of the system's own configuration, which only its owner writes. */
#include "base/text.h"
#include "boot/clue.h"
#include "boot/loaders.h"
#include "boot/manual.h"
#include "boot/nixos.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (clue_os_is(root, "nixos") || root_exists(root, "etc/NIXOS"))
		evidence_add(evidence, SCORE_PROVEN + 30, "this is NixOS, whatever boot loader it has");
}

/* As a list of Nix: "a" "b". */
static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text paste = { 0 };

	(void)changeset;
	(void)added;
	if (!manual_missing(root, request, &missing, fault))
		return false;
	text_append(&paste, "boot.kernelParams = [");
	for (size_t i = 0; i < request->wanted->count; i++)
		text_printf(&paste, " \"%s\"", request->wanted->items[i]);
	text_append(&paste, " ];");
	if (missing.count)
		manual_tell(findings,
			    "NixOS makes the kernel command line from its own configuration, which vfioconf does not "
			    "edit.",
			    "Put this into configuration.nix, or the words into the list where boot.kernelParams is set there "
			    "already. " NIXOS_AFTER,
			    text_string(&paste));
	return true;
}

const struct loader loader_nixos = {
	.name = "nixos",
	.label = "NixOS",
	.systems = "NixOS",
	.files = "configuration.nix (by you)",
	.apply = "nixos-rebuild switch (by you)",
	.applies = false,
	.take_out = "Take %s out of boot.kernelParams in configuration.nix, and type nixos-rebuild boot.",
	.probe = probe,
	.read = manual_read,
	.propose = propose,
};
