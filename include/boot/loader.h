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
#include "edit/changeset.h"
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
/*
 * Which of COUNT candidates the evidence is for: 0 none (no score of at least
 * SCORE_CONFIGURED), 1 *RET_BEST alone, 2 *RET_BEST and *RET_RIVAL alike.
 */
int evidence_choose(const struct evidence *evidence, size_t count, size_t *ret_best, size_t *ret_rival);
/* Appends "LABEL (reason; reason)". */
void evidence_sentence(struct text *text, const char *label, const struct evidence *evidence);

struct boot_request {
	const struct strlist *wanted;  /* words that the kernel command line must hold after the next boot */
	const struct strlist *ours;    /* words that an earlier apply added through this loader: to go if not wanted */
	const struct strlist *kernels; /* installed kernel releases */
};

struct loader {
	const char *name;  /* for --loader and the profile: "grub-dropin" */
	const char *label; /* for people: "GRUB (Debian drop-in)" */
	const char *files; /* for the manual: what it edits */
	const char *apply; /* for the manual: what it runs */
	bool applies;      /* false: only tells what to type (propose adds FINDING_LOADER_MANUAL) */

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

/*
 * The one that boots ROOT, or NULL with a finding (loader-unknown,
 * loader-ambiguous) that says what was seen. NAME (may be NULL) is the user's choice and ends the matter.
 */
const struct loader *loader_choose(const struct root *root, const char *name, struct findings *findings);

#endif
