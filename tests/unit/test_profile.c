/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan/profile.h"
#include "support/scratch.h"

#define HEAD "[vfioconf]\nversion = 1\n"
#define GPU "[device 0000:02:00.0]\nid = 10de:13c2\n"

static struct text text_of(const char *string, size_t length)
{
	struct text text = { 0 };

	text_append_n(&text, string, length);
	return text;
}

static bool parse(const char *string, struct selection *ret, struct fault *fault)
{
	struct text text = text_of(string, strlen(string));
	bool good = profile_parse("p.ini", &text, ret, fault);

	text_done(&text);
	return good;
}

static void refused(const char *string, const char *sentence)
{
	struct selection selection;
	struct fault fault = { 0 };

	if (parse(string, &selection, &fault)) {
		selection_done(&selection);
		fail_msg("taken: %s", string);
	}
	assert_int_equal(fault.kind, FAULT_INPUT);
	if (!text_starts_with(fault.sentence, sentence))
		fail_msg("\n%s\ninstead of\n%s", fault.sentence, sentence);
}

static void a_written_profile_reads_back_the_same(void **state)
{
	struct selection selection, again;
	struct tick gpu = { .address = { 0, 2, 0, 0 }, .vendor = 0x10de, .device = 0x13c2, .subvendor = 0x1458,
			    .subdevice = 0x367a, .group = 13 };
	struct tick disk = { .address = { 0x10000, 0xe1, 0x1f, 7 }, .vendor = 0x8086, .device = 0x0953, .group = -1,
			     .bind = BIND_ADDRESS };
	struct text text = { 0 };
	struct fault fault;

	(void)state;
	selection_init(&selection);
	assert_true(selection_add(&selection, &disk));
	assert_true(selection_add(&selection, &gpu));
	assert_false(selection_add(&selection, &gpu));
	selection.acs_override = memory_string("downstream,id:10de:13c2");
	selection.loader = memory_string("grub-dropin");
	selection.bind = BIND_IDS;
	selection.iommu = true;
	selection.blacklist = true;
	selection.iommu_passthrough = false;
	profile_write(&selection, &text);
	assert_true(profile_parse("p.ini", &text, &again, &fault));
	assert_true(selection_equal(&selection, &again));
	assert_int_equal(again.ticks[0].group, 13);
	selection_done(&again);
	selection_done(&selection);
	text_done(&text);
}

static void the_form_of_the_manual_is_read(void **state)
{
	struct selection selection;
	struct fault fault;

	(void)state;
	assert_true(parse("\xef\xbb\xbf; my card\r\n[vfioconf]\r\nversion: 1\r\n\r\n[options]\r\nbind = auto ; as "
			  "ever\r\nacs-override =\r\n[device 02:00.0] # GPU\r\nid = 10DE:13c2\r\ngroup = 13\r\n",
			  &selection, &fault));
	assert_int_equal(selection.count, 1);
	assert_int_equal(selection.ticks[0].vendor, 0x10de);
	assert_int_equal(selection.ticks[0].group, 13);
	assert_null(selection.acs_override);
	assert_true(selection.iommu_passthrough);
	selection_done(&selection);
}

static void what_is_wrong_is_refused_with_its_line(void **state)
{
	(void)state;
	refused("", "p.ini: there is nothing in it");
	refused("[Unit]\nDescription=x\n", "p.ini:1: the first section is [Unit]");
	refused("quiet = 1\n", "p.ini:1: there is \"quiet\" before any section");
	refused(HEAD "[options]\nblocklist = no\n", "p.ini:4: there is no key \"blocklist\" in [options]: its keys "
						    "are bind,");
	refused(HEAD "[optoins]\n", "p.ini:3: there is no section [optoins]");
	refused(HEAD "[options]\nbind = ids\nbind = auto\n", "p.ini:5: \"bind\" is there a second time");
	refused(HEAD "[options]\n[options]\n", "p.ini:4: the section [options] is there a second time");
	refused(HEAD GPU GPU, "p.ini:5: the device 0000:02:00.0 is there a second time");
	refused(HEAD "[device 0000:02:00.8]\n", "p.ini:3: \"0000:02:00.8\" is no address");
	refused(HEAD "[device 02:00.0]\nid = 0x10de:13c2\n", "p.ini:4: \"0x10de:13c2\" is no value for id");
	refused(HEAD "[device 02:00.0]\nid = 10de:13cg\n", "p.ini:4: \"10de:13cg\" is no value for id");
	refused(HEAD "[device 02:00.0]\nid = 10de:13c2\ngroup = -1\n", "p.ini:5: \"-1\" is no number");
	refused(HEAD "[device 02:00.0]\ngroup = 1\n[options]\n", "p.ini:5: the device 0000:02:00.0 above has no line");
	refused(HEAD "[device 02:00.0]\n", "p.ini:3: the device 0000:02:00.0 above has no line");
	refused("[vfioconf]\nversion = 2\n", "p.ini:2: this is a profile of version \"2\"");
	refused("[vfioconf]\n[options]\n", "p.ini:2: the section [vfioconf] has no line \"version = 1\"");
	refused(HEAD "[options]\nbind = both\n", "p.ini:4: \"both\" is no value for bind");
	refused(HEAD "[options]\nblacklist = yes\n", "p.ini:4: \"yes\" is no value for blacklist: write no or safe");
	refused(HEAD "[options]\nacs-override = downstream,\n",
		"p.ini:4: \"downstream,\" is no value for acs-override");
	refused(HEAD "[options]\nacs-override = downstream quiet\n", "p.ini:4: \"downstream quiet\" is no value");
	refused(HEAD "[options]\nloader = grub;reboot\n", "p.ini:4: \"grub;reboot\" is no name");
	refused(HEAD "[options]\nbind\n", "p.ini:4: this line is neither");
	refused(HEAD "[options\n", "p.ini:3: the heading of this section has no \"]\"");
	refused(HEAD "[options] bind = ids\n", "p.ini:3: there is something behind");
	refused(HEAD "[options]\nbind = auto\n blacklist = no\n", "p.ini:5: this line begins with a blank");
	refused(HEAD "[applied]\n", "p.ini:3: the section [applied] belongs in");
	refused(HEAD "[options]\nbind = au", "p.ini:4: the last line has no newline");
	refused(HEAD "[options]\nbind = a\033[2Jb\n", "p.ini:4: \"a^[[2Jb\" is no value");
}

