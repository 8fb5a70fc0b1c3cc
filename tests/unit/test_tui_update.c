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
#include "tui/applying.h"
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

static void a_tick_plans_once_and_says_what_follows(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " ");
	assert_true(demo_ticked(&demo, "06:00.0"));
	assert_int_equal(demo_counts.plans, 1);
	demo_shows(&demo, "xhci_hcd → vfio-pci");
	demo_shows(&demo, "W applies");
	demo_type(&demo, " ");
	assert_false(demo_ticked(&demo, "06:00.0"));
	demo_shows(&demo, "nothing to do");
	demo_close(&demo);
}

static void ticking_offers_the_group_mates(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "00:1f.3");
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

static void the_offer_can_be_declined_or_called_off(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "00:1f.3");
	demo_type(&demo, " \033");
	assert_int_equal(demo.session.selection.count, 0);
	demo_type(&demo, " n");
	assert_true(demo_ticked(&demo, "00:1f.3"));
	assert_false(demo_ticked(&demo, "00:1f.4"));
	demo_shows(&demo, "! 1 in the way");
	demo_shows(&demo, "f shows it");
	demo_close(&demo);
}

static void a_bridge_cannot_be_ticked_and_says_why(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "00:01.0");
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
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "00:1f.0");
	demo_shows(&demo, "[-] 00:1f.0");
	demo_type(&demo, " ");
	demo_shows(&demo, "cannot be ticked");
	/* An older profile may have it ticked. */
	selection_tick(&demo.session.selection, demo.session.host, demo_function(&demo, "00:1f.0"));
	demo_type(&demo, " ");
	assert_false(demo_ticked(&demo, "00:1f.0"));
	demo_close(&demo);
}

static void a_group_is_ticked_as_a_whole_and_back(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "02:00.0");
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
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "00:17.0");
	reactions = demo_type(&demo, " Wyes\r");
	assert_false(reactions & REACT_APPLY);
	demo_shows(&demo, "ERROR: storage-in-use");
	demo_close(&demo);
}

static void a_finding_is_overridden_only_after_a_question(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "00:17.0");
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
	demo_open(&demo, 24, 80);
	demo_ambiguous = true;
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " fa");
	demo_shows(&demo, "loader-ambiguous cannot be overridden");
	assert_int_equal(demo.session.allow.count, 0);
	demo_close(&demo);
}

static void applying_needs_the_typed_yes(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "06:00.0");
	/* What was typed ahead is to be thrown away when the question comes up. */
	assert_true(demo_type(&demo, " W") & REACT_FLUSH);
	assert_false(demo_type(&demo, "\r") & REACT_APPLY);
	assert_false(demo_type(&demo, "y\r") & REACT_APPLY);
	assert_false(demo_type(&demo, "YES\r") & REACT_APPLY);
	assert_false(demo_type(&demo, "yes please\r") & REACT_APPLY);
	demo_shows(&demo, "Nothing was applied");
	assert_true(demo_type(&demo, "yes\r") & REACT_APPLY);
	demo_close(&demo);
}

static void esc_leaves_the_question_and_the_diff_leads_back_to_it(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " Wd");
	demo_shows(&demo, "+options vfio-pci");
	assert_false(demo_type(&demo, "yes\r") & REACT_APPLY); /* here "yes" means nothing */
	assert_true(demo_type(&demo, "\033") & REACT_FLUSH);
	demo_shows(&demo, "Type yes and Enter");
	demo_type(&demo, "\033");
	demo_hides(&demo, "Type yes");
	demo_shows(&demo, "Group 10");
	demo_close(&demo);
}

static void nothing_to_apply_is_said(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_type(&demo, "W");
	demo_shows(&demo, "Nothing is ticked, so there is nothing to apply.");
	demo_hides(&demo, "Type yes");
	demo_close(&demo);
	demo_open_applied(&demo, 24, 80);
	demo_type(&demo, "W");
	demo_shows(&demo, "Nothing to apply: everything is as it is ticked.");
	demo_close(&demo);
}

static void a_machine_file_is_never_applied(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo.session.read_only = true;
	demo_goto(&demo, "06:00.0");
	assert_false(demo_type(&demo, " Wyes\r") & REACT_APPLY);
	demo_shows(&demo, "machine file");
	demo_close(&demo);
}

static void two_boot_loaders_are_a_question(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_ambiguous = true;
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " W");
	demo_shows(&demo, "Which boot loader starts this machine?");
	demo_shows(&demo, "/boot/grub/grub.cfg names the running kernel");
	demo_type(&demo, "j\r");
	assert_string_equal(demo.session.selection.loader, "grub-dropin");
	demo_shows(&demo, "Chosen: GRUB (Debian drop-in).");
	assert_true(demo_type(&demo, "Wyes\r") & REACT_APPLY);
	demo_close(&demo);
}

