/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NixOS: the initramfs and /etc/modprobe.d are made from the system's own configuration: what to put there is shown. */
#include "initramfs/generators.h"

#include "base/text.h"
#include "boot/clue.h"
#include "initramfs/image.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (clue_os_is(root, "nixos") || root_exists(root, "etc/NIXOS"))
		evidence_add(evidence, SCORE_PROVEN + 30, "this is NixOS");
}

/* The directives of the files that would have been written, without their comments. */
static void add_directives(const struct early_request *request, const struct changeset *changeset, struct text *ret)
{
	for (size_t i = 0; i < request->files->count; i++) {
		const struct file_change *change = changeset_find(changeset, request->files->items[i]);
		cleanup_strlist struct strlist lines = { 0 };

		if (!change)
			continue;
		strlist_split(&lines, text_string(&change->after), "\n");
		for (size_t j = 0; j < lines.count; j++)
			if (*lines.items[j] != '#')
				text_printf(ret, "\n  %s", lines.items[j]);
	}
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	cleanup_text struct text how = { 0 };

	(void)root;
	if (!image_words_are_plain(request, fault))
		return false;
	if (!request->wanted || !request->contents_changed)
		return true;
	text_append(&how, "Put this into configuration.nix, then run nixos-rebuild switch and reboot:\n"
			  "boot.initrd.kernelModules = [");
	for (size_t i = 0; i < request->modules->count; i++)
		text_printf(&how, " \"%s\"", request->modules->items[i]);
	text_append(&how, " ];\nboot.extraModprobeConfig = ''");
	add_directives(request, changeset, &how);
	text_append(&how, "\n'';");
	finding_remedy(findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
				    "NixOS makes its initramfs and /etc/modprobe.d from its own configuration, which "
				    "vfioconf does not edit."), "%s", text_string(&how));
	return true;
}

const struct initramfs initramfs_nixos = {
	.name = "nixos",
	.label = "NixOS stage 1",
	.systems = "NixOS",
	.files = "configuration.nix (by you)",
	.apply = "nixos-rebuild switch (by you)",
	.probe = probe,
	.propose = propose,
};
