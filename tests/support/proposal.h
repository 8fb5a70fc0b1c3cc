/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot loader proposes for some words on a machine, and the files of that put in place. */
#ifndef VFIOCONF_TESTS_SUPPORT_PROPOSAL_H
#define VFIOCONF_TESTS_SUPPORT_PROPOSAL_H

#include "boot/loader.h"
#include "support/machine.h"

struct proposal {
	struct strlist wanted, ours, kernels, added, way_back;
	struct changeset changeset;
	struct findings findings;
	struct fault fault;
	bool ok;
	bool menu_entry; /* the loader says that there is an entry for the way back */
};

/* As propose(), with the words ASIDE of others set aside. */
void propose_aside(struct proposal *proposal, const struct loader *loader, struct machine *machine, const char *wanted,
		   const char *ours, const char *aside);

/* WANTED and OURS are words with blanks between them. A fault is a failure of the test; propose_or_fault() allows it. */
void propose(struct proposal *proposal, const struct loader *loader, struct machine *machine, const char *wanted,
	     const char *ours);
void propose_or_fault(struct proposal *proposal, const struct loader *loader, struct machine *machine,
		      const char *wanted, const char *ours);
/* The same, with a menu entry for the way back. */
void propose_way_back(struct proposal *proposal, const struct loader *loader, struct machine *machine,
		      const char *wanted, const char *ours);
/* The same where WORDS are wanted and there already, and a command before it makes the image of an initramfs anew. */
void propose_after_image(struct proposal *proposal, const struct loader *loader, struct machine *machine,
			 const char *words, const char *image);
void proposal_done(struct proposal *proposal);

/* Puts the files of the change set in place, as an apply would; the commands are not run. */
void proposal_apply(const struct proposal *proposal, struct machine *machine);
/* Proposes WANTED where nothing is ours yet, and applies it. */
void propose_and_apply(const struct loader *loader, struct machine *machine, const char *wanted);

/* The words that are ours after it, with blanks between them; the caller frees. */
char *proposal_added(const struct proposal *proposal);

/*
 * Holds the loader to the laws of planning on MACHINE: proposed, applied and
 * proposed again there is no change of files; taken back, every file that was changed has its first bytes. Both
 * without a menu entry for the way back and with one;
 * and with a word of the user's set aside, by a loader that does that.
 */
void proposal_keeps_laws(const struct loader *loader, struct machine *machine, const char *wanted);

/* The test fails where the evidence on MACHINE speaks for another loader, or for none. */
void loader_chosen_is(struct machine *machine, const struct loader *wanted);
/* The same, on the machine that TEXT describes. */
void loader_of_text_is(const char *text, const struct loader *wanted);

/* The test fails unless it is noted, once and with WORDS, that something is not proven; NULL: unless it is not. */
void proposal_says_not_proven(const struct proposal *proposal, const char *words);

#endif
