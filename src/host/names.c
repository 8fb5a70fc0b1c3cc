/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/names.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define LIST_LIMIT (64 * 1024 * 1024)

/* What a line of the list stands below. */
enum section { SECTION_SKIPPED, SECTION_VENDOR, SECTION_CLASSES };

struct selection_of_names {
	uint32_t *wanted; /* vendor << 16 | device, sorted */
	size_t count;
	enum section section;
	uint32_t vendor;
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

/* "8086  Intel", "\t100e  a device", "\t\t... a subsystem", "C 03  a class", "\t00  of it", "S ..." and the like. */
static bool is_wanted(struct selection_of_names *names, const char *line, size_t length)
{
	size_t at;
	uint32_t id;

	if (!length || *line == '#')
		return false;
	if (*line != '\t') {
		names->section = SECTION_SKIPPED;
		if (length > 2 && *line == 'C' && line[1] == ' ')
			names->section = SECTION_CLASSES;
		else if (read_id(line, length, &names->vendor)) {
			at = lower_bound(names, names->vendor << 16);
			if (at < names->count && names->wanted[at] >> 16 == names->vendor)
				names->section = SECTION_VENDOR;
		}
		return names->section != SECTION_SKIPPED;
	}
	if (names->section == SECTION_SKIPPED || (length > 1 && line[1] == '\t'))
		return false;
	if (names->section == SECTION_CLASSES)
		return true;
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

static bool select_from(const char *path, struct selection_of_names *names)
{
	cleanup_close int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;
	char *list;

	if (file < 0 || fstat(file, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size < 2 ||
	    status.st_size > LIST_LIMIT)
		return false;
	list = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (list == MAP_FAILED)
		return false;
	/* gzip's mark: libpci can read that, this cannot. */
	if (memcmp(list, "\037\213", 2) != 0)
		select_lines(names, list, (size_t)status.st_size);
	munmap(list, (size_t)status.st_size);
	return names->out->length;
}

static int in_memory(const struct text *text)
{
	int memory = memfd_create("pci.ids", MFD_CLOEXEC);

	for (size_t done = 0; memory >= 0 && done < text->length;) {
		ssize_t put = pwrite(memory, text->bytes + done, text->length - done, (off_t)done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			memory_close(&memory);
			return -1;
		}
		done += (size_t)put;
	}
	return memory;
}

int names_select(const char *path, const struct host *host)
{
	cleanup_text struct text text = { 0 };
	struct selection_of_names names = { .out = &text };
	cleanup_free char *plain = memory_string_n(path, strlen(path) < 3 ? 0 : strlen(path) - 3);
	bool found;

	names.wanted = memory_zero(host->function_count, sizeof(*names.wanted));
	for (; names.count < host->function_count; names.count++)
		names.wanted[names.count] = (uint32_t)host->functions[names.count].vendor << 16 |
					    host->functions[names.count].device;
	qsort(names.wanted, names.count, sizeof(*names.wanted), by_value);
	/* As libpci: where it was built for compressed lists and there is none, a plain one will do. */
	found = select_from(path, &names);
	if (!found && text_ends_with(path, ".gz"))
		found = select_from(plain, &names);
	free(names.wanted);
	return found ? in_memory(&text) : -1;
}
