/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saving a profile from the interface: what is asked, what is refused, what is said then. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "screens/demo.h"
#include "tui/update.h"

static void saving_asks_before_it_overwrites_and_tells_of_faults(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_file_exists = true;
	demo_type(&demo, "sp.ini\r");
	demo_shows(&demo, "Overwrite the file?");
	demo_type(&demo, "n");
	assert_int_equal(demo_counts.saves, 0);
	demo_save_fails = true;
	demo_type(&demo, "sp.ini\ry");
	assert_int_equal(demo_counts.saves, 1);
	demo_shows(&demo, "p.ini is not written: No space left on device");
	demo_shows(&demo, "Save the profile as: p.ini"); /* what was typed is not lost */
	demo_save_fails = false;
	demo_type(&demo, "2\ry");
	assert_string_equal(demo_counts.saved, "p.ini2");
	demo_close(&demo);
}

static void a_name_that_is_none_is_said(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "s\r");
	demo_shows(&demo, "Nothing was saved: no name was typed.");
	demo_type(&demo, "s~/p.ini\r");
	demo_shows(&demo, "~ means no directory here");
	demo_shows(&demo, "Save the profile as: ~/p.ini");
	assert_int_equal(demo_counts.saves, 0);
	demo_key(&demo, CONTROL('U'));
	demo_type(&demo, "-\r"); /* is a name here: the screen is standard output */
	assert_string_equal(demo_counts.saved, "./-");
	demo_close(&demo);
}

static void the_command_that_is_told_applies_it(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 100);
	demo_type(&demo, " ns/tmp/my file.ini\r");
	demo_shows(&demo, "Saved, but 1 thing in the way of applying it: f shows it.");
	demo_type(&demo, "fay");
	demo_type(&demo, "s/tmp/my file.ini\r");
	demo_shows(&demo, "Saved. vfioconf --apply-saved '/tmp/my file.ini' --allow group-incomplete  applies it.");
	demo.session.read_only = true;
	demo_type(&demo, "s/tmp/p\r");
	demo_shows(&demo, "Saved. On that machine  vfioconf --apply-saved /tmp/p --allow group-incomplete  applies it.");
	demo.session.read_only = false;
	demo_type(&demo, "\033U");
	demo_goto(&demo, "06:00.0");
	demo_plan_fails = true;
	demo_type(&demo, " s/tmp/p\r");
	demo_shows(&demo, "Saved, but it cannot be planned: /etc/default/grub cannot be read");
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(saving_asks_before_it_overwrites_and_tells_of_faults),
		cmocka_unit_test(a_name_that_is_none_is_said),
		cmocka_unit_test(the_command_that_is_told_applies_it),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
