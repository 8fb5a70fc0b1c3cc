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
	demo_shows(&demo, "! An apply was cut off. Leave, and run  vfioconf --recover  as root");
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
		 "sudo /usr/sbin/vfioconf --apply-saved - --yes --json --expect %s --allow no-reset", digest);
	assert_string_equal(joined, wanted);
	free(joined);
	strlist_done(&argv);
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
		cmocka_unit_test(the_apply_step_gets_exactly_what_was_shown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
