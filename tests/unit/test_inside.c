/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "system/inside.h"

static char directory[64];
static int top = -1;

static void put(const char *name, const char *content)
{
	int file = openat(top, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	assert_true(file >= 0);
	assert_int_equal(write(file, content, strlen(content)), (ssize_t)strlen(content));
	close(file);
}

static int make_tree(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/test-inside-XXXXXX");
	assert_non_null(mkdtemp(directory));
	top = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(top >= 0);
	assert_int_equal(mkdirat(top, "etc", 0755), 0);
	assert_int_equal(mkdirat(top, "a", 0755), 0);
	assert_int_equal(mkdirat(top, "a/b", 0755), 0);
	put("etc/passwd", "inside");
	put("a/b/file", "deep");
	assert_int_equal(symlinkat("/etc/passwd", top, "absolute"), 0);
	assert_int_equal(symlinkat("../../../../../../etc/passwd", top, "a/climbing"), 0);
	assert_int_equal(symlinkat("b", top, "a/relative"), 0);
	assert_int_equal(symlinkat("/a/relative", top, "twice"), 0);
	assert_int_equal(symlinkat("loop", top, "loop"), 0);
	assert_int_equal(symlinkat("gone", top, "dangling"), 0);
	return 0;
}

static int remove_tree(void **state)
{
	static const char *const files[] = { "etc/passwd", "a/b/file", "absolute", "a/climbing", "a/relative",
					     "twice", "loop", "dangling" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlinkat(top, files[i], 0);
	unlinkat(top, "a/b", AT_REMOVEDIR);
	unlinkat(top, "a", AT_REMOVEDIR);
	unlinkat(top, "etc", AT_REMOVEDIR);
	close(top);
	return rmdir(directory);
}

static const struct {
	const char *path, *content; /* NULL: not a file that can be read */
	int flags, error;
} cases[] = {
	{ "etc/passwd", "inside", O_RDONLY, 0 },
	{ "/etc/passwd", "inside", O_RDONLY, 0 },
	{ "//a/./b//file", "deep", O_RDONLY, 0 },
	{ "../../etc/passwd", "inside", O_RDONLY, 0 },
	{ "absolute", "inside", O_RDONLY, 0 },
	{ "a/climbing", "inside", O_RDONLY, 0 },
	{ "a/relative/file", "deep", O_RDONLY, 0 },
	{ "twice/file", "deep", O_RDONLY, 0 },
	{ "twice/../climbing", "inside", O_RDONLY, 0 },
	{ "twice", NULL, O_RDONLY | O_DIRECTORY, 0 },
	{ "", NULL, O_RDONLY | O_DIRECTORY, 0 },
	{ "..", NULL, O_RDONLY | O_DIRECTORY, 0 },
	{ "twice", NULL, O_PATH | O_NOFOLLOW, 0 },
	{ "twice", NULL, O_RDONLY | O_NOFOLLOW, ELOOP },
	{ "loop", NULL, O_RDONLY, ELOOP },
	{ "dangling", NULL, O_RDONLY, ENOENT },
	{ "none/file", NULL, O_RDONLY, ENOENT },
	{ "etc/passwd/file", NULL, O_RDONLY, ENOTDIR },
	{ "etc/passwd", NULL, O_RDONLY | O_DIRECTORY, ENOTDIR },
};

static void check(int (*opener)(int, const char *, int), const char *name)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char content[16] = "";
		int file = opener(top, cases[i].path, cases[i].flags), error = errno;

		if ((file < 0 ? error : 0) != cases[i].error)
			fail_msg("%s of \"%s\": %s", name, cases[i].path, file < 0 ? strerror(error) : "was opened");
		if (cases[i].content) {
			assert_true(read(file, content, sizeof(content) - 1) > 0);
			assert_string_equal(content, cases[i].content);
		}
		if (file >= 0)
			close(file);
	}
}

static void the_walk_stays_inside_and_follows_as_the_kernel_would(void **state)
{
	(void)state;
	check(inside_walk, "the walk");
}

static void the_kernel_gives_the_same_answers(void **state)
{
	(void)state;
	check(inside_open, "openat2");
}

static void the_walk_leaves_no_descriptor_behind(void **state)
{
	int before = dup(top), after;

	(void)state;
	close(before);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int file = inside_walk(top, cases[i].path, cases[i].flags);

		if (file >= 0)
			close(file);
	}
	after = dup(top);
	close(after);
	assert_int_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_walk_stays_inside_and_follows_as_the_kernel_would),
		cmocka_unit_test(the_kernel_gives_the_same_answers),
		cmocka_unit_test(the_walk_leaves_no_descriptor_behind),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
