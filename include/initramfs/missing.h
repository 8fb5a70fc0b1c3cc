/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules of VFIO that somebody else's settings have put into the images, and that a kernel does not have: guides of
 * old name vfio_virqfd, which Linux 6.2 made a part of vfio.
 */
#ifndef VFIOCONF_INITRAMFS_MISSING_H
#define VFIOCONF_INITRAMFS_MISSING_H

#include "base/finding.h"
#include "base/text.h"
#include "system/root.h"

struct missing {
	const struct root *root;
	const struct strlist *kernels; /* that images are made for */
	const char *fails;             /* what the generator does: "mkinitcpio fails on it, and ..." */
	enum severity severity;        /* an error where no image can be made */
};

/* Says so of WORD, a module's name, which stands at OFFSET of BYTES, the content of PATH; nothing where all have it. */
void missing_check(const struct missing *missing, const char *path, const struct text *bytes, size_t offset,
		   const char *word, struct findings *findings);

#endif
