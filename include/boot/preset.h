/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The presets of mkinitcpio: which images it makes, with which configuration, and whether they are unified ones. */
#ifndef VFIOCONF_BOOT_PRESET_H
#define VFIOCONF_BOOT_PRESET_H

#include "base/strlist.h"
#include "edit/refusal.h"
#include "system/root.h"

#define PRESET_DIRECTORY "/etc/mkinitcpio.d"

/* What one preset file says. */
struct preset {
	char *name;             /* of the kernel's package: "linux" */
	struct strlist images;  /* the unified ones among them */
	struct strlist ukis;    /* unified kernel images alone */
	struct strlist apart;   /* of these, the ones whose options name a command line of their own, or none */
	struct strlist apart_options; /* for each of those, the variable that says so: "default_options" */
	struct strlist configs; /* that are given with -c: drop-ins are not read then */
	bool plain;             /* an image is made without -c: of the main configuration and its drop-ins */
};

/* A value that is not known without running the preset. */
struct preset_refusal {
	char *path; /* of the preset */
	struct refusal refusal;
};

struct presets {
	struct preset *items;
	size_t count, capacity;
	struct preset_refusal *refused;
	size_t refused_count, refused_capacity;
};
void presets_done(struct presets *presets); /* accepts NULL */
#define cleanup_presets cleanup(presets_done)

void presets_read(const struct root *root, struct presets *ret);

/* Says of each value that is not known where it stands, once: an image may be made that nobody hears of. False: any. */
bool presets_are_known(const struct presets *presets, struct findings *findings);

#endif
