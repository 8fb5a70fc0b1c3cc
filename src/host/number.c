/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool number_take(const char **at, uint64_t *ret)
{
	const char *start = *at;
	unsigned long long number;
	char *end;

	if (start[0] != '0' || start[1] != 'x' || !isxdigit((unsigned char)start[2]))
		return false;
	errno = 0;
	number = strtoull(start, &end, 16);
	if (errno || (*end && !isspace((unsigned char)*end)))
		return false;
	*ret = number;
	*at = end + strspn(end, " \t");
	return true;
}
