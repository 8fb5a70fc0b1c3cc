/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small root of one's own for a test, with helpers to fill it and to look into it. Failures end the test. */
#ifndef VFIOCONF_TESTS_SUPPORT_SCRATCH_H
#define VFIOCONF_TESTS_SUPPORT_SCRATCH_H

#include <stdbool.h>
#include <sys/stat.h>

#include "edit/changeset.h"
#include "system/root.h"

struct scratch {
	char *directory;
	struct root *root;
};

/* An empty root below PARENT (NULL: /tmp); and the end of it. */
struct scratch scratch_new(const char *parent);
void scratch_done(struct scratch *scratch);

char *scratch_path(const struct scratch *scratch, const char *path); /* on the host; the caller frees */
/* Makes the directories that lead there, too. A NULL CONTENT removes. */
void scratch_write(const struct scratch *scratch, const char *path, const char *content);
void scratch_link(const struct scratch *scratch, const char *path, const char *target);
/* An executable shell script. */
void scratch_script(const struct scratch *scratch, const char *path, const char *body);
char *scratch_read(const struct scratch *scratch, const char *path); /* NULL where it is not there; the caller frees */
struct stat scratch_stat(const struct scratch *scratch, const char *path); /* of the link itself */

/* Copies a program of this machine (/bin/sh) with the libraries that it needs, for commands that run in the root. */
void scratch_program(const struct scratch *scratch, const char *path);

/*
 * For tests whose commands run in the root by chroot(2), which only root can. A setup of cmocka's begins with the
 * first: it puts a root with a shell, cat and sleep into STATE, and is NULL where we are not root. The test asks for
 * that root with the second, which skips the test where there is none. The third is the teardown.
 */
const struct scratch *scratch_for_commands(void **state);
const struct scratch *scratch_or_skip(void **state);
int scratch_for_commands_done(void **state);

/* CONTENT is what PATH has; NULL: it is not there. */
void assert_file(const struct scratch *scratch, const char *path, const char *content);

/* All names below DIRECTORY but what is below /var/lib/vfioconf, sorted, one a line: litter shows here. The caller frees. */
char *scratch_listing(const struct scratch *scratch);

/* Records a change in CHANGESET whose old bytes are what is there. */
void scratch_change(const struct scratch *scratch, struct changeset *changeset, const char *path, const char *after);

#endif
