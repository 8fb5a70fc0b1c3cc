/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages beside the tree: that all of them can be read, and that what they say is so. */
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

/* Findings that are longer than a small screen, and a section below the last of them. */
static void open_findings(struct demo *demo, int rows, int cols)
{
	demo_open(demo, rows, cols);
	strlist_add(&demo->session.host->incomplete, "The modules of this kernel cannot be read.");
	strlist_add(&demo->session.host->incomplete, "Nor can the last of all.");
	demo_goto(demo, "00:17.0");
	demo_type(demo, " ");
	demo_goto(demo, "00:1f.3");
	demo_type(demo, " nf");
}

/* Types KEY until nothing moves any more; every line of the page that says something must have been seen. */
static void read_with(struct demo *demo, int key)
{
	bool seen[128] = { false };
	size_t cursor, top;

	do {
		const struct place *place = &demo->model.places[demo->model.depth - 1];
		size_t rows = (size_t)model_layout(&demo->model).body.rows;

		assert_true(demo->model.page.count <= array_size(seen));
		for (size_t i = 0; i < rows && place->top + i < demo->model.page.count; i++)
			seen[place->top + i] = true;
		cursor = place->cursor;
		top = place->top;
		demo_key(demo, key);
	} while (demo->model.places[demo->model.depth - 1].cursor != cursor ||
		 demo->model.places[demo->model.depth - 1].top != top);
	for (size_t i = 0; i < demo->model.page.count; i++)
		if (!seen[i] && *demo->model.page.lines[i].text)
			fail_msg("\"%s\" is never seen", demo->model.page.lines[i].text);
}

static void whatever_is_longer_than_the_screen_can_be_read(void **state)
{
	static const struct {
		int rows, cols;
	} sizes[] = { { 10, 40 }, { 11, 45 }, { 17, 60 }, { 24, 80 } };

	(void)state;
	for (size_t i = 0; i < array_size(sizes); i++) {
		struct demo demo;

		open_findings(&demo, sizes[i].rows, sizes[i].cols);
		read_with(&demo, INPUT_DOWN);
		demo_hides(&demo, "More below");
		demo_shows(&demo, "last of all");
		read_with(&demo, INPUT_UP);
		demo_shows(&demo, "What is ticked cannot");
		read_with(&demo, INPUT_PAGE_DOWN);
		demo_hides(&demo, "More below");
		read_with(&demo, INPUT_PAGE_UP);
		demo_shows(&demo, "What is ticked cannot");
		demo_key(&demo, INPUT_END);
		demo_shows(&demo, "last of all");
		demo_key(&demo, INPUT_HOME);
		demo_shows(&demo, "What is ticked cannot");
		demo_close(&demo);
	}
}

static void the_cursor_of_a_page_is_always_on_the_screen(void **state)
{
	struct demo demo;

	(void)state;
	open_findings(&demo, 10, 40);
	for (int i = 0; i < 60; i++) {
		const struct canvas *canvas = &demo.screen.canvas;

		demo_key(&demo, i < 30 ? INPUT_DOWN : INPUT_UP);
		demo_shows(&demo, "▸");
		assert_string_equal(canvas_cell(canvas, canvas->cursor_row, canvas->cursor_col)->bytes, "▸");
	}
	demo_close(&demo);
}

static void scrolling_to_the_side_ends_with_the_longest_line(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_type(&demo, " d");
	for (int i = 0; i < 50; i++)
		demo_key(&demo, INPUT_RIGHT);
	demo_shows(&demo, "this line a long one\"\n");
	demo_hides(&demo, "RightMore");
	demo_type(&demo, "\033U");
	demo_type(&demo, "d"); /* what is read now is short: it is not scrolled away */
	demo_shows(&demo, "Nothing changes");
	demo_close(&demo);
}

static void the_signs_of_the_help_stand_in_one_column(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 60, 80);
	demo_type(&demo, "?G");
	demo_shows(&demo, "\n   a → b          driven by a today");
	demo_shows(&demo, "\n   bound          at vfio-pci already");
	demo_close(&demo);
}

static void the_options_say_what_is_open(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "o");
	demo_shows(&demo, "Boot loader          not looked for yet");
	demo_shows(&demo, "SpaceChange");
	demo_hides(&demo, "EnterOpen");
	demo_type(&demo, "\033");
	demo_ambiguous = true;
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " o");
	demo_shows(&demo, "Boot loader          two look alike: Enter asks which it is");
	demo_close(&demo);
}

static void the_choice_shows_which_one_is_in_force(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_ambiguous = true;
	demo_type(&demo, " W");
	demo_shows(&demo, "(*) Whichever the evidence speaks for");
	demo_shows(&demo, "( ) systemd-boot");
	demo_shows(&demo, "EnterTake");
	demo_hides(&demo, "SpaceChange");
	demo_type(&demo, " ");
	demo_shows(&demo, "the question stays open, W asks again.");
	demo_type(&demo, "WG\rW");
	assert_string_equal(demo.session.selection.loader, "systemd-boot");
	demo_type(&demo, "\033o");
	demo_key(&demo, INPUT_END);
	demo_type(&demo, "k\r");
	demo_shows(&demo, "( ) Whichever the evidence speaks for");
	demo_shows(&demo, "(*) systemd-boot");
	demo_close(&demo);
}

