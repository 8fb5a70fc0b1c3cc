/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists with commas as one value of a "key: value" file (booster.yaml). What we
 * add carries a comment at the end of its line, by which it is known again.
 */
#ifndef VFIOCONF_EDIT_WORDLIST_H
#define VFIOCONF_EDIT_WORDLIST_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/text.h"
#include "edit/refusal.h"

#define WORDLIST_MARK " # added by vfioconf: "

/*
 * Appends to RET the whole file with the words of ADD in the list of KEY (a
 * line of its own at the end where there is none), those of an earlier edit taken out first; ADD empty only takes
 * those out. A word that the list has anyway is left to its owner. False, with nothing appended, where the list is not
 * one line of plain words.
 */
bool wordlist_edit(const struct text *bytes, const char *key, const struct strlist *add, struct text *ret,
		   struct refusal *refusal);

#endif
