/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot loaders that are not applied: what to type or paste is shown instead. */
#ifndef VFIOCONF_BOOT_MANUAL_H
#define VFIOCONF_BOOT_MANUAL_H

#include "boot/loader.h"

/* The words that the running kernel was given, without those that the boot loader put there. */
bool manual_read(const struct root *root, struct strlist *ret_words, struct fault *fault);

/*
 * Adds FINDING_LOADER_MANUAL, an error, where the running kernel does not have
 * what is wanted: WHY in a sentence, and HOW with what to type, in which the last "%s" stands for the words with blanks
 * between them. ADDED gets nothing: the words are the user's own once they are typed.
 */
bool manual_propose(const struct root *root, const struct boot_request *request, struct findings *findings,
		    const char *why, const char *how, struct fault *fault);

#endif
