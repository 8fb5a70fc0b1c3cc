/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/moduleindex.h"

#include <string.h>

#define MAGIC 0xB007F457u
#define VERSION_NUMBER 0x00020001u /* 2.1 */
#define KEY_LIMIT 1000u
#define CHARACTERS 128u

/* The kind of a node stands in the upper bits of every offset that points to it. */
#define HAS_PREFIX 0x80000000u
#define HAS_VALUES 0x40000000u
#define HAS_CHILDREN 0x20000000u

struct entry {
	char *key;
	char *value;
	uint32_t priority;
};

struct moduleindex {
	struct entry *entries;
	size_t count, capacity;
};

struct moduleindex *moduleindex_new(void)
{
	return memory_zero(1, sizeof(struct moduleindex));
}

void moduleindex_free(struct moduleindex *index)
{
	if (!index)
		return;
	for (size_t i = 0; i < index->count; i++) {
		free(index->entries[i].key);
		free(index->entries[i].value);
	}
	free(index->entries);
	free(index);
}

bool moduleindex_add(struct moduleindex *index, const char *key, const char *value, uint32_t priority)
{
	size_t length = strlen(key);

	if (!length || length > KEY_LIMIT)
		return false;
	for (const char *c = key; *c; c++)
		if ((unsigned char)*c >= CHARACTERS)
			return false;
	index->entries = memory_grow(index->entries, index->count, &index->capacity, sizeof(*index->entries));
	index->entries[index->count++] = (struct entry){ memory_string(key), memory_string(value), priority };
	return true;
}

static void put_long(struct text *text, uint32_t number)
{
	const unsigned char bytes[] = { (unsigned char)(number >> 24), (unsigned char)(number >> 16),
					(unsigned char)(number >> 8), (unsigned char)number };

	text_append_n(text, bytes, sizeof(bytes));
}

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->priority > y->priority) - (x->priority < y->priority);
}

/* How many bytes the keys from FIRST to LAST, which are sorted, have in common from DEPTH on. */
static size_t common_length(const struct entry *first, const struct entry *last, size_t depth)
{
	size_t length = 0;

	while (first->key[depth + length] && first->key[depth + length] == last->key[depth + length])
		length++;
	return length;
}

static uint32_t write_node(struct text *out, const struct entry *entries, size_t count, size_t depth);

/*
 * Writes the nodes below the one of ENTRIES (whose keys all go on at DEPTH), and
 * fills CHILDREN with where they begin; *RET_LOW and *RET_HIGH are the first and last character used.
 */
static void write_children(struct text *out, const struct entry *entries, size_t count, size_t depth,
			   uint32_t children[CHARACTERS], unsigned char *ret_low, unsigned char *ret_high)
{
	for (size_t i = 0; i < count;) {
		unsigned char character = (unsigned char)entries[i].key[depth];
		size_t end = i + 1;

		while (end < count && (unsigned char)entries[end].key[depth] == character)
			end++;
		if (!i)
			*ret_low = character;
		*ret_high = character;
		children[character] = write_node(out, entries + i, end - i, depth + 1);
		i = end;
	}
}

/* Writes the node whose keys share their first DEPTH bytes, behind those below it; returns its offset with its kind. */
static uint32_t write_node(struct text *out, const struct entry *entries, size_t count, size_t depth)
{
	uint32_t children[CHARACTERS] = { 0 }, offset;
	unsigned char low = 0, high = 0;
	size_t prefix = common_length(&entries[0], &entries[count - 1], depth), values = 0;
	const char *start = entries[0].key + depth;

	depth += prefix;
	while (values < count && !entries[values].key[depth])
		values++;
	if (values < count)
		write_children(out, entries + values, count - values, depth, children, &low, &high);
	offset = (uint32_t)out->length;
	if (prefix) {
		text_append_n(out, start, prefix);
		text_append_char(out, '\0');
		offset |= HAS_PREFIX;
	}
	if (values < count) {
		text_append_char(out, (char)low);
		text_append_char(out, (char)high);
		for (unsigned int c = low; c <= high; c++)
			put_long(out, children[c]);
		offset |= HAS_CHILDREN;
	}
	if (values) {
		put_long(out, (uint32_t)values);
		for (size_t i = 0; i < values; i++) {
			put_long(out, entries[i].priority);
			text_append_n(out, entries[i].value, strlen(entries[i].value) + 1);
		}
		offset |= HAS_VALUES;
	}
	return offset;
}

void moduleindex_write(const struct moduleindex *index, struct text *ret)
{
	struct entry *sorted = memory_zero(index->count, sizeof(*sorted));
	struct text out = { 0 };
	uint32_t root = 0;

	put_long(&out, MAGIC);
	put_long(&out, VERSION_NUMBER);
	put_long(&out, 0);
	if (index->count) {
		memcpy(sorted, index->entries, index->count * sizeof(*sorted));
		qsort(sorted, index->count, sizeof(*sorted), by_key);
		root = write_node(&out, sorted, index->count, 0);
	}
	free(sorted);
	text_append_n(ret, out.bytes, 8);
	put_long(ret, root);
	text_append_n(ret, out.bytes + 12, out.length - 12);
	text_done(&out);
}
