/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which generator made an image, as far as that shows without unpacking it, and which could have: several write images
 * under the same names, and that one of them is installed says nothing about who wrote what is there.
 */
#ifndef VFIOCONF_INITRAMFS_MAKER_H
#define VFIOCONF_INITRAMFS_MAKER_H

#include <stdbool.h>

#include "system/root.h"

/* The name of the generator whose mark IMAGE bears; NULL where it bears none. */
const char *maker_of(const struct root *root, const char *image);

/* The name of another generator than MAKER that is installed and could have written IMAGE; NULL where none could. */
const char *maker_rival(const struct root *root, const char *maker, const char *image);

/* Whether the system says that MAKER is run after each change of a kernel (Void: xbps-alternatives). */
bool maker_is_chosen(const struct root *root, const char *maker);

#endif
