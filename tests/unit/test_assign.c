/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edit/assign.h"

#define NAME "GRUB_CMDLINE_LINUX_DEFAULT"

static struct text text_of(const char *string)
{
	struct text text = { 0 };

	text_append(&text, string);
	return text;
}

static void value_is(const char *file, const char *wanted)
{
	struct text bytes = text_of(file);
	struct refusal refusal = { 0 };
	struct assign assign = { 0 };
	char *value;

	if (assign_find(&bytes, NAME, false, &assign, &refusal) != ASSIGN_FOUND)
		fail_msg("not found in <%s>: %s", file, refusal.reason);
	value = assign_value(&bytes, &assign);
	assert_string_equal(value, wanted);
	free(value);
	text_done(&bytes);
}

static void refused(const char *file, unsigned line, const char *reason)
{
	struct strlist add = { 0 };
	struct text bytes = text_of(file), after = { 0 };
	struct refusal refusal = { 0 };

	strlist_add(&add, "iommu=pt");
	if (assign_edit(&bytes, NAME, &(struct cmdline_change){ .add = &add }, &after, NULL, &refusal) != ASSIGN_REFUSED)
		fail_msg("<%s> was edited to <%s>", file, text_string(&after));
	assert_int_equal(after.length, 0);
	assert_int_equal(refusal.line, line);
	if (!strstr(refusal.reason, reason))
		fail_msg("<%s>: \"%s\" does not speak of \"%s\"", file, refusal.reason, reason);
	refusal_done(&refusal);
	strlist_done(&add);
	text_done(&bytes);
}

/* Edits, and takes it back: the first must give WANTED, the second the bytes of the beginning. */
static void edited(const char *file, const char *words, const char *wanted)
{
	struct strlist add = { 0 }, added = { 0 };
	struct text before = text_of(file), after = { 0 }, back = { 0 };
	struct refusal refusal = { 0 };

	strlist_split(&add, words, " ");
	if (assign_edit(&before, NAME, &(struct cmdline_change){ .add = &add }, &after, &added, &refusal) == ASSIGN_REFUSED)
		fail_msg("<%s> was refused: %s", file, refusal.reason);
	assert_string_equal(text_string(&after), wanted);
	assert_int_not_equal(assign_edit(&after, NAME, &(struct cmdline_change){ .remove = &added }, &back, NULL, &refusal), ASSIGN_REFUSED);
	assert_string_equal(text_string(&back), file);
	strlist_done(&add);
	strlist_done(&added);
	text_done(&before);
	text_done(&after);
	text_done(&back);
}

static void each_form_of_quoting_is_read(void **state)
{
	(void)state;
	value_is(NAME "=\"quiet splash\"\n", "quiet splash");
	value_is(NAME "='quiet splash' # as shipped\n", "quiet splash");
	value_is(NAME "=quiet", "quiet");
	value_is(NAME "=quiet\\ splash\n", "quiet splash");
	value_is(NAME "=\n", "");
	value_is("  " NAME "=\"a=\\\"b c\\\" \\$x\" ;\n", "a=\"b c\" $x");
	value_is("# " NAME "=no\nX=\"\n" NAME "=no\n\"\n" NAME "=yes\n", "yes");
	value_is("X='\n" NAME "=no'\n" NAME "=yes\n", "yes");
	value_is(NAME "_XEN=no\n" NAME "=yes\n", "yes");
	value_is("GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\n" NAME "=yes\n", "yes");
	value_is("[ -x /x ] && X=1\n" NAME "=yes\n", "yes");
	value_is("if [ a = b ]; then\n\tX=\"$(echo ')')\"\nfi\n" NAME "=yes\n", "yes");
	value_is("case $X in a) Y=1;; *) Y=2;; esac\n" NAME "=yes\n", "yes");
	value_is("f() { echo; }\n" NAME "=yes\n", "yes");
}

static void what_is_not_understood_is_refused_with_its_line(void **state)
{
	(void)state;
	refused("X=1\n" NAME "+=\" a\"\n", 2, "+=");
	refused(NAME "=a\n" NAME "=b\n", 2, "second time");
	refused("\n" NAME "=\"a $(cat /x)\"\n", 2, "command");
	refused(NAME "=\"a `cat /x`\"\n", 1, "command");
	refused(NAME "=\"a $X\"\n", 1, "variable");
	refused(NAME "=\"${X:-a}\"\n", 1, "variable");
	refused(NAME "=\"$" NAME " a\"\n", 1, "variable");
	refused("export " NAME "=\"a\"\n", 1, "export");
	refused(NAME "=a\nexport " NAME "\n", 2, "export");
	refused(NAME "=\"a \\\n  b\"\n", 1, "backslash");
	refused(NAME "=\"a\n  b\"\n", 1, "more than one line");
	refused(NAME "=(a b)\n", 1, "array");
	refused(NAME "[0]=a\n", 1, "array");
	refused(NAME "=\"a\"'b'\n", 1, "quoted in parts");
	refused(NAME "=a\" b\"\n", 1, "quoted in parts");
	refused(NAME "=a\\b\n", 1, "backslash");
	refused("X=1\n" NAME "=\"a\nY=2\n", 2, "never closed");
	refused("X='\n" NAME "=\"a\"\n", 1, "never closed");
	refused("if true; then\n" NAME "=a\nfi\n", 2, "condition");
	refused("[ -e /x ] && " NAME "=a\n", 1, "condition");
	refused("[ -e /x ] &&\n" NAME "=a\n", 2, "condition");
	refused("f() {\n" NAME "=a\n}\n", 2, "condition");
	refused("( " NAME "=a )\n", 1, "condition");
	refused(NAME "=a update-grub\n", 1, "before a command");
	refused(NAME "=a | x\n", 1, "longer command");
	refused(". /etc/other\n" NAME "=a\n", 1, "another file");
	refused("cat <<E\n" NAME "=a\nE\n", 1, "here-document");
	refused(NAME "=\"a\"\r\n", 1, "Windows");
	refused(NAME "=\"a 'b \\\"c\"\n", 1, "not closed");
}

