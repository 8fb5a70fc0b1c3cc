/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of strings that it owns. Initialise with { 0 }. */
#ifndef VFIOCONF_BASE_STRLIST_H
#define VFIOCONF_BASE_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

struct strlist {
	char **items;
	size_t count;
	size_t capacity;
};

void strlist_done(struct strlist *list); /* accepts NULL */
#define cleanup_strlist cleanup(strlist_done)

void strlist_add(struct strlist *list, const char *string); /* copies */
void strlist_add_n(struct strlist *list, const char *string, size_t length);
void strlist_printf(struct strlist *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strlist_add_all(struct strlist *list, const struct strlist *more);
bool strlist_add_once(struct strlist *list, const char *string); /* false where it was there already */
bool strlist_has(const struct strlist *list, const char *string);
void strlist_remove(struct strlist *list, size_t index);
void strlist_sort(struct strlist *list); /* by byte value */
bool strlist_equal(const struct strlist *a, const struct strlist *b);

/* Appends the words of STRING, split at any run of the bytes in SEPARATORS; empty words are dropped. */
void strlist_split(struct strlist *list, const char *string, const char *separators);

/* The strings with SEPARATOR between them; the caller frees. */
char *strlist_join(const struct strlist *list, const char *separator);

/* A NULL-terminated array for execve(2): the array is the caller's to free, the strings stay the list's. */
char **strlist_vector(const struct strlist *list);

#endif
