/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edit/changeset.h"

static void record(struct changeset *changeset, const char *path, const char *before, const char *after)
{
	struct text old = { 0 }, new = { 0 };

	text_append(&old, before ? before : "");
	text_append(&new, after ? after : "");
	changeset_file(changeset, path, before ? &old : NULL, after ? &new : NULL, 0644, "because");
	text_done(&old);
	text_done(&new);
}

static void no_change_is_not_recorded(void **state)
{
	struct changeset changeset = { 0 };

	(void)state;
	record(&changeset, "/etc/a", "same", "same");
	record(&changeset, "/etc/b", NULL, NULL);
	record(&changeset, "/etc/c", "", "");
	assert_true(changeset_empty(&changeset));
	record(&changeset, "/etc/d", NULL, "");
	assert_int_equal(changeset.file_count, 1);
	assert_int_equal(changeset.files[0].kind, CHANGE_CREATE);
	record(&changeset, "/etc/e", "", NULL);
	assert_int_equal(changeset.files[1].kind, CHANGE_DELETE);
	changeset_done(&changeset);
}

static void a_second_edit_continues_the_first(void **state)
{
	struct changeset changeset = { 0 };
	const struct file_change *file;

	(void)state;
	record(&changeset, "/etc/a", "one", "two");
	record(&changeset, "/etc/a", "two", "three");
	file = changeset_find(&changeset, "/etc/a");
	assert_int_equal(changeset.file_count, 1);
	assert_string_equal(text_string(&file->before), "one");
	assert_string_equal(text_string(&file->after), "three");
	record(&changeset, "/etc/b", "b", "c");
	record(&changeset, "/etc/a", "three", "one");
	assert_null(changeset_find(&changeset, "/etc/a"));
	assert_string_equal(changeset.files[0].path, "/etc/b");
	record(&changeset, "/etc/n", NULL, "new");
	record(&changeset, "/etc/n", "new", NULL);
	assert_null(changeset_find(&changeset, "/etc/n"));
	changeset_done(&changeset);
}

static void a_modified_file_may_be_deleted_and_come_back(void **state)
{
	struct changeset changeset = { 0 };

	(void)state;
	record(&changeset, "/etc/a", "one", "two");
	record(&changeset, "/etc/a", "two", NULL);
	assert_int_equal(changeset.files[0].kind, CHANGE_DELETE);
	assert_int_equal(changeset.files[0].after.length, 0);
	record(&changeset, "/etc/a", NULL, "four");
	assert_int_equal(changeset.files[0].kind, CHANGE_MODIFY);
	assert_string_equal(text_string(&changeset.files[0].before), "one");
	changeset_done(&changeset);
}

static void bytes_are_kept_nul_included(void **state)
{
	struct changeset changeset = { 0 };
	struct text bytes = { 0 };

	(void)state;
	text_append_n(&bytes, "a\0b", 3);
	changeset_file(&changeset, "/x", NULL, &bytes, 0100640, NULL);
	assert_true(text_equal(&changeset.files[0].after, &bytes));
	assert_int_equal(changeset.files[0].mode, 0640);
	text_done(&bytes);
	changeset_done(&changeset);
}

static void a_command_wanted_twice_runs_once_and_last(void **state)
{
	static const char *const grub[] = { "update-grub", NULL };
	static const char *const initramfs[] = { "update-initramfs", "-u", "-k", "all", NULL };
	struct changeset changeset = { 0 };
	struct command *command;

	(void)state;
	command = changeset_command(&changeset, "menu", 60, grub);
	strlist_add(&command_expect(command, EXPECT_WORDS, "/boot/grub/grub.cfg")->present, "x");
	changeset_command(&changeset, "images", 900, initramfs);
	command = changeset_command(&changeset, "menu again", 300, grub);
	assert_int_equal(changeset.command_count, 2);
	assert_ptr_equal(command, &changeset.commands[1]);
	assert_string_equal(command->argv.items[0], "update-grub");
	assert_string_equal(command->why, "menu");
	assert_int_equal(command->timeout, 300);
	assert_int_equal(command->expectation_count, 1);
	assert_string_equal(changeset.commands[0].argv.items[0], "update-initramfs");
	changeset_done(&changeset);
}

static void the_digest_sees_every_byte_and_boundary(void **state)
{
	static const char *const one[] = { "ab", "c", NULL }, *const other[] = { "a", "bc", NULL };
	struct changeset a = { 0 }, b = { 0 };
	char first[65], second[65];

	(void)state;
	record(&a, "/etc/a", "x", "yz");
	record(&b, "/etc/a", "xy", "z");
	changeset_digest(&a, first);
	changeset_digest(&b, second);
	assert_string_not_equal(first, second);
	changeset_done(&b);
	record(&b, "/etc/a", "x", "yz");
	changeset_digest(&b, second);
	assert_string_equal(first, second);
	assert_int_equal(strlen(first), 64);
	changeset_command(&a, "why", 1, one);
	changeset_command(&b, "why", 1, other);
	changeset_digest(&a, first);
	changeset_digest(&b, second);
	assert_string_not_equal(first, second);
	changeset_done(&a);
	changeset_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_change_is_not_recorded),
		cmocka_unit_test(a_second_edit_continues_the_first),
		cmocka_unit_test(a_modified_file_may_be_deleted_and_come_back),
		cmocka_unit_test(bytes_are_kept_nul_included),
		cmocka_unit_test(a_command_wanted_twice_runs_once_and_last),
		cmocka_unit_test(the_digest_sees_every_byte_and_boundary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
