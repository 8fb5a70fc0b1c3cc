/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words of a request are new, ours, the user's, or to go: the same arithmetic for every boot loader. */
#ifndef VFIOCONF_BOOT_WORDS_H
#define VFIOCONF_BOOT_WORDS_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "boot/loader.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"

/* Every word that is to be written must mean nothing to a shell or a boot loader. */
bool words_are_plain(const struct strlist *words, struct fault *fault);

/* What an earlier apply added and is wanted no more. */
void words_dropped(const struct boot_request *request, struct strlist *ret);

/* What of REQUEST is set aside; an empty list where nothing is. */
const struct strlist *words_aside(const struct boot_request *request);

/* Whether setting aside as REQUEST has it would change anything of WORDS. */
bool words_need_aside(const struct boot_request *request, const struct strlist *words);

/* The words that have to be absent afterwards: those that are dropped less what is in KEPT, and those set aside. */
void words_gone(const struct boot_request *request, const struct strlist *kept, struct strlist *ret);

/* WORDS as their owner had them: less those of an earlier apply, and with what was set aside given back. */
void words_without_ours(const struct boot_request *request, const struct strlist *words, struct strlist *ret);

/* The wanted words that PRESENT does not have. */
void words_missing(const struct boot_request *request, const struct strlist *present, struct strlist *ret);

/*
 * For a tool that is told words one by one and knows those of NOW: what it is to add (MISSING) and to take out
 * (DROPPED), and which of them are ours afterwards (ADDED). False with a fault where one cannot be written.
 */
bool words_to_tell(const struct boot_request *request, const struct strlist *now, struct strlist *missing,
		   struct strlist *dropped, struct strlist *added, struct fault *fault);

/* Takes out of WORDS what OTHERS does not have. */
void words_keep_common(struct strlist *words, const struct strlist *others);

/* What is ours once NEW were appended: those, and the words of an earlier apply that are wanted still. */
void words_added(const struct boot_request *request, const struct strlist *new_words, struct strlist *ret);

/*
 * What to do to several entries that are to be edited alike. A word that only some of them have by their owner's hand
 * is appended to all of them, once more where it stands: so taking it away gives each back what it had.
 */
struct words_edit {
	struct strlist wanted;
	struct strlist dropped;  /* to be removed */
	struct strlist renewed;  /* ours already: to be appended only where it is not */
	struct strlist appended; /* new: to be appended everywhere */
	const struct strlist *aside; /* of the request */
};
void words_edit_done(struct words_edit *edit); /* accepts NULL */
#define cleanup_words_edit cleanup(words_edit_done)

void words_edit_begin(const struct boot_request *request, struct words_edit *ret);
/* Sorts one wanted word in; EVERYWHERE: each of the entries has it now. */
void words_edit_add(const struct boot_request *request, const char *word, bool everywhere, struct words_edit *edit);

/* The lists are borrowed. */
struct cmdline_change words_edit_change(const struct words_edit *edit);

/* Whether NOW lacks one of WANTED, or has one of GONE. */
bool words_are_stale(const struct strlist *now, const struct strlist *wanted, const struct strlist *gone);

/* Adds the finding for a refused line of PATH: which words to put there by hand, and which to take out. */
void words_refuse(const struct refusal *refusal, const char *path, const struct strlist *missing,
		  const struct strlist *dropped, struct findings *findings);

/*
 * The same, and how the line may be written so that it is understood: FORM has WORDS_DOTS where the user's words go,
 * those that are missing come behind them. FORM NULL: no more than words_refuse().
 */
#define WORDS_DOTS "..."
void words_refuse_form(const struct refusal *refusal, const char *path, const char *form, const struct strlist *missing,
		       const struct strlist *dropped, struct findings *findings);

#endif
