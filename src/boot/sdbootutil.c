/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openSUSE: sdbootutil writes entries for systemd-boot and for GRUB that reads
 * such entries, from /etc/kernel/cmdline and /etc/kernel/cmdline.d; disk encryption bound to a TPM follows it.
 */
#include "boot/clue.h"
#include "boot/cmdline_dropin.h"
#include "boot/grub.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/sdboot.h"

#define TOOL "usr/bin/sdbootutil"

static const struct cmdline_dropin dropin = {
	.directory = "/etc/kernel/cmdline.d", .path = "/etc/kernel/cmdline.d/vfioconf.conf", .suffix = "",
	.base = true, .falls_back = true,
};

/* Whether it was GRUB that started this system: INFO gets how it calls itself. */
static bool grub_booted(const struct root *root, char *info, size_t size)
{
	return clue_efi_variable(root, "LoaderInfo", info, size) && text_starts_with(info, "GRUB ");
}

static const char *menu_of(const struct root *root)
{
	char info[256];

	return grub_booted(root, info, sizeof(info)) ? GRUB_MENU : SDBOOT_MENU;
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_entries struct entries entries = { 0 };
	char info[256];

	managed_sdboot_evidence(root, TOOL, evidence);
	entries_read(root, &entries);
	if (root_exists(root, TOOL) && entries.count && grub_booted(root, info, sizeof(info)))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\", which reads them",
			     info);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	return cmdline_dropin_read(root, &dropin, ret_words, fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "sdbootutil", "update-all-entries", NULL };
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!managed_check_any_entry(root, request, findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!cmdline_dropin_propose(root, &dropin, true, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (changed && findings->count == known)
		managed_expect_entries(root, changeset_command(changeset, "writes the boot entries anew", 600, argv),
				       request->wanted, &gone);
	return true;
}

const struct loader loader_sdbootutil = {
	.name = "sdbootutil",
	.label = "boot entries of sdbootutil",
	.systems = "openSUSE Tumbleweed, with systemd-boot or GRUB",
	.files = "/etc/kernel/cmdline.d/vfioconf.conf",
	.apply = "sdbootutil update-all-entries",
	.menu_of = menu_of,
	.applies = true,
	.whole_line = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
