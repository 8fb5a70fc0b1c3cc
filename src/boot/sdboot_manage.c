/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CachyOS: sdboot-manage writes systemd-boot's entries from LINUX_OPTIONS; fallback entries have their own options. */
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/sdboot.h"

#define PATH "/etc/sdboot-manage.conf"

static const struct managed_assignment assignment = { PATH, "LINUX_OPTIONS" };

static void probe(const struct root *root, struct evidence *evidence)
{
	if (root_exists(root, PATH))
		managed_sdboot_evidence(root, "usr/bin/sdboot-manage", evidence);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	return managed_assignment_read(root, &assignment, ret_words, fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "sdboot-manage", "gen", NULL };
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!managed_check_any_entry(root, request, findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!managed_assignment_propose(root, &assignment, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (changed)
		managed_expect_entries(root, changeset_command(changeset, "writes the boot entries anew", 300, argv),
				       request->wanted, &gone);
	return true;
}

const struct loader loader_sdboot_manage = {
	.name = "sdboot-manage",
	.label = "systemd-boot (sdboot-manage)",
	.systems = "CachyOS",
	.files = PATH,
	.apply = "sdboot-manage gen",
	.menu = SDBOOT_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
