/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words of a request are new, ours, the user's, or to go: the same arithmetic for every boot loader. */
#ifndef VFIOCONF_BOOT_WORDS_H
#define VFIOCONF_BOOT_WORDS_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "boot/loader.h"

/* Every word that is to be written must mean nothing to a shell or a boot loader. */
bool words_are_plain(const struct strlist *words, struct fault *fault);

/* What an earlier apply added and is wanted no more. */
void words_dropped(const struct boot_request *request, struct strlist *ret);

/* The same, less what is in KEPT: words that have to be absent afterwards. */
void words_gone(const struct boot_request *request, const struct strlist *kept, struct strlist *ret);

/* The wanted words that PRESENT does not have. */
void words_missing(const struct boot_request *request, const struct strlist *present, struct strlist *ret);

/* What is ours once NEW were appended: those, and the words of an earlier apply that are wanted still. */
void words_added(const struct boot_request *request, const struct strlist *new_words, struct strlist *ret);

#endif
