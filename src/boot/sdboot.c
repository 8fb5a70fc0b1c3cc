/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/sdboot.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/grub.h"

/* Tools that write entries in their own way, each with a row of its own in the table of loaders. */
static const char *const other_tools[] = { "usr/bin/kernelstub",        "usr/bin/clr-boot-manager",
					   "usr/bin/sdbootutil",        "usr/bin/sdboot-manage",
					   "usr/sbin/proxmox-boot-tool" };

static bool has_other_tool(const struct root *root)
{
	for (size_t i = 0; i < array_size(other_tools); i++)
		if (root_exists(root, other_tools[i]))
			return true;
	return false;
}

/* "/TOKEN/RELEASE/linux" or the like: RELEASE is the directory that the kernel lies in. */
static bool kernel_directory(const char *linux_path, char *buffer, size_t size)
{
	const char *end = strrchr(linux_path, '/'), *start = end;

	if (!end || end == linux_path)
		return false;
	while (start > linux_path && start[-1] != '/')
		start--;
	if (start == linux_path || end == start || (size_t)(end - start) >= size)
		return false;
	memcpy(buffer, start, (size_t)(end - start));
	buffer[end - start] = '\0';
	return true;
}

/* TOKEN is a machine id, or it is a word that two systems of one distribution share. */
static bool is_of_system(const struct root *root, const struct entry *entry)
{
	enum clue_owner owner = clue_owner(root, entry->name);

	return owner == CLUE_OWNER_THIS || (owner == CLUE_OWNER_UNKNOWN && entry_is_of_system(root, entry));
}

bool sdboot_entry_release(const struct root *root, const struct entry *entry, char *buffer, size_t size)
{
	char release[256];
	cleanup_text struct text modules = { 0 };
	const char *at;
	size_t length;

	if (!kernel_directory(entry->linux_path, release, sizeof(release)) || strlen(release) >= size)
		return false;
	length = strlen(release);
	at = strstr(entry->name, release);
	if (!at || at == entry->name || at[-1] != '-' || (at[length] != '.' && at[length] != '+'))
		return false;
	text_printf(&modules, "lib/modules/%s", release);
	if (!root_is_directory(root, text_string(&modules)) || !is_of_system(root, entry))
		return false;
	memcpy(buffer, release, length + 1);
	return true;
}

enum sdboot_way sdboot_way(const struct root *root, const struct entries *entries)
{
	char release[256];
	bool system = false;

	if (has_other_tool(root) || clue_is_image_based(root) ||
	    clue_efi_variable(root, "StubInfo", release, sizeof(release)))
		return SDBOOT_ABSENT;
	for (size_t i = 0; i < entries->count; i++) {
		if (root_exists(root, "usr/bin/kernel-install") &&
		    sdboot_entry_release(root, &entries->items[i], release, sizeof(release)))
			return SDBOOT_KERNEL_INSTALL;
		system = system || entry_is_of_system(root, &entries->items[i]);
	}
	return system ? SDBOOT_ENTRIES : SDBOOT_ABSENT;
}

bool sdboot_is_loader(const char *info)
{
	return text_starts_with(info, "systemd-boot") || text_starts_with(info, "gummiboot") ||
	       text_starts_with(info, "goofiboot");
}

void sdboot_evidence(const struct root *root, const struct entries *entries, struct evidence *evidence)
{
	cleanup_grub struct grub grub = { 0 };
	const char *directory;
	char info[256];
	bool told = clue_efi_variable(root, "LoaderInfo", info, sizeof(info));

	if (told && sdboot_is_loader(info))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", info);
	if (!entries->count)
		return;
	directory = entries->directories.items[0];
	if (!told && clue_efi_variables_known(root)) {
		evidence_add(evidence, SCORE_TRACE,
			     "there are boot entries in %s, but the firmware variable LoaderInfo, which it sets, is not there",
			     directory);
		return;
	}
	/* Red Hat's GRUB reads the same entries. */
	grub_inspect(root, &grub);
	evidence_add(evidence, grub.way == GRUB_BLS || !clue_is_efi(root) ? SCORE_TRACE : SCORE_CONFIGURED,
		     "there are boot entries in %s", directory);
}

void sdboot_evidence_without_entries(const struct root *root, struct evidence *evidence)
{
	char info[256];

	if (has_other_tool(root) || clue_is_image_based(root) ||
	    clue_efi_variable(root, "StubInfo", info, sizeof(info)) ||
	    !clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) || !sdboot_is_loader(info))
		return;
	evidence_add(evidence, SCORE_TRACE,
		     "the firmware variable LoaderInfo says \"%s\", but no boot entry can be seen: is the EFI system "
		     "partition mounted?", info);
}
