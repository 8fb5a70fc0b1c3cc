/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "edit/aside.h"

/* Every line with "vfio" in it goes; "keep" in it stays in force. */
struct judge {
	bool on;
	char seen[256]; /* what it was asked about */
};

static bool judge(void *data, const struct aside_line *line, struct text *rest)
{
	struct judge *self = data;
	size_t used = strlen(self->seen);

	snprintf(self->seen + used, sizeof(self->seen) - used, "%u%s:%s|", line->number, line->aside ? "-" : "",
		 line->text);
	if (*line->text == '#' || !strstr(line->text, "vfio"))
		return false;
	if (strstr(line->text, "keep"))
		text_append(rest, "kept");
	return self->on;
}

static char *edit(const char *bytes, bool on, struct judge *self)
{
	struct text before = { 0 }, after = { 0 };

	*self = (struct judge){ .on = on };
	text_append(&before, bytes);
	aside_edit(&before, judge, self, &after);
	text_done(&before);
	return after.bytes ? text_take(&after) : strdup("");
}

static void there_and_back(const char *bytes, const char *wanted)
{
	struct judge self;
	cleanup_free char *nothing = edit(bytes, false, &self);
	cleanup_free char *once = edit(bytes, true, &self);
	cleanup_free char *twice = edit(once, true, &self);
	cleanup_free char *back = edit(once, false, &self);

	assert_string_equal(nothing, bytes);
	assert_string_equal(once, wanted);
	assert_string_equal(twice, once);
	assert_string_equal(back, bytes);
}

static void a_line_becomes_a_comment_and_comes_back(void **state)
{
	(void)state;
	there_and_back("", "");
	there_and_back("a\nb", "a\nb");
	there_and_back("a\n\tvfio  x \nb\n", "a\n" ASIDE_MARK "\tvfio  x \nb\n");
	there_and_back("vfio", ASIDE_MARK "vfio");
	there_and_back("a\r\nvfio\r\n\n\n", "a\r\n" ASIDE_MARK "vfio\r\n\n\n");
	there_and_back("# vfio\nvfio\nvfio", "# vfio\n" ASIDE_MARK "vfio\n" ASIDE_MARK "vfio");
}

static void lines_that_go_on_go_as_one(void **state)
{
	(void)state;
	there_and_back("x vfio \\\n\ty\\\nz\nb\n", ASIDE_MARK "x vfio \\\n" ASIDE_MARK "\ty\\\n" ASIDE_MARK "z\nb\n");
	there_and_back("# a \\\nvfio\n", "# a \\\nvfio\n");
	there_and_back("vfio \\\n", ASIDE_MARK "vfio \\\n");
	there_and_back("vfio \\", ASIDE_MARK "vfio \\");
}

static void what_shall_stay_in_force_stands_above(void **state)
{
	(void)state;
	there_and_back("a\nvfio keep\nb\n", "a\nkept\n" ASIDE_MARK_REST "vfio keep\nb\n");
	there_and_back("vfio keep", "kept\n" ASIDE_MARK_REST "vfio keep");
	there_and_back("kept\nvfio keep \\\n more", "kept\nkept\n" ASIDE_MARK_REST "vfio keep \\\n" ASIDE_MARK " more");
}

static void what_somebody_changed_meanwhile_is_kept(void **state)
{
	struct judge self;
	char *back;

	(void)state;
	back = edit("keep that\n" ASIDE_MARK_REST "vfio keep\n" ASIDE_MARK "vfio 2\nnew\n", false, &self);
	assert_string_equal(back, "keep that\nvfio keep\nvfio 2\nnew\n");
	assert_string_equal(self.seen, "1:keep that|2-:vfio keep|3-:vfio 2|4:new|");
	free(back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_becomes_a_comment_and_comes_back),
		cmocka_unit_test(lines_that_go_on_go_as_one),
		cmocka_unit_test(what_shall_stay_in_force_stands_above),
		cmocka_unit_test(what_somebody_changed_meanwhile_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
