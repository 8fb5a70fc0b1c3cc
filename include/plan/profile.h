/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selections as ini files: a profile that the user saved, and the record of
 * what is applied now (APPLIED_PATH), which is a profile with one section more: the
 * words that vfioconf added to configuration shared with others, so that exactly those go again.
 */
#ifndef VFIOCONF_PLAN_PROFILE_H
#define VFIOCONF_PLAN_PROFILE_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"
#include "plan/selection.h"
#include "system/root.h"

#define APPLIED_PATH "/etc/vfioconf.ini"
/* A file without this first line is not ours. */
#define APPLIED_HEADER "# Written by vfioconf: what it has set up on this machine.\n"

struct applied {
	bool present;               /* APPLIED_PATH is there */
	struct text bytes;          /* as they are */
	struct selection selection;
	struct strlist added;       /* words on the kernel command line that are ours */
	char *loader;               /* through which loader they went there; NULL */
	char *generator;
};

/*
 * Reads a profile; NAME is for messages. Faults name the line: not ours or no
 * version, an unknown section or key, a duplicate, a bad value, a line or name that inih would cut,
 * NUL bytes, more than 1 MiB, a last line that is cut off (no newline). *RET is initialised by this.
 */
bool profile_parse(const char *name, const struct text *bytes, struct selection *ret, struct fault *fault);
void profile_write(const struct selection *selection, struct text *ret);

/*
 * Reads APPLIED_PATH; its absence is no fault. A file there that is not ours is
 * given as bytes alone (present, nothing applied): the plan then refuses to overwrite it.
 */
bool applied_read(const struct root *root, struct applied *ret, struct fault *fault);
/* The same for BYTES that it had, or will have; NULL: it is not there. */
bool applied_parse(const struct text *bytes, struct applied *ret, struct fault *fault);
bool applied_is_ours(const struct text *bytes);
void applied_done(struct applied *applied);
void applied_write(const struct selection *selection, const struct strlist *added, const char *loader,
		   const char *generator, struct text *ret);

#endif
