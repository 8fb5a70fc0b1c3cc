/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line, read into types. Reads nothing but its arguments. */
#ifndef VFIOCONF_UI_CLI_OPTIONS_H
#define VFIOCONF_UI_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/address.h"
#include "base/fault.h"
#include "base/strlist.h"

/* What is done. One bit each, so that an option can say with which of them it goes. */
enum mode {
	MODE_INTERFACE = 1u << 0,
	MODE_LIST = 1u << 1,
	MODE_CHECK = 1u << 2,
	MODE_APPLY = 1u << 3, /* --device, --iommu, --acs, --adopt, --apply-saved */
	MODE_SAVE = 1u << 4,
	MODE_REMOVE = 1u << 5,
	MODE_VERIFY = 1u << 6,
	MODE_HISTORY = 1u << 7,
	MODE_UNDO = 1u << 8,
	MODE_RECOVER = 1u << 9,
	MODE_HELP = 1u << 10,
	MODE_VERSION = 1u << 11,
	MODE_BIND = 1u << 12,
	MODE_UNBIND = 1u << 13,
	MODE_PRINT = 1u << 14,
	MODE_CAPTURE = 1u << 15,
	MODE_FOLLOW = 1u << 16
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Strings are borrowed from argv. */
struct options {
	enum mode mode;
	struct address *devices; /* --device, --bind, --unbind, in the order given */
	size_t device_count;
	struct strlist allow;
	const char *profile; /* --apply-saved: a file, or "-" */
	const char *save;    /* the same for --save */
	const char *capture; /* the same for --capture */
	const char *print;   /* "libvirt" or "qemu" */
	const char *acs;     /* a valid value, ACS_OVERRIDE_NONE, or NULL: as it is */
	const char *undo;    /* a history entry, or NULL: the last */
	const char *root, *machine;
	const char *expect; /* digest of the changeset, lower case, or NULL */
	const char *loader, *generator;
	const char *menu_entry; /* "yes", "no", or NULL */
	enum color_when color;
	bool iommu, adopt, dry_run, yes, json, ascii;
};

/* False: a usage error, as one sentence in *FAULT; *RET is empty then. */
bool options_parse(int argc, char **argv, struct options *ret, struct fault *fault);
void options_done(struct options *options);

/* Whether files of the machine may be changed. */
bool options_apply(const struct options *options);

/* What --help prints: at most 80 columns and 23 lines. */
void options_help(FILE *stream);

#endif
