/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fixtures: a machine of tests/machines, made into a directory of its own for one test. */
#ifndef VFIOCONF_TESTS_SUPPORT_MACHINE_H
#define VFIOCONF_TESTS_SUPPORT_MACHINE_H

#include <stddef.h>

#include "host/host.h"
#include "system/root.h"

struct machine {
	char *directory;
	struct root *root;
	struct host *host; /* made by machine_host() at its first call */
};

/* tests/machines/NAME.machine; the test fails where that cannot be made. machine_close() takes the directory away. */
struct machine *machine_open(const char *name);
/* The same from the text of a machine file; "machine 1" is put before it where it does not begin so. */
struct machine *machine_open_text(const char *text);
void machine_close(struct machine *machine); /* accepts NULL */

/* What the machine is; gathered at the first call. Borrowed. */
const struct host *machine_host(struct machine *machine);
/* The function at "02:00.0"; the test fails where there is none. */
const struct function *machine_function(struct machine *machine, const char *address);

/* Changes the machine's files by hand; directories are made as needed, what is there is replaced. */
void machine_write(struct machine *machine, const char *path, const char *content);
void machine_write_n(struct machine *machine, const char *path, const void *bytes, size_t length);
void machine_link(struct machine *machine, const char *path, const char *target);
void machine_remove(struct machine *machine, const char *path); /* a directory with all below it */
/* The bytes of a file as a string that the caller frees; the test fails where it cannot be read. */
char *machine_read(struct machine *machine, const char *path);

/* The names (without ".machine") of all machine files, sorted; the caller empties it. */
void machine_names(struct strlist *ret);

#endif
