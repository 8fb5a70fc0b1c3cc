/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proxmox with systemd-boot: proxmox-boot-tool copies kernels and entries to ESPs that it mounts only while it
 * works, with the words of the first line of /etc/kernel/cmdline. With GRUB the same tool copies what grub-mkconfig wrote: see grub.c.
 */
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/proxmox_cmdline.h"
#include "boot/proxmox_esps.h"
#include "boot/sdboot.h"


static void probe(const struct root *root, struct evidence *evidence)
{
	char line[256];

	if (!root_attribute(root, PROXMOX_UUIDS, line, sizeof(line)) || !*line || !clue_is_efi(root))
		return;
	if (clue_efi_variable(root, "LoaderInfo", line, sizeof(line))) {
		if (text_starts_with(line, "systemd-boot"))
			evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", line);
	} else if (clue_cmdline_value(root, "initrd", line, sizeof(line)) && strstr(line, "\\EFI\\proxmox\\")) {
		evidence_add(evidence, SCORE_USED, "this boot took its initrd from an ESP of proxmox-boot-tool");
	} else if (root_exists(root, KERNEL_CMDLINE)) {
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there", KERNEL_CMDLINE);
	}
	evidence_add(evidence, SCORE_TRACE, "%s names ESPs that proxmox-boot-tool keeps", PROXMOX_UUIDS);
}

/*
 * On an ESP that is mounted: the entry of the running kernel, which the tool always keeps, whatever it does to those of
 * other kernels. How many ESPs were found to have one.
 */
static size_t expect_entries(const struct root *root, const struct strlist *mounts, const struct boot_request *request,
			     const struct strlist *gone, struct command *command)
{
	static const char *const keys[] = { "options", NULL };
	cleanup_entries struct entries entries = { 0 };
	cleanup_strlist struct strlist seen = { 0 };
	char release[256] = "";

	root_attribute(root, "proc/sys/kernel/osrelease", release, sizeof(release));
	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count && *release; i++) {
		const struct entry *entry = &entries.items[i];
		cleanup_free char *directory =
			memory_string_n(entry->path, strlen(entry->path) - strlen(entry->name) - 1);
		cleanup_free char *mount = entries_mount(directory);
		cleanup_text struct text name = { 0 };

		text_printf(&name, "proxmox-%s.conf", release);
		if (!strlist_has(mounts, mount) || !entry_is_edited(root, entry))
			continue;
		if (!strcmp(entry->name, text_string(&name)) && strlist_add_once(&seen, mount))
			managed_expect_file(command, entry->path, keys, request->wanted, gone);
	}
	return seen.count;
}

static void refresh(const struct root *root, const struct boot_request *request, const struct strlist *gone,
		    struct changeset *changeset, struct findings *findings)
{
	cleanup_strlist struct strlist uuids = { 0 };
	cleanup_strlist struct strlist mounts = { 0 };
	struct command *command =
		proxmox_esps_refresh(changeset, "copies kernels and boot entries to all EFI system partitions");
	size_t seen;

	proxmox_esps_read(root, &uuids, &mounts);
	seen = expect_entries(root, &mounts, request, gone, command);
	proxmox_esps_note(&uuids, uuids.count > seen ? uuids.count - seen : 0, findings);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!proxmox_cmdline_propose(root, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if ((changed || proxmox_esps_due(changeset)) && findings->count == known)
		refresh(root, request, &gone, changeset, findings);
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
	.whole_line = true,
	.sets_aside = true,
	.probe = probe,
	.read = proxmox_cmdline_read,
	.propose = propose,
};
