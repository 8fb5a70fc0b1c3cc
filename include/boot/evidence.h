/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Evidence for what is in use on this system, where several boot loaders or
 * initramfs generators have left their files, and the choice made from it.
 */
#ifndef VFIOCONF_BOOT_EVIDENCE_H
#define VFIOCONF_BOOT_EVIDENCE_H

#include "base/finding.h"
#include "base/strlist.h"
#include "system/root.h"

/* How alive something looks. Presence of a file alone proves nothing: weigh it low. */
#define SCORE_NONE 0
#define SCORE_TRACE 10     /* files of it lie about */
#define SCORE_CONFIGURED 40 /* its configuration is there and so is what it generates */
#define SCORE_USED 70      /* this boot went through it as far as indirect evidence tells */
#define SCORE_PROVEN 100   /* the firmware or the loader itself says that it booted this system */

/* Why a loader or a generator is believed to be the one in use. Initialise with { 0 }. */
struct evidence {
	int score;
	struct strlist reasons; /* sentences for --check: "/boot/grub/grub.cfg names the running kernel" */
};
void evidence_done(struct evidence *evidence);
/* Raises the score to at least SCORE and appends a reason. */
void evidence_add(struct evidence *evidence, int score, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* One of those among which is chosen: what a loader and a generator have in common. */
struct contender {
	const char *name;  /* as the user types it: "grub-dropin" */
	const char *label; /* for people: "GRUB (Debian drop-in)" */
	void (*probe)(const struct root *root, struct evidence *evidence);
};

/* How a choice is spoken of. */
struct contest {
	const char *noun;     /* "boot loader" */
	const char *question; /* "which boot loader starts this system" */
	const char *answer;   /* "which one starts this system" */
	const char *option;   /* "--loader" */
	/* Appends what else can be done on ROOT where none is recognised, with a blank at its end; NULL: nothing. */
	void (*otherwise)(const struct root *root, struct text *ret);
	enum finding_code unknown;
	enum finding_code ambiguous;
};

/*
 * The index of the one of COUNT contenders that NAME is, or, where NAME is NULL
 * or "", of the one that the evidence on ROOT is for: it scores at least
 * SCORE_CONFIGURED and no other comes near. COUNT with a finding (unknown,
 * ambiguous) that says what was seen, where there is no such one.
 */
size_t contender_choose(const struct contest *contest, const struct contender *contenders, size_t count,
			const struct root *root, const char *name, struct findings *findings);

#endif
