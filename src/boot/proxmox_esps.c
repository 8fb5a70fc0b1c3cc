/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/proxmox_esps.h"

#include <string.h>

#include "base/text.h"

#define REFRESH_TIMEOUT 600u

/* Of a line of mountinfo the fifth word; NULL where the line is not about the device NAME ("sda2"). */
static const char *mounted_at(const char *line, const char *name, struct strlist *words)
{
	const char *dash = strstr(line, " - ");
	cleanup_strlist struct strlist behind = { 0 };

	strlist_split(words, line, " ");
	strlist_split(&behind, dash ? dash + 3 : "", " ");
	if (words->count < 5 || behind.count < 2 || !text_starts_with(behind.items[1], "/dev/") ||
	    strcmp(behind.items[1] + strlen("/dev/"), name) != 0)
		return NULL;
	return words->items[4];
}

static void add_mount(const struct strlist *mountinfo, const char *name, struct strlist *ret)
{
	for (size_t i = 0; i < mountinfo->count; i++) {
		cleanup_strlist struct strlist words = { 0 };
		const char *place = mounted_at(mountinfo->items[i], name, &words);

		if (place) {
			strlist_add_once(ret, place);
			return;
		}
	}
}

void proxmox_esps_read(const struct root *root, struct strlist *ret_uuids, struct strlist *ret_mounts)
{
	cleanup_strlist struct strlist mountinfo = { 0 };
	cleanup_text struct text mounts = { 0 };
	cleanup_text struct text list = { 0 };

	root_read(root, PROXMOX_UUIDS, ROOT_LIMIT_TEXT, &list, NULL);
	strlist_split(ret_uuids, text_string(&list), " \t\r\n");
	root_read(root, "proc/self/mountinfo", ROOT_LIMIT_GENERATED, &mounts, NULL);
	strlist_split(&mountinfo, text_string(&mounts), "\n");
	for (size_t i = 0; i < ret_uuids->count; i++) {
		cleanup_text struct text path = { 0 };
		char name[256];

		text_printf(&path, "dev/disk/by-uuid/%s", ret_uuids->items[i]);
		if (!strchr(ret_uuids->items[i], '/') && root_link_name(root, text_string(&path), name, sizeof(name)))
			add_mount(&mountinfo, name, ret_mounts);
	}
}

bool proxmox_esps_due(const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->command_count; i++)
		for (size_t j = 0; j < changeset->commands[i].artefacts.count; j++)
			if (text_starts_with(changeset->commands[i].artefacts.items[j], "/boot/initrd.img-"))
				return true;
	return false;
}

struct command *proxmox_esps_refresh(struct changeset *changeset, const char *why)
{
	static const char *const argv[] = { "proxmox-boot-tool", "refresh", NULL };
	struct command *command = changeset_command(changeset, why, REFRESH_TIMEOUT, argv);

	strlist_done(&command->undo);
	for (size_t i = 0; argv[i]; i++)
		strlist_add(&command->undo, argv[i]);
	return command;
}

void proxmox_esps_note(const struct strlist *uuids, size_t unseen, struct findings *findings)
{
	cleanup_free char *list = strlist_join(uuids, ", ");
	cleanup_text struct text which = { 0 };

	if (!unseen)
		return;
	if (unseen < uuids->count)
		text_printf(&which, "%zu of ", unseen);
	finding_remedy(findings_add(findings, FINDING_NOT_PROVEN, SEVERITY_NOTE,
				    "What proxmox-boot-tool writes to %sthe EFI system partitions that it keeps (%s) is not "
				    "looked into: it mounts them only while it works, and of it only the exit status tells.",
				    text_string(&which), list),
		       "After the reboot, vfioconf --verify says whether the kernel got its parameters.");
}