static void the_findings_claim_nothing_that_nobody_looked_at(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "f");
	demo_shows(&demo, "Nothing is ticked. Tick a device, and what stands against it is shown here.");
	demo_hides(&demo, "EnterOpen"); /* there is nothing to open */
	demo_close(&demo);
}

static void a_question_is_answered_here_and_not_on_the_command_line(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_ambiguous = true;
	demo_type(&demo, " f");
	demo_shows(&demo, "What to do: Enter asks which one it is.");
	demo_hides(&demo, "--loader");
	demo_type(&demo, "\r");
	demo_shows(&demo, "Which boot loader starts this machine?");
	/* what else was found is no question */
	demo_type(&demo, "\033G\r");
	demo_hides(&demo, "Which boot loader starts this machine?");
	demo_shows(&demo, "This is about the machine, not about one device.");
	demo_close(&demo);
}

static void what_is_not_recognised_is_asked_for_and_a_wrong_answer_can_be_changed(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 17, 60);
	demo_unknown = true;
	demo_type(&demo, " f");
	demo_shows(&demo, "ERROR: loader-unknown");
	demo_shows(&demo, "What to do: Enter asks which one it is.");
	demo_hides(&demo, "--loader");
	demo_type(&demo, "\r");
	demo_shows(&demo, " No trace was found of these:\n ( ) rEFInd (refind)\n ( ) Limine (limine)\n");
	/* W asks, too, before it refuses */
	demo_type(&demo, "\033W");
	demo_shows(&demo, "Which boot loader starts this machine?");
	demo_plan_fails = true;
	demo_type(&demo, "G\r");
	assert_string_equal(demo.session.selection.loader, "limine");
	demo_shows(&demo, "It could not be planned: ");
	demo_shows(&demo, "The boot loader limine is your choice: o, the options");
	demo_close(&demo);
}

static void the_changes_of_a_refused_choice_say_so_first(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:17.0", 24, 80);
	demo_type(&demo, " d");
	demo_shows(&demo, "\n 1 error stands in the way: it would not be applied like this. f shows it.\n");
	demo_shows(&demo, "+options vfio-pci");
	demo_type(&demo, "faydd");
	demo_hides(&demo, "in the way: it would not");
	demo_shows(&demo, "+options vfio-pci");
	demo_close(&demo);
}

static void a_question_without_room_scrolls_and_keeps_its_answers(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 10, 40);
	demo_type(&demo, " ");
	demo_shows(&demo, "y Tick them too   n Only this one");
	demo_shows(&demo, "Esc Tick nothing");
	demo_shows(&demo, "A guest gets a group as a whole.");
	demo_shows(&demo, "↓");
	demo_hides(&demo, "↑");
	for (int i = 0; i < 30; i++)
		demo_key(&demo, INPUT_DOWN);
	demo_shows(&demo, "SMBus (00:1f.4)");
	demo_shows(&demo, "↑");
	demo_hides(&demo, "↓");
	demo_hides(&demo, "DownMore");
	for (int i = 0; i < 30; i++)
		demo_key(&demo, INPUT_PAGE_UP);
	demo_shows(&demo, "A guest gets a group as a whole.");
	assert_int_equal(demo.session.selection.count, 0);
	demo_type(&demo, "y");
	assert_true(demo_ticked(&demo, "00:1f.3"));
	demo_close(&demo);
}

static void what_an_override_means_is_said_before_what_it_overrides(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 10, 40);
	demo_type(&demo, " nfa");
	demo_shows(&demo, "Do this only where you know why it");
	demo_shows(&demo, "y Override   n Leave it");
	demo_shows(&demo, "DownMore");
	demo_resize(&demo, 17, 60);
	demo_shows(&demo, "Do this only where you know why it");
	demo_shows(&demo, "alone: others of its group have host drivers.");
	demo_hides(&demo, "DownMore");
	demo_close(&demo);
}

static void of_a_group_that_stays_with_the_host_no_guest_is_spoken(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 43, 132);
	demo_shows(&demo, "Nothing here can go to a guest: it stays with the");
	demo_shows(&demo, "stays with the host, in nobody's way");
	demo_hides(&demo, "A guest gets a group");
	demo_hides(&demo, "no obstacle");
	demo_close(&demo);
}

