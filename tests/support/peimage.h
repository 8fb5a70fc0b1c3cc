/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A unified kernel image in small: the headers of a program for UEFI firmware, and three sections. */
#ifndef VFIOCONF_TESTS_SUPPORT_PEIMAGE_H
#define VFIOCONF_TESTS_SUPPORT_PEIMAGE_H

#include "base/text.h"

/* Where the entry of ".cmdline" stands in it, and where that section's bytes do. */
#define PEIMAGE_ENTRY 0xc0u
#define PEIMAGE_CMDLINE 0x400u

/* Appends the bytes of an image with the sections .osrel, .cmdline (CMDLINE, filled up to a block) and .linux. */
void peimage(struct text *ret, const char *cmdline);

/* The same with a section .initrd at its end, of the bytes of INITRD. */
void peimage_initrd(struct text *ret, const char *cmdline, const struct text *initrd);

/* The first one signed: at PEIMAGE_CERTIFICATES its header tells where the certificates are, and in how many bytes. */
#define PEIMAGE_CERTIFICATES 0x128u
void peimage_signed(struct text *ret, const char *cmdline);

/* Writes a little-endian number of four bytes over what is there. */
void peimage_number(struct text *image, size_t at, unsigned value);

#endif
