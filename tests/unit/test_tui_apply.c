/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way from a choice to applying it: what is asked, what refuses, and what is told first. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "screens/demo.h"
#include "tui/applying.h"
#include "tui/update.h"

static void applying_needs_the_typed_yes(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
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
	demo_open_at(&demo, "06:00.0", 24, 80);
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
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo.session.read_only = true;
	assert_false(demo_type(&demo, " Wyes\r") & REACT_APPLY);
	demo_shows(&demo, "machine file");
	demo_close(&demo);
}

static void two_boot_loaders_are_a_question(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_ambiguous = true;
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
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_plan_fails = true;
	demo_type(&demo, " ");
	demo_shows(&demo, "Cannot plan: /etc/default/grub cannot be read");
	assert_false(demo_type(&demo, "Wyes\r") & REACT_APPLY);
	demo_type(&demo, "f");
	demo_shows(&demo, "It could not be planned: /etc/default/grub cannot be read");
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
	demo_shows(&demo, "! An apply was cut off: W puts that right. Do it before you reboot.");
	demo.session.read_only = true; /* a machine that was captured like that */
	demo_hides(&demo, "W puts that right");
	demo_close(&demo);
}

static void what_was_cut_off_is_put_right_before_anything_is_applied(void **state)
{
	struct demo demo;
	struct strlist argv = { 0 };
	char *joined;

	(void)state;
	demo_open_applied(&demo, 24, 80);
	demo_type(&demo, "U");
	demo_interrupted = true; /* since the machine was read */
	assert_false(demo_type(&demo, "W") & REACT_APPLY);
	demo_shows(&demo, "An apply was cut off: put that right?");
	assert_false(demo_type(&demo, "n") & REACT_APPLY);
	demo_hides(&demo, "not in effect as wanted"); /* of half an apply nothing can have arrived */
	demo_type(&demo, "v");
	demo_shows(&demo, "The last apply was cut off");
	demo_type(&demo, "W");
	assert_true(demo_type(&demo, "y") & REACT_APPLY);
	applying_command(&demo.model, "/usr/sbin/vfioconf", NULL, &argv);
	joined = strlist_join(&argv, " ");
	assert_string_equal(joined, "/usr/sbin/vfioconf --recover --json");
	free(joined);
	strlist_done(&argv);
	demo_interrupted = false;
	demo.model.feed.recovery = true;
	feed_line(&demo.model.feed, "{\"event\":\"recovered\",\"status\":0,\"outcome\":\"undone\",\"kept\":[]}");
	feed_ended(&demo.model.feed, 0);
	update_applied(&demo.model);
	demo_shows(&demo, "Put right.");
	demo_hides(&demo, "{");
	demo_type(&demo, "\033");
	demo_shows(&demo, "0 ticked, not applied");
	demo_close(&demo);
}

static void nothing_is_applied_beside_another_apply(void **state)
{
	const struct demo_verdict busy = { .kind = VERDICT_NATIVE_DRIVER, .busy = true };
	struct demo demo;

	(void)state;
	demo_open_verdict(&demo, &busy, 24, 80);
	demo_shows(&demo, "! Another vfioconf is changing this machine right now.");
	demo_hides(&demo, "not in effect as wanted");
	demo_type(&demo, "UW");
	demo_shows(&demo, "wait until it has ended, then W again.");
	assert_int_equal(demo.model.dialog.question, QUESTION_NONE);
	demo_type(&demo, "v");
	demo_shows(&demo, "Another vfioconf is at it");
	demo_close(&demo);
}

static void what_cannot_be_seen_does_not_happen(void **state)
{
	struct event wheel = { .kind = EVENT_WHEEL, .lines = 3 };
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_type(&demo, " W");
	demo_resize(&demo, 9, 39);
	demo_shows(&demo, "40x10 needed");
	assert_int_equal(demo_type(&demo, "yes\r"), 0);
	assert_int_equal(update(&demo.model, &wheel), 0);
	assert_int_equal(demo_key(&demo, CONTROL('L')), REACT_CLEAR);
	assert_int_equal(demo_key(&demo, CONTROL('Z')), REACT_SUSPEND);
	demo_resize(&demo, 24, 80);
	demo_shows(&demo, "Type yes and Enter");
	demo_type(&demo, "\033");
	demo_resize(&demo, 9, 39);
	demo_type(&demo, "UW i");
	assert_true(demo_ticked(&demo, "06:00.0"));
	/* Leaving asks, and what it asks is seen. */
	assert_false(demo_type(&demo, "q") & REACT_QUIT);
	demo_shows(&demo, "y leaves, n stays");
	demo_type(&demo, "sn");
	demo_shows(&demo, "40x10 needed");
	assert_false(demo_key(&demo, INPUT_F10) & REACT_QUIT);
	assert_true(demo_key(&demo, INPUT_F10) & REACT_QUIT);
	demo_close(&demo);
}

