/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The images that limine-mkinitcpio has mkinitcpio make, without a preset: it copies them to the ESP, as
 * /boot/MACHINE-ID/PACKAGE/initramfs-PACKAGE, and limine.conf names them ("module_path: boot():/...#CHECKSUM").
 */
#ifndef VFIOCONF_INITRAMFS_LIMINE_IMAGES_H
#define VFIOCONF_INITRAMFS_LIMINE_IMAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strlist.h"
#include "system/root.h"

#define LIMINE_MKINITCPIO "limine-mkinitcpio"

/*
 * Appends those that are there, and to CONFIGS (may be NULL) the files that name them: their check sums have to change
 * and to come back with the images. None where the tool is not installed.
 */
void limine_images_find(const struct root *root, struct strlist *ret, struct strlist *configs);

/* The kernel package that IMAGE is of: the directory that it lies in. False where there is none or it does not fit. */
bool limine_images_package(const char *image, char *buffer, size_t size);

#endif
