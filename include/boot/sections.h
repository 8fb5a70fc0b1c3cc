/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configurations with several entries in one file: syslinux and extlinux ("LABEL name"), Limine ("/name"). */
#ifndef VFIOCONF_BOOT_SECTIONS_H
#define VFIOCONF_BOOT_SECTIONS_H

#include <stdbool.h>

#include "boot/targets.h"
#include "edit/keyword.h"

struct section_syntax {
	struct keyword_syntax keyword;
	const char *label;       /* a line of this key begins an entry ("label"); NULL: a line that begins with .mark */
	char mark;
	const char *const *keys; /* of the kernel command line: the first that an entry has counts; NULL-terminated */
	const char *usual;       /* one of these, for an entry that has none */
	const char *const *kernels; /* of the kernel; NULL-terminated */
	const char *const *carried; /* lines that an entry needs to start the same kernel; NULL-terminated */
	const char *chosen;         /* of a line that names the default entry; NULL where there is none such */
	const char *include;        /* of a line that reads another file in; NULL where there is none such */
	const char *expansion;      /* in a command line: something else is put in its place ("${"); NULL: nothing is */
	const char *form;           /* of a command line that is understood (words_refuse_form()) */
	const char *heading;        /* the first lines of an entry of ours */
};

/*
 * The whole of a loader's propose: the words in every section of PATHS that is edited, and where a way back is asked
 * for, in each file that has such one section more at its end, which starts what the first of them starts. Of several
 * files each has to get the words, where it is not known which one the boot loader reads.
 */
bool sections_propose(const struct root *root, const struct section_syntax *syntax, const struct strlist *paths,
		      const struct boot_request *request, struct changeset *changeset, struct findings *findings,
		      struct strlist *added, struct fault *fault);

/* The words of the first section that is edited. */
bool sections_words(const struct root *root, const struct section_syntax *syntax, const struct strlist *paths,
		    struct strlist *ret, struct fault *fault);

#endif
