/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keys do to the model, without a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "screens/demo.h"
#include "tui/update.h"

static void moving_does_not_plan_nor_read_more_than_it_shows(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	for (int i = 0; i < 40; i++)
		demo_key(&demo, i % 3 ? INPUT_DOWN : INPUT_UP);
	demo_shows(&demo, "Group 10");
	assert_int_equal(demo_counts.plans, 0);
	assert_int_equal(demo_counts.details, 0); /* no detail pane at 80 columns */
	demo_resize(&demo, 43, 132);
	demo_type(&demo, "jjjjjj");
	free(demo_picture(&demo));
	assert_int_equal(demo_counts.details, 1); /* one for the picture, none for each key */
	demo_close(&demo);
}

static void leaving_asks_only_where_something_would_be_lost(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	assert_true(demo_type(&demo, "q") & REACT_QUIT);
	demo_goto(&demo, "06:00.0");
	assert_false(demo_type(&demo, " q") & REACT_QUIT);
	demo_shows(&demo, "Leave without applying?");
	assert_false(demo_type(&demo, "n") & REACT_QUIT);
	assert_true(demo_type(&demo, "qy") & REACT_QUIT);
	demo_type(&demo, "s/tmp/p.ini\r");
	assert_string_equal(demo_counts.saved, "/tmp/p.ini");
	demo_shows(&demo, "Saved. vfioconf --apply-saved /tmp/p.ini  applies it.");
	assert_true(demo_type(&demo, "q") & REACT_QUIT); /* saved: nothing is lost */
	demo_close(&demo);
}

static void searching_goes_from_match_to_match_and_unfolds(void **state)
{
	struct demo demo;
	const struct function *function;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "*/nvidia\r"); /* everything folded */
	function = model_function(&demo.model);
	assert_ptr_equal(function, demo_function(&demo, "02:00.0"));
	demo_type(&demo, "n");
	assert_ptr_equal(model_function(&demo.model), demo_function(&demo, "02:00.1"));
	demo_type(&demo, "n");
	assert_ptr_equal(model_function(&demo.model), demo_function(&demo, "02:00.0")); /* round */
	demo_type(&demo, "N");
	assert_ptr_equal(model_function(&demo.model), demo_function(&demo, "02:00.1"));
	demo_type(&demo, "/nothing like it\r");
	demo_shows(&demo, "\"nothing like it\" is not here");
	demo_close(&demo);
}

static void a_filter_shows_only_what_matches_until_esc(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "02:00.1", 24, 80);
	demo_type(&demo, "\\audio\r");
	demo_shows(&demo, "02:00.1");
	demo_hides(&demo, "02:00.0");
	demo_shows(&demo, "only \"audio\"");
	assert_ptr_equal(model_function(&demo.model), demo_function(&demo, "02:00.1"));
	demo_type(&demo, "\033");
	demo_shows(&demo, "02:00.0");
	demo_type(&demo, "\\zzz\r");
	demo_shows(&demo, "Esc shows everything again");
	demo_type(&demo, " \rW");
	demo_type(&demo, "\033");
	demo_shows(&demo, "02:00.0");
	demo_close(&demo);
}

static void groups_fold_and_unfold(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.4", 24, 80);
	demo_key(&demo, INPUT_LEFT);
	demo_hides(&demo, "00:1f.3");
	demo_shows(&demo, "▸ Group 10  4 functions");
	demo_key(&demo, INPUT_RIGHT);
	demo_shows(&demo, "00:1f.3");
	demo_type(&demo, "*");
	assert_int_equal(demo.model.tree.count, 12);
	demo_type(&demo, "R"); /* folds outlive a new look at the machine */
	assert_int_equal(demo.model.tree.count, 12);
	assert_int_equal(demo_counts.rescans, 1);
	demo_type(&demo, "*");
	assert_int_equal(demo.model.tree.count, 29);
	demo_close(&demo);
}

static void options_change_what_is_planned(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "o ");
	assert_int_equal(demo.session.selection.bind, BIND_IDS);
	demo_type(&demo, "j ");
	assert_true(demo.session.selection.blacklist);
	demo_type(&demo, "j\r");
	assert_false(demo.session.selection.iommu_passthrough);
	assert_int_equal(demo_counts.plans, 3);
	demo_shows(&demo, "Blacklist            safe");
	demo_close(&demo);
}

