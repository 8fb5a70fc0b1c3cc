/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "apply/journal.h"
#include "apply/log.h"
#include "apply/record.h"
#include "support/scratch.h"

static int setup(void **state)
{
	static struct scratch scratch;

	scratch = scratch_new(NULL);
	*state = &scratch;
	return 0;
}

static int teardown(void **state)
{
	scratch_done(*state);
	return 0;
}

static void every_byte_survives_in_a_record(void **state)
{
	struct strlist words = { 0 };
	struct text line = { 0 };
	char all[256];

	(void)state;
	for (int i = 0; i < 255; i++)
		all[i] = (char)(i + 1);
	all[255] = '\0';
	record_begin(&line, "key");
	record_word(&line, all);
	record_word(&line, "");
	record_word(&line, "%");
	assert_null(strchr(text_string(&line), '\n'));
	assert_true(record_parse(line.bytes, line.length, &words));
	assert_int_equal(words.count, 4);
	assert_string_equal(words.items[1], all);
	assert_string_equal(words.items[2], "");
	assert_string_equal(words.items[3], "%");
	strlist_done(&words);
	text_done(&line);
}

static void what_is_no_record_is_refused(void **state)
{
	static const char *const bad[] = { "", "a  b", "a ", "a %4", "a %zz", "a b%" };
	struct strlist words = { 0 };
	uint64_t number;

	(void)state;
	for (size_t i = 0; i < array_size(bad); i++)
		if (record_parse(bad[i], strlen(bad[i]), &words))
			fail_msg("\"%s\" was taken for a record", bad[i]);
	assert_false(record_parse("a\0b", 3, &words));
	assert_false(record_parse_number("", &number));
	assert_false(record_parse_number("1x", &number));
	assert_false(record_parse_number("-1", &number));
	assert_false(record_parse_number("99999999999999999999", &number));
	strlist_done(&words);
}

static void ids_are_told_from_other_names(void **state)
{
	uint64_t number;

	(void)state;
	assert_true(journal_id_parse("20261122T141500Z-12", &number));
	assert_int_equal(number, 12);
	assert_false(journal_id_parse("20261122T141500Z-", &number));
	assert_false(journal_id_parse("20261122T141500Z-1/..", &number));
	assert_false(journal_id_parse("..", &number));
	assert_false(journal_id_parse("", &number));
	assert_false(journal_id_parse("20261122T141500Z-123456789012345678901", &number));
}

static void fill(struct journal *journal)
{
	static const char *const argv[] = { "update-initramfs", "-k", "all versions", NULL };
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "why not\n", 900, argv);
	struct expectation *expectation = command_expect(command, EXPECT_LISTING, "/boot/initrd.img");
	struct text bytes = { 0 };

	strlist_add(&expectation->argv, "lsinitramfs");
	strlist_add(&expectation->keys, "key");
	strlist_add(&expectation->others, "*rescue*");
	strlist_add(&expectation->present, "*vfio-pci.ko*");
	strlist_add(&expectation->absent, "nouveau");
	command->output = memory_string("/boot/out put");
	strlist_add(&command->artefacts, "/boot/initrd.img");
	strlist_add(&command->beside, "/boot/initrd.img");
	strlist_add(&command->over, "/boot/out put");
	strlist_add(&command->undo, "back");
	command->undo_later = true;
	snprintf(journal->id, sizeof(journal->id), "20261122T141500Z-3");
	journal->note = memory_string("two functions\tfor vfio-pci");
	journal->boot_id = memory_string("");
	journal->time = 1795360000;
	strlist_add(&journal->directories, "/etc/default/grub.d");
	strlist_add(&journal->systems, "/boot");
	journal_add_command(journal, command);
	journal->states[0].checks[0].size = 77;
	strlist_add(&journal->states[0].checks[0].present, "quiet");
	text_append(&bytes, "abc");
	*journal_add_file(journal) = (struct journal_file){
		.kind = CHANGE_DELETE, .path = memory_string("/etc/a b"), .target = memory_string("/etc/c"), .mode = 0640,
	};
	side_set_bytes(&journal->files[0].old, &bytes);
	*journal_add_artefact(journal) = (struct journal_artefact){
		.path = memory_string("/boot/initrd.img"), .target = memory_string("/boot/real"), .output = true,
	};
	strlist_add(&journal->artefacts[0].siblings, "real.old");
	text_done(&bytes);
	changeset_done(&changeset);
}

