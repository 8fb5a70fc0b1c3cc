/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/strlist.h"
#include "edit/array.h"

static void see(void *data, const char *word, size_t offset)
{
	(void)offset;
	strlist_add(data, word ? word : "ANEW");
}

/* What is seen of A, with blanks between; ANEW where an assignment drops what was there. */
static void seen_is(const char *text, const char *wanted)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };
	cleanup_free char *joined = NULL;

	text_append(&bytes, text);
	array_each(&bytes, "A", see, &words);
	joined = strlist_join(&words, " ");
	assert_string_equal(joined, wanted);
}

static void each_form_of_an_assignment_is_seen_word_by_word(void **state)
{
	(void)state;
	seen_is("A=(x y)\n", "ANEW x y");
	seen_is("A=(\n  x # not z\n  'y' \"z\"\n)\n", "ANEW x y z");
	seen_is("A+=(x)\n", "x");
	seen_is("A=\"x y\"\n", "ANEW x y");
	seen_is("A+=\" x \"\n", "x");
	seen_is("A=x\n", "ANEW x");
	seen_is("A=\n", "ANEW");
	seen_is("A=()\n", "ANEW");
	seen_is("A=(x)\nA=(y)\n", "ANEW x ANEW y");
}

static void what_takes_up_the_old_value_is_not_anew(void **state)
{
	(void)state;
	seen_is("A=(x ${A[@]}); B=(${B[@]} q)\n", "x");
	seen_is("A=\"$A x\"\n", "x");
	seen_is("A=(\"${A[@]}\" x)\n", "x");
	seen_is("A=($B x)\n", "ANEW x");
}

static void what_is_not_an_assignment_to_it_is_passed_over(void **state)
{
	(void)state;
	seen_is("#A=(x)\nAB=(x)\nBA=(x)\necho A (x)\n", "");
	seen_is("", "");
	seen_is("A", "");
	/* Where the end is not to be seen, what is there may be seen or not, and nothing is read beyond. */
	seen_is("A=(x", "ANEW x");
	seen_is("A=\"x", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_an_assignment_is_seen_word_by_word),
		cmocka_unit_test(what_takes_up_the_old_value_is_not_anew),
		cmocka_unit_test(what_is_not_an_assignment_to_it_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
