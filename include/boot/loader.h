/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot loaders: who puts the kernel command line together, and how to have it
 * say something else. One source file each; all of them stand in one const
 * table. A loader sees files and words; it knows nothing of PCI.
 */
#ifndef VFIOCONF_BOOT_LOADER_H
#define VFIOCONF_BOOT_LOADER_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/finding.h"
#include "base/strlist.h"
#include "base/text.h"
#include "boot/evidence.h"
#include "boot/proven.h"
#include "edit/changeset.h"
#include "system/root.h"

struct boot_request {
	const struct strlist *wanted;  /* words that the kernel command line must hold after the next boot */
	const struct strlist *ours;    /* words that an earlier apply added through this loader: to go if not wanted */
	const struct strlist *kernels; /* installed kernel releases */
	const struct strlist *way_back; /* words of an entry beside the normal one (boot/way_back.h); NULL or empty:
	                                   there shall be none of ours */
	bool *ret_way_back;            /* set where the menu has, or will have, that entry; or NULL */
	const struct strlist *aside;   /* words of others that shall not count (edit/cmdline.h); every other that is
	                                  set aside is given back. NULL: none. Only where .sets_aside */
};

struct loader {
	const char *name;  /* for --loader and the profile: "grub-dropin" */
	const char *label; /* for people: "GRUB (Debian drop-in)" */
	const char *systems; /* for the manual: who has it */
	const char *files;   /* for the manual: what it edits */
	const char *apply;   /* for the manual: what it runs */
	struct proven proven;
	const char *menu;  /* how a person adds words (%s) for one boot at its menu; NULL where that is not known */
	const char *(*menu_of)(const struct root *root); /* the same, where it depends on what ROOT has; or NULL */
	bool applies;      /* false: only tells what to type (propose adds FINDING_LOADER_MANUAL) */
	bool whole_line;   /* what read() gives is all that the kernel gets, root= too */
	bool sets_aside;   /* fulfils boot_request.aside: where it does not, a person has to delete such a word */
	const char *take_out; /* there, how that is done: a sentence with "%s" for the word; NULL where it does */

	/* Adds evidence that this loader boots ROOT. Never fails: what it cannot read is no evidence. */
	void (*probe)(const struct root *root, struct evidence *evidence);

	/* Appends the words that its configuration gives the normal boot of the default entry now, in order. */
	bool (*read)(const struct root *root, struct strlist *ret_words, struct fault *fault);

	/*
	 * Appends to CHANGESET the file changes and commands that fulfil REQUEST,
	 * nothing where it is fulfilled already. A construct that is not understood adds a
	 * FINDING_SYNTAX_NOT_UNDERSTOOD that shows file, line and what to type, and changes nothing. ADDED gets
	 * the words of REQUEST.wanted that stand there because of us after this change (not the user's own).
	 */
	bool (*propose)(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			struct findings *findings, struct strlist *added, struct fault *fault);
};

extern const struct loader *const loaders[]; /* NULL-terminated, in the order of the manual */

const struct loader *loader_find(const char *name); /* NULL where there is none */

/* How a person adds words (%s) for one boot at the menu of LOADER on ROOT; NULL where that is not known. */
const char *loader_menu(const struct loader *loader, const struct root *root);

/* Appends how a person takes WORD out of what LOADER gives the kernel; LOADER may be NULL: it is not known. */
void loader_take_out(const struct loader *loader, const char *word, struct text *ret);

/*
 * The one that boots ROOT, or NULL with a finding (loader-unknown,
 * loader-ambiguous) that says what was seen. NAME (may be NULL) is the user's choice and ends the matter.
 */
const struct loader *loader_choose(const struct root *root, const char *name, struct findings *findings);

#endif
