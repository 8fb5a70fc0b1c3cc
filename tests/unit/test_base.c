/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"
#include "base/fault.h"
#include "base/finding.h"
#include "base/strlist.h"
#include "base/text.h"

static void visible(const char *input, size_t length, const char *wanted)
{
	struct text text = { 0 };

	text_append_visible(&text, input, length, false);
	assert_string_equal(text_string(&text), wanted);
	text_done(&text);
}

static void what_comes_from_outside_is_made_visible(void **state)
{
	(void)state;
	visible("plain", 5, "plain");
	visible("a\033[31mb", 7, "a^[[31mb");
	visible("a\0b", 3, "a^@b");
	visible("\177", 1, "^?");
	visible("gr\303\274n", 5, "gr\303\274n");
	visible("\303", 1, "\\xc3");
	visible("\300\257", 2, "\\xc0\\xaf");                /* overlong */
	visible("\355\240\200", 3, "\\xed\\xa0\\x80");       /* surrogate */
	visible("a\342\200\256b", 5, "a\\u{202e}b");         /* right-to-left override */
	visible("\302\233" "31m", 5, "\\u{009b}31m");        /* C1 control sequence introducer */
	visible("two\nlines", 9, "two^Jlines");
}

static void the_tabs_of_a_text_of_lines_stay(void **state)
{
	struct text text = { 0 };

	(void)state;
	text_append_visible(&text, "\ta\r\n", 4, true);
	assert_string_equal(text_string(&text), "\ta^M\n");
	text_reset(&text);
	text_append_visible(&text, "a\tb", 3, false);
	assert_string_equal(text_string(&text), "a^Ib");
	text_done(&text);
}

static void a_cut_text_ends_at_a_whole_character(void **state)
{
	char buffer[4];

	(void)state;
	text_visible_to(buffer, sizeof(buffer), "ab\303\274");
	assert_string_equal(buffer, "ab");
}

static void addresses_are_read_whole_or_not_at_all(void **state)
{
	static const char *const bad[] = { "", "02", "02:00", "02:00.", "02:00.8", "02:20.0", "02:00.0x", "0000:02:00.0 ",
					   "::", "x2:00.0", "002:00.0", "000000000:02:00.0", "-1:00.0", " 02:00.0",
					   "02:00.00", "0000:02:00:0", "0000.02.00.0" };
	struct address address;
	char buffer[ADDRESS_SIZE];

	(void)state;
	assert_true(address_parse("02:1f.7", &address));
	assert_string_equal(address_format(address, buffer), "0000:02:1f.7");
	assert_true(address_parse("10000:E1:00.0", &address));
	assert_string_equal(address_format(address, buffer), "10000:e1:00.0");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (address_parse(bad[i], &address))
			fail_msg("\"%s\" was taken for an address", bad[i]);
}

static void context_stands_before_the_sentence(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_false(fault_system(&fault, 2, "/etc/x", "cannot read %s", "/etc/x"));
	assert_false(fault_context(&fault, "while planning"));
	assert_string_equal(fault.sentence, "while planning: cannot read /etc/x: No such file or directory");
	assert_int_equal(fault.error, 2);
	assert_false(fault_input(&fault, "p.ini", 3, "unknown key \"a\033b\""));
	assert_string_equal(fault.sentence, "p.ini:3: unknown key \"a^[b\"");
}

static void only_codes_that_may_be_overridden_are(void **state)
{
	struct findings findings = { 0 };
	struct strlist allow = { 0 };

	(void)state;
	findings_add(&findings, FINDING_BRIDGE_TICKED, SEVERITY_ERROR, "a bridge");
	findings_add(&findings, FINDING_STORAGE_IN_USE, SEVERITY_ERROR, "a disk");
	strlist_add(&allow, "storage-in-use");
	strlist_add(&allow, "bridge-ticked");
	findings_allow(&findings, &allow);
	assert_true(findings_refuse(&findings));
	assert_false(findings.items[0].allowed);
	assert_true(findings.items[1].allowed);
	assert_int_equal(findings_count(&findings, SEVERITY_WARNING), 1);
	findings_done(&findings);
	strlist_done(&allow);
}

static void sorting_findings_keeps_the_order_of_equals(void **state)
{
	struct findings findings = { 0 };

	(void)state;
	findings_add(&findings, FINDING_NO_RESET, SEVERITY_NOTE, "1");
	findings_add(&findings, FINDING_NO_RESET, SEVERITY_ERROR, "2");
	findings_add(&findings, FINDING_NO_RESET, SEVERITY_NOTE, "3");
	findings_add(&findings, FINDING_NO_RESET, SEVERITY_ERROR, "4");
	findings_sort(&findings);
	assert_string_equal(findings.items[0].message, "2");
	assert_string_equal(findings.items[1].message, "4");
	assert_string_equal(findings.items[2].message, "1");
	assert_string_equal(findings.items[3].message, "3");
	findings_done(&findings);
}

static void words_are_split_and_joined(void **state)
{
	struct strlist list = { 0 };
	char *joined;

	(void)state;
	strlist_split(&list, "  a b\tc ", " \t");
	joined = strlist_join(&list, ",");
	assert_string_equal(joined, "a,b,c");
	free(joined);
	assert_false(strlist_add_once(&list, "b"));
	strlist_done(&list);
}

/* Nothing is cut, nothing is glued to it, and nothing of it reaches a terminal raw; a tab does not count as a blank. */
static void what_is_to_be_pasted_keeps_its_lines(void **state)
{
	struct findings findings = { 0 };
	struct finding *finding = findings_add(&findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR, "a");

	(void)state;
	assert_null(finding->paste);
	finding_paste(finding, "%s", "x  y\n\n  z\n");
	assert_string_equal(finding->paste, "x  y\n\n  z");
	finding_paste(finding, "%s", "a\tb\033[m\r\nc");
	assert_string_equal(finding->paste, "a^Ib^[[m^M\nc");
	findings_done(&findings);
}

static void a_word_reaches_a_shell_as_it_is(void **state)
{
	static const char *const words[][2] = { { "a-b_c=1,2:/x%y@z+.", "a-b_c=1,2:/x%y@z+." }, { "", "''" }, { "a b", "'a b'" },
						{ "it's", "'it'\\''s'" }, { "\\x", "'\\x'" }, { "$(x)", "'$(x)'" } };

	(void)state;
	for (size_t i = 0; i < array_size(words); i++) {
		cleanup_text struct text text = { 0 };

		text_append_word(&text, words[i][0]);
		assert_string_equal(text_string(&text), words[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_from_outside_is_made_visible),
		cmocka_unit_test(the_tabs_of_a_text_of_lines_stay),
		cmocka_unit_test(a_cut_text_ends_at_a_whole_character),
		cmocka_unit_test(addresses_are_read_whole_or_not_at_all),
		cmocka_unit_test(context_stands_before_the_sentence),
		cmocka_unit_test(only_codes_that_may_be_overridden_are),
		cmocka_unit_test(sorting_findings_keeps_the_order_of_equals),
		cmocka_unit_test(words_are_split_and_joined),
		cmocka_unit_test(what_is_to_be_pasted_keeps_its_lines),
		cmocka_unit_test(a_word_reaches_a_shell_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
