/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tick leads to: the rest of the group, the findings, and what is said of them. */
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

static void a_tick_plans_once_and_says_what_follows(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 99);
	demo_type(&demo, " ");
	assert_true(demo_ticked(&demo, "06:00.0"));
	assert_int_equal(demo_counts.plans, 1);
	demo_shows(&demo, "xhci_hcd → vfio-pci");
	demo_shows(&demo, "W applies");
	demo_type(&demo, " ");
	assert_false(demo_ticked(&demo, "06:00.0"));
	demo_shows(&demo, "nothing to apply");
	demo_close(&demo);
}

static void ticking_offers_the_group_mates(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 80);
	demo_type(&demo, " ");
	assert_false(demo_ticked(&demo, "00:1f.3"));
	demo_shows(&demo, "Also tick 1 other of group 10?");
	demo_shows(&demo, "100 Series SMBus (00:1f.4)");
	demo_type(&demo, "xz"); /* no answers: the box stays */
	demo_shows(&demo, "Also tick");
	demo_type(&demo, "y");
	assert_true(demo_ticked(&demo, "00:1f.3") && demo_ticked(&demo, "00:1f.4"));
	assert_false(demo_ticked(&demo, "00:1f.0")); /* nobody drives it, so it is in nobody's way */
	demo_close(&demo);
}

static void unticking_offers_the_rest_of_the_group(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "02:00.0", 24, 80);
	demo_type(&demo, " y ");
	demo_shows(&demo, "Also untick 1 other of group 13?");
	demo_shows(&demo, "- GM204 High Definition Audio Controller (02:00.1)");
	demo_type(&demo, "\033"); /* nothing */
	assert_int_equal(demo.session.selection.count, 2);
	demo_type(&demo, " n");
	assert_false(demo_ticked(&demo, "02:00.0"));
	assert_true(demo_ticked(&demo, "02:00.1"));
	demo_type(&demo, " "); /* its mate is ticked: nothing to ask */
	assert_int_equal(demo.session.selection.count, 2);
	demo_type(&demo, " y");
	assert_int_equal(demo.session.selection.count, 0);
	demo_shows(&demo, "Unticked GM204 [GeForce GTX 970] (02:00.0) and 1 more of its group.");
	demo_close(&demo);
}

static void the_offer_can_be_declined_or_called_off(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 80);
	demo_type(&demo, " \033");
	assert_int_equal(demo.session.selection.count, 0);
	demo_type(&demo, " n");
	assert_true(demo_ticked(&demo, "00:1f.3"));
	assert_false(demo_ticked(&demo, "00:1f.4"));
	demo_shows(&demo, "! 1 in the way");
	demo_shows(&demo, "f shows it");
	demo_close(&demo);
}

static void what_was_ticked_stays_on_the_screen_beside_what_is_said_of_it(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "02:00.0", 17, 60); /* its group ends in the last row, and the message takes two */
	demo_type(&demo, " y");
	demo_shows(&demo, "[x] 02:00.0");
	demo_shows(&demo, "[x] 02:00.1");
	demo_shows(&demo, "and 1 more of its\ngroup.");
	demo_close(&demo);
}

static void without_groups_a_message_does_not_move_the_tree(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 10, 40);
	demo_shows(&demo, "00:00.0");
	demo_type(&demo, "i");
	demo_shows(&demo, "will be on at the next boot");
	demo_shows(&demo, "00:00.0");
	demo_close(&demo);
}

static void a_bridge_cannot_be_ticked_and_says_why(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:01.0", 24, 90);
	demo_type(&demo, " ");
	assert_int_equal(demo.session.selection.count, 0);
	demo_shows(&demo, "cannot be ticked: a bridge stays with the host");
	demo_hides(&demo, "SpaceTick"); /* the footer shows only what works */
	demo_close(&demo);
}

static void the_chipset_cannot_be_ticked_but_unticked(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.0", 24, 80);
	demo_shows(&demo, "[-] 00:1f.0");
	demo_type(&demo, " ");
	demo_shows(&demo, "cannot be ticked");
	/* An older profile may have it ticked. */
	selection_tick(&demo.session.selection, demo.session.host, demo_function(&demo, "00:1f.0"));
	demo_type(&demo, " ");
	assert_false(demo_ticked(&demo, "00:1f.0"));
	demo_close(&demo);
}

