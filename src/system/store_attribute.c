/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/store_attribute.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

bool store_attribute(const struct root *root, const char *path, const char *value, struct fault *fault)
{
	cleanup_free char *resolved = root_resolve(root, path);
	cleanup_close int descriptor = -1;
	size_t length = strlen(value);
	ssize_t written;

	if (!resolved)
		return fault_system(fault, ENOENT, path, "cannot write into %s", path);
	if (strncmp(resolved, "/sys/", 5) != 0)
		return fault_set(fault, FAULT_INPUT, path, "%s is no attribute of the kernel", path);
	descriptor = openat(root_descriptor(root), resolved + 1, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (descriptor < 0)
		return fault_system(fault, errno, path, "cannot write into %s", path);
	do
		written = write(descriptor, value, length);
	while (written < 0 && errno == EINTR);
	if (written < 0)
		return fault_system(fault, errno, path, "the kernel did not take \"%.*s\" in %s",
				    (int)strcspn(value, "\n"), value, path);
	if ((size_t)written != length)
		return fault_system(fault, EIO, path, "the kernel took only a part of what was written into %s", path);
	return true;
}
