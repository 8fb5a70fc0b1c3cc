/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Solus and Clear Linux: clr-boot-manager joins the files of /etc/kernel/cmdline.d, those of the vendor that have
 * another name, and /etc/kernel/cmdline, and puts root= there itself.
 */
#include "boot/cmdline_dropin.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/sdboot.h"

#define TOOL "usr/bin/clr-boot-manager"
#define PATH "/etc/kernel/cmdline.d/vfioconf.conf"

static const struct cmdline_dropin dropin = {
	.directory = "/etc/kernel/cmdline.d", .path = PATH, .suffix = ".conf",
	.vendor = "/usr/share/kernel/cmdline.d", .base = true, .comments = true,
};

static void probe(const struct root *root, struct evidence *evidence)
{
	managed_sdboot_evidence(root, TOOL, evidence);
	/* It mounts the ESP only while it works. */
	if (evidence->score == SCORE_TRACE && root_is_directory(root, "/usr/lib/kernel"))
		evidence_add(evidence, SCORE_CONFIGURED, "its kernels are in /usr/lib/kernel");
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	return cmdline_dropin_read(root, &dropin, ret_words, fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "clr-boot-manager", "update", NULL };
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!cmdline_dropin_propose(root, &dropin, true, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (!changed || findings->count > known)
		return true;
	if (!managed_expect_entries(root, changeset_command(changeset, "writes the boot entries anew", 300, argv),
				    request->wanted, &gone))
		finding_remedy(findings_add(findings, FINDING_NOT_PROVEN, SEVERITY_NOTE,
					    "Whether the parameters arrived in the boot entries cannot be looked at, because "
					    "they are not mounted: of clr-boot-manager only its exit status tells."),
			       "Mount the EFI system partition at /boot first, and they are looked into. Else vfioconf "
			       "--verify says after the reboot whether the kernel got them.");
	return true;
}

const struct loader loader_clr_boot_manager = {
	.name = "clr-boot-manager",
	.label = "clr-boot-manager (systemd-boot or goofiboot)",
	.systems = "Solus, Clear Linux",
	.files = PATH,
	.apply = "clr-boot-manager update",
	.menu = SDBOOT_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
