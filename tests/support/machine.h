/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fixtures: a machine of tests/machines, made into a directory of its own for one test. */
#ifndef VFIOCONF_TESTS_SUPPORT_MACHINE_H
#define VFIOCONF_TESTS_SUPPORT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "edit/changeset.h"
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

/* The test fails unless the function has a use of the kind whose words have PART in them, as vital as said. */
void machine_has_use(struct machine *machine, const char *address, enum use_kind kind, bool vital, const char *part);
void machine_has_no_use(struct machine *machine, const char *address); /* fails where it has any */
/* Whether host.incomplete has a sentence with PART in it. */
bool machine_is_incomplete(const struct host *host, const char *part);

/* Changes the machine's files by hand; directories are made as needed, what is there is replaced. */
void machine_write(struct machine *machine, const char *path, const char *content);
void machine_write_n(struct machine *machine, const char *path, const void *bytes, size_t length);
void machine_link(struct machine *machine, const char *path, const char *target);
void machine_remove(struct machine *machine, const char *path); /* a directory with all below it */
/* Puts the files of a change set in place, as an apply would; the commands are not run. */
void machine_apply(struct machine *machine, const struct changeset *changeset);
/* The bytes of a file as a string that the caller frees; the test fails where it cannot be read. */
char *machine_read(struct machine *machine, const char *path);

/* The names (without ".machine") of all machine files, sorted; the caller empties it. */
void machine_names(struct strlist *ret);

#endif
