/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without commands: these roots have no shell. test_transaction_commands.c has the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
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
	scratch_write(&scratch, "/etc/default/grub", "GRUB=1\n");
	scratch_write(&scratch, "/etc/modprobe.d/old.conf", "options old\n");
	*state = &scratch;
	return 0;
}

static int teardown(void **state)
{
	scratch_done(*state);
	return 0;
}

/* One file modified, one created (in a directory that has to be made), one deleted. */
static void plan(const struct scratch *scratch, struct changeset *changeset)
{
	scratch_change(scratch, changeset, "/etc/default/grub", "GRUB=2\n");
	scratch_change(scratch, changeset, "/etc/default/grub.d/vfioconf.cfg", "X=1\n");
	scratch_change(scratch, changeset, "/etc/modprobe.d/old.conf", NULL);
}

static void assert_old(const struct scratch *scratch)
{
	char *listing = scratch_listing(scratch);

	assert_file(scratch, "/etc/default/grub", "GRUB=1\n");
	assert_file(scratch, "/etc/modprobe.d/old.conf", "options old\n");
	assert_string_equal(listing, "/etc\n/etc/default\n/etc/default/grub\n/etc/modprobe.d\n"
				     "/etc/modprobe.d/old.conf");
	free(listing);
}

static void assert_new(const struct scratch *scratch)
{
	char *listing = scratch_listing(scratch);

	assert_file(scratch, "/etc/default/grub", "GRUB=2\n");
	assert_file(scratch, "/etc/default/grub.d/vfioconf.cfg", "X=1\n");
	assert_string_equal(listing, "/etc\n/etc/default\n/etc/default/grub\n/etc/default/grub.d\n"
				     "/etc/default/grub.d/vfioconf.cfg\n/etc/modprobe.d");
	free(listing);
}

static void apply(const struct scratch *scratch, const struct changeset *changeset)
{
	struct apply_result result;
	struct fault fault = { 0 };

	if (!transaction_apply(scratch->root, changeset, "a test", NULL, &result, &fault))
		fail_msg("%s", fault.sentence);
	assert_false(result.rolled_back);
	assert_false(result.needs_attention);
	assert_false(recovery_needed(scratch->root));
}

static struct apply_result refuse(const struct scratch *scratch, const struct changeset *changeset, enum fault_kind kind,
				  const char *words)
{
	struct apply_result result;
	struct fault fault = { 0 };

	assert_false(transaction_apply(scratch->root, changeset, "a test", NULL, &result, &fault));
	if (!strstr(fault.sentence, words))
		fail_msg("\"%s\" does not say \"%s\"", fault.sentence, words);
	assert_int_equal(fault.kind, kind);
	assert_false(recovery_needed(scratch->root));
	return result;
}

static void files_are_modified_created_and_deleted(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };

	plan(scratch, &changeset);
	apply(scratch, &changeset);
	assert_new(scratch);
	changeset_done(&changeset);
}

static void undo_gives_the_old_bytes_back(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 }, undo = { 0 };
	struct findings findings = { 0 };
	struct fault fault = { 0 };
	char *id = NULL;

	plan(scratch, &changeset);
	apply(scratch, &changeset);
	assert_true(history_undo(scratch->root, NULL, &undo, &findings, &id, &fault));
	assert_false(findings_refuse(&findings));
	apply(scratch, &undo);
	assert_old(scratch);
	changeset_done(&changeset);
	changeset_done(&undo);
	findings_done(&findings);
	free(id);
}

static void a_file_that_is_not_as_planned_stops_everything(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };

	plan(scratch, &changeset);
	scratch_write(scratch, "/etc/modprobe.d/old.conf", "options edited\n");
	refuse(scratch, &changeset, FAULT_CONFLICT, "/etc/modprobe.d/old.conf was changed by someone else");
	assert_file(scratch, "/etc/modprobe.d/old.conf", "options edited\n");
	assert_file(scratch, "/etc/default/grub", "GRUB=1\n");
	scratch_write(scratch, "/etc/modprobe.d/old.conf", NULL);
	refuse(scratch, &changeset, FAULT_CONFLICT, "/etc/modprobe.d/old.conf was removed by someone else");
	scratch_write(scratch, "/etc/modprobe.d/old.conf", "options old\n");
	scratch_write(scratch, "/etc/default/grub.d/vfioconf.cfg", "theirs\n");
	refuse(scratch, &changeset, FAULT_CONFLICT, "vfioconf.cfg was made by someone else");
	assert_file(scratch, "/etc/default/grub.d/vfioconf.cfg", "theirs\n");
	changeset_done(&changeset);
}

