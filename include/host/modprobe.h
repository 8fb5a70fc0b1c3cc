/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration of modprobe, as libkmod reads it, and what it says of the drivers of this machine. Our own file is
 * left out of all of it: the answer is the same before and after what we write is there.
 */
#ifndef VFIOCONF_HOST_MODPROBE_H
#define VFIOCONF_HOST_MODPROBE_H

#include <stdbool.h>

#include "base/strlist.h"
#include "host/host.h"
#include "system/root.h"

/* The name of our own file in /etc/modprobe.d. */
#define MODPROBE_OWN "00-vfioconf.conf"

struct kmod_ctx;

/* The paths of the files in the order in which they are read: by their names, of two with one name only the first. */
void modprobe_files(const struct root *root, struct strlist *ret);

/* Whether libkmod reads the file at PATH before ours. */
bool modprobe_is_before_ours(const char *path);

/* A file of our own file's name in a directory that is not /etc/modprobe.d: of the two only one is read. Or NULL. */
const char *modprobe_namesake(const struct root *root);

/*
 * libkmod with FILES as its configuration and the modules of kernel RELEASE (""; those of none), not looked into yet.
 * The caller ends it by kmod_unref(); NULL where it does not open.
 */
struct kmod_ctx *modprobe_open(const struct root *root, const char *release, const struct strlist *files);

/* NAME, which may be a pattern, as libkmod compares it: "_" for each "-" outside of brackets. The caller frees. */
char *modprobe_normal(const char *name);

/* Fills host.settings; the candidates of the functions and the kernels are known. */
void modprobe_read_settings(const struct root *root, const struct strlist *files, struct host *host);

#endif