static void a_fault_of_planning_is_shown(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_plan_fails = true;
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " ");
	demo_shows(&demo, "Cannot plan: /etc/default/grub cannot be read");
	assert_false(demo_type(&demo, "Wyes\r") & REACT_APPLY);
	demo_type(&demo, "f");
	demo_shows(&demo, "It could not be planned: /etc/default/grub cannot be read");
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
	demo_shows(&demo, "vfioconf --apply-saved /tmp/p.ini");
	assert_true(demo_type(&demo, "q") & REACT_QUIT); /* saved: nothing is lost */
	demo_close(&demo);
}

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
	demo_shows(&demo, "No space left on device");
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
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "02:00.1");
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
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "00:1f.4");
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

static void without_an_iommu_one_key_enables_it(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	demo_shows(&demo, "is off: no groups yet. i enables it");
	demo_type(&demo, "i");
	assert_true(demo.session.selection.iommu);
	demo_shows(&demo, "after W (apply) and a reboot it is on");
	assert_true(demo_type(&demo, "Wyes\r") & REACT_APPLY);
	demo_close(&demo);
}

static void an_unconfirmed_apply_is_the_first_thing_that_is_said(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_applied(&demo, 24, 80);
	demo_shows(&demo, "! The last apply is not in effect as wanted: 0 of 2 in order. v tells why.");
	demo_type(&demo, "v");
	demo_shows(&demo, "is driven by nouveau, not by vfio-pci.");
	demo_shows(&demo, "What to do: Rebuild the initramfs images");
	demo_close(&demo);
}

static void an_apply_that_was_cut_off_is_said_first(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo_interrupted = true;
	demo_type(&demo, "R");
	demo_shows(&demo, "! An apply was cut off. Leave, and run  vfioconf --recover  as root");
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
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "06:00.0");
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

static void the_apply_step_gets_exactly_what_was_shown(void **state)
{
	struct demo demo;
	struct strlist argv = { 0 };
	char digest[65];
	char *joined;
	char wanted[256];

	(void)state;
	demo_open(&demo, 24, 80);
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " W");
	strlist_add(&demo.session.allow, "no-reset");
	changeset_digest(&demo.session.plan->changeset, digest);
	applying_command(&demo.model, "/usr/sbin/vfioconf", "sudo", &argv);
	joined = strlist_join(&argv, " ");
	snprintf(wanted, sizeof(wanted),
		 "sudo /usr/sbin/vfioconf --apply-saved - --yes --json --expect %s --allow no-reset", digest);
	assert_string_equal(joined, wanted);
	free(joined);
	strlist_done(&argv);
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_does_not_plan_nor_read_more_than_it_shows),
		cmocka_unit_test(a_tick_plans_once_and_says_what_follows),
		cmocka_unit_test(ticking_offers_the_group_mates),
		cmocka_unit_test(the_offer_can_be_declined_or_called_off),
		cmocka_unit_test(a_bridge_cannot_be_ticked_and_says_why),
		cmocka_unit_test(the_chipset_cannot_be_ticked_but_unticked),
		cmocka_unit_test(a_group_is_ticked_as_a_whole_and_back),
		cmocka_unit_test(a_refused_choice_is_not_applied_but_explained),
		cmocka_unit_test(a_finding_is_overridden_only_after_a_question),
		cmocka_unit_test(what_may_not_be_overridden_is_not),
		cmocka_unit_test(applying_needs_the_typed_yes),
		cmocka_unit_test(esc_leaves_the_question_and_the_diff_leads_back_to_it),
		cmocka_unit_test(nothing_to_apply_is_said),
		cmocka_unit_test(a_machine_file_is_never_applied),
		cmocka_unit_test(two_boot_loaders_are_a_question),
		cmocka_unit_test(a_fault_of_planning_is_shown),
		cmocka_unit_test(leaving_asks_only_where_something_would_be_lost),
		cmocka_unit_test(saving_asks_before_it_overwrites_and_tells_of_faults),
		cmocka_unit_test(searching_goes_from_match_to_match_and_unfolds),
		cmocka_unit_test(a_filter_shows_only_what_matches_until_esc),
		cmocka_unit_test(groups_fold_and_unfold),
		cmocka_unit_test(without_an_iommu_one_key_enables_it),
		cmocka_unit_test(an_unconfirmed_apply_is_the_first_thing_that_is_said),
		cmocka_unit_test(an_apply_that_was_cut_off_is_said_first),
		cmocka_unit_test(options_change_what_is_planned),
		cmocka_unit_test(the_acs_override_can_only_be_chosen_where_the_kernel_knows_it),
		cmocka_unit_test(a_wrong_locale_of_typed_bytes_does_no_harm),
		cmocka_unit_test(no_size_and_no_page_crashes),
		cmocka_unit_test(the_cursor_rests_on_the_selected_row),
		cmocka_unit_test(a_click_means_what_is_drawn_there),
		cmocka_unit_test(the_function_under_the_cursor_stays_there_through_a_rescan),
		cmocka_unit_test(an_empty_machine_is_no_crash),
		cmocka_unit_test(a_server_of_4096_functions_is_walked_through),
		cmocka_unit_test(the_apply_step_gets_exactly_what_was_shown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
