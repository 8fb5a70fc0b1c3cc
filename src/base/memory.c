/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static void *checked(void *pointer)
{
	if (!pointer)
		abort();
	return pointer;
}

void *memory_zero(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

char *memory_string(const char *string)
{
	return string ? checked(strdup(string)) : NULL;
}

char *memory_string_n(const char *string, size_t length)
{
	return string ? checked(strndup(string, length)) : NULL;
}

void *memory_grow(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 8;
	return checked(reallocarray(array, *capacity, size));
}

void memory_free_pointer(void *address)
{
	void *pointer;

	memcpy(&pointer, address, sizeof(pointer));
	free(pointer);
}

void memory_close(int *descriptor)
{
	int saved = errno;

	if (*descriptor >= 0)
		close(*descriptor);
	errno = saved;
}
