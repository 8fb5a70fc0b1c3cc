/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the machine file on standard input below a directory that is there and empty: lay DIRECTORY */
#include <stdio.h>

#include "host/machinefile.h"

int main(int argc, char **argv)
{
	struct fault fault = { 0 };
	struct text bytes = { 0 };
	char buffer[65536];
	bool done;
	size_t got;

	if (argc != 2) {
		fprintf(stderr, "usage: lay DIRECTORY < FILE\n");
		return 2;
	}
	while ((got = fread(buffer, 1, sizeof(buffer), stdin)))
		text_append_n(&bytes, buffer, got);
	done = machinefile_materialise(&bytes, "standard input", argv[1], &fault);
	if (!done)
		fprintf(stderr, "%s\n", fault.sentence);
	text_done(&bytes);
	return done ? 0 : 1;
}
