/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images: kernel, initramfs and command line in one file of the
 * ESP. What all tools that make them have in common.
 */
#ifndef VFIOCONF_BOOT_UKI_H
#define VFIOCONF_BOOT_UKI_H

#include <stdbool.h>

#include "boot/loader.h"

enum uki_way { UKI_ABSENT, UKI_MKINITCPIO, UKI_KERNEL_INSTALL, UKI_DRACUT };

/* Appends the files that dracut reads its settings from, in that order; the first need not be there. */
#define UKI_DRACUT_MAIN "/etc/dracut.conf"
#define UKI_DRACUT_DIRECTORY "/etc/dracut.conf.d"
void uki_dracut_settings(const struct root *root, struct strlist *ret);

enum uki_way uki_way(const struct root *root);

/*
 * Whether kernel-install has GENERATOR make the initrd of its unified images where it is given none: initrd_generator=
 * names it, or nobody. Plugins differ about the latter (install.d/50-dracut.install of dracut 059 and of dracut-ng
 * takes it for dracut, that of 2026 does not): what is in the image afterwards tells.
 */
bool uki_has_initrd_made_by(const struct root *root, const char *generator);

/* Adds the evidence that this system is started from such an image, if WAY makes them here. */
void uki_evidence(const struct root *root, enum uki_way way, struct evidence *evidence);

/*
 * Those of this system in EFI/Linux of the ESP or XBOOTLDR, wherever that is mounted. Another system's has its machine
 * id in the name, or another root= in its command line.
 */
void uki_find(const struct root *root, struct strlist *ret);

/*
 * The kernel of KERNELS that IMAGE is for, by its name: TOKEN-RELEASE.efi as kernel-install calls it, also with tries
 * left (RELEASE+3.efi), linux-RELEASE-MACHINE.efi as dracut does. NULL where it is none of them.
 */
const char *uki_release(const char *image, const struct strlist *kernels);

/*
 * Adds a finding where words are wanted and there is no image of an installed kernel to take them. A fault where it
 * cannot be looked for, which is for root.
 */
bool uki_check_there(const struct root *root, const struct boot_request *request, struct findings *findings,
		     struct fault *fault);

/* Appends the words of the command line in IMAGE. False: it cannot be read (an ordinary user may not), or it is none. */
bool uki_words(const struct root *root, const char *image, struct strlist *ret);

/*
 * Whether the command line in IMAGE lacks a word of WANTED or has one of GONE. One that cannot be read (an ordinary
 * user may not, or it is none) is taken to be right.
 */
bool uki_is_stale(const struct root *root, const char *image, const struct strlist *wanted,
		  const struct strlist *gone);

/* Adds to COMMAND that it rewrites IMAGE, whatever its command line. */
void uki_expect_rewritten(struct command *command, const char *image);

/*
 * Adds to COMMAND that it rewrites IMAGE, and that its command line (the section
 * ".cmdline") has every word of WANTED and none of GONE afterwards.
 */
void uki_expect(struct command *command, const char *image, const struct strlist *wanted, const struct strlist *gone);

/*
 * And that its section ".initrd" holds INITRD. ukify puts several initrds into it, one behind another, each but a
 * single one filled up to four bytes with NULs: microcode*, those that kernel-install was given, and those that its
 * plugins staged (systemd 257: ukify, join_initrds(); 60-ukify.install, initrd_list()).
 */
void uki_expect_initrd(struct command *command, const char *image, const char *initrd);

#endif