static void an_option_that_is_in_the_way_says_so(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 80);
	demo_type(&demo, " no ");
	demo_shows(&demo, "Binding changed. 1 thing in the way of applying: f shows it.");
	demo_type(&demo, "f\033");
	demo_patched = true;
	demo_type(&demo, "jjjj ");
	demo_shows(&demo, "ACS override changed. 1 thing in the way of applying: f shows it.");
	demo_patched = false;
	demo_close(&demo);
}

static void a_page_of_the_plan_is_that_of_the_machine_that_was_read_again(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_type(&demo, " fR");
	demo_shows(&demo, "The machine was read again");
	demo_shows(&demo, "Note: no-reset");
	demo_hides(&demo, "not tried yet");
	demo_type(&demo, "dR");
	assert_int_equal(demo_counts.diffs, 2);
	demo_shows(&demo, "The machine was read again");
	demo_shows(&demo, "+options vfio-pci");
	demo_plan_fails = true;
	demo_type(&demo, "R");
	demo_shows(&demo, "Cannot plan: /etc/default/grub cannot be read");
	demo_hides(&demo, "+options vfio-pci");
	demo_close(&demo);
}

static void the_acs_override_can_only_be_chosen_where_the_kernel_knows_it(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "ojjjj ");
	assert_null(demo.session.selection.acs_override);
	assert_false(demo.session.selection.iommu);
	demo_shows(&demo, "does not know this parameter. Boot a kernel with the patch.");
	demo_patched = true;
	demo_type(&demo, " ");
	assert_string_equal(demo.session.selection.acs_override, "downstream");
	assert_true(demo.session.selection.iommu);
	demo_type(&demo, "  ");
	assert_string_equal(demo.session.selection.acs_override, "downstream,multifunction");
	demo_type(&demo, " ");
	assert_null(demo.session.selection.acs_override);
	demo_patched = false;
	demo_close(&demo);
}

static void a_wrong_locale_of_typed_bytes_does_no_harm(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "/");
	demo_key(&demo, 0x6620);
	demo_key(&demo, 0x1f600);
	demo_key(&demo, 0xd800); /* no character */
	demo_key(&demo, 0x10ffff);
	demo_key(&demo, INPUT_F5);
	demo_key(&demo, INPUT_UNKNOWN);
	demo_key(&demo, 'a');
	demo_key(&demo, INPUT_BACKSPACE);
	demo_key(&demo, INPUT_BACKSPACE);
	demo_key(&demo, INPUT_BACKSPACE);
	assert_string_equal(demo.model.edit.text, "映");
	for (int i = 0; i < 2000; i++)
		demo_key(&demo, 0x6620);
	demo_shows(&demo, "Search: ~");
	demo_close(&demo);
}

static void no_size_and_no_page_crashes(void **state)
{
	static const char *const pages[] = { "", "\r", "f", "d", "o", "?", "W", " ", "v", "/x", "\\0", "s/", "*" };
	static const struct {
		int rows, cols;
	} sizes[] = { { 1, 1 },   { 1, 80 },  { 24, 1 },  { 2, 2 },    { 9, 39 },   { 10, 40 },  { 10, 41 },
		      { 11, 57 }, { 17, 60 }, { 24, 99 }, { 24, 100 }, { 60, 200 }, { 300, 500 } };

	(void)state;
	for (size_t i = 0; i < array_size(pages); i++) {
		struct demo demo;

		demo_open_applied(&demo, 24, 80);
		demo_goto(&demo, "00:1f.3");
		demo_type(&demo, pages[i]);
		for (size_t j = 0; j < array_size(sizes); j++) {
			demo_resize(&demo, sizes[j].rows, sizes[j].cols);
			free(demo_picture(&demo));
			assert_true(demo.screen.canvas.cursor_row < sizes[j].rows);
			assert_true(demo.screen.canvas.cursor_col < sizes[j].cols);
			demo_key(&demo, INPUT_PAGE_DOWN);
			demo_key(&demo, INPUT_DOWN);
			free(demo_picture(&demo));
			demo_key(&demo, INPUT_PAGE_UP);
			demo_key(&demo, INPUT_END);
			demo_key(&demo, INPUT_HOME);
		}
		demo_close(&demo);
	}
}

static void the_cursor_rests_on_the_selected_row(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	for (int i = 0; i < 35; i++) {
		const struct cell *cell;

		free(demo_picture(&demo));
		cell = canvas_cell(&demo.screen.canvas, demo.screen.canvas.cursor_row, demo.screen.canvas.cursor_col);
		assert_int_equal(cell->style, STYLE_SELECTED);
		demo_key(&demo, i < 20 ? INPUT_DOWN : INPUT_UP);
	}
	demo_close(&demo);
}

