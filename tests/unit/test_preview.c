/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apply/preview.h"

static void record(struct changeset *changeset, const char *path, const char *before, const char *after)
{
	struct text old = { 0 }, new = { 0 };

	text_append(&old, before ? before : "");
	text_append(&new, after ? after : "");
	changeset_file(changeset, path, before ? &old : NULL, after ? &new : NULL, 0644, "because");
	text_done(&old);
	text_done(&new);
}

static void shows(const char *path, const char *before, const char *after, const char *wanted)
{
	struct changeset changeset = { 0 };
	struct fault fault = { 0 };
	struct text diff = { 0 };

	record(&changeset, path, before, after);
	if (!preview_file(&changeset.files[0], &diff, &fault))
		fail_msg("%s", fault.sentence);
	assert_string_equal(text_string(&diff), wanted);
	text_done(&diff);
	changeset_done(&changeset);
}

static void the_diff_is_a_unified_diff(void **state)
{
	(void)state;
	shows("/etc/default/grub", "A=1\nB=2\n", "A=1\nB=3\n",
	      "--- a/etc/default/grub\n+++ b/etc/default/grub\n@@ -1,2 +1,2 @@\n A=1\n-B=2\n+B=3\n");
}

static void files_that_come_or_go_have_dev_null_on_the_other_side(void **state)
{
	(void)state;
	shows("/etc/a", NULL, "x\n", "--- /dev/null\n+++ b/etc/a\n@@ -0,0 +1 @@\n+x\n");
	shows("/etc/a", "x\n", NULL, "--- a/etc/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n");
}

static void a_missing_last_newline_is_shown(void **state)
{
	(void)state;
	shows("/etc/a", "x", "x\n",
	      "--- a/etc/a\n+++ b/etc/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
}

static void binary_bytes_are_shown_as_text(void **state)
{
	struct changeset changeset = { 0 };
	struct text before = { 0 }, diff = { 0 };
	struct fault fault = { 0 };

	(void)state;
	text_append_n(&before, "a\0\033[31m\377\n", 9);
	changeset_file(&changeset, "/etc/a\n", &before, NULL, 0, "");
	assert_true(preview_all(&changeset, &diff, &fault));
	assert_non_null(strstr(text_string(&diff), "-a^@^[[31m\\xff\n"));
	text_done(&before);
	text_done(&diff);
	changeset_done(&changeset);
}

static void commands_stand_behind_the_files_quoted_where_needed(void **state)
{
	static const char *const argv[] = { "grub-mkconfig", "-o", COMMAND_OUTPUT, "it's $HOME", "", NULL };
	struct changeset changeset = { 0 };
	struct fault fault = { 0 };
	struct text all = { 0 };

	(void)state;
	changeset_command(&changeset, "why", 1, argv)->output = memory_string("/boot/grub/grub.cfg");
	record(&changeset, "/etc/a", NULL, "x\n");
	assert_true(preview_all(&changeset, &all, &fault));
	assert_string_equal(text_string(&all),
			    "--- /dev/null\n+++ b/etc/a\n@@ -0,0 +1 @@\n+x\n"
			    "# grub-mkconfig -o /boot/grub/grub.cfg 'it'\\''s $HOME' ''\n");
	text_done(&all);
	changeset_done(&changeset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_diff_is_a_unified_diff),
		cmocka_unit_test(files_that_come_or_go_have_dev_null_on_the_other_side),
		cmocka_unit_test(a_missing_last_newline_is_shown),
		cmocka_unit_test(binary_bytes_are_shown_as_text),
		cmocka_unit_test(commands_stand_behind_the_files_quoted_where_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
