/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot loaders that a tool of the distribution writes for: settings are changed, the tool is run, its output is looked at. */
#ifndef VFIOCONF_BOOT_MANAGED_H
#define VFIOCONF_BOOT_MANAGED_H

#include "boot/entries.h"
#include "boot/loader.h"

extern const struct loader loader_sdboot_manage;
extern const struct loader loader_sdbootutil;
extern const struct loader loader_clr_boot_manager;
extern const struct loader loader_kernelstub;
extern const struct loader loader_proxmox;
extern const struct loader loader_limine_entry_tool;
extern const struct loader loader_update_extlinux;
extern const struct loader loader_u_boot_menu;
extern const struct loader loader_rpm_ostree;

/* Those that are not applied: what to type is shown. */
extern const struct loader loader_nixos;
extern const struct loader loader_bootc;
extern const struct loader loader_zfsbootmenu;
extern const struct loader loader_efistub;

/* Adds to COMMAND that it rewrites all boot entries of this system, and what they have to say then. How many there are. */
size_t managed_expect_entries(const struct root *root, struct command *command, const struct strlist *wanted,
			      const struct strlist *gone);

/* The same for one file with several entries, of which the first counts; KEYS is NULL-terminated. */
void managed_expect_file(struct command *command, const char *path, const char *const *keys,
			 const struct strlist *wanted, const struct strlist *gone);

/* The evidence of LoaderInfo for systemd-boot, and of the boot entries, for a tool that writes them: TOOL is its path. */
void managed_sdboot_evidence(const struct root *root, const char *tool, struct evidence *evidence);

/*
 * One assignment in a file of settings, changed as a command line. GONE gets what has to be absent
 * afterwards, RET_CHANGED whether the file changes.
 */
struct managed_assignment {
	const char *path, *name;
};
bool managed_assignment_read(const struct root *root, const struct managed_assignment *assignment,
			     struct strlist *ret, struct fault *fault);
bool managed_assignment_propose(const struct root *root, const struct managed_assignment *assignment,
				const struct boot_request *request, struct changeset *changeset,
				struct findings *findings, struct strlist *added, struct strlist *gone,
				bool *ret_changed, struct fault *fault);

#endif
