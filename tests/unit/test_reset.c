/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/rule_reset.h"
#include "support/machine.h"

/*
 * A card of two functions that only its bus resets, one with a reset of its own, a device on the root bus without
 * any, a virtual function without one.
 */
static const char computer[] =
	"function 0000:00:01.0 060400 8086:1901\n"
	"\tdriver pcieport\n"
	"function 0000:00:1b.0 040300 8086:a170\n"
	"function 0000:00:1d.0 0c0330 8086:a12f\n"
	"\treset_method = flr\n"
	"function 0000:01:00.0 030000 10de:13c2\n"
	"\tunder 0000:00:01.0\n"
	"function 0000:01:00.1 040300 10de:0fbb\n"
	"\tunder 0000:00:01.0\n"
	"function 0000:02:10.0 020000 8086:154c\n"
	"\tunder 0000:00:01.0\n"
	"\tphysical 0000:00:1d.0\n";

/* The addresses of the findings, with blanks between them, once what is in TICKS is ticked. */
static char *warned_of(struct machine *machine, const char *ticks)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_strlist struct strlist found = { 0 };
	struct findings findings = { 0 };
	struct selection selection;
	char address[ADDRESS_SIZE];

	selection_init(&selection);
	strlist_split(&words, ticks, " ");
	for (size_t i = 0; i < words.count; i++)
		selection_tick(&selection, machine_host(machine), machine_function(machine, words.items[i]));
	reset_check(machine->root, machine_host(machine), &selection, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		assert_int_equal(findings.items[i].code, FINDING_NO_RESET);
		assert_int_equal(findings.items[i].severity, SEVERITY_WARNING);
		assert_non_null(strstr(findings.items[i].message, "the second start"));
		strlist_add(&found, address_format(findings.items[i].functions[0], address));
	}
	findings_done(&findings);
	selection_done(&selection);
	return strlist_join(&found, " ");
}

static void warns(struct machine *machine, const char *ticks, const char *of)
{
	cleanup_free char *found = warned_of(machine, ticks);

	assert_string_equal(found, of);
}

static void what_has_no_way_to_be_reset_is_warned_of(void **state)
{
	struct machine *machine = machine_open_text(computer);

	(void)state;
	warns(machine, "00:1d.0", "");
	warns(machine, "00:1b.0", "0000:00:1b.0");
	warns(machine, "00:1d.0 02:10.0", "0000:02:10.0");
	machine_close(machine);
}

static void a_card_that_goes_as_a_whole_is_reset_with_its_bus(void **state)
{
	struct machine *machine = machine_open_text(computer);

	(void)state;
	warns(machine, "01:00.0", "0000:01:00.0");
	warns(machine, "01:00.0 01:00.1", "");
	machine_close(machine);
}

static void a_kernel_that_does_not_say_is_believed_in_nothing(void **state)
{
	struct machine *machine = machine_open_text("function 0000:00:1b.0 040300 8086:a170\n");

	(void)state;
	warns(machine, "00:1b.0", "");
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_way_to_be_reset_is_warned_of),
		cmocka_unit_test(a_card_that_goes_as_a_whole_is_reset_with_its_bus),
		cmocka_unit_test(a_kernel_that_does_not_say_is_believed_in_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
