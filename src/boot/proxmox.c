/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proxmox with systemd-boot: proxmox-boot-tool copies kernels and entries to ESPs that it mounts only while it
 * works, with the words of /etc/kernel/cmdline. With GRUB the same tool copies what grub-mkconfig wrote: see grub.c.
 */
#include <string.h>

#include "boot/clue.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/sdboot.h"

#define UUIDS "/etc/kernel/proxmox-boot-uuids"

static void probe(const struct root *root, struct evidence *evidence)
{
	char line[256];

	if (!root_attribute(root, UUIDS, line, sizeof(line)) || !*line || !clue_is_efi(root))
		return;
	if (clue_efi_variable(root, "LoaderInfo", line, sizeof(line))) {
		if (text_starts_with(line, "systemd-boot"))
			evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", line);
	} else if (clue_cmdline_value(root, "initrd", line, sizeof(line)) && strstr(line, "\\EFI\\proxmox\\")) {
		evidence_add(evidence, SCORE_USED, "this boot took its initrd from an ESP of proxmox-boot-tool");
	} else if (root_exists(root, KERNEL_CMDLINE)) {
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there", KERNEL_CMDLINE);
	}
	evidence_add(evidence, SCORE_TRACE, "%s names ESPs that proxmox-boot-tool keeps", UUIDS);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "proxmox-boot-tool", "refresh", NULL };
	size_t known = findings->count;
	bool changed = false;

	if (!kernel_cmdline_propose(root, request, changeset, findings, added, &changed, fault))
		return false;
	if (changed && findings->count == known)
		changeset_command(changeset, "copies kernels and boot entries to all EFI system partitions", 600, argv);
	return true;
}

const struct loader loader_proxmox = {
	.name = "proxmox",
	.label = "systemd-boot (proxmox-boot-tool)",
	.systems = "Proxmox on ZFS",
	.files = KERNEL_CMDLINE,
	.apply = "proxmox-boot-tool refresh",
	.menu = SDBOOT_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = kernel_cmdline_read,
	.propose = propose,
};
