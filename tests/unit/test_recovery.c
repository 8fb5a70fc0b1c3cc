/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Someone edits files between a crash and the recovery. (The crash points themselves: tests/crash.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/history.h"
#include "apply/recovery.h"
#include "apply/transaction.h"
#include "support/scratch.h"

static int setup(void **state)
{
	static struct scratch scratch;

	scratch = scratch_new(NULL);
	scratch_write(&scratch, "/etc/one", "old one\n");
	scratch_write(&scratch, "/etc/two", "old two\n");
	scratch_write(&scratch, "/etc/gone", "old gone\n");
	*state = &scratch;
	return 0;
}

static int teardown(void **state)
{
	scratch_done(*state);
	return 0;
}

static void plan(const struct scratch *scratch, struct changeset *changeset)
{
	scratch_change(scratch, changeset, "/etc/one", "new one\n");
	scratch_change(scratch, changeset, "/etc/made", "new made\n");
	scratch_change(scratch, changeset, "/etc/gone", NULL);
	scratch_change(scratch, changeset, "/etc/two", "new two\n");
}

static void die_at(void *data, const struct apply_progress *progress)
{
	const enum apply_step *step = data;

	if (progress->step == *step)
		_exit(9);
}

/* A crash when STEP begins. */
static void crash(const struct scratch *scratch, enum apply_step step)
{
	struct apply_observer observer = { .notify = die_at, .data = &step };
	struct changeset changeset = { 0 };
	struct apply_result result;
	int status;

	plan(scratch, &changeset);
	if (!fork()) {
		transaction_apply(scratch->root, &changeset, "a crash", &observer, &result, NULL);
		_exit(0);
	}
	wait(&status);
	assert_int_equal(WEXITSTATUS(status), 9);
	changeset_done(&changeset);
}

static void recover(const struct scratch *scratch, enum recovery_outcome wanted, const char *words)
{
	enum recovery_outcome outcome;
	struct strlist foreign = { 0 };
	struct fault fault = { 0 };

	assert_true(recovery_needed(scratch->root));
	if (!recovery_run(scratch->root, NULL, &outcome, &foreign, &fault))
		fail_msg("%s", fault.sentence);
	if (outcome != wanted)
		fail_msg("outcome %d: %s", outcome, foreign.count ? foreign.items[0] : "");
	assert_int_equal(foreign.count, wanted == RECOVERY_ATTENTION);
	if (words && !strstr(foreign.items[0], words))
		fail_msg("\"%s\" does not say \"%s\"", foreign.items[0], words);
	assert_false(recovery_needed(scratch->root));
	strlist_done(&foreign);
}

static void assert_names(const struct scratch *scratch, const char *wanted)
{
	char *listing = scratch_listing(scratch);

	assert_string_equal(listing, wanted);
	free(listing);
}

static void nothing_to_recover_is_nothing_done(void **state)
{
	const struct scratch *scratch = *state;
	enum recovery_outcome outcome;
	struct fault fault = { 0 };

	assert_false(recovery_needed(scratch->root));
	assert_true(recovery_run(scratch->root, NULL, &outcome, NULL, &fault));
	assert_int_equal(outcome, RECOVERY_NOTHING);
	assert_false(root_exists(scratch->root, "/var"));
}

static void a_crash_is_undone_once_and_for_all(void **state)
{
	const struct scratch *scratch = *state;
	enum recovery_outcome outcome;
	struct history history = { 0 };
	struct fault fault = { 0 };

	crash(scratch, APPLY_FLUSH);
	assert_file(scratch, "/etc/one", "new one\n");
	assert_file(scratch, "/etc/gone", NULL);
	recover(scratch, RECOVERY_UNDONE, NULL);
	assert_file(scratch, "/etc/one", "old one\n");
	assert_file(scratch, "/etc/gone", "old gone\n");
	assert_names(scratch, "/etc\n/etc/gone\n/etc/one\n/etc/two");
	assert_true(recovery_run(scratch->root, NULL, &outcome, NULL, &fault));
	assert_int_equal(outcome, RECOVERY_NOTHING);
	assert_true(history_read(scratch->root, &history, &fault));
	assert_int_equal(history.count, 1);
	assert_false(history.entries[0].applied);
	history_done(&history);
}

static void after_the_commit_point_a_crash_changes_nothing_any_more(void **state)
{
	const struct scratch *scratch = *state;
	struct history history = { 0 };
	struct fault fault = { 0 };

	crash(scratch, APPLY_DONE);
	assert_false(recovery_needed(scratch->root));
	assert_file(scratch, "/etc/one", "new one\n");
	assert_true(history_read(scratch->root, &history, &fault));
	assert_true(history.entries[0].applied);
	history_done(&history);
}

static void an_edit_of_what_we_had_changed_is_kept(void **state)
{
	const struct scratch *scratch = *state;
	struct strlist names = { 0 };
	struct fault fault = { 0 };
	char path[128];

	crash(scratch, APPLY_FLUSH);
	scratch_write(scratch, "/etc/one", "theirs\n");
	recover(scratch, RECOVERY_ATTENTION, "/etc/one was changed by someone else");
	assert_file(scratch, "/etc/one", "theirs\n");
	assert_file(scratch, "/etc/two", "old two\n");
	assert_names(scratch, "/etc\n/etc/gone\n/etc/one\n/etc/two");
	/* Both of ours can be found where the sentence says. */
	assert_true(root_list(scratch->root, STATE_DIRECTORY "/history", &names, &fault));
	snprintf(path, sizeof(path), STATE_DIRECTORY "/history/%s/old/0000", names.items[0]);
	assert_file(scratch, path, "old one\n");
	snprintf(path, sizeof(path), STATE_DIRECTORY "/history/%s/new/0000", names.items[0]);
	assert_file(scratch, path, "new one\n");
	strlist_done(&names);
}

static void an_edit_of_what_we_had_made_is_kept(void **state)
{
	const struct scratch *scratch = *state;

	crash(scratch, APPLY_FLUSH);
	scratch_write(scratch, "/etc/made", "theirs\n");
	recover(scratch, RECOVERY_ATTENTION, "/etc/made");
	assert_file(scratch, "/etc/made", "theirs\n");
}

static void a_file_made_where_we_had_deleted_is_kept(void **state)
{
	const struct scratch *scratch = *state;

	crash(scratch, APPLY_FLUSH);
	scratch_write(scratch, "/etc/gone", "theirs\n");
	recover(scratch, RECOVERY_ATTENTION, "/etc/gone");
	assert_file(scratch, "/etc/gone", "theirs\n");
}

static void a_file_removed_or_replaced_by_a_link_is_kept_so(void **state)
{
	const struct scratch *scratch = *state;

	crash(scratch, APPLY_FLUSH);
	scratch_write(scratch, "/etc/one", NULL);
	recover(scratch, RECOVERY_ATTENTION, "/etc/one");
	assert_file(scratch, "/etc/one", NULL);
	scratch_write(scratch, "/etc/one", "old one\n");
	crash(scratch, APPLY_FLUSH);
	scratch_write(scratch, "/etc/one", NULL);
	scratch_link(scratch, "/etc/one", "two");
	recover(scratch, RECOVERY_ATTENTION, "/etc/one");
	assert_true(S_ISLNK(scratch_stat(scratch, "/etc/one").st_mode));
	assert_file(scratch, "/etc/two", "old two\n");
}

/* The names that the transaction under way gives what it takes out of the way: by its id, and a number. */
static char *temporary(const struct scratch *scratch, const char *directory, int number)
{
	char *plan_text = scratch_read(scratch, STATE_DIRECTORY "/txn/active/plan");
	const char *id = strstr(plan_text, "\nid ") + 4;
	struct text path = { 0 };

	text_printf(&path, "%s/.vfioconf-%.*s-%d.tmp", directory, (int)strcspn(id, "\n"), id, number);
	free(plan_text);
	return text_take(&path);
}

/* The recovery was killed, too: it had taken out what an editor had saved at that moment, and not yet put it back. */
static void what_an_editor_saved_during_a_killed_recovery_is_kept(void **state)
{
	const struct scratch *scratch = *state;
	char *one, *made;

	crash(scratch, APPLY_FLUSH);
	made = temporary(scratch, "/etc", 1);
	scratch_write(scratch, "/etc/made", NULL);
	scratch_write(scratch, made, "theirs\n");
	recover(scratch, RECOVERY_ATTENTION, "/etc/made was changed by someone else");
	assert_file(scratch, "/etc/made", "theirs\n");
	scratch_write(scratch, "/etc/made", NULL);
	crash(scratch, APPLY_FLUSH);
	one = temporary(scratch, "/etc", 0);
	scratch_write(scratch, "/etc/one", "old one\n");
	scratch_write(scratch, one, "theirs\n");
	recover(scratch, RECOVERY_ATTENTION, "/etc/one was changed by someone else");
	assert_file(scratch, "/etc/one", "theirs\n");
	assert_names(scratch, "/etc\n/etc/gone\n/etc/one\n/etc/two");
	free(one);
	free(made);
}

/* It was killed while it copied the old bytes out of the journal, there being nothing else that had them. */
static void half_of_a_copy_is_not_taken_for_someone_elses(void **state)
{
	const struct scratch *scratch = *state;
	struct text half = { 0 };
	char *one;

	crash(scratch, APPLY_FLUSH);
	one = temporary(scratch, "/etc", 0);
	text_printf(&half, "%s.back.tmp", one);
	scratch_write(scratch, one, NULL);
	scratch_write(scratch, text_string(&half), "old");
	recover(scratch, RECOVERY_UNDONE, NULL);
	assert_file(scratch, "/etc/one", "old one\n");
	assert_names(scratch, "/etc\n/etc/gone\n/etc/one\n/etc/two");
	text_done(&half);
	free(one);
}

/* Everything was put back, but the journal not yet moved into the history. */
static void what_was_kept_is_told_again_after_one_more_crash(void **state)
{
	const struct scratch *scratch = *state;
	cleanup_free char *active = scratch_path(scratch, STATE_DIRECTORY "/txn/active"), *past = NULL;
	struct history history = { 0 };
	struct fault fault = { 0 };
	struct text path = { 0 };

	crash(scratch, APPLY_FLUSH);
	scratch_write(scratch, "/etc/one", "theirs\n");
	recover(scratch, RECOVERY_ATTENTION, "/etc/one was changed by someone else");
	assert_true(history_read(scratch->root, &history, &fault));
	assert_int_equal(history.entries[0].kept.count, 1);
	text_printf(&path, STATE_DIRECTORY "/history/%s", history.entries[0].id);
	past = scratch_path(scratch, text_string(&path));
	assert_int_equal(rename(past, active), 0);
	recover(scratch, RECOVERY_ATTENTION, "/etc/one was changed by someone else");
	assert_file(scratch, "/etc/one", "theirs\n");
	history_done(&history);
	text_done(&path);
}

static void an_edit_of_what_we_had_not_changed_yet_needs_no_attention(void **state)
{
	const struct scratch *scratch = *state;

	crash(scratch, APPLY_STAGE);
	scratch_write(scratch, "/etc/one", "theirs\n");
	recover(scratch, RECOVERY_UNDONE, NULL);
	assert_file(scratch, "/etc/one", "theirs\n");
	scratch_write(scratch, "/etc/one", "old one\n");
	crash(scratch, APPLY_PUBLISH);
	scratch_write(scratch, "/etc/one", "theirs\n");
	recover(scratch, RECOVERY_UNDONE, NULL);
	assert_file(scratch, "/etc/one", "theirs\n");
	assert_names(scratch, "/etc\n/etc/gone\n/etc/one\n/etc/two");
}

static void someone_who_put_the_old_bytes_back_agrees_with_us(void **state)
{
	const struct scratch *scratch = *state;

	crash(scratch, APPLY_FLUSH);
	scratch_write(scratch, "/etc/one", "old one\n");
	scratch_write(scratch, "/etc/gone", "old gone\n");
	recover(scratch, RECOVERY_UNDONE, NULL);
	assert_names(scratch, "/etc\n/etc/gone\n/etc/one\n/etc/two");
}

static void the_next_apply_recovers_first(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	plan(scratch, &changeset);
	crash(scratch, APPLY_FLUSH);
	assert_true(transaction_apply(scratch->root, &changeset, "again", NULL, &result, &fault));
	assert_file(scratch, "/etc/one", "new one\n");
	assert_names(scratch, "/etc\n/etc/made\n/etc/one\n/etc/two");
	changeset_done(&changeset);
}

static void a_damaged_journal_is_refused_and_nothing_is_touched(void **state)
{
	const struct scratch *scratch = *state;
	enum recovery_outcome outcome;
	struct fault fault = { 0 };
	char *plan_text;

	crash(scratch, APPLY_FLUSH);
	plan_text = scratch_read(scratch, STATE_DIRECTORY "/txn/active/plan");
	*strstr(plan_text, "/etc/one") = 'x';
	scratch_write(scratch, STATE_DIRECTORY "/txn/active/plan", plan_text);
	assert_false(recovery_run(scratch->root, NULL, &outcome, NULL, &fault));
	assert_non_null(strstr(fault.sentence, STATE_DIRECTORY "/txn/active/plan is damaged"));
	assert_non_null(strstr(fault.sentence, STATE_DIRECTORY "/txn/active holds the files as they were"));
	assert_file(scratch, "/etc/one", "new one\n");
	assert_true(recovery_needed(scratch->root));
	free(plan_text);
}

static void a_torn_log_counts_as_far_as_it_is_whole(void **state)
{
	const struct scratch *scratch = *state;
	char *log, longer[256];

	crash(scratch, APPLY_FLUSH);
	log = scratch_read(scratch, STATE_DIRECTORY "/txn/active/log");
	snprintf(longer, sizeof(longer), "%s1 deadbeef sta", log);
	scratch_write(scratch, STATE_DIRECTORY "/txn/active/log", longer);
	recover(scratch, RECOVERY_UNDONE, NULL);
	assert_file(scratch, "/etc/one", "old one\n");
	free(log);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_to_recover_is_nothing_done),
		TEST(a_crash_is_undone_once_and_for_all),
		TEST(after_the_commit_point_a_crash_changes_nothing_any_more),
		TEST(an_edit_of_what_we_had_changed_is_kept),
		TEST(an_edit_of_what_we_had_made_is_kept),
		TEST(a_file_made_where_we_had_deleted_is_kept),
		TEST(a_file_removed_or_replaced_by_a_link_is_kept_so),
		TEST(what_an_editor_saved_during_a_killed_recovery_is_kept),
		TEST(half_of_a_copy_is_not_taken_for_someone_elses),
		TEST(what_was_kept_is_told_again_after_one_more_crash),
		TEST(an_edit_of_what_we_had_not_changed_yet_needs_no_attention),
		TEST(someone_who_put_the_old_bytes_back_agrees_with_us),
		TEST(the_next_apply_recovers_first),
		TEST(a_damaged_journal_is_refused_and_nothing_is_touched),
		TEST(a_torn_log_counts_as_far_as_it_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