static void of_what_stays_with_the_host_no_guest_is_spoken(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:01.0", 24, 80);
	demo_type(&demo, "\r");
	demo_shows(&demo, "not possible: a bridge stays with the host");
	demo_shows(&demo, "Power");
	demo_hides(&demo, "Reset");
	demo_type(&demo, "\033");
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, "\r");
	demo_shows(&demo, "can be reset: flr, bus");
	demo_close(&demo);
}

static void a_group_is_ticked_as_a_whole_and_back(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "02:00.0", 24, 80);
	demo_type(&demo, "k ");
	assert_true(demo_ticked(&demo, "02:00.0") && demo_ticked(&demo, "02:00.1"));
	demo_type(&demo, " ");
	assert_int_equal(demo.session.selection.count, 0);
	demo_close(&demo);
}

static void a_refused_choice_is_not_applied_but_explained(void **state)
{
	struct demo demo;
	unsigned reactions;

	(void)state;
	demo_open_at(&demo, "00:17.0", 24, 80);
	reactions = demo_type(&demo, " Wyes\r");
	assert_false(reactions & REACT_APPLY);
	demo_shows(&demo, "ERROR: storage-in-use");
	demo_close(&demo);
}

static void a_finding_is_overridden_only_after_a_question(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:17.0", 24, 80);
	demo_type(&demo, " fa");
	demo_shows(&demo, "Override storage-in-use?");
	demo_type(&demo, "n");
	assert_int_equal(demo.session.allow.count, 0);
	demo_type(&demo, "ay");
	assert_true(strlist_has(&demo.session.allow, "storage-in-use"));
	demo_shows(&demo, "Overridden: storage-in-use");
	demo_type(&demo, "a");
	assert_int_equal(demo.session.allow.count, 0);
	demo_shows(&demo, "ERROR: storage-in-use");
	demo_close(&demo);
}

static void what_may_not_be_overridden_is_not(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_ambiguous = true;
	demo_type(&demo, " fa");
	demo_shows(&demo, "loader-ambiguous cannot be overridden");
	assert_int_equal(demo.session.allow.count, 0);
	demo_close(&demo);
}

static void after_an_override_the_cursor_stays_with_its_finding(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:17.0", 24, 80);
	demo_type(&demo, " ");
	demo_goto(&demo, "00:1f.3");
	demo_type(&demo, " nf");
	assert_int_equal(model_plan(&demo.model)->findings.count, 3);
	for (int i = 0; i < 2; i++) {
		cleanup_free char *message = NULL;

		demo_key(&demo, INPUT_HOME);
		message = memory_string(model_finding(&demo.model)->message);
		demo_type(&demo, "ay");
		assert_string_equal(model_finding(&demo.model)->message, message);
		assert_true(model_finding(&demo.model)->allowed);
		demo_hides(&demo, "f shows"); /* they are shown */
		demo_type(&demo, "a");
		assert_string_equal(model_finding(&demo.model)->message, message);
		assert_false(model_finding(&demo.model)->allowed);
		demo_type(&demo, "ay");
	}
	demo_close(&demo);
}

static void with_nothing_ticked_nothing_is_said_to_be_applied(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 99);
	demo_type(&demo, "  ");
	demo_shows(&demo, "Nothing is ticked now: nothing to apply.");
	demo_close(&demo);
	demo_open_applied(&demo, 24, 99);
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, "  ");
	demo_shows(&demo, "That is how it is applied now: nothing to do.");
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tick_plans_once_and_says_what_follows),
		cmocka_unit_test(ticking_offers_the_group_mates),
		cmocka_unit_test(unticking_offers_the_rest_of_the_group),
		cmocka_unit_test(the_offer_can_be_declined_or_called_off),
		cmocka_unit_test(what_was_ticked_stays_on_the_screen_beside_what_is_said_of_it),
		cmocka_unit_test(without_groups_a_message_does_not_move_the_tree),
		cmocka_unit_test(a_bridge_cannot_be_ticked_and_says_why),
		cmocka_unit_test(the_chipset_cannot_be_ticked_but_unticked),
		cmocka_unit_test(of_what_stays_with_the_host_no_guest_is_spoken),
		cmocka_unit_test(a_group_is_ticked_as_a_whole_and_back),
		cmocka_unit_test(a_refused_choice_is_not_applied_but_explained),
		cmocka_unit_test(a_finding_is_overridden_only_after_a_question),
		cmocka_unit_test(what_may_not_be_overridden_is_not),
		cmocka_unit_test(after_an_override_the_cursor_stays_with_its_finding),
		cmocka_unit_test(with_nothing_ticked_nothing_is_said_to_be_applied),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
