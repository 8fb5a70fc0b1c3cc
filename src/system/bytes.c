/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/bytes.h"

#include <errno.h>
#include <unistd.h>

bool bytes_write(int descriptor, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(descriptor, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}
