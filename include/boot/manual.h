/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot loaders that are not applied: what to type or paste is shown instead. */
#ifndef VFIOCONF_BOOT_MANUAL_H
#define VFIOCONF_BOOT_MANUAL_H

#include "boot/loader.h"

/* What ends the remedy where vfioconf goes on once the running kernel has the words. */
#define MANUAL_AGAIN "Then reboot, and do the same here again: vfioconf finds the words and does the rest."

/* The words that the running kernel was given, without those that the boot loader put there. */
bool manual_read(const struct root *root, struct strlist *ret_words, struct fault *fault);

/* Appends the words that are wanted and that the running kernel does not have. Without any there is nothing to tell. */
bool manual_missing(const struct root *root, const struct boot_request *request, struct strlist *ret_missing,
		    struct fault *fault);

/*
 * Adds FINDING_LOADER_MANUAL, an error: WHY and HOW in sentences, and PASTE, what is to be typed or pasted. Nobody adds
 * it to the words of ours: they are the user's own once they are typed.
 */
void manual_tell(struct findings *findings, const char *why, const char *how, const char *paste);

#endif
