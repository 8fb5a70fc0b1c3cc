/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories whose files are joined into the kernel's command line
 * (/etc/cmdline.d, /etc/kernel/cmdline.d): lines of words, '#' begins a comment.
 */
#ifndef VFIOCONF_BOOT_CMDLINE_DROPIN_H
#define VFIOCONF_BOOT_CMDLINE_DROPIN_H

#include <stdbool.h>

#include "boot/loader.h"

struct cmdline_dropin {
	const char *directory;
	const char *path; /* of our file in it */
	bool base;        /* /etc/kernel/cmdline is read too, or, where there is no file of either kind, the running
	                     kernel's parameters are: ours must not be the only file then */
};

/* How many files there are in it but ours. */
size_t cmdline_dropin_others(const struct root *root, const struct cmdline_dropin *dropin);

bool cmdline_dropin_read(const struct root *root, const struct cmdline_dropin *dropin, struct strlist *ret,
			 struct fault *fault);

/*
 * Appends the change that fulfils the request: of our file, or, where that would be alone, of /etc/kernel/cmdline
 * (see boot/kernel_cmdline.h). READS tells whether the tool reads the directory at all. GONE gets the words
 * that have to be absent afterwards.
 */
bool cmdline_dropin_propose(const struct root *root, const struct cmdline_dropin *dropin, bool reads,
			    const struct boot_request *request, struct changeset *changeset,
			    struct findings *findings, struct strlist *added, struct strlist *gone,
			    bool *ret_changed, struct fault *fault);

#endif