static void the_arrows_are_where_the_bar_is(void **state)
{
	struct demo demo;
	const struct cell *cell;
	size_t cursor;

	(void)state;
	demo_open_at(&demo, "02:00.0", 16, 100);
	demo_shows(&demo, "TabDetails");
	demo_shows(&demo, "↓"); /* on the border: there is more of the details */
	cursor = demo.model.places[0].cursor;
	demo_key(&demo, INPUT_TAB);
	demo_shows(&demo, "Tab goes back to the tree.");
	demo_key(&demo, INPUT_DOWN);
	demo_shows(&demo, "TabTree");
	demo_shows(&demo, "More below: PgDn"); /* of the details */
	demo_shows(&demo, "↑");
	assert_int_equal(demo.model.places[0].cursor, cursor);
	cell = canvas_cell(&demo.screen.canvas, demo.screen.canvas.cursor_row, demo.screen.canvas.cursor_col);
	assert_int_equal(cell->style, STYLE_SELECTED);
	assert_true(demo.screen.canvas.cursor_col > model_layout(&demo.model).border.col);
	demo_key(&demo, INPUT_END);
	demo_hides(&demo, "More below");
	demo_key(&demo, INPUT_TAB);
	demo_key(&demo, INPUT_DOWN);
	assert_int_equal(demo.model.places[0].cursor, cursor + 1);
	demo_shows(&demo, "TabDetails");
	demo_close(&demo);
}

static void where_there_is_nothing_to_scroll_tab_says_so(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 43, 132);
	demo_key(&demo, INPUT_TAB);
	demo_shows(&demo, "All of the details are on the screen.");
	demo_type(&demo, "j");
	assert_int_equal(demo.model.places[0].cursor, 1);
	demo_resize(&demo, 24, 80);
	demo_hides(&demo, "TabDetails");
	demo_key(&demo, INPUT_TAB);
	demo_shows(&demo, "Enter shows the details");
	demo_type(&demo, "j");
	assert_int_equal(demo.model.places[0].cursor, 2);
	demo_close(&demo);
}

static void a_banner_without_room_says_that_it_goes_on(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 10, 40);
	demo.session.read_only = true;
	demo_resize(&demo, 10, 40);
	demo_shows(&demo, "groups. i plans");
	demo_shows(&demo, "~\n");
	demo_resize(&demo, 24, 80);
	demo_shows(&demo, "! A machine file: nothing can be applied here.\n");
	demo_close(&demo);
}

static void that_there_is_more_below_is_told_beside_a_message_and_a_question(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 10, 40);
	demo_type(&demo, " W");
	demo_shows(&demo, "Type yes and Enter to apply:      ↓ PgDn");
	demo_type(&demo, "yes, indeed, and much more");
	demo_shows(&demo, "more  ↓\n");
	demo.model.ascii = true;
	demo_shows(&demo, "more  v\n");
	demo.model.ascii = false;
	demo_key(&demo, INPUT_PAGE_DOWN);
	demo_key(&demo, INPUT_PAGE_DOWN);
	demo_key(&demo, INPUT_PAGE_DOWN);
	demo_key(&demo, INPUT_PAGE_DOWN);
	demo_hides(&demo, "↓");
	demo_close(&demo);
	demo_open_at(&demo, "00:1f.0", 17, 60);
	demo_type(&demo, " "); /* cannot be ticked: a message of two lines */
	demo_shows(&demo, "↓");
	demo_shows(&demo, "PgDn");
	demo_close(&demo);
}

static void too_small_a_window_says_first_how_large_it_must_be(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 9, 38);
	demo_shows(&demo, "40x10 needed: make the window larger.");
	demo_resize(&demo, 3, 13);
	demo_shows(&demo, "40x10 needed~");
	demo_close(&demo);
}

static void what_can_be_overridden_says_so(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 80);
	demo_type(&demo, " nf");
	demo_shows(&demo, "To go on in spite of it: a");
	demo_type(&demo, "ay");
	demo_hides(&demo, "To go on in spite of it: a");
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_overridden_says_so),
		cmocka_unit_test(whatever_is_longer_than_the_screen_can_be_read),
		cmocka_unit_test(the_cursor_of_a_page_is_always_on_the_screen),
		cmocka_unit_test(scrolling_to_the_side_ends_with_the_longest_line),
		cmocka_unit_test(the_signs_of_the_help_stand_in_one_column),
		cmocka_unit_test(the_options_say_what_is_open),
		cmocka_unit_test(the_choice_shows_which_one_is_in_force),
		cmocka_unit_test(the_findings_claim_nothing_that_nobody_looked_at),
		cmocka_unit_test(a_question_is_answered_here_and_not_on_the_command_line),
		cmocka_unit_test(what_is_not_recognised_is_asked_for_and_a_wrong_answer_can_be_changed),
		cmocka_unit_test(the_changes_of_a_refused_choice_say_so_first),
		cmocka_unit_test(a_question_without_room_scrolls_and_keeps_its_answers),
		cmocka_unit_test(what_an_override_means_is_said_before_what_it_overrides),
		cmocka_unit_test(of_a_group_that_stays_with_the_host_no_guest_is_spoken),
		cmocka_unit_test(the_arrows_are_where_the_bar_is),
		cmocka_unit_test(where_there_is_nothing_to_scroll_tab_says_so),
		cmocka_unit_test(a_banner_without_room_says_that_it_goes_on),
		cmocka_unit_test(that_there_is_more_below_is_told_beside_a_message_and_a_question),
		cmocka_unit_test(too_small_a_window_says_first_how_large_it_must_be),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
