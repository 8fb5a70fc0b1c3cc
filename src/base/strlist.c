/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/strlist.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

void strlist_done(struct strlist *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct strlist){ 0 };
}

static void add_owned(struct strlist *list, char *string)
{
	list->items = memory_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = string;
}

void strlist_add(struct strlist *list, const char *string)
{
	add_owned(list, memory_string(string));
}

void strlist_add_n(struct strlist *list, const char *string, size_t length)
{
	add_owned(list, memory_string_n(string, length));
}

void strlist_printf(struct strlist *list, const char *format, ...)
{
	struct text text = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	add_owned(list, text_take(&text));
}

void strlist_add_all(struct strlist *list, const struct strlist *more)
{
	for (size_t i = 0; i < more->count; i++)
		strlist_add(list, more->items[i]);
}

bool strlist_add_once(struct strlist *list, const char *string)
{
	if (strlist_has(list, string))
		return false;
	strlist_add(list, string);
	return true;
}

bool strlist_has(const struct strlist *list, const char *string)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], string))
			return true;
	return false;
}

void strlist_remove(struct strlist *list, size_t index)
{
	free(list->items[index]);
	list->count--;
	memmove(list->items + index, list->items + index + 1, (list->count - index) * sizeof(*list->items));
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strlist_sort(struct strlist *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), by_bytes);
}

bool strlist_equal(const struct strlist *a, const struct strlist *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

void strlist_split(struct strlist *list, const char *string, const char *separators)
{
	while (*string) {
		size_t length = strcspn(string, separators);

		if (length)
			strlist_add_n(list, string, length);
		string += length;
		string += strspn(string, separators);
	}
}

char *strlist_join(const struct strlist *list, const char *separator)
{
	struct text text = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		if (i)
			text_append(&text, separator);
		text_append(&text, list->items[i]);
	}
	return text_take(&text);
}

char **strlist_vector(const struct strlist *list)
{
	char **vector = memory_zero(list->count + 1, sizeof(*vector));

	if (list->count)
		memcpy(vector, list->items, list->count * sizeof(*vector));
	return vector;
}
