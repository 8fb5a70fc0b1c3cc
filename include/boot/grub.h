/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all ways of configuring GRUB have in common: which of them this system
 * has, the evidence that GRUB boots it, its settings, its grub.cfg.
 */
#ifndef VFIOCONF_BOOT_GRUB_H
#define VFIOCONF_BOOT_GRUB_H

#include <stdbool.h>

#include "boot/loader.h"
#include "edit/refusal.h"

#define GRUB_DEFAULT_FILE "/etc/default/grub"
#define GRUB_DROPIN_DIRECTORY "/etc/default/grub.d"
#define GRUB_VARIABLE "GRUB_CMDLINE_LINUX_DEFAULT" /* not used by recovery entries: they keep booting without us */

/* How a person adds a word for one boot (struct loader). */
#define GRUB_MENU \
	"press e at the boot menu (Shift or Esc brings it up), add %s at the end of the line that begins with " \
	"\"linux\", and press Ctrl-x"

enum grub_way {
	GRUB_ABSENT,
	GRUB_DROPIN, /* its grub-mkconfig reads /etc/default/grub.d (a patch of Debian's) */
	GRUB_EDIT,   /* /etc/default/grub, then grub-mkconfig */
	GRUB_BLS     /* entries in /boot/loader/entries carry the command lines */
};

struct grub {
	enum grub_way way;
	const char *mkconfig; /* "grub-mkconfig" or "grub2-mkconfig" */
	char *config;         /* the real grub.cfg, links resolved; NULL where there is none */
};

void grub_inspect(const struct root *root, struct grub *ret);
void grub_done(struct grub *grub);
#define cleanup_grub cleanup(grub_done)

/* Adds the evidence that GRUB boots ROOT. */
void grub_evidence(const struct root *root, const struct grub *grub, struct evidence *evidence);

/*
 * Whether words are wanted and a person wrote grub.cfg: then no settings reach it, and running grub-mkconfig would
 * destroy it. Adds FINDING_LOADER_MANUAL, an error, with what to type, where it lacks one of the words.
 */
bool grub_by_hand(const struct root *root, const struct boot_request *request, struct findings *findings);

/*
 * Appends the change of our script for the way back (boot/grub_way_back.h), and the command that writes grub.cfg
 * anew, where CHANGED says that its settings change or where it does not say what it should (a word of
 * REQUEST.wanted or the way back is missing, a word of GONE is there); and what must be in it then.
 * A grub.cfg that a person wrote is left alone.
 */
bool grub_regenerate(const struct root *root, bool changed, const struct boot_request *request,
		     const struct strlist *gone, struct changeset *changeset, struct findings *findings,
		     struct fault *fault);

/*
 * Adds the finding for a refused line of PATH, with what to type so that the
 * words of MISSING are there and those of DROPPED (may be NULL) are not.
 */
void grub_refuse(const struct refusal *refusal, const char *path, const struct strlist *missing,
		 const struct strlist *dropped, struct findings *findings);

#endif
