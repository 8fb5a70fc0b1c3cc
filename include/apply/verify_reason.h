/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traces that a boot leaves, from which a verdict takes its reason. Reads only. */
#ifndef VFIOCONF_APPLY_VERIFY_REASON_H
#define VFIOCONF_APPLY_VERIFY_REASON_H

#include <stdbool.h>

#include "base/address.h"
#include "base/text.h"
#include "host/host.h"
#include "system/root.h"

/* The image that the running kernel started from, if its name is a usual one; the caller frees. */
char *reason_image(const struct root *root, const struct host *host);

/* Whether that image is older than our modprobe.d file, so that it cannot hold it. */
bool reason_image_stale(const struct root *root, const char *image);

/*
 * What the image should hold and does not: "vfio-pci" or the path of our modprobe.d file. NULL where it holds both, or
 * nobody can tell: GENERATOR (may be NULL) has no program that lists images, or this is another machine's root.
 */
const char *reason_image_lacks(const struct root *root, const char *image, const char *generator);

/* The same, of an image's list of files; NULL too where it is no list of an image that holds anything. */
const char *reason_listing_lacks(const char *listing);

/* Whether the running kernel has vfio-pci, loaded or built in. */
bool reason_vfio_loaded(const struct root *root);

/* Whether the function is marked for vfio-pci: our install line has run, and knew the function. */
bool reason_marked(const struct root *root, struct address address);

/* The boot's own framebuffer on the memory of the function ("efifb"); the caller frees; NULL where there is none. */
char *reason_framebuffer(const struct root *root, struct address address);

/* The last line of a kernel's log in which vfio-pci speaks of the function; the caller frees; NULL where none does. */
char *reason_log_line(const char *log, struct address address);

/* The log of the running kernel; nothing is appended where it is another machine's root, or may not be read. */
void reason_read_log(const struct root *root, struct text *ret);

#endif
