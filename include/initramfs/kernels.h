/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels that are there to be started, and those of them whose images nobody knows. */
#ifndef VFIOCONF_INITRAMFS_KERNELS_H
#define VFIOCONF_INITRAMFS_KERNELS_H

#include <stdbool.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "initramfs/initramfs.h"
#include "system/root.h"

/* Whether RELEASE can be started: it has modules and a kernel. Of a removed one a directory of modules may be left. */
bool kernel_is_whole(const struct root *root, const char *release);

/* Appends those of KERNELS that are; all of them where none is known to be. */
void kernels_whole(const struct root *root, const struct strlist *kernels, struct strlist *ret);

/*
 * Says of RELEASE, where it can be started and REQUEST puts something into the images, that GENERATOR has none of it
 * under a known name, so that none is made anew: a warning of the running kernel, else a note. HOW is the
 * command that makes one, with VERSION for the kernel.
 */
void kernel_without_image(const struct root *root, const struct early_request *request, const char *release,
			  const char *generator, const char *how, struct findings *findings);

#endif
