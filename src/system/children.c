/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/children.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

void children_read(struct children *ret)
{
	cleanup_close int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	char words[CHILDREN_LIMIT * 12 + 1], *at = words, *end;
	ssize_t got, length = 0;

	ret->count = 0;
	while (file >= 0 && (got = read(file, words + length, sizeof(words) - 1 - (size_t)length)) > 0)
		length += got;
	words[length] = '\0';
	/* The last one may be cut off: each has a blank behind it. */
	for (long pid; ret->count < CHILDREN_LIMIT && (pid = strtol(at, &end, 10)) > 0 && *end == ' '; at = end)
		ret->pids[ret->count++] = (pid_t)pid;
}

bool children_have(const struct children *children, pid_t pid)
{
	for (size_t i = 0; i < children->count; i++)
		if (children->pids[i] == pid)
			return true;
	return false;
}
