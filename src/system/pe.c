/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/pe.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#define PLACE_OF_HEADER 0x3cu
#define DOS_HEADER 0x40u
/* "PE\0\0" and the COFF header. */
#define HEADER 24u
#define HEADER_COUNT 6u
#define HEADER_OPTIONAL_SIZE 20u
/* Of the section table. */
#define ENTRY 40u
#define ENTRY_NAME 8u
#define ENTRY_VIRTUAL_SIZE 8u
#define ENTRY_RAW_SIZE 16u
#define ENTRY_RAW_PLACE 20u
#define SECTIONS_LIMIT 96u /* the loader of Windows takes no more */
/* Of the optional header: its kind, and, for each kind, how many tables it tells the place of, and where it does. */
#define OPTIONAL_32 0x10bu
#define OPTIONAL_64 0x20bu
#define OPTIONAL_SIZE (112u + (CERTIFICATES + 1) * DIRECTORY)
#define DIRECTORY 8u
#define CERTIFICATES 4u /* the fifth is IMAGE_DIRECTORY_ENTRY_SECURITY, the only one that tells a place in the file */

static uint32_t number16(const struct text *bytes, size_t at)
{
	return (uint32_t)(uint8_t)bytes->bytes[at] | (uint32_t)(uint8_t)bytes->bytes[at + 1] << 8;
}

static uint32_t number32(const struct text *bytes, size_t at)
{
	return number16(bytes, at) | number16(bytes, at + 2) << 16;
}

static bool not_pe(const char *path, const char *why, struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, path, "%s is not a program for UEFI firmware as it should be: %s", path,
			 why);
}

/* Where the optional header is, how long it is, and how many sections the table behind it has. */
struct header {
	uint64_t place;
	uint32_t length, sections;
};

static bool read_header(const struct root *root, const char *path, struct header *ret, struct fault *fault)
{
	cleanup_text struct text dos = { 0 };
	cleanup_text struct text header = { 0 };
	uint32_t place;

	if (!root_read_range(root, path, 0, DOS_HEADER, &dos, fault))
		return false;
	if (dos.length < DOS_HEADER || memcmp(dos.bytes, "MZ", 2) != 0)
		return not_pe(path, "it does not begin with \"MZ\"", fault);
	place = number32(&dos, PLACE_OF_HEADER);
	if (!root_read_range(root, path, place, HEADER, &header, fault))
		return false;
	if (header.length < HEADER || memcmp(header.bytes, "PE\0\0", 4) != 0)
		return not_pe(path, "it has no PE header", fault);
	*ret = (struct header){ .place = (uint64_t)place + HEADER,
				.length = number16(&header, HEADER_OPTIONAL_SIZE),
				.sections = number16(&header, HEADER_COUNT) };
	return true;
}

/* The section table, and how many entries it has. */
static bool read_table(const struct root *root, const char *path, struct text *ret, struct fault *fault)
{
	struct header header = { 0 };

	if (!read_header(root, path, &header, fault))
		return false;
	if (header.sections > SECTIONS_LIMIT)
		return not_pe(path, "it has too many sections", fault);
	if (!root_read_range(root, path, header.place + header.length, (size_t)header.sections * ENTRY, ret, fault))
		return false;
	return ret->length == (size_t)header.sections * ENTRY || not_pe(path, "its section table is cut off", fault);
}

/* The table pads names to eight bytes; one of eight has no NUL. */
static bool is_named(const struct text *table, size_t entry, const char *name)
{
	const char *in_table = table->bytes + entry;
	size_t length = strnlen(in_table, ENTRY_NAME);

	return length == strlen(name) && !memcmp(in_table, name, length);
}

bool pe_find_section(const struct root *root, const char *path, const char *name, struct pe_place *ret,
		     struct fault *fault)
{
	cleanup_text struct text table = { 0 };
	size_t entry = 0;
	uint32_t size, raw;

	if (!read_table(root, path, &table, fault))
		return false;
	while (entry < table.length && !is_named(&table, entry, name))
		entry += ENTRY;
	if (entry >= table.length)
		return fault_set(fault, FAULT_INPUT, path, "%s has no section %s", path, name);
	/* In the file it is filled up to whole blocks; what is in it ends at its virtual size. */
	size = number32(&table, entry + ENTRY_VIRTUAL_SIZE);
	raw = number32(&table, entry + ENTRY_RAW_SIZE);
	*ret = (struct pe_place){ .offset = number32(&table, entry + ENTRY_RAW_PLACE), .size = raw < size ? raw : size };
	return true;
}

bool pe_section(const struct root *root, const char *path, const char *name, size_t limit, struct text *ret,
		struct fault *fault)
{
	cleanup_text struct text content = { 0 };
	struct pe_place place = { 0 };

	if (!pe_find_section(root, path, name, &place, fault))
		return false;
	if (place.size > limit)
		return fault_set(fault, FAULT_INPUT, path, "the section %s of %s has %llu bytes, more than are read", name,
				 path, (unsigned long long)place.size);
	if (!root_read_range(root, path, place.offset, (size_t)place.size, &content, fault))
		return false;
	if (content.length < place.size)
		return not_pe(path, "it is cut off", fault);
	text_append_n(ret, text_string(&content), content.length);
	return true;
}

/* Whether the file ends where, or behind where, OFFSET and SIZE say that a table does. */
static bool holds(const struct root *root, const char *path, uint64_t offset, uint64_t size)
{
	struct stat status;

	return root_stat(root, path, &status) && offset + size <= (uint64_t)status.st_size;
}

bool pe_is_signed(const struct root *root, const char *path)
{
	cleanup_text struct text optional = { 0 };
	struct header header = { 0 };
	size_t count, entry;

	if (!read_header(root, path, &header, NULL) ||
	    !root_read_range(root, path, header.place, header.length < OPTIONAL_SIZE ? header.length : OPTIONAL_SIZE,
			     &optional, NULL) || !optional.bytes || optional.length < 2)
		return false;
	if (number16(&optional, 0) != OPTIONAL_32 && number16(&optional, 0) != OPTIONAL_64)
		return false;
	count = number16(&optional, 0) == OPTIONAL_64 ? 108 : 92;
	entry = count + 4 + (size_t)CERTIFICATES * DIRECTORY;
	if (optional.length < entry + DIRECTORY || number32(&optional, count) <= CERTIFICATES ||
	    !number32(&optional, entry + 4))
		return false;
	return holds(root, path, number32(&optional, entry), number32(&optional, entry + 4));
}
