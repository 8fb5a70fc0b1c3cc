/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NixOS: the initramfs and /etc/modprobe.d are made from the system's own configuration: what to put there is shown. */
#include "initramfs/generators.h"

#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/nixos.h"
#include "initramfs/image.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (clue_os_is(root, "nixos") || root_exists(root, "etc/NIXOS"))
		evidence_add(evidence, SCORE_PROVEN + 30, "this is NixOS");
}

/*
 * A line as part of an indented string of Nix, where ${ and two single quotes have a meaning. Blanks stand for its
 * tabs, which not every editor takes as they are pasted. NixOS has modprobe elsewhere, but in the PATH of its initramfs.
 */
static void append_line(const char *line, struct text *ret)
{
	static const struct {
		const char *from, *to;
	} other[] = { { "${", "''${" }, { "''", "'''" }, { "\t", "  " }, { "/sbin/modprobe ", "modprobe " } };

	text_append(ret, "\n  ");
	while (*line) {
		size_t i = 0;

		while (i < array_size(other) && !text_starts_with(line, other[i].from))
			i++;
		if (i < array_size(other))
			text_append(ret, other[i].to);
		else
			text_append_char(ret, *line);
		line += i < array_size(other) ? strlen(other[i].from) : 1;
	}
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
				append_line(lines.items[j], ret);
	}
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	cleanup_text struct text paste = { 0 };
	struct finding *finding;

	(void)root;
	if (!image_words_are_plain(request, fault))
		return false;
	if (!request->wanted || !request->contents_changed)
		return true;
	text_append(&paste, "boot.initrd.kernelModules = [");
	for (size_t i = 0; i < request->modules->count; i++)
		text_printf(&paste, " \"%s\"", request->modules->items[i]);
	text_append(&paste, " ];\nboot.extraModprobeConfig = ''");
	add_directives(request, changeset, &paste);
	text_append(&paste, "\n'';");
	finding = findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
			       "NixOS makes its initramfs and /etc/modprobe.d from its own configuration, which vfioconf "
			       "does not edit.");
	finding_remedy(finding, "Put this into configuration.nix; where one of the two is set there already, add to it. "
		       NIXOS_AFTER);
	finding_paste(finding, "%s", text_string(&paste));
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
