/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes that store.h then puts under a name: staged, saved, brought back; with owner, mode and attributes. */
#ifndef VFIOCONF_SYSTEM_STORE_COPY_H
#define VFIOCONF_SYSTEM_STORE_COPY_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/text.h"
#include "system/place.h"

/*
 * Writes BYTES into the new file TEMPORARY beside PLACE and makes them durable.
 * It gets owner, mode, extended attributes (ACL, SELinux) and inode flags of
 * the file at PLACE; MODE where there is none.
 */
bool store_stage(const struct place *place, const char *temporary, const struct text *bytes, mode_t mode,
		 struct fault *fault);

/*
 * TEMPORARY was written by a command: makes it durable and gives it owner and
 * attributes of the file at PLACE, where there is one, and the mode that both allow.
 */
bool store_adopt(const struct place *place, const char *temporary, struct fault *fault);

/* A durable copy of the file at PLACE, with all attributes and times, as the new file NAME in DIRECTORY. */
bool store_save(const struct place *place, int directory, const char *name, struct fault *fault);

/* The way back: a durable copy of NAME in DIRECTORY as the new file TEMPORARY beside PLACE. */
bool store_bring_back(const struct place *place, const char *temporary, int directory, const char *name,
		      struct fault *fault);

/* The same into the file at PLACE itself: for where there is no room for two. Not atomic. */
bool store_overwrite(const struct place *place, int directory, const char *name, struct fault *fault);

#endif