static void a_refusal_does_not_depend_on_lines_that_do_not_matter(void **state)
{
	(void)state;
	edited("X=\"$Y\"\nZ+=1\r\n" NAME "=\"quiet\"\n", "iommu=pt", "X=\"$Y\"\nZ+=1\r\n" NAME "=\"quiet iommu=pt\"\n");
}

static void an_edit_keeps_every_other_byte_and_can_be_taken_back(void **state)
{
	(void)state;
	edited("A=1\r\n\t" NAME "=\"quiet\"\t# gr\xfcn\r\nB='\xff'", "iommu=pt",
	       "A=1\r\n\t" NAME "=\"quiet iommu=pt\"\t# gr\xfcn\r\nB='\xff'");
	edited(NAME "='quiet'", "iommu=pt a=b", NAME "='quiet iommu=pt a=b'");
	edited(NAME "=\"\"\n", "iommu=pt a=b", NAME "=\"iommu=pt a=b\"\n");
	edited(NAME "=\n", "iommu=pt a=b", NAME "=iommu=pt\\ a=b\n");
	edited(NAME "=quiet;X=1\n", "iommu=pt", NAME "=quiet\\ iommu=pt;X=1\n");
	edited(NAME "=\" quiet \"\n", "iommu=pt", NAME "=\" quiet  iommu=pt\"\n");
	edited(NAME "=\"a=\\\"b c\\\"\"\n", "iommu=pt", NAME "=\"a=\\\"b c\\\" iommu=pt\"\n");
	edited(NAME "=\"a=\\\"b iommu=pt c\\\"\"\n", "iommu=pt", NAME "=\"a=\\\"b iommu=pt c\\\" iommu=pt\"\n");
	edited(NAME "=\"iommu=pt\"\n", "iommu=pt", NAME "=\"iommu=pt\"\n");
}

static void a_missing_assignment_is_added_and_goes_without_a_trace(void **state)
{
	(void)state;
	edited("", "iommu=pt", ASSIGN_MARK "\n" NAME "=\"iommu=pt\"\n");
	edited("A=1\n", "iommu=pt", "A=1\n" ASSIGN_MARK "\n" NAME "=\"iommu=pt\"\n");
	edited("A=1", "iommu=pt b", "A=1\n" ASSIGN_MARK "\n" NAME "=\"iommu=pt b\"");
}

static void a_drop_in_may_take_up_what_was_there(void **state)
{
	struct text bytes = text_of(NAME "=\"${" NAME "} a b\"\n");
	struct assign assign = { 0 };
	char *value;

	(void)state;
	assert_int_equal(assign_find(&bytes, NAME, true, &assign, NULL), ASSIGN_FOUND);
	assert_int_equal(assign.self, ASSIGN_SELF_FIRST);
	value = assign_value(&bytes, &assign);
	assert_string_equal(value, " a b");
	free(value);
	text_reset(&bytes);
	text_append(&bytes, NAME "=\"a $" NAME "\"\n");
	assert_int_equal(assign_find(&bytes, NAME, true, &assign, NULL), ASSIGN_FOUND);
	assert_int_equal(assign.self, ASSIGN_SELF_LAST);
	text_reset(&bytes);
	text_append(&bytes, NAME "=\"a $" NAME " $X\"\n");
	assert_int_equal(assign_find(&bytes, NAME, true, &assign, NULL), ASSIGN_REFUSED);
	text_done(&bytes);
}

static void a_binary_file_is_refused(void **state)
{
	struct text bytes = { 0 }, after = { 0 };
	struct refusal refusal = { 0 };

	(void)state;
	text_append_n(&bytes, "A=1\n\0\n", 6);
	assert_int_equal(assign_edit(&bytes, NAME, &(struct cmdline_change){ 0 }, &after, NULL, &refusal), ASSIGN_REFUSED);
	assert_int_equal(refusal.line, 2);
	refusal_done(&refusal);
	text_done(&bytes);
}

static void quotes_nested_without_end_are_refused_in_bounded_depth(void **state)
{
	struct text bytes = { 0 };
	struct refusal refusal = { 0 };
	struct assign assign;

	(void)state;
	text_append(&bytes, "X=");
	for (int i = 0; i < 200000; i++)
		text_append(&bytes, "$(");
	assert_int_equal(assign_find(&bytes, NAME, false, &assign, &refusal), ASSIGN_REFUSED);
	refusal_done(&refusal);
	text_done(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_quoting_is_read),
		cmocka_unit_test(what_is_not_understood_is_refused_with_its_line),
		cmocka_unit_test(a_refusal_does_not_depend_on_lines_that_do_not_matter),
		cmocka_unit_test(an_edit_keeps_every_other_byte_and_can_be_taken_back),
		cmocka_unit_test(a_missing_assignment_is_added_and_goes_without_a_trace),
		cmocka_unit_test(a_drop_in_may_take_up_what_was_there),
		cmocka_unit_test(a_binary_file_is_refused),
		cmocka_unit_test(quotes_nested_without_end_are_refused_in_bounded_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
