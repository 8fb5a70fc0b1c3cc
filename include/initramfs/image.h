/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all generators have in common: the images, and what must be found in them after they were rebuilt. */
#ifndef VFIOCONF_INITRAMFS_IMAGE_H
#define VFIOCONF_INITRAMFS_IMAGE_H

#include <stdbool.h>

#include "base/strlist.h"
#include "edit/changeset.h"
#include "initramfs/initramfs.h"
#include "system/root.h"

/* Where the stamp of early_request stands in every image, less the leading slash. */
#define IMAGE_STAMP_DIRECTORY "usr/lib/vfioconf"

/* How a kernel has a module: read from the lists that depmod and the kernel's build leave in lib/modules. */
enum image_module { IMAGE_MODULE_FILE, IMAGE_MODULE_BUILTIN, IMAGE_MODULE_NONE };
enum image_module image_module(const struct root *root, const char *release, const char *module);

/*
 * Adds to COMMAND that it rewrites IMAGE of RELEASE, and what must be true of it
 * then: it lists (by LISTER, a program that is given the image's name) every file and module of REQUEST and its
 * stamp, or, where nothing is wanted, none of the files and no stamp.
 */
void image_expect(const struct root *root, struct command *command, const char *lister, const char *image,
		  const char *release, const struct early_request *request);

#endif