static void what_goes_on_below_the_screen_is_told(void **state)
{
	struct demo demo;
	const struct hit *hit;

	(void)state;
	demo_open(&demo, 17, 60);
	demo_shows(&demo, "More below: PgDn");
	hit = screen_hit(&demo.screen, 15, 50);
	assert_non_null(hit);
	assert_int_equal(hit->key, INPUT_PAGE_DOWN);
	demo_key(&demo, INPUT_END);
	demo_hides(&demo, "More below");
	demo_type(&demo, "?");
	demo_shows(&demo, "More below: PgDn");
	demo_key(&demo, INPUT_END);
	demo_hides(&demo, "More below");
	demo_resize(&demo, 100, 100);
	demo_key(&demo, INPUT_HOME);
	demo_hides(&demo, "More below");
	demo_close(&demo);
}

/* The question is whether to tick the rest of the group, too. */
static void open_question(struct demo *demo)
{
	demo_open_at(demo, "00:1f.3", 24, 80);
	demo_type(demo, " ");
	demo_shows(demo, "Also tick");
}

static void a_question_is_asked_without_a_hint_at_other_keys(void **state)
{
	struct demo demo;

	(void)state;
	open_question(&demo);
	demo_hides(&demo, "More below");
	demo_close(&demo);
}

static void the_line_on_top_leaves_out_whole_words_where_it_is_narrow(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 17, 60);
	demo_shows(&demo, "vfioconf  Intel VT-d on, 12 groups, 17 functions");
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " ");
	demo_shows(&demo, "vfioconf  Intel VT-d on, 12 groups     1 ticked, not applied");
	demo_resize(&demo, 10, 40);
	demo_shows(&demo, "vfioconf           1 ticked, not applied");
	demo_close(&demo);
}

static void a_message_without_room_says_that_it_goes_on(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 10, 40);
	demo_type(&demo, " ");
	demo_shows(&demo, "(06:00.0). d shows the changes. W     ~↓\n?Help");
	demo_type(&demo, "Wno\r");
	demo_shows(&demo, "Nothing was applied: type the three   ~\nType yes and Enter to apply:");
	demo_resize(&demo, 24, 80);
	demo_hides(&demo, "~\n?Help");
	demo_close(&demo);
}

static void what_is_said_of_a_change_is_read_to_its_end(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 10, 40);
	demo_type(&demo, " d");
	demo_shows(&demo, "# has vfio-pci claim the ticked\n   functions");
	demo_close(&demo);
}

static void one_who_comes_for_the_first_time_is_told_how_to_begin(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	update_begin(&demo.model);
	demo_shows(&demo, "Space ticks what a guest shall own; d shows, W applies it.");
	demo_type(&demo, "j");
	demo_hides(&demo, "Space ticks");
	demo.session.read_only = true;
	update_begin(&demo.model);
	demo_shows(&demo, "d shows what would change");
	demo_hides(&demo, "W applies");
	demo_close(&demo);
	demo_open_applied(&demo, 24, 80); /* something is ticked: nobody's first time */
	demo.model.verified = false;
	update_begin(&demo.model);
	demo_hides(&demo, "Space ticks");
	demo_close(&demo);
}

static void a_choice_with_one_name_is_named_once(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "o");
	demo_key(&demo, INPUT_END);
	demo_key(&demo, INPUT_ENTER);
	demo_shows(&demo, "GRUB (Debian drop-in) (grub-dropin)");
	demo_shows(&demo, "systemd-boot");
	demo_hides(&demo, "systemd-boot (systemd-boot)");
	demo_close(&demo);
}

static void a_click_means_what_is_drawn_there(void **state)
{
	struct demo demo;
	const struct hit *hit;

	(void)state;
	demo_open(&demo, 24, 80);
	free(demo_picture(&demo));
	hit = screen_hit(&demo.screen, 3, 10);
	assert_non_null(hit);
	assert_int_equal(hit->key, 0);
	assert_int_equal(hit->item, 2);
	assert_true(screen_hit(&demo.screen, 2, 3)->mark);
	hit = screen_hit(&demo.screen, 23, 1); /* the footer begins with help */
	assert_int_equal(hit->key, '?');
	assert_null(screen_hit(&demo.screen, 22, 5));
	demo_close(&demo);
}