/* An editor that saves at the last moment, between the checks and the exchange. */
struct editor {
	const struct scratch *scratch;
	enum apply_step when;
	const char *path, *content;
};

static void save_now(void *data, const struct apply_progress *progress)
{
	struct editor *editor = data;

	if (progress->step != editor->when || !editor->path)
		return;
	scratch_write(editor->scratch, editor->path, editor->content);
	editor->path = NULL;
}

static void edit_during(const struct scratch *scratch, enum apply_step when, const char *path, const char *content)
{
	struct editor editor = { .scratch = scratch, .when = when, .path = path, .content = content };
	struct apply_observer observer = { .notify = save_now, .data = &editor };
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	plan(scratch, &changeset);
	assert_false(transaction_apply(scratch->root, &changeset, "a test", &observer, &result, &fault));
	assert_int_equal(fault.kind, FAULT_CONFLICT);
	assert_non_null(strstr(fault.sentence, path));
	assert_false(result.needs_attention);
	assert_file(scratch, path, content);
	changeset_done(&changeset);
}

static void an_editor_that_saves_before_the_exchange_wins(void **state)
{
	const struct scratch *scratch = *state;

	edit_during(scratch, APPLY_PUBLISH, "/etc/default/grub", "GRUB=theirs\n");
	assert_file(scratch, "/etc/default/grub.d/vfioconf.cfg", NULL);
	assert_file(scratch, "/etc/modprobe.d/old.conf", "options old\n");
	scratch_write(scratch, "/etc/default/grub", "GRUB=1\n");
	assert_old(scratch);
	edit_during(scratch, APPLY_STAGE, "/etc/modprobe.d/old.conf", "options theirs\n");
	scratch_write(scratch, "/etc/modprobe.d/old.conf", "options old\n");
	assert_old(scratch);
	edit_during(scratch, APPLY_SAVE, "/etc/modprobe.d/old.conf", "options theirs\n");
	scratch_write(scratch, "/etc/modprobe.d/old.conf", "options old\n");
	assert_old(scratch);
	edit_during(scratch, APPLY_PUBLISH, "/etc/default/grub.d/vfioconf.cfg", "theirs\n");
	assert_file(scratch, "/etc/default/grub", "GRUB=1\n");
}

/* Cancelled at the Nth time it is asked, for every N until it is not asked any more. */
static bool count_down(void *data)
{
	int *left = data;

	return (*left)-- <= 0;
}

static void an_interruption_at_any_step_puts_everything_back(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };
	int n = 0, left;
	bool done;

	plan(scratch, &changeset);
	do {
		struct apply_observer observer = { .cancelled = count_down, .data = &left };

		left = n++;
		done = transaction_apply(scratch->root, &changeset, "a test", &observer, &result, &fault);
		if (done)
			break;
		assert_int_equal(fault.kind, FAULT_CANCELLED);
		assert_old(scratch);
	} while (n < 100);
	assert_true(n > 5 && n < 100);
	assert_new(scratch);
	changeset_done(&changeset);
}

static void a_second_vfioconf_is_told_to_wait(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 }, first = { 0 };
	char *path = scratch_path(scratch, "/var/lib/vfioconf/lock");
	FILE *lock;

	scratch_change(scratch, &first, "/etc/first", "x");
	apply(scratch, &first);
	plan(scratch, &changeset);
	lock = fopen(path, "r");
	assert_non_null(lock);
	assert_int_equal(flock(fileno(lock), LOCK_EX | LOCK_NB), 0);
	refuse(scratch, &changeset, FAULT_BUSY, "another vfioconf");
	assert_file(scratch, "/etc/default/grub", "GRUB=1\n");
	fclose(lock);
	apply(scratch, &changeset);
	changeset_done(&changeset);
	changeset_done(&first);
	free(path);
}

