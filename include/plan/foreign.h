/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What others have set up for vfio-pci: the user by hand, a guide's lines,
 * driverctl. All of it is found and shown. With the user's consent (selection.adopt) it is set aside, and what is ticked
 * takes its place; without, what contradicts the choice is a conflict that refuses.
 *
 * Nothing is deleted: a line becomes a comment under our mark (edit/aside.h), a word of the kernel command line gets one
 * before it (edit/cmdline.h), an override of driverctl gets another name in its directory, which driverctl and its rule
 * of udev look past (05-driverctl.rules tests for SUBSYSTEM-ADDRESS). So what is there tells by itself what was there
 * before, and no choice, or no consent, gives every byte back. driverctl's own "unset-override" would also tear the
 * device from vfio-pci at once, and could not be taken back by a transaction: it is not called.
 *
 * A script is never set aside: nobody can tell what else it does. It is reported, with what to type.
 */
#ifndef VFIOCONF_PLAN_FOREIGN_H
#define VFIOCONF_PLAN_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "boot/loader.h"
#include "edit/changeset.h"
#include "host/host.h"
#include "plan/binding.h"
#include "plan/selection.h"
#include "system/root.h"

enum foreign_kind {
	FOREIGN_IDS,       /* ids for vfio-pci: "options" of modprobe.d, a line of a list of modules */
	FOREIGN_WORD,      /* the same on the kernel command line */
	FOREIGN_INSTALL,   /* an install line of modprobe.d for vfio-pci */
	FOREIGN_SOFTDEP,   /* a softdep line of modprobe.d for vfio-pci itself */
	FOREIGN_DRIVERCTL, /* an override for one function */
	FOREIGN_RULE,      /* a rule of udev that writes driver_override */
	FOREIGN_SCRIPT,    /* a script in the initramfs that does */
	FOREIGN_EARLY      /* has vfio-pci loaded early, and no more: none of ours suffers */
};

struct foreign_item {
	enum foreign_kind kind;
	char *path;               /* of the file; NULL: the kernel command line */
	unsigned line;            /* in it; 0 where the file as a whole is meant */
	char *text;               /* the line, the word, or the driver of an override */
	struct strlist ids;       /* "10de:13c2", with subsystem where it was given */
	struct strlist addresses; /* of the functions that are named, "0000:02:00.0" */
	bool aside;               /* set aside today */
	bool understood;          /* it can be set aside */
};

/* Initialise with { 0 }. */
struct foreign {
	struct foreign_item *items;
	size_t count, capacity;
};

/* Looks through the files. Cannot fail: what cannot be read is not seen. */
void foreign_read(const struct root *root, struct foreign *ret);
/* WORDS is the kernel command line, without what we added. */
void foreign_add_words(const struct strlist *words, struct foreign *foreign);
void foreign_done(struct foreign *foreign); /* accepts NULL */
#define cleanup_foreign cleanup(foreign_done)

/* Whether WORD of a kernel command line gives vfio-pci ids. */
bool foreign_is_word(const char *word);

/* Whether anything is set aside today. */
bool foreign_is_aside(const struct foreign *foreign);

/* Whether a plan for SELECTION sets ITEM aside. WORDS: whether the boot loader can do so with words. */
bool foreign_goes_aside(const struct foreign_item *item, const struct selection *selection, bool words);

/* Ticks what the set-up sends to vfio-pci, as far as it can be told: by ids and by addresses. */
void foreign_tick(const struct foreign *foreign, const struct host *host, struct selection *selection);

/* Says what each of them means for the choice. LOADER (or NULL) is whose the words of the kernel command line are. */
void foreign_report(const struct foreign *foreign, const struct selection *selection, const struct binding *binding,
		    const struct loader *loader, struct findings *findings);

/* Says of each that it is there, and no more: where the machine is shown as it is, and nothing is asked for. */
void foreign_show(const struct foreign *foreign, struct findings *findings);

/* Appends the changes that set aside and give back in files; words are the boot loader's to change. */
void foreign_propose(const struct root *root, const struct foreign *foreign, const struct selection *selection,
		     struct changeset *changeset);

#endif
