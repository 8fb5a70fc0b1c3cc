/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the writer and the spawner need of write(2). */
#ifndef VFIOCONF_SYSTEM_BYTES_H
#define VFIOCONF_SYSTEM_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all LENGTH bytes, however many calls of write(2) that takes; false with errno. */
bool bytes_write(int descriptor, const char *bytes, size_t length);

#endif