/* Each raises the number in the file by one where it was not told to wait, or that the file is not as planned. */
static void child_appliers(const struct scratch *scratch, int times)
{
	int applied = 0;

	for (int tries = 0; applied < times && tries < 20000; tries++) {
		struct changeset changeset = { 0 };
		struct apply_result result;
		struct fault fault = { 0 };
		struct text before = { .bytes = scratch_read(scratch, "/etc/number") }, after = { 0 };

		before.length = strlen(before.bytes);
		text_printf(&after, "%d", atoi(before.bytes) + 1);
		changeset_file(&changeset, "/etc/number", &before, &after, 0644, "");
		text_done(&before);
		text_done(&after);
		if (transaction_apply(scratch->root, &changeset, "n", NULL, &result, &fault))
			applied++;
		else if (fault.kind != FAULT_BUSY && fault.kind != FAULT_CONFLICT)
			_exit(1);
		else
			usleep(500);
		changeset_done(&changeset);
	}
	_exit(applied != times);
}

static void two_appliers_at_once_never_lose_a_change(void **state)
{
	const struct scratch *scratch = *state;
	int status;

	scratch_write(scratch, "/etc/number", "0");
	for (int i = 0; i < 2; i++)
		if (!fork())
			child_appliers(scratch, 25);
	for (int i = 0; i < 2; i++) {
		wait(&status);
		assert_int_equal(status, 0);
	}
	assert_file(scratch, "/etc/number", "50");
}

static void a_link_is_kept_and_its_target_replaced(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };

	scratch_write(scratch, "/boot/efi/grub.cfg", "old\n");
	scratch_link(scratch, "/etc/grub.cfg", "/boot/efi/grub.cfg");
	scratch_change(scratch, &changeset, "/etc/grub.cfg", "new\n");
	apply(scratch, &changeset);
	assert_true(S_ISLNK(scratch_stat(scratch, "/etc/grub.cfg").st_mode));
	assert_file(scratch, "/boot/efi/grub.cfg", "new\n");
	changeset_done(&changeset);
}

static void links_to_nowhere_and_into_the_distribution_are_refused(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };

	scratch_link(scratch, "/etc/nowhere", "/gone/file");
	scratch_change(scratch, &changeset, "/etc/nowhere", "new\n");
	refuse(scratch, &changeset, FAULT_INPUT, "/etc/nowhere is a symbolic link to /gone/file");
	changeset_done(&changeset);
	scratch_write(scratch, "/usr/lib/x.conf", "old\n");
	scratch_link(scratch, "/etc/x.conf", "../usr/lib/x.conf");
	scratch_change(scratch, &changeset, "/etc/x.conf", "new\n");
	refuse(scratch, &changeset, FAULT_INPUT, "/etc/x.conf is kept at /usr/lib/x.conf");
	assert_file(scratch, "/usr/lib/x.conf", "old\n");
	changeset_done(&changeset);
	scratch_write(scratch, "/etc/a", "old\n");
	scratch_link(scratch, "/etc/b", "a");
	scratch_change(scratch, &changeset, "/etc/a", "one\n");
	scratch_change(scratch, &changeset, "/etc/b", "two\n");
	refuse(scratch, &changeset, FAULT_INPUT, "leads to the same file");
	changeset_done(&changeset);
}

static void a_directory_in_the_way_is_refused(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };
	struct text bytes = { 0 };

	text_append(&bytes, "x");
	changeset_file(&changeset, "/etc/default", NULL, &bytes, 0644, "");
	refuse(scratch, &changeset, FAULT_INPUT, "/etc/default is not a regular file");
	changeset_done(&changeset);
	changeset_file(&changeset, "/etc/default/grub/x", NULL, &bytes, 0644, "");
	refuse(scratch, &changeset, FAULT_SYSTEM, "/etc/default/grub");
	changeset_done(&changeset);
	changeset_file(&changeset, "relative", NULL, &bytes, 0644, "");
	refuse(scratch, &changeset, FAULT_INPUT, "relative");
	changeset_done(&changeset);
	text_done(&bytes);
}

static void the_mode_of_a_file_is_kept_and_that_of_a_new_one_is_as_wanted(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };
	char *path = scratch_path(scratch, "/etc/default/grub");
	mode_t mask = umask(077);

	assert_int_equal(chmod(path, 0640), 0);
	plan(scratch, &changeset);
	apply(scratch, &changeset);
	umask(mask);
	assert_int_equal(scratch_stat(scratch, "/etc/default/grub").st_mode & 07777, 0640);
	assert_int_equal(scratch_stat(scratch, "/etc/default/grub.d/vfioconf.cfg").st_mode & 07777, 0644);
	changeset_done(&changeset);
	free(path);
}