static void applying_can_be_stopped_in_a_window_that_is_too_small(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo.model.running = true;
	demo.model.places[demo.model.depth++] = (struct place){ .view = VIEW_PROGRESS };
	demo_key(&demo, INPUT_F10);
	demo_shows(&demo, "The changes are being applied: wait for the end, or c stops.");
	demo_resize(&demo, 5, 30);
	demo_shows(&demo, "applying");
	assert_false(demo_type(&demo, "qc") & REACT_QUIT);
	demo_shows(&demo, "y stops it, n goes on.");
	demo_type(&demo, "y");
	assert_true(demo.model.feed.stopping);
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
	demo_open_at(&demo, "06:00.0", 24, 80);
	demo_type(&demo, " W");
	strlist_add(&demo.session.allow, "no-reset");
	changeset_digest(&demo.session.plan->changeset, digest);
	applying_command(&demo.model, "/usr/sbin/vfioconf", "sudo", &argv);
	joined = strlist_join(&argv, " ");
	snprintf(wanted, sizeof(wanted),
		 "sudo /usr/sbin/vfioconf --apply-saved - --yes --expect %s --json --allow no-reset", digest);
	assert_string_equal(joined, wanted);
	free(joined);
	strlist_done(&argv);
	demo_close(&demo);
}

static void applied(struct demo *demo)
{
	feed_line(&demo->model.feed, "{\"event\":\"done\",\"status\":0,\"id\":\"20261122T141500Z-1\",\"reboot\":true,"
				     "\"way_back\":null}");
	selection_copy(&demo->session.applied.selection, &demo->session.selection);
	demo->session.applied.present = !selection_empty(&demo->session.selection);
	update_applied(&demo->model);
}

static void the_result_tells_of_what_was_applied(void **state)
{
	const struct demo_verdict arrived = { .kind = VERDICT_ARRIVED };
	struct demo demo;

	(void)state;
	demo_open_verdict(&demo, &arrived, 30, 100); /* both devices are given back */
	demo_type(&demo, "\rUW");
	demo_shows(&demo, "back to the host: GM204 [GeForce GTX 970] (02:00.0)");
	demo_type(&demo, "yes\r");
	applied(&demo);
	demo_shows(&demo, "then:  reboot");
	demo_shows(&demo, "Every device is with the host again.");
	demo_hides(&demo, "arrived at vfio-pci");
	demo_type(&demo, "\033v");
	demo_shows(&demo, "Nothing is applied on this machine now");
	demo_close(&demo);
	demo_open_off(&demo, 30, 100);
	demo.model.systemd = true;
	demo_type(&demo, "iWyes\r");
	applied(&demo);
	demo_shows(&demo, "then:  systemctl reboot");
	demo_shows(&demo, "the groups are there then");
	demo_type(&demo, "\033v"); /* seen as before the reboot, and as after it */
	demo.model.verification.items[0] = (struct verdict){ .kind = VERDICT_NOT_REBOOTED, .general = true,
							     .sentence = memory_string("The IOMMU: not yet.") };
	demo.model.verification.count = 1;
	demo_resize(&demo, 30, 100);
	demo_shows(&demo, "Applied, and not in effect before a reboot.");
	demo_shows(&demo, "Next: Leave, and reboot:  systemctl reboot");
	demo.model.verification.items[0].kind = VERDICT_ARRIVED;
	demo.model.verification.arrived = true;
	demo_hides(&demo, "at vfio-pci to a guest");
	demo_resize(&demo, 30, 100);
	demo_shows(&demo, "The IOMMU is on: tick in the tree what a guest shall own.");
	demo_type(&demo, "\033iW");
	demo_shows(&demo, "The IOMMU is no longer turned on by vfioconf.");
	demo_close(&demo);
}

static void long_lines_of_what_ran_are_read_whole(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	feed_line(&demo.model.feed, "cpio: a line that is far longer than the screen is wide, since it names the file "
				    "and then at its end the reason");
	feed_line(&demo.model.feed, "{\"event\":\"fault\",\"status\":1,\"message\":\"no\",\"rolled_back\":true}");
	update_applied(&demo.model);
	demo_shows(&demo, "at its end the reason");
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(applying_needs_the_typed_yes),
		cmocka_unit_test(esc_leaves_the_question_and_the_diff_leads_back_to_it),
		cmocka_unit_test(nothing_to_apply_is_said),
		cmocka_unit_test(a_machine_file_is_never_applied),
		cmocka_unit_test(two_boot_loaders_are_a_question),
		cmocka_unit_test(a_fault_of_planning_is_shown),
		cmocka_unit_test(an_unconfirmed_apply_is_the_first_thing_that_is_said),
		cmocka_unit_test(an_apply_that_was_cut_off_is_said_first),
		cmocka_unit_test(what_was_cut_off_is_put_right_before_anything_is_applied),
		cmocka_unit_test(nothing_is_applied_beside_another_apply),
		cmocka_unit_test(what_cannot_be_seen_does_not_happen),
		cmocka_unit_test(applying_can_be_stopped_in_a_window_that_is_too_small),
		cmocka_unit_test(the_result_tells_of_what_was_applied),
		cmocka_unit_test(long_lines_of_what_ran_are_read_whole),
		cmocka_unit_test(the_apply_step_gets_exactly_what_was_shown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
