/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edit/cmdline.h"

static struct strlist list(const char *words)
{
	struct strlist result = { 0 };

	strlist_split(&result, words, "|");
	return result;
}

static void edited(const char *line, const char *remove, const char *add, const char *wanted)
{
	struct strlist gone = list(remove), more = list(add);
	const struct cmdline_change change = { .remove = &gone, .add = &more };
	char *result = cmdline_edit(line, &change, NULL);

	assert_string_equal(result, wanted);
	free(result);
	strlist_done(&gone);
	strlist_done(&more);
}

static void words_are_cut_as_the_kernel_cuts_them(void **state)
{
	struct strlist words = { 0 };
	char *joined;

	(void)state;
	assert_true(cmdline_split("  root=UUID=1 \t dyndbg=\"file a.c +p\" \"b=c d\"\n", &words));
	joined = strlist_join(&words, "|");
	assert_string_equal(joined, "root=UUID=1|dyndbg=\"file a.c +p\"|\"b=c d\"");
	free(joined);
	strlist_done(&words);
	assert_false(cmdline_split("a \"b c", &words));
	strlist_done(&words);
}

static void a_parameter_that_begins_like_ours_is_another_one(void **state)
{
	struct strlist words = list("intel_iommu=on,sm_on|iommu=ptx|vfio_pci.ids=1234:5678");

	(void)state;
	assert_false(cmdline_has(&words, "intel_iommu=on"));
	assert_false(cmdline_has(&words, "iommu=pt"));
	assert_true(cmdline_has(&words, "vfio-pci.ids=1234:5678"));
	assert_false(cmdline_has(&words, "vfio-pci.ids=1234-5678"));
	strlist_done(&words);
}

static void the_last_value_counts(void **state)
{
	struct strlist words = list("iommu=soft|quiet|iommu=pt");

	(void)state;
	assert_string_equal(cmdline_value(&words, "iommu"), "pt");
	assert_string_equal(cmdline_value(&words, "quiet"), "");
	assert_null(cmdline_value(&words, "iomm"));
	assert_true(cmdline_value_has("on,sm_on", "on"));
	assert_true(cmdline_value_has("sm_on,on", "on"));
	assert_false(cmdline_value_has("sm_on", "on"));
	assert_false(cmdline_value_has("", "on"));
	strlist_done(&words);
}

static void a_word_that_is_there_is_not_added_again(void **state)
{
	(void)state;
	edited("quiet iommu=pt splash", "", "iommu=pt|intel_iommu=on", "quiet iommu=pt splash intel_iommu=on");
	edited("vfio_pci.ids=1:2", "", "vfio-pci.ids=1:2", "vfio_pci.ids=1:2");
}

static void the_users_blanks_and_order_stay(void **state)
{
	(void)state;
	edited(" quiet  \t splash ", "", "iommu=pt", " quiet  \t splash  iommu=pt");
	edited(" quiet  \t splash  iommu=pt", "iommu=pt", "", " quiet  \t splash ");
	edited("quiet quiet", "quiet", "", "quiet");
}

static void what_was_added_goes_again_wherever_the_user_moved_it(void **state)
{
	(void)state;
	edited("iommu=pt quiet", "iommu=pt", "", "quiet");
	edited("quiet iommu=pt splash", "iommu=pt", "", "quiet splash");
	edited("iommu=pt", "iommu=pt", "", "");
	edited("a=\"x iommu=pt y\"", "iommu=pt", "", "a=\"x iommu=pt y\"");
	edited("a=\"x iommu=pt y\"", "", "iommu=pt", "a=\"x iommu=pt y\" iommu=pt");
}

static void nothing_is_appended_inside_an_open_quote(void **state)
{
	(void)state;
	edited("quiet \"a b", "quiet", "iommu=pt", "quiet \"a b");
}

static void only_words_without_a_meaning_to_a_shell_or_grub_are_plain(void **state)
{
	static const char *const bad[] = { "", "a b", "a\tb", "a$b", "a`b", "a\\b", "a;b", "a&b", "a|b", "a<b", "a(b",
					   "a{b", "a#b", "a'b", "a\"b", "a*b", "a?b", "a[b", "~a", "a!b", "a\x7f", "\xc3\xbc" };

	(void)state;
	assert_true(cmdline_word_is_plain("vfio-pci.ids=10de:13c2,10de:0fbb"));
	assert_true(cmdline_word_is_plain("pcie_acs_override=downstream,multifunction"));
	for (size_t i = 0; i < array_size(bad); i++)
		if (cmdline_word_is_plain(bad[i]))
			fail_msg("\"%s\" is not plain", bad[i]);
}

static void words_are_set_aside_where_they_stand(void **state)
{
	char off[] = "iommu=off", ids[] = "vfio-pci.ids=1:2", *aside_items[] = { off, ids };
	const struct strlist aside = { .items = aside_items, .count = 2 }, none = { 0 };
	const struct cmdline_change there = { .aside = &aside }, back = { .aside = &none };
	static const char *const lines[][2] = {
		{ "", "" },
		{ "quiet", "quiet" },
		{ " iommu=off\tquiet  iommu=off ", " vfioconf.aside=iommu=off\tquiet  vfioconf.aside=iommu=off " },
		{ "xiommu=off iommu=off2 vfio-pci.ids=1:2", "xiommu=off iommu=off2 vfioconf.aside=vfio-pci.ids=1:2" },
		{ "a=\"b iommu=off\"", "a=\"b iommu=off\"" },
		{ "a=\"b iommu=off", "a=\"b iommu=off" },
	};

	(void)state;
	for (size_t i = 0; i < array_size(lines); i++) {
		char *once = cmdline_edit(lines[i][0], &there, NULL), *twice = cmdline_edit(once, &there, NULL);
		char *first = cmdline_edit(once, &back, NULL);

		assert_string_equal(once, lines[i][1]);
		assert_string_equal(twice, once);
		assert_string_equal(first, lines[i][0]);
		free(once);
		free(twice);
		free(first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_set_aside_where_they_stand),
		cmocka_unit_test(words_are_cut_as_the_kernel_cuts_them),
		cmocka_unit_test(a_parameter_that_begins_like_ours_is_another_one),
		cmocka_unit_test(the_last_value_counts),
		cmocka_unit_test(a_word_that_is_there_is_not_added_again),
		cmocka_unit_test(the_users_blanks_and_order_stay),
		cmocka_unit_test(what_was_added_goes_again_wherever_the_user_moved_it),
		cmocka_unit_test(nothing_is_appended_inside_an_open_quote),
		cmocka_unit_test(only_words_without_a_meaning_to_a_shell_or_grub_are_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
