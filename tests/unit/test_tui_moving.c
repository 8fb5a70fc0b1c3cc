/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searching in a page, filtering the tree, the way from a finding and back. */
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

static void a_search_comes_past_the_end_of_the_page_and_round(void **state)
{
	struct demo demo;
	size_t first, before, steps = 0;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "?G/mouse\r");
	demo_type(&demo, "gn");
	first = before = demo.model.places[1].match;
	assert_true(first > 0);
	do {
		demo_type(&demo, "n");
		assert_true(demo.model.places[1].match > before || demo.model.places[1].match == first);
		before = demo.model.places[1].match;
		steps++;
	} while (before != first && steps < 100);
	assert_in_range(steps, 2, 20);
	demo_type(&demo, "N");
	assert_true(demo.model.places[1].match > first);
	/* What was found last is told from the rest, and is where the cursor is. */
	free(demo_picture(&demo));
	assert_int_equal((size_t)demo.screen.canvas.cursor_row - 1 + demo.model.places[1].top,
			 demo.model.places[1].match - 1);
	demo_close(&demo);
}

static void a_filtered_tree_is_not_folded_unseen(void **state)
{
	static const char *const keys[] = { "-", "*", "\r" };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct demo demo;
		size_t rows;

		demo_open(&demo, 24, 80);
		rows = demo.model.tree.count;
		demo_type(&demo, "\\nvidia\rg");
		demo_type(&demo, keys[i]);
		demo_shows(&demo, "Nothing is folded as long as only some are shown.");
		demo_type(&demo, "\033");
		assert_int_equal(demo.model.tree.count, rows);
		demo_close(&demo);
	}
}

static void ticking_a_group_tells_of_what_the_filter_hides(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "\\GeForce\rg ");
	assert_true(demo_ticked(&demo, "02:00.1"));
	demo_shows(&demo, "Group 13 ticked, with 1 that the filter hides.");
	demo_type(&demo, " ");
	demo_shows(&demo, "Group 13 unticked, with 1 that the filter hides.");
	demo_type(&demo, "\033 ");
	demo_shows(&demo, "Group 13 ticked.");
	demo_close(&demo);
}

static void esc_leads_from_a_device_back_to_the_finding(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 80);
	demo_type(&demo, " n");
	demo_goto(&demo, "00:17.0");
	demo_type(&demo, " fj");
	assert_int_equal(demo.model.places[1].cursor, 1);
	demo_type(&demo, "\r");
	assert_int_equal(model_view(&demo.model), VIEW_TREE);
	demo_shows(&demo, "EscBack");
	demo_type(&demo, "\r"); /* the details of it, and back */
	demo_type(&demo, "\033\033");
	assert_int_equal(model_view(&demo.model), VIEW_FINDINGS);
	assert_int_equal(demo.model.places[1].cursor, 1);
	demo_type(&demo, "\033\033");
	assert_int_equal(model_view(&demo.model), VIEW_TREE);
	demo_hides(&demo, "EscBack");
	demo_close(&demo);
}

static void a_click_ends_what_was_said_before_it(void **state)
{
	const struct event click = { .kind = EVENT_SELECT, .item = 2 };
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_type(&demo, " ");
	demo_shows(&demo, "Ticked FL1100");
	update(&demo.model, &click);
	demo_hides(&demo, "Ticked FL1100");
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_search_comes_past_the_end_of_the_page_and_round),
		cmocka_unit_test(a_filtered_tree_is_not_folded_unseen),
		cmocka_unit_test(ticking_a_group_tells_of_what_the_filter_hides),
		cmocka_unit_test(esc_leads_from_a_device_back_to_the_finding),
		cmocka_unit_test(a_click_ends_what_was_said_before_it),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
