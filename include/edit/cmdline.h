/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel command line as a list of words, as the kernel cuts it: separated by
 * blanks, with double quotes that may stand anywhere in a word and protect
 * blanks (lib/cmdline.c, next_arg()). Words are kept as they were written.
 */
#ifndef VFIOCONF_EDIT_CMDLINE_H
#define VFIOCONF_EDIT_CMDLINE_H

#include <stdbool.h>

#include "base/strlist.h"

/* Appends the words of LINE to WORDS. False: a quote is not closed, and the kernel takes all the rest as one word. */
bool cmdline_split(const char *line, struct strlist *words);

/* Whether the whole word is there ("iommu=pt"); '-' and '_' before the '=' are the same, as in the kernel. */
bool cmdline_has(const struct strlist *words, const char *word);

/* The value of WORD where it is NAME=value; "" where it is a bare NAME; else NULL. Borrowed. */
const char *cmdline_word_value(const char *word, const char *name);

/* The value of the last word NAME=value; "" for a bare NAME; NULL where there is none. Borrowed. */
const char *cmdline_value(const struct strlist *words, const char *name);

/* Whether a comma-separated value holds ITEM: "on" in "on,sm_on". */
bool cmdline_value_has(const char *value, const char *item);

/* What to do to a command line; each may be NULL. What is set aside comes first. */
struct cmdline_change {
	const struct strlist *remove; /* one occurrence each, the last, with one blank that separated it */
	const struct strlist *add;    /* appended where cmdline_has() does not find them */
	const struct strlist *repeat; /* appended whether they stand there or not: for several lines edited alike, of
	                                 which some have a word by their owner's hand; so that taking it away gives
	                                 each of them back what it had */
	const struct strlist *aside;  /* every word that is exactly one of these is set aside where it stands, and
	                                 every other that was set aside is given back; NULL: these stay as they are */
};

/*
 * Before a word that is set aside. To the kernel it is then a parameter of a module that is not there (its name
 * has a dot, so init does not get it either; init/main.c, unknown_bootoption()), which it passes over.
 */
#define CMDLINE_ASIDE "vfioconf.aside="

/* The word that is set aside in WORD; NULL where WORD is another one. Borrowed. */
const char *cmdline_aside(const char *word);

/*
 * The line after CHANGE, in its order; every other byte stays. The caller frees it. ADDED (may be NULL) gets the words
 * that were really appended. A line with a quote that is not closed is returned as it is: whatever is
 * appended would end up inside the quotes.
 */
char *cmdline_edit(const char *line, const struct cmdline_change *change, struct strlist *added);

/*
 * Whether WORD can stand on a kernel command line and in the configuration of
 * any boot loader without quoting: printable ASCII without blanks, quotes and
 * the characters that a shell or GRUB gives a meaning ($ ` \ ; & | < > ( ) { } # ' " * ? [ ] ~ !).
 */
bool cmdline_word_is_plain(const char *word);

#endif
