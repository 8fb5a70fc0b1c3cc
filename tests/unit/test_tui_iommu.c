/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the interface says and offers where the IOMMU is off. */
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

static void one_key_enables_it_and_takes_that_back(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	demo_shows(&demo, "is off: no groups yet. i enables it");
	demo_shows(&demo, "iEnable");
	demo_type(&demo, "i");
	assert_true(demo.session.selection.iommu);
	demo_shows(&demo, "after W (apply) and a reboot it is on");
	demo_shows(&demo, "iLeave off");
	demo_type(&demo, "i");
	assert_false(demo.session.selection.iommu);
	demo_shows(&demo, "i enables it");
	demo_type(&demo, "i");
	assert_true(demo_type(&demo, "Wyes\r") & REACT_APPLY);
	demo_close(&demo);
}

static void with_ticks_it_offers_to_turn_it_on_alone(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	demo_goto(&demo, "06:00.0");
	demo_type(&demo, " ");
	demo_shows(&demo, "is off: the ticks need it first. i enables it alone.");
	demo_hides(&demo, "a reboot it is on");
	demo_type(&demo, "f"); /* where the remedy names the key it works */
	demo_shows(&demo, "iommu-off");
	demo_type(&demo, "i");
	demo_shows(&demo, "Untick all and have only the IOMMU switched on?");
	demo_type(&demo, "n");
	assert_true(demo_ticked(&demo, "06:00.0"));
	demo_type(&demo, "iy");
	assert_int_equal(demo.session.selection.count, 0);
	assert_true(demo.session.selection.iommu);
	demo_shows(&demo, "after W (apply) and a reboot it is on");
	demo_close(&demo);
}

static void what_is_applied_is_not_promised_again(void **state)
{
	const struct demo_verdict waits = { .kind = VERDICT_NOT_REBOOTED, .seen = true };
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	demo_type(&demo, "i");
	selection_copy(&demo.session.applied.selection, &demo.session.selection);
	demo.session.applied.present = true;
	demo_hides(&demo, "after W");
	demo_shows(&demo, "is off still: no groups yet.");
	demo_type(&demo, "i");
	demo_shows(&demo, "is off; after W it stays off.");
	demo_close(&demo);
	demo_open_verdict(&demo, &waits, 24, 80);
	demo.session.host->iommu.enabled = false;
	demo_shows(&demo, "is off until the reboot: no groups yet.");
	demo_close(&demo);
}

static void of_a_machine_file_nothing_is_promised(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	demo.session.read_only = true;
	demo_hides(&demo, "next boot");
	demo_shows(&demo, "is off: no groups. i plans to turn it on.");
	demo_type(&demo, "i");
	demo_hides(&demo, "after W");
	demo_shows(&demo, "It is turned on in the plan.");
	demo_close(&demo);
}

static void where_there_is_none_the_firmware_of_this_machine_is_spoken_of(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	demo.session.host->iommu.kind = IOMMU_NONE;
	demo.session.host->cpu = CPU_ARM;
	demo_resize(&demo, 24, 80);
	demo_shows(&demo, "No IOMMU found");
	demo_shows(&demo, "SMMU");
	demo_hides(&demo, "VT-d");
	demo_type(&demo, "i");
	demo_shows(&demo, "There is no IOMMU to turn on");
	demo_hides(&demo, "AMD-Vi");
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_key_enables_it_and_takes_that_back),
		cmocka_unit_test(with_ticks_it_offers_to_turn_it_on_alone),
		cmocka_unit_test(what_is_applied_is_not_promised_again),
		cmocka_unit_test(of_a_machine_file_nothing_is_promised),
		cmocka_unit_test(where_there_is_none_the_firmware_of_this_machine_is_spoken_of),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
