/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening a path inside a directory that must not be left: absolute links and
 * ".." count from that directory. openat2(2) does it in the kernel (Linux 5.6);
 * where it is missing or forbidden (older kernels, a container's filter,
 * valgrind) the path is walked one component at a time without following links.
 */
#ifndef VFIOCONF_SYSTEM_INSIDE_H
#define VFIOCONF_SYSTEM_INSIDE_H

/* FLAGS as for open(2), without O_CREAT; O_CLOEXEC is added. Returns a descriptor, or -1 with errno. */
int inside_open(int top, const char *path, int flags);

/* The walk by itself, as where the kernel has no openat2(2): for tests. */
int inside_walk(int top, const char *path, int flags);

#endif
