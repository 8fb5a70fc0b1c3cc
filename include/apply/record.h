/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of words, as the plan and the log of a transaction are made of: words
 * separated by one blank, every byte that is not printable ASCII as %XX, an empty word as %.
 */
#ifndef VFIOCONF_APPLY_RECORD_H
#define VFIOCONF_APPLY_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strlist.h"
#include "base/text.h"

void record_begin(struct text *text, const char *keyword);
void record_word(struct text *text, const char *word);
void record_number(struct text *text, uint64_t number);
void record_words(struct text *text, const struct strlist *words);
void record_end(struct text *text);

/* The words of LINE, which has LENGTH bytes without its newline. False where it is not such a line. */
bool record_parse(const char *line, size_t length, struct strlist *ret);
bool record_parse_number(const char *word, uint64_t *ret);

#endif