static void the_function_under_the_cursor_stays_there_through_a_rescan(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_type(&demo, " R");
	assert_ptr_equal(model_function(&demo.model), demo_function(&demo, "06:00.0"));
	assert_true(demo_ticked(&demo, "06:00.0"));
	demo_shows(&demo, "read again");
	demo_close(&demo);
}

static void an_empty_machine_is_no_crash(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_many(&demo, 0, 24, 80);
	demo_type(&demo, " \rjk*fd?\033\033\033\033");
	demo_key(&demo, INPUT_RIGHT);
	demo_key(&demo, INPUT_PAGE_DOWN);
	demo_type(&demo, "/x\rnN\\y\r\033\033U");
	demo_shows(&demo, "No PCI functions here");
	demo_close(&demo);
}

static void a_server_of_4096_functions_is_walked_through(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_many(&demo, 4096, 24, 80);
	demo_key(&demo, INPUT_END);
	demo_shows(&demo, "Group 4095");
	demo_type(&demo, "/group 2048\r");
	demo_shows(&demo, "Group 2048");
	demo_type(&demo, " ");
	demo_shows(&demo, "1 ticked");
	demo_close(&demo);
}

static void the_question_before_leaving_speaks_of_what_would_be_lost(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	demo_type(&demo, "iq"); /* nothing is ticked */
	demo_shows(&demo, "What you chose here is neither applied nor saved.");
	demo_type(&demo, "n");
	demo.session.read_only = true;
	demo_type(&demo, "q");
	demo_shows(&demo, "Leave without saving?");
	demo_hides(&demo, "neither applied");
	demo_close(&demo);
}

static void who_wants_to_leave_and_says_so_again_is_let_go(void **state)
{
	static const int keys[] = { CONTROL('C'), INPUT_F10 };

	(void)state;
	for (size_t i = 0; i < array_size(keys); i++) {
		struct demo demo;

		demo_open_at(&demo, "06:00.0", 24, 80);
		demo_type(&demo, " ");
		assert_false(demo_key(&demo, keys[i]) & REACT_QUIT);
		assert_true(demo_key(&demo, keys[i]) & REACT_QUIT);
		demo_close(&demo);
	}
}

static void ctrl_c_calls_off_any_other_question(void **state)
{
	struct demo demo;

	(void)state;
	open_question(&demo);
	demo_key(&demo, CONTROL('C'));
	demo_hides(&demo, "Also tick");
	assert_int_equal(demo.session.selection.count, 0);
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_does_not_plan_nor_read_more_than_it_shows),
		cmocka_unit_test(leaving_asks_only_where_something_would_be_lost),
		cmocka_unit_test(searching_goes_from_match_to_match_and_unfolds),
		cmocka_unit_test(a_filter_shows_only_what_matches_until_esc),
		cmocka_unit_test(groups_fold_and_unfold),
		cmocka_unit_test(options_change_what_is_planned),
		cmocka_unit_test(an_option_that_is_in_the_way_says_so),
		cmocka_unit_test(a_page_of_the_plan_is_that_of_the_machine_that_was_read_again),
		cmocka_unit_test(the_acs_override_can_only_be_chosen_where_the_kernel_knows_it),
		cmocka_unit_test(a_wrong_locale_of_typed_bytes_does_no_harm),
		cmocka_unit_test(no_size_and_no_page_crashes),
		cmocka_unit_test(the_cursor_rests_on_the_selected_row),
		cmocka_unit_test(what_goes_on_below_the_screen_is_told),
		cmocka_unit_test(a_question_is_asked_without_a_hint_at_other_keys),
		cmocka_unit_test(the_line_on_top_leaves_out_whole_words_where_it_is_narrow),
		cmocka_unit_test(a_message_without_room_says_that_it_goes_on),
		cmocka_unit_test(what_is_said_of_a_change_is_read_to_its_end),
		cmocka_unit_test(one_who_comes_for_the_first_time_is_told_how_to_begin),
		cmocka_unit_test(a_choice_with_one_name_is_named_once),
		cmocka_unit_test(a_click_means_what_is_drawn_there),
		cmocka_unit_test(the_function_under_the_cursor_stays_there_through_a_rescan),
		cmocka_unit_test(an_empty_machine_is_no_crash),
		cmocka_unit_test(a_server_of_4096_functions_is_walked_through),
		cmocka_unit_test(the_question_before_leaving_speaks_of_what_would_be_lost),
		cmocka_unit_test(who_wants_to_leave_and_says_so_again_is_let_go),
		cmocka_unit_test(ctrl_c_calls_off_any_other_question),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
