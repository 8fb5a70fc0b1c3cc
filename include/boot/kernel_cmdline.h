/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/kernel/cmdline: from where kernel-install, ukify and others take the
 * kernel's parameters. Where it is not there they take those of the running kernel,
 * so whoever makes the file has to put all of these into it, or root= is lost and
 * the system does not start.
 */
#ifndef VFIOCONF_BOOT_KERNEL_CMDLINE_H
#define VFIOCONF_BOOT_KERNEL_CMDLINE_H

#include <stdbool.h>

#include "boot/loader.h"

#define KERNEL_CMDLINE "/etc/kernel/cmdline"

/* The words that the tools would use now. False with a fault or where the file is not understood. */
bool kernel_cmdline_read(const struct root *root, struct strlist *ret, struct fault *fault);

/*
 * The words that a file that is made has to begin with: those of the entry or image that was booted (boot/booted.h), as
 * they lie on the disk; where that is not known, what the tools take where there is no such file, which may have a word
 * that was typed at the boot menu for once. Less those that are there because of us (REQUEST.ours).
 */
bool kernel_cmdline_seed(const struct root *root, const struct boot_request *request, struct strlist *ret,
			 struct fault *fault);

/* Whether the tools take exactly WORDS where there is no such file: one that says just that may go. */
bool kernel_cmdline_is_default(const struct root *root, const struct strlist *words);

/* Whether the file is there because of an earlier apply of REQUEST.ours. */
bool kernel_cmdline_is_made(const struct root *root, const struct boot_request *request);

/*
 * Appends the change of the file that fulfils REQUEST. A file that is made gets
 * the words of now (kernel_cmdline_seed) on its first line and ours on its second (line
 * ends are blanks to the readers), by which it is known again and goes when ours
 * go. Yet it stays, with its first line alone, as long as the running kernel has
 * other words, of ours or typed for one boot: without the file those would be taken over as the user's.
 * GONE gets the words that the entries or images made from the file must not have
 * any more: those that it had and will not have.
 */
bool kernel_cmdline_propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			    struct findings *findings, struct strlist *added, struct strlist *gone, bool *ret_changed,
			    struct fault *fault);

#endif
