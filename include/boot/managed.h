/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot loaders that a tool of the distribution writes for: settings change, the tool runs, its output is looked at. */
#ifndef VFIOCONF_BOOT_MANAGED_H
#define VFIOCONF_BOOT_MANAGED_H

#include "boot/entries.h"
#include "boot/loader.h"

/*
 * Adds to COMMAND that it rewrites all boot entries of this system, and what they must say then; returns how many. Those
 * of other snapshots may stay as they are.
 */
size_t managed_expect_entries(const struct root *root, struct command *command, const struct strlist *wanted,
			      const struct strlist *gone);

/*
 * Adds a finding where words are wanted and of no boot entry IS_OURS holds: there is WHAT then. A fault where they
 * cannot be looked for, which is for root.
 */
bool managed_check_entries(const struct root *root, const struct boot_request *request,
			   bool (*is_ours)(const struct root *root, const struct entry *entry), const char *what,
			   struct findings *findings, struct fault *fault);
/* For a tool that writes all entries of this system. */
bool managed_check_any_entry(const struct root *root, const struct boot_request *request, struct findings *findings,
			     struct fault *fault);

/* The same as the first for one file with several entries, of which the first counts; KEYS is NULL-terminated. */
void managed_expect_file(struct command *command, const char *path, const char *const *keys,
			 const struct strlist *wanted, const struct strlist *gone);

/*
 * The same for a menu of syslinux that is written whole, where each entry counts but those in which a line matches one
 * of OTHERS (patterns, NULL-terminated). NULL: the first counts, since of the others it is not known whose they are.
 */
void managed_expect_menu(struct command *command, const char *path, const char *const *keys, const char *const *others,
			 const struct strlist *wanted, const struct strlist *gone);

/* The evidence of LoaderInfo for systemd-boot, and of the boot entries, for a tool that writes them, at path TOOL. */
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