static void the_first_of_two_mistakes_is_named(void **state)
{
	(void)state;
	refused(HEAD "[options]\nnothing\nbind = x\n", "p.ini:4: this line is neither");
	refused(HEAD "[options]\nbind = x\nnothing\n", "p.ini:4: \"x\" is no value");
}

static void what_inih_would_cut_is_refused(void **state)
{
	char string[600];
	struct selection selection;
	struct fault fault;

	(void)state;
	snprintf(string, sizeof(string), HEAD ";%0196d\n[options]\n", 0);
	assert_true(parse(string, &selection, &fault));
	selection_done(&selection);
	snprintf(string, sizeof(string), HEAD ";%0198d\n[options]\n", 0);
	refused(string, "p.ini:3: this line has 199 bytes, and at most 198 can be read");
	snprintf(string, sizeof(string), HEAD "[device %060d]\n", 0);
	refused(string, "p.ini:3: \"000");
	snprintf(string, sizeof(string), HEAD "[options]\nbind%060d = auto\n", 0);
	refused(string, "p.ini:4: there is no key \"bind000");
}

static void binaries_and_giants_are_refused(void **state)
{
	struct text text = text_of(HEAD "a\0b\n", sizeof(HEAD "a\0b\n") - 1);
	struct selection selection;
	struct fault fault;

	(void)state;
	assert_false(profile_parse("p.ini", &text, &selection, &fault));
	assert_string_equal(fault.sentence, "p.ini:3: there is a NUL byte in this line: this is no text file, or it is "
					    "damaged");
	while (text.length <= 1024 * 1024)
		text_append(&text, "; nothing at all in this line, and the next is the same\n");
	assert_false(profile_parse("p.ini", &text, &selection, &fault));
	assert_true(text_starts_with(fault.sentence, "p.ini: it has 104"));
	text_done(&text);
}

static void the_record_of_what_is_applied_keeps_long_words_whole(void **state)
{
	char word[1200] = "vfio-pci.ids=";
	struct scratch files = scratch_new(NULL);
	struct applied applied;
	struct strlist added = { 0 };
	struct selection selection;
	struct text text = { 0 };
	struct fault fault = { 0 };

	(void)state;
	for (unsigned i = 0; strlen(word) < 1100; i++)
		snprintf(word + strlen(word), sizeof(word) - strlen(word), "%s10de:%04x", i ? "," : "", i);
	strlist_add(&added, "intel_iommu=on");
	strlist_add(&added, word);
	strlist_add(&added, "iommu=pt");
	selection_init(&selection);
	selection.iommu = true;
	assert_true(applied_read(files.root, &applied, &fault));
	assert_false(applied.present);
	applied_done(&applied);
	applied_write(&selection, &added, "grub-dropin", "initramfs-tools", &text);
	scratch_write(&files, APPLIED_PATH, text_string(&text));
	if (!applied_read(files.root, &applied, &fault))
		fail_msg("%s", fault.sentence);
	assert_true(applied.present);
	assert_true(strlist_equal(&applied.added, &added));
	assert_string_equal(applied.loader, "grub-dropin");
	assert_string_equal(applied.generator, "initramfs-tools");
	assert_true(selection_equal(&applied.selection, &selection));
	assert_true(text_equal(&applied.bytes, &text));
	applied_done(&applied);
	scratch_done(&files);
	strlist_done(&added);
	text_done(&text);
}

static void a_file_of_someone_else_is_not_taken_for_the_record(void **state)
{
	struct scratch files = scratch_new(NULL);
	struct text text = text_of("[mine]\nx=y", 10);
	struct applied applied;
	struct fault fault;

	(void)state;
	scratch_write(&files, APPLIED_PATH, text_string(&text));
	assert_true(applied_read(files.root, &applied, &fault));
	assert_true(applied.present);
	assert_false(applied_is_ours(&applied.bytes));
	assert_true(selection_empty(&applied.selection));
	applied_done(&applied);
	text_reset(&text);
	text_append(&text, APPLIED_HEADER HEAD "[applied]\nword = a\"b\n");
	scratch_write(&files, APPLIED_PATH, text_string(&text));
	assert_false(applied_read(files.root, &applied, &fault));
	assert_true(text_starts_with(fault.sentence, "/etc/vfioconf.ini:5: \"a\"b\" is nothing that vfioconf"));
	scratch_done(&files);
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_written_profile_reads_back_the_same),
		cmocka_unit_test(the_form_of_the_manual_is_read),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_line),
		cmocka_unit_test(the_first_of_two_mistakes_is_named),
		cmocka_unit_test(what_inih_would_cut_is_refused),
		cmocka_unit_test(binaries_and_giants_are_refused),
		cmocka_unit_test(the_record_of_what_is_applied_keeps_long_words_whole),
		cmocka_unit_test(a_file_of_someone_else_is_not_taken_for_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
