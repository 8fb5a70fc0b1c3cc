/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sections of a PE file, the form of programs of the UEFI firmware. A unified
 * kernel image is one: its section ".cmdline" has the kernel's parameters. The layout is that of Microsoft's
 * "PE Format": "MZ", at 0x3c the place of "PE\0\0", after it the COFF header, an optional header, the section table.
 */
#ifndef VFIOCONF_SYSTEM_PE_H
#define VFIOCONF_SYSTEM_PE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"
#include "system/root.h"

/*
 * Appends the bytes of the first section NAME (at most eight characters) of the file PATH. A file that is no PE file,
 * that has no such section or one of more than LIMIT bytes, or that is cut off before the section's end, is a fault.
 */
bool pe_section(const struct root *root, const char *path, const char *name, size_t limit, struct text *ret,
		struct fault *fault);

/* Where in the file the bytes of a section are: less what fills it up to a whole block. */
struct pe_place {
	uint64_t offset, size;
};

/* Where the first section NAME of the file PATH is; the same faults, but that it may have any size. */
bool pe_find_section(const struct root *root, const char *path, const char *name, struct pe_place *ret,
		     struct fault *fault);

/*
 * Whether the file PATH has certificates at its end, of which its header tells: it is signed for Secure Boot. By whom,
 * and whether the firmware takes that, is not looked at. A file that is no PE file, or cannot be read, has none.
 */
bool pe_is_signed(const struct root *root, const char *path);

#endif
