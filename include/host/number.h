/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as sysfs writes them. */
#ifndef VFIOCONF_HOST_NUMBER_H
#define VFIOCONF_HOST_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads "0x00000000fee00000" at *AT and moves behind it and the blanks that
 * follow; false, and nothing moved, where something else stands there or the number is above 64 bits.
 */
bool number_take(const char **at, uint64_t *ret);

#endif
