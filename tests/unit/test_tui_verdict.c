/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the last apply comes first, until it is seen; and what has moved is followed with one key. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "screens/demo.h"

static const struct demo_verdict arrived = {
	.kind = VERDICT_ARRIVED,
	.sentence = "0000:02:00.0 NVIDIA Corporation GM204 [GeForce GTX 970] [10de:13c2]: at vfio-pci, as wanted.",
};
static const struct demo_verdict lost = {
	.kind = VERDICT_NATIVE_DRIVER,
	.next = "Look whether something loads it early: a line in /etc/modules, in /etc/modules-load.d or in the "
		"configuration of the initramfs. Take it out there, rebuild the images, and reboot.",
};
static const struct demo_verdict moved = {
	.kind = VERDICT_FUNCTION_GONE,
	.sentence = "0000:02:00.0: there is nothing here any more; it was GM204 [GeForce GTX 970] [10de:13c2].",
	.next = "The same device is at 0000:06:00.0 now: \"vfioconf --follow\" ticks it there and applies.",
	.found = true,
	.moved = true,
};

static void picture(const struct demo_verdict *verdict, const char *name)
{
	static const struct {
		int rows, cols;
		const char *name;
	} sizes[] = { { 24, 80, "80x24" }, { 43, 132, "132x43" }, { 17, 60, "60x17" } };
	struct demo demo;

	for (size_t i = 0; i < array_size(sizes); i++) {
		char file[64];

		snprintf(file, sizeof(file), "%s-%s", name, sizes[i].name);
		demo_open_verdict(&demo, verdict, sizes[i].rows, sizes[i].cols);
		demo_golden(&demo, file);
		demo_close(&demo);
	}
}

static void the_pages_that_come_first(void **state)
{
	(void)state;
	picture(&arrived, "verdict-arrived");
	picture(&lost, "verdict-lost");
	picture(&moved, "verdict-moved");
}

static void that_everything_arrived_is_seen_once(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_verdict(&demo, &arrived, 24, 80);
	demo_shows(&demo, "All 2 functions arrived at vfio-pci.");
	demo_type(&demo, "\r");
	assert_int_equal(demo_counts.confirms, 1);
	demo_shows(&demo, "02:00.0");
	demo_hides(&demo, "cannot be remembered");
	/* Looked at again it is a page as any other. */
	demo_type(&demo, "v");
	demo_hides(&demo, "this page does not come again");
	demo_type(&demo, "q");
	assert_int_equal(demo_counts.confirms, 1);
	demo_close(&demo);
}

static void what_failed_comes_first_until_it_is_left_so(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_verdict(&demo, &lost, 24, 80);
	demo_shows(&demo, "None of the 2 functions arrived as wanted.");
	demo_hides(&demo, "! The last apply");
	demo_type(&demo, "\r");
	assert_int_equal(demo_counts.confirms, 0);
	demo_shows(&demo, "! The last apply is not in effect as wanted");
	demo_type(&demo, "vy");
	assert_int_equal(demo_counts.confirms, 1);
	demo_shows(&demo, "Left as it is. v shows it again.");
	demo_type(&demo, "vy");
	assert_int_equal(demo_counts.confirms, 1);
	demo_close(&demo);
}

static void what_waits_for_a_reboot_cannot_be_left_so(void **state)
{
	static const struct demo_verdict waits = { .kind = VERDICT_NOT_REBOOTED };
	static const struct demo_verdict way_back = { .kind = VERDICT_WAY_BACK };
	struct demo demo;

	(void)state;
	demo_open_verdict(&demo, &waits, 24, 80);
	demo_shows(&demo, "Applied, and not in effect before a reboot.");
	demo_type(&demo, "y");
	demo_shows(&demo, "This waits for a reboot");
	assert_int_equal(demo_counts.confirms, 0);
	demo_close(&demo);
	demo_open_verdict(&demo, &way_back, 24, 80);
	demo_shows(&demo, "This boot was started without device passthrough.");
	demo_hides(&demo, "leaves it so");
	demo_close(&demo);
}

