/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/scratch.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strlist.h"
#include "base/text.h"

struct scratch scratch_new(const char *parent)
{
	struct scratch scratch = { 0 };
	struct text path = { 0 };
	struct fault fault = { 0 };

	text_printf(&path, "%s/vfioconf-test-XXXXXX", parent ? parent : "/tmp");
	assert_non_null(mkdtemp(path.bytes));
	scratch.directory = text_take(&path);
	assert_true(root_open(scratch.directory, &scratch.root, &fault));
	return scratch;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

void scratch_done(struct scratch *scratch)
{
	nftw(scratch->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	root_free(scratch->root);
	free(scratch->directory);
	*scratch = (struct scratch){ 0 };
}

char *scratch_path(const struct scratch *scratch, const char *path)
{
	return root_join(scratch->root, path);
}

static void make_parents(char *path, size_t from)
{
	for (char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static char *ready_path(const struct scratch *scratch, const char *path)
{
	char *full = scratch_path(scratch, path);

	make_parents(full, strlen(scratch->directory) + 1);
	return full;
}

void scratch_write(const struct scratch *scratch, const char *path, const char *content)
{
	char *full = ready_path(scratch, path);
	FILE *file;

	if (content) {
		file = fopen(full, "w");
		assert_non_null(file);
		assert_int_equal(fwrite(content, 1, strlen(content), file), strlen(content));
		assert_int_equal(fclose(file), 0);
	} else {
		assert_int_equal(remove(full), 0);
	}
	free(full);
}

void scratch_link(const struct scratch *scratch, const char *path, const char *target)
{
	char *full = ready_path(scratch, path);

	assert_int_equal(symlink(target, full), 0);
	free(full);
}

void scratch_script(const struct scratch *scratch, const char *path, const char *body)
{
	struct text text = { 0 };
	char *full = scratch_path(scratch, path);

	text_printf(&text, "#!/bin/sh\n%s\n", body);
	scratch_write(scratch, path, text_string(&text));
	assert_int_equal(chmod(full, 0755), 0);
	text_done(&text);
	free(full);
}

void scratch_program(const struct scratch *scratch, const char *path)
{
	char command[PATH_MAX];

	snprintf(command, sizeof(command),
		 "for f in %s $(ldd %s | grep -o '/[^ ]*'); do cp -L --parents -t %s $f || exit 1; done", path, path,
		 scratch->directory);
	assert_int_equal(system(command), 0);
}

const struct scratch *scratch_for_commands(void **state)
{
	static struct scratch scratch;

	if (geteuid() != 0)
		return NULL;
	scratch = scratch_new(NULL);
	scratch_program(&scratch, "/bin/sh");
	scratch_program(&scratch, "/bin/cat");
	scratch_program(&scratch, "/bin/sleep");
	scratch_write(&scratch, "/dev/null", ""); /* for the redirections of scripts */
	*state = &scratch;
	return &scratch;
}

const struct scratch *scratch_or_skip(void **state)
{
	if (geteuid() != 0)
		skip();
	return *state;
}

int scratch_for_commands_done(void **state)
{
	if (geteuid() == 0)
		scratch_done(*state);
	return 0;
}

char *scratch_read(const struct scratch *scratch, const char *path)
{
	struct text text = { 0 };
	struct fault fault = { 0 };

	if (root_read(scratch->root, path, 64u << 20, &text, &fault))
		return text_take(&text);
	if (!root_missing(&fault))
		fail_msg("%s", fault.sentence);
	return NULL;
}

struct stat scratch_stat(const struct scratch *scratch, const char *path)
{
	char *full = scratch_path(scratch, path);
	struct stat status;

	assert_int_equal(lstat(full, &status), 0);
	free(full);
	return status;
}

void assert_file(const struct scratch *scratch, const char *path, const char *content)
{
	char *found = scratch_read(scratch, path);

	if (content && !found)
		fail_msg("%s is not there", path);
	if (!content && found)
		fail_msg("%s is there", path);
	if (content)
		assert_string_equal(found, content);
	free(found);
}

static void list_below(const struct scratch *scratch, const char *path, struct strlist *ret)
{
	struct strlist names = { 0 };
	struct fault fault = { 0 };

	if (!strcmp(path, "/var/lib/vfioconf"))
		return;
	if (!root_list(scratch->root, path, &names, &fault))
		fail_msg("%s", fault.sentence);
	for (size_t i = 0; i < names.count; i++) {
		char child[PATH_MAX];

		snprintf(child, sizeof(child), "%s/%s", strcmp(path, "/") != 0 ? path : "", names.items[i]);
		strlist_add(ret, child);
		if (S_ISDIR(scratch_stat(scratch, child).st_mode))
			list_below(scratch, child, ret);
	}
	strlist_done(&names);
}

char *scratch_listing(const struct scratch *scratch)
{
	struct strlist names = { 0 };
	char *listing;

	list_below(scratch, "/", &names);
	for (size_t i = names.count; i-- > 0;)
		if (!strcmp(names.items[i], "/var") || !strcmp(names.items[i], "/var/lib") ||
		    !strcmp(names.items[i], "/var/lib/vfioconf"))
			strlist_remove(&names, i);
	listing = strlist_join(&names, "\n");
	strlist_done(&names);
	return listing;
}

void scratch_change(const struct scratch *scratch, struct changeset *changeset, const char *path, const char *after)
{
	struct text old = { 0 }, new = { 0 };
	char *before = scratch_read(scratch, path);

	text_append(&old, before ? before : "");
	text_append(&new, after ? after : "");
	changeset_file(changeset, path, before ? &old : NULL, after ? &new : NULL, 0644, "because the test wants it");
	text_done(&old);
	text_done(&new);
	free(before);
}
