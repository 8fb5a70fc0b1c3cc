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
	const char *path;   /* of our file in it */
	const char *suffix; /* of the files that are read: ".conf"; "" where all are */
	const char *vendor; /* a directory that is read before it, but for files that have a name of it too; or NULL */
	bool base;          /* /etc/kernel/cmdline is read too */
	bool comments;      /* there, too, '#' begins a comment */
	bool falls_back;    /* where there is no file of any kind the running kernel's parameters are taken: ours must
	                       not be the only file then */
};

/* The words that the tool gives the kernel now. */
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