static void what_is_seen_or_not_for_this_user_does_not_come_first(void **state)
{
	struct demo_verdict seen = lost, hidden = arrived;
	struct demo demo;

	(void)state;
	seen.seen = true;
	demo_open_verdict(&demo, &seen, 24, 80);
	assert_int_equal(model_view(&demo.model), VIEW_TREE);
	demo_close(&demo);
	/* Whoever cannot have it remembered is not told each time that all is well; but is told what is not. */
	hidden.hidden = true;
	demo_open_verdict(&demo, &hidden, 24, 80);
	assert_int_equal(model_view(&demo.model), VIEW_TREE);
	demo_close(&demo);
	hidden = lost;
	hidden.hidden = true;
	demo_open_verdict(&demo, &hidden, 24, 80);
	assert_int_equal(model_view(&demo.model), VIEW_VERDICT);
	demo_type(&demo, "y");
	demo_shows(&demo, "Not remembered: only root can");
	demo_close(&demo);
	hidden.kind = VERDICT_UNREADABLE;
	demo_open_verdict(&demo, &hidden, 24, 80);
	demo_shows(&demo, "Only root can tell what became of the last apply.");
	demo_shows(&demo, "sudo vfioconf");
	demo_type(&demo, "\r");
	demo_shows(&demo, "! Only root can tell what became of the last apply");
	demo_close(&demo);
}

static void someone_else_at_work_is_said_instead(void **state)
{
	struct demo_verdict busy = lost;
	struct demo demo;

	(void)state;
	busy.busy = true;
	demo_open_verdict(&demo, &busy, 24, 80);
	assert_int_equal(model_view(&demo.model), VIEW_TREE);
	demo_shows(&demo, "! Another vfioconf is changing this machine right now.");
	demo_close(&demo);
}

static void one_key_follows_a_device_to_the_diff(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_verdict(&demo, &moved, 24, 80);
	demo_shows(&demo, "FFollow");
	demo_type(&demo, "F");
	assert_int_equal(model_view(&demo.model), VIEW_DIFF);
	assert_true(demo_ticked(&demo, "06:00.0"));
	assert_false(demo_ticked(&demo, "02:00.0"));
	demo_shows(&demo, "1 device ticked where it is now: these would be the changes. W applies.");
	demo_close(&demo);
}

static void where_it_may_be_another_one_a_person_decides(void **state)
{
	struct demo_verdict unsure = moved;
	struct demo demo;

	(void)state;
	unsure.moved = false;
	demo_open_verdict(&demo, &unsure, 24, 80);
	demo_type(&demo, "F");
	assert_int_equal(model_view(&demo.model), VIEW_TREE);
	assert_false(demo_ticked(&demo, "02:00.0"));
	assert_false(demo_ticked(&demo, "06:00.0"));
	demo_shows(&demo, "Is this the one that was ticked?");
	assert_ptr_equal(model_function(&demo.model), demo_function(&demo, "06:00.0"));
	demo_close(&demo);
}

static void without_a_moved_device_the_key_says_so(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_verdict(&demo, &lost, 24, 80);
	demo_hides(&demo, "FFollow");
	demo_type(&demo, "F");
	demo_shows(&demo, "No device has moved.");
	assert_true(demo_ticked(&demo, "02:00.0"));
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pages_that_come_first),
		cmocka_unit_test(that_everything_arrived_is_seen_once),
		cmocka_unit_test(what_failed_comes_first_until_it_is_left_so),
		cmocka_unit_test(what_waits_for_a_reboot_cannot_be_left_so),
		cmocka_unit_test(what_is_seen_or_not_for_this_user_does_not_come_first),
		cmocka_unit_test(someone_else_at_work_is_said_instead),
		cmocka_unit_test(one_key_follows_a_device_to_the_diff),
		cmocka_unit_test(where_it_may_be_another_one_a_person_decides),
		cmocka_unit_test(without_a_moved_device_the_key_says_so),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
