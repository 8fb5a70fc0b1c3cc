/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFISTUB: the firmware starts the kernel, with parameters from its own memory, which cannot be edited in place. */
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/grub.h"
#include "boot/loaders.h"
#include "boot/manual.h"

/* Nothing else that could have started the kernel: then "initrd=\..." is the firmware's. */
static bool is_alone(const struct root *root)
{
	static const char *const others[] = { "boot/refind_linux.conf", "boot/limine.conf", "boot/limine/limine.conf",
					      "etc/NIXOS", "run/ostree-booted", "usr/bin/clr-boot-manager",
					      "etc/kernel/proxmox-boot-uuids" };
	cleanup_entries struct entries entries = { 0 };
	cleanup_grub struct grub grub = { 0 };
	char info[256];

	entries_read(root, &entries);
	grub_inspect(root, &grub);
	for (size_t i = 0; i < array_size(others); i++)
		if (root_exists(root, others[i]))
			return false;
	return !entries.count && !grub.config && !clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) &&
	       !clue_efi_variable(root, "StubInfo", info, sizeof(info));
}

static void probe(const struct root *root, struct evidence *evidence)
{
	char initrd[256];

	if (clue_is_efi(root) && clue_cmdline_value(root, "initrd", initrd, sizeof(initrd)) && *initrd == '\\' &&
	    is_alone(root))
		evidence_add(evidence, SCORE_CONFIGURED,
			     "the kernel was given initrd=%s, and no boot loader is there that could have done so",
			     initrd);
}

/* All words of now, so that the new entry lacks nothing. */
static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist now = { 0 };
	cleanup_text struct text how = { 0 };
	cleanup_text struct text bytes = { 0 };

	(void)changeset;
	(void)added;
	if (!root_read(root, "proc/cmdline", ROOT_LIMIT_TEXT, &bytes, fault))
		return false;
	strlist_split(&now, text_string(&bytes), "\r\n");
	text_printf(&how,
		    "Make a second entry and keep the old one: efibootmgr --create --disk DISK --part NUMBER --label "
		    "\"Linux with VFIO\" --loader '\\vmlinuz' --unicode '%s %%s'. efibootmgr -v shows the disk, the "
		    "partition and the loader of the entry of now.", now.count ? now.items[0] : "");
	return manual_propose(root, request, findings,
			      "The firmware starts the kernel itself; its entries cannot be changed, only made anew.",
			      text_string(&how), fault);
}

const struct loader loader_efistub = {
	.name = "efistub",
	.label = "EFISTUB (no boot loader)",
	.systems = "any",
	.files = "an entry of the firmware (by you)",
	.apply = "efibootmgr --create (by you)",
	.applies = false,
	.probe = probe,
	.read = manual_read,
	.propose = propose,
};
