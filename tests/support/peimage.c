/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/peimage.h"

#include <string.h>

#define HEADER 0x80u
#define TABLE 0x98u /* this PE header has no optional header */
#define BLOCK 0x200u
#define OPTIONAL 0xf0u /* how long it is in a signed one: as long as of any for 64 bits */

void peimage_number(struct text *image, size_t at, unsigned value)
{
	for (size_t i = 0; i < 4; i++)
		image->bytes[at + i] = (char)(value >> 8 * i & 0xffu);
}

static void section(struct text *image, size_t number, const char *name, unsigned size, unsigned place)
{
	size_t entry = TABLE + number * 40;

	memcpy(image->bytes + entry, name, strlen(name));
	peimage_number(image, entry + 8, size);
	peimage_number(image, entry + 16, (size + BLOCK - 1) / BLOCK * BLOCK);
	peimage_number(image, entry + 20, place);
}

void peimage(struct text *ret, const char *cmdline)
{
	size_t length = strlen(cmdline), end = PEIMAGE_CMDLINE + (length + BLOCK - 1) / BLOCK * BLOCK;

	for (size_t i = 0; i < end + BLOCK; i++)
		text_append_char(ret, '\0');
	memcpy(ret->bytes, "MZ", 2);
	peimage_number(ret, 0x3c, HEADER);
	memcpy(ret->bytes + HEADER, "PE\0\0\x64\x86\x03", 7);
	section(ret, 0, ".osrel", 5, 0x200);
	section(ret, 1, ".cmdline", (unsigned)length, PEIMAGE_CMDLINE);
	section(ret, 2, ".linux", BLOCK, (unsigned)end);
	memcpy(ret->bytes + 0x200, "ID=x\n", 5);
	memcpy(ret->bytes + PEIMAGE_CMDLINE, cmdline, length);
}

void peimage_initrd(struct text *ret, const char *cmdline, const struct text *initrd)
{
	size_t start;

	peimage(ret, cmdline);
	start = ret->length;
	ret->bytes[HEADER + 6]++;
	section(ret, 3, ".initrd", (unsigned)initrd->length, (unsigned)start);
	text_append_n(ret, text_string(initrd), initrd->length);
	while (ret->length % BLOCK)
		text_append_char(ret, '\0');
}

void peimage_signed(struct text *ret, const char *cmdline)
{
	peimage(ret, cmdline);
	memmove(ret->bytes + TABLE + OPTIONAL, ret->bytes + TABLE, 3 * 40);
	memset(ret->bytes + TABLE, 0, OPTIONAL);
	peimage_number(ret, HEADER + 20, OPTIONAL);
	peimage_number(ret, TABLE, 0x20b);
	peimage_number(ret, TABLE + 108, 16);
	peimage_number(ret, PEIMAGE_CERTIFICATES, (unsigned)ret->length);
	peimage_number(ret, PEIMAGE_CERTIFICATES + 4, 16);
	text_append(ret, "0123456789abcdef");
}