static void a_plan_is_read_as_it_was_written(void **state)
{
	const struct scratch *scratch = *state;
	struct folder folder = FOLDER_NONE;
	struct journal written = { 0 }, read = { 0 };
	struct fault fault = { 0 };
	const struct command *command;

	fill(&written);
	assert_true(folder_make(scratch->root, "/j", &folder, &fault));
	assert_true(journal_write(&written, &folder, &fault));
	if (!journal_read(&folder, &read, &fault))
		fail_msg("%s", fault.sentence);
	assert_string_equal(read.id, written.id);
	assert_string_equal(read.note, written.note);
	assert_string_equal(read.boot_id, "");
	assert_int_equal(read.time, written.time);
	assert_true(strlist_equal(&read.directories, &written.directories));
	assert_true(strlist_equal(&read.systems, &written.systems));
	assert_int_equal(read.files[0].kind, CHANGE_DELETE);
	assert_string_equal(read.files[0].path, "/etc/a b");
	assert_string_equal(read.files[0].target, "/etc/c");
	assert_int_equal(read.files[0].mode, 0640);
	assert_string_equal(read.files[0].old.digest, written.files[0].old.digest);
	assert_int_equal(read.files[0].old.size, 3);
	assert_false(read.files[0].new.there);
	assert_true(read.artefacts[0].output);
	assert_string_equal(read.artefacts[0].siblings.items[0], "real.old");
	command = &read.commands.commands[0];
	assert_true(strlist_equal(&command->argv, &written.commands.commands[0].argv));
	assert_string_equal(command->why, "why not\n");
	assert_int_equal(command->timeout, 900);
	assert_string_equal(command->output, "/boot/out put");
	assert_string_equal(command->beside.items[0], "/boot/initrd.img");
	assert_string_equal(command->over.items[0], "/boot/out put");
	assert_string_equal(command->undo.items[0], "back");
	assert_true(command->undo_later);
	assert_int_equal(command->expectations[0].kind, EXPECT_LISTING);
	assert_string_equal(command->expectations[0].others.items[0], "*rescue*");
	assert_string_equal(command->expectations[0].present.items[0], "*vfio-pci.ko*");
	assert_string_equal(command->expectations[0].absent.items[0], "nouveau");
	assert_int_equal(read.states[0].checks[0].size, 77);
	assert_string_equal(read.states[0].checks[0].present.items[0], "quiet");
	journal_done(&read);
	journal_done(&written);
	folder_done(&folder);
}

/* Whatever one byte becomes, the plan is refused, and never misread. */
static void a_plan_with_any_byte_changed_is_refused(void **state)
{
	const struct scratch *scratch = *state;
	struct folder folder = FOLDER_NONE;
	struct journal written = { 0 }, read = { 0 };
	struct fault fault = { 0 };
	char *plan;
	size_t length;

	fill(&written);
	assert_true(folder_make(scratch->root, "/j", &folder, &fault));
	assert_true(journal_write(&written, &folder, &fault));
	plan = scratch_read(scratch, "/j/plan");
	length = strlen(plan);
	for (size_t i = 0; i < length; i += 3) {
		plan[i] ^= 1;
		scratch_write(scratch, "/j/plan", plan);
		plan[i] ^= 1;
		if (journal_read(&folder, &read, &fault))
			fail_msg("byte %zu was changed, and nobody noticed", i);
	}
	plan[length / 2] = '\0';
	scratch_write(scratch, "/j/plan", plan);
	assert_false(journal_read(&folder, &read, &fault));
	free(plan);
	journal_done(&written);
	folder_done(&folder);
}

static void the_log_is_read_up_to_where_it_is_whole(void **state)
{
	const struct scratch *scratch = *state;
	struct folder folder = FOLDER_NONE;
	struct journal journal = { 0 }, again = { 0 };
	struct content made = { .there = true, .digest = "abcd", .size = 9 };
	struct fault fault = { 0 };
	struct log log = LOG_NONE;
	char *text;

	fill(&journal);
	fill(&again);
	assert_true(folder_make(scratch->root, "/j", &folder, &fault));
	assert_true(log_open(&folder, &journal, &log, &fault));
	assert_true(log_publish(&log, &journal, &fault));
	assert_true(log_start(&log, &journal, 0, &fault));
	assert_true(log_made(&log, &journal, 0, &made, &fault));
	assert_true(log_finish(&log, &journal, 0, &fault));
	log_done(&log);
	text = scratch_read(scratch, "/j/log");
	*strstr(text, "finish") = 'F'; /* its sum does not fit any more */
	scratch_write(scratch, "/j/log", text);
	assert_true(log_open(&folder, &again, &log, &fault));
	assert_true(again.publishing);
	assert_true(again.states[0].started);
	assert_true(again.artefacts[0].made);
	assert_string_equal(again.artefacts[0].new.digest, "abcd");
	assert_false(again.states[0].finished);
	assert_true(log_undo(&log, &again, 0, &fault));
	log_done(&log);
	free(text);
	text = scratch_read(scratch, "/j/log");
	assert_null(strstr(text, "Finish"));
	assert_non_null(strstr(text, "undo 0\n"));
	free(text);
	journal_done(&journal);
	journal_done(&again);
	folder_done(&folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_byte_survives_in_a_record),
		TEST(what_is_no_record_is_refused),
		TEST(ids_are_told_from_other_names),
		TEST(a_plan_is_read_as_it_was_written),
		TEST(a_plan_with_any_byte_changed_is_refused),
		TEST(the_log_is_read_up_to_where_it_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
