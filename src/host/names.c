/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/names.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LIST_LIMIT ((size_t)16 * 1024 * 1024)

/* What a line of the list stands below. */
enum section { SECTION_SKIPPED, SECTION_VENDOR, SECTION_CLASS };

struct selection_of_names {
	uint32_t *wanted; /* vendor << 16 | device, sorted */
	size_t count;
	const struct host *host;
	enum section section;
	uint32_t vendor;
	unsigned class;
	struct text *out;
};

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The first of the wanted ids that is not less than ID, or the count. */
static size_t lower_bound(const struct selection_of_names *names, uint32_t id)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (names->wanted[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Four hexadecimal digits in lower case, as the list has them. */
static bool read_id(const char *digits, size_t length, uint32_t *ret)
{
	uint32_t id = 0;

	if (length < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = digits[i];

		if (c >= '0' && c <= '9')
			id = id << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			id = id << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*ret = id;
	return true;
}

/* Two digits, as classes have. */
static bool read_short(const char *digits, size_t length, unsigned *ret)
{
	char four[] = "00..";
	uint32_t id;

	if (length < 2)
		return false;
	memcpy(four + 2, digits, 2);
	if (!read_id(four, 4, &id))
		return false;
	*ret = id;
	return true;
}

/* Whether a function is of the class VALUE, of which the lowest SHIFT bits do not count. */
static bool has_class(const struct selection_of_names *names, unsigned value, unsigned shift)
{
	for (size_t i = 0; i < names->host->function_count; i++)
		if (names->host->functions[i].class >> shift == value >> shift)
			return true;
	return false;
}

static enum section section_of(struct selection_of_names *names, const char *line, size_t length)
{
	size_t at;

	if (length > 2 && *line == 'C' && line[1] == ' ')
		return read_short(line + 2, length - 2, &names->class) && has_class(names, names->class << 16, 16)
			       ? SECTION_CLASS
			       : SECTION_SKIPPED;
	if (!read_id(line, length, &names->vendor))
		return SECTION_SKIPPED;
	at = lower_bound(names, names->vendor << 16);
	return at < names->count && names->wanted[at] >> 16 == names->vendor ? SECTION_VENDOR : SECTION_SKIPPED;
}

/* "8086  Intel", "\t100e  a device", "\t\t... a subsystem", "C 03  a class", "\t00  of it", "S ..." and the like. */
static bool is_wanted(struct selection_of_names *names, const char *line, size_t length)
{
	unsigned subclass;
	uint32_t id;
	size_t at;

	if (!length || *line == '#')
		return false;
	if (*line != '\t') {
		names->section = section_of(names, line, length);
		return names->section != SECTION_SKIPPED;
	}
	if (names->section == SECTION_SKIPPED || (length > 1 && line[1] == '\t'))
		return false;
	if (names->section == SECTION_CLASS)
		return read_short(line + 1, length - 1, &subclass) &&
		       has_class(names, names->class << 16 | subclass << 8, 8);
	if (!read_id(line + 1, length - 1, &id))
		return false;
	id |= names->vendor << 16;
	at = lower_bound(names, id);
	return at < names->count && names->wanted[at] == id;
}

static void select_lines(struct selection_of_names *names, const char *list, size_t length)
{
	for (const char *line = list, *end = list + length; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *next = newline ? newline + 1 : end;

		if (is_wanted(names, line, (size_t)((newline ? newline : end) - line)))
			text_append_n(names->out, line, (size_t)(next - line));
		line = next;
	}
}

/* The places where distributions put the list. */
static const char *const places[] = { "usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids", "usr/share/pci.ids" };

static bool read_list(const struct root *root, struct text *ret)
{
	for (size_t i = 0; i < array_size(places); i++)
		if (root_exists(root, places[i]))
			return root_read(root, places[i], LIST_LIMIT, ret, NULL);
	return false;
}

bool names_select(const struct root *root, const struct host *host, struct text *ret)
{
	struct selection_of_names names = { .host = host, .out = ret };
	cleanup_text struct text list = { 0 };

	if (!read_list(root, &list) || !list.length)
		return false;
	names.wanted = memory_zero(host->function_count, sizeof(*names.wanted));
	for (; names.count < host->function_count; names.count++)
		names.wanted[names.count] = (uint32_t)host->functions[names.count].vendor << 16 |
					    host->functions[names.count].device;
	qsort(names.wanted, names.count, sizeof(*names.wanted), by_value);
	select_lines(&names, list.bytes, list.length);
	free(names.wanted);
	return true;
}

static bool fill(int memory, const struct text *text)
{
	for (size_t done = 0; done < text->length;) {
		ssize_t put = write(memory, text->bytes + done, text->length - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		done += (size_t)put;
	}
	return true;
}

int names_open(const struct root *root, const struct host *host)
{
	cleanup_text struct text text = { 0 };
	struct root *own = NULL;
	bool known = names_select(root, host, &text);
	int memory = -1;

	if (!known && root_open("/", &own, NULL))
		known = names_select(own, host, &text);
	root_free(own);
	if (known)
		memory = memfd_create("pci.ids", MFD_CLOEXEC);
	if (memory >= 0 && !fill(memory, &text)) {
		memory_close(&memory);
		return -1;
	}
	return memory;
}
