/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systemd-boot with entries that a person wrote. The entries of this system are
 * edited, but for its fallback entries: they are the way back at the boot menu.
 */
#include <string.h>

#include "boot/entries.h"
#include "boot/loaders.h"
#include "boot/sdboot.h"
#include "boot/targets.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_entries struct entries entries = { 0 };

	entries_read(root, &entries);
	if (sdboot_way(root, &entries) == SDBOOT_ENTRIES)
		sdboot_evidence(root, &entries, evidence);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_targets struct targets targets = { 0 };

	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++)
		if (entry_is_edited(root, &entries.items[i]))
			targets_add_entry(&targets, &entries.items[i]);
	if (!targets.count && (request->wanted->count || request->ours->count))
		return entries_none(fault);
	return targets_propose(&targets, request, changeset, findings, added, fault);
}

const struct loader loader_systemd_boot = {
	.name = "systemd-boot",
	.label = "systemd-boot (hand-written entries)",
	.files = "ESP/loader/entries/*.conf",
	.apply = "nothing",
	.applies = true,
	.probe = probe,
	.read = entries_default_words,
	.propose = propose,
};
