/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes whose parent we are: those that we started, and, while we are a subreaper, what their children left. */
#ifndef VFIOCONF_SYSTEM_CHILDREN_H
#define VFIOCONF_SYSTEM_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CHILDREN_LIMIT 256

struct children {
	pid_t pids[CHILDREN_LIMIT];
	size_t count;
};

/* Those of this moment, the first CHILDREN_LIMIT; none where the kernel does not tell (CONFIG_PROC_CHILDREN). */
void children_read(struct children *ret);

bool children_have(const struct children *children, pid_t pid);

#endif