static void the_dry_run_finds_the_same_and_changes_nothing(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };
	struct fault fault = { 0 };

	plan(scratch, &changeset);
	assert_true(transaction_check(scratch->root, &changeset, &fault));
	assert_old(scratch);
	assert_false(root_exists(scratch->root, STATE_DIRECTORY));
	scratch_write(scratch, "/etc/default/grub", "other\n");
	assert_false(transaction_check(scratch->root, &changeset, &fault));
	assert_int_equal(fault.kind, FAULT_CONFLICT);
	changeset_done(&changeset);
}

static void the_undo_of_a_file_changed_since_is_refused(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 }, undo = { 0 };
	struct findings findings = { 0 };
	struct fault fault = { 0 };
	char *id = NULL;

	plan(scratch, &changeset);
	apply(scratch, &changeset);
	scratch_write(scratch, "/etc/default/grub", "GRUB=mine\n");
	assert_true(history_undo(scratch->root, NULL, &undo, &findings, &id, &fault));
	assert_true(findings_refuse(&findings));
	assert_int_equal(findings.items[0].code, FINDING_FILE_FOREIGN);
	assert_non_null(strstr(findings.items[0].message, "/etc/default/grub"));
	changeset_done(&changeset);
	changeset_done(&undo);
	findings_done(&findings);
	free(id);
}

static void the_history_tells_what_was_done_newest_first(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };
	struct history history = { 0 };
	struct fault fault = { 0 };

	assert_true(history_read(scratch->root, &history, &fault));
	assert_int_equal(history.count, 0);
	plan(scratch, &changeset);
	apply(scratch, &changeset);
	changeset_done(&changeset);
	scratch_write(scratch, "/etc/default/grub", "GRUB=1\n");
	edit_during(scratch, APPLY_PUBLISH, "/etc/default/grub", "GRUB=theirs\n");
	assert_true(history_read(scratch->root, &history, &fault));
	assert_int_equal(history.count, 2);
	assert_false(history.entries[0].applied);
	assert_non_null(strstr(history.entries[0].note, "a test (put back: "));
	assert_true(history.entries[1].applied);
	assert_string_equal(history.entries[1].note, "a test");
	assert_int_equal(history.entries[1].files.count, 3);
	assert_string_equal(history.entries[1].files.items[0], "/etc/default/grub");
	assert_true(history.entries[1].time > 1700000000);
	history_done(&history);
}

static void the_history_keeps_fifty_and_the_first(void **state)
{
	const struct scratch *scratch = *state;
	struct history history = { 0 };
	struct fault fault = { 0 };

	for (int i = 0; i < 55; i++) {
		struct changeset changeset = { 0 };
		char text[16];

		snprintf(text, sizeof(text), "%d\n", i);
		scratch_change(scratch, &changeset, "/etc/default/grub", text);
		apply(scratch, &changeset);
		changeset_done(&changeset);
	}
	assert_true(history_read(scratch->root, &history, &fault));
	assert_int_equal(history.count, 51);
	assert_non_null(strstr(history.entries[0].id, "Z-55"));
	assert_non_null(strstr(history.entries[50].id, "Z-1"));
	assert_int_equal(strlen(strstr(history.entries[50].id, "Z-1")), 3);
	history_done(&history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files_are_modified_created_and_deleted, setup, teardown),
		cmocka_unit_test_setup_teardown(undo_gives_the_old_bytes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_not_as_planned_stops_everything, setup, teardown),
		cmocka_unit_test_setup_teardown(an_editor_that_saves_before_the_exchange_wins, setup, teardown),
		cmocka_unit_test_setup_teardown(an_interruption_at_any_step_puts_everything_back, setup, teardown),
		cmocka_unit_test_setup_teardown(a_second_vfioconf_is_told_to_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(two_appliers_at_once_never_lose_a_change, setup, teardown),
		cmocka_unit_test_setup_teardown(a_link_is_kept_and_its_target_replaced, setup, teardown),
		cmocka_unit_test_setup_teardown(links_to_nowhere_and_into_the_distribution_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_directory_in_the_way_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(the_mode_of_a_file_is_kept_and_that_of_a_new_one_is_as_wanted, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_dry_run_finds_the_same_and_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(the_undo_of_a_file_changed_since_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(the_history_tells_what_was_done_newest_first, setup, teardown),
		cmocka_unit_test_setup_teardown(the_history_keeps_fifty_and_the_first, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
