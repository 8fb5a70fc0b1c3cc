/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and cleanup.
 *
 * Allocation never returns NULL: when the machine has no memory left the
 * process is aborted. That is safe here because a crash at any point leaves
 * every file either old or new, and the next start recovers (see apply/).
 */
#ifndef VFIOCONF_BASE_MEMORY_H
#define VFIOCONF_BASE_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

/* Runs FUNCTION on the address of the variable when it leaves its scope. */
#define cleanup(function) __attribute__((cleanup(function)))
#define cleanup_free cleanup(memory_free_pointer)

/* The value of POINTER, which is NULL afterwards: hands ownership on. */
#define take(pointer)                                  \
	__extension__({                                \
		__typeof__(pointer) taken = (pointer); \
		(pointer) = NULL;                      \
		taken;                                 \
	})

#define array_size(array) (sizeof(array) / sizeof((array)[0]))

/* COUNT zeroed elements of SIZE bytes; an overflow of the product aborts. The caller frees. */
void *memory_zero(size_t count, size_t size);

/* A copy of a string, of at most LENGTH bytes; NULL gives NULL. The caller frees. */
char *memory_string(const char *string);
char *memory_string_n(const char *string, size_t length);

/*
 * Makes room for one more element: returns the array, moved if it had to be,
 * of which *CAPACITY elements are allocated and COUNT are in use.
 */
void *memory_grow(void *array, size_t count, size_t *capacity, size_t size);

/* For cleanup_free: frees what the pointer at ADDRESS points to. */
void memory_free_pointer(void *address);

/* For descriptors: closes *DESCRIPTOR unless it is negative, keeping errno. */
void memory_close(int *descriptor);
#define cleanup_close cleanup(memory_close)

#endif
