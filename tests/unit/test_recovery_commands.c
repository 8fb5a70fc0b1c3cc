/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What commands made, put back after one of them failed, or after a crash. They run by chroot(2), so only root can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/recovery.h"
#include "apply/transaction.h"
#include "support/scratch.h"

#define IMAGE "/boot/initrd.img-6.1"
#define IMAGE_OLD "the old image, whole\n"

static bool apart; /* in a mount namespace of our own */

static int setup(void **state)
{
	const struct scratch *scratch = scratch_for_commands(state);

	if (!scratch)
		return 0;
	scratch_program(scratch, "/bin/mkdir");
	scratch_write(scratch, "/etc/one", "old\n");
	scratch_write(scratch, IMAGE, IMAGE_OLD);
	scratch_script(scratch, "/usr/bin/dracut", "echo the new image, whole > " IMAGE);
	scratch_script(scratch, "/usr/bin/lsinitrd", "cat $1");
	return 0;
}

static struct command *add(struct changeset *changeset, const char *program)
{
	const char *const argv[] = { program, NULL };
	struct command *command = changeset_command(changeset, "makes it so", 20, argv);

	strlist_add(&command->artefacts, IMAGE);
	return command;
}

/* One file, and an image that dracut writes, and then SECOND (may be NULL); what dracut makes is looked into. */
static void plan(const struct scratch *scratch, struct changeset *changeset, const char *second)
{
	struct expectation *listing;

	scratch_change(scratch, changeset, "/etc/one", "new\n");
	command_expect(add(changeset, "dracut"), EXPECT_FILE, IMAGE);
	listing = command_expect(&changeset->commands[0], EXPECT_LISTING, IMAGE);
	strlist_split(&listing->argv, "lsinitrd " IMAGE, " ");
	strlist_add(&listing->present, "*new*");
	if (second)
		add(changeset, second);
}

static void die_at_command(void *data, const struct apply_progress *progress)
{
	const size_t *number = data;

	if (progress->step == APPLY_COMMAND && progress->number == *number && progress->line)
		_exit(9);
}

/* A crash when command NUMBER of CHANGESET says its first line. */
static void crash_in(const struct scratch *scratch, const struct changeset *changeset, size_t number)
{
	struct apply_observer observer = { .notify = die_at_command, .data = &number };
	struct apply_result result;
	int status;

	if (!fork()) {
		transaction_apply(scratch->root, changeset, "a crash", &observer, &result, NULL);
		_exit(0);
	}
	wait(&status);
	assert_int_equal(WEXITSTATUS(status), 9);
}

static void crash(const struct scratch *scratch, const char *second, size_t number)
{
	struct changeset changeset = { 0 };

	plan(scratch, &changeset, second);
	crash_in(scratch, &changeset, number);
	changeset_done(&changeset);
}

/* What it kept of others, one a line. */
static char *recover(const struct scratch *scratch, enum recovery_outcome wanted)
{
	enum recovery_outcome outcome;
	struct strlist foreign = { 0 };
	struct fault fault = { 0 };
	char *sentences;

	while (!recovery_run(scratch->root, NULL, &outcome, &foreign, &fault)) {
		/* A command that outlived us still has the lock. */
		if (fault.kind != FAULT_BUSY)
			fail_msg("%s", fault.sentence);
		usleep(20000);
	}
	sentences = strlist_join(&foreign, "\n");
	if (outcome != wanted)
		fail_msg("outcome %d: %s", outcome, sentences);
	assert_false(recovery_needed(scratch->root));
	strlist_done(&foreign);
	return sentences;
}

/* Applies, and it fails with WORDS and is rolled back. */
static void fails(const struct scratch *scratch, const char *second, const char *words)
{
	char *before = scratch_listing(scratch), *after;
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	plan(scratch, &changeset, second);
	assert_false(transaction_apply(scratch->root, &changeset, "a test", NULL, &result, &fault));
	if (!strstr(fault.sentence, words))
		fail_msg("\"%s\" does not say \"%s\"", fault.sentence, words);
	if (!result.rolled_back || result.needs_attention)
		fail_msg("%s", fault.sentence);
	assert_file(scratch, "/etc/one", "old\n");
	assert_file(scratch, IMAGE, IMAGE_OLD);
	after = scratch_listing(scratch);
	assert_string_equal(before, after);
	changeset_done(&changeset);
	free(before);
	free(after);
}

static void an_image_that_a_later_command_spoils_is_put_back(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);

	scratch_script(scratch, "/usr/bin/kernel-install", "printf tru > " IMAGE "; echo no space left; exit 1");
	fails(scratch, "kernel-install", "kernel-install failed (status 1): no space left");
	scratch_script(scratch, "/usr/bin/kernel-install", "exit 1");
	fails(scratch, "kernel-install", "kernel-install failed (status 1)");
}

static void an_image_that_a_later_command_spoils_without_a_word_is_found(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);

	scratch_script(scratch, "/usr/bin/kernel-install", "printf tru > " IMAGE);
	fails(scratch, "kernel-install", "after kernel-install, " IMAGE " is much smaller than it was");
	scratch_script(scratch, "/usr/bin/kernel-install", "echo of something else altogether > " IMAGE);
	fails(scratch, "kernel-install", "after kernel-install, " IMAGE " does not hold what it should hold: *new*");
}

static void an_image_that_a_later_command_was_writing_at_the_crash_is_put_back(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);

	scratch_script(scratch, "/usr/bin/kernel-install", "printf tru > " IMAGE "; echo writing");
	crash(scratch, "kernel-install", 2);
	free(recover(scratch, RECOVERY_UNDONE));
	assert_file(scratch, IMAGE, IMAGE_OLD);
	assert_file(scratch, "/etc/one", "old\n");
}

/* The command that made it is done, and another one, which has nothing to do with it, was running. */
static void an_image_that_others_made_since_is_kept_and_so_is_the_copy_of_the_old_one(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };
	char *sentence, *copy;

	scratch_script(scratch, "/usr/bin/other", "echo at it");
	plan(scratch, &changeset, NULL);
	strlist_done(&add(&changeset, "other")->artefacts);
	crash_in(scratch, &changeset, 2);
	changeset_done(&changeset);
	scratch_write(scratch, IMAGE, "the image of someone else\n");
	sentence = recover(scratch, RECOVERY_ATTENTION);
	assert_file(scratch, IMAGE, "the image of someone else\n");
	copy = strstr(sentence, STATE_DIRECTORY "/history/");
	assert_non_null(copy);
	copy[strcspn(copy, ")")] = '\0';
	assert_file(scratch, copy, IMAGE_OLD);
	free(sentence);
}

/* Copies that someone made since the crash, another kernel's image, and a directory stay, and are in nobody's way. */
static void only_what_a_generator_leaves_is_removed_beside_an_image(void **state)
{
	static const char *const theirs[] = { IMAGE ".bak", IMAGE ".1", IMAGE ".backup", IMAGE ".before" };
	static const char *const leftovers[] = { IMAGE ".new", IMAGE ".dpkg-bak", IMAGE ".Xq3vB9" };
	const struct scratch *scratch = scratch_or_skip(state);

	scratch_write(scratch, IMAGE ".before", "before");
	scratch_script(scratch, "/usr/bin/kernel-install", "printf tru > " IMAGE "; echo writing; mkdir " IMAGE ".tmp");
	crash(scratch, "kernel-install", 2);
	for (size_t i = 0; i < array_size(theirs); i++)
		scratch_write(scratch, theirs[i], "theirs");
	for (size_t i = 0; i < array_size(leftovers); i++)
		scratch_write(scratch, leftovers[i], "half");
	free(recover(scratch, RECOVERY_UNDONE));
	assert_file(scratch, IMAGE, IMAGE_OLD);
	assert_file(scratch, "/etc/one", "old\n");
	for (size_t i = 0; i < array_size(theirs); i++)
		assert_file(scratch, theirs[i], "theirs");
	for (size_t i = 0; i < array_size(leftovers); i++)
		assert_file(scratch, leftovers[i], NULL);
}

#define ESP_IMAGE "/efi/6.1/initrd"
#define ESP_ENTRY "/efi/entries/6.1.conf"

/* Dracut's hook has kernel-install write what a later command of the plan, kernel-install itself, is to write. */
static void plan_hook(const struct scratch *scratch, struct changeset *changeset, const char *then)
{
	cleanup_text struct text script = { 0 };
	struct command *command;

	scratch_write(scratch, ESP_IMAGE, "the old copy\n");
	scratch_write(scratch, ESP_ENTRY, "options old\n");
	scratch_write(scratch, "/efi/6.1/unlike", "untouched\n");
	scratch_write(scratch, "/efi/refreshed", "old\n");
	text_printf(&script,
		    "echo the new image, whole > " IMAGE "\necho new > " ESP_IMAGE "\necho options new > " ESP_ENTRY "\n"
		    "echo new > /efi/refreshed\n%s", then);
	scratch_script(scratch, "/usr/bin/dracut", text_string(&script));
	scratch_script(scratch, "/usr/bin/kernel-install", "exit 0");
	scratch_script(scratch, "/usr/bin/kernelstub", "echo $1 > /tmp/kernelstub");
	scratch_script(scratch, "/usr/bin/refresh", "read word < /etc/one; echo $word > /efi/refreshed");
	plan(scratch, changeset, NULL);
	command = add(changeset, "kernel-install");
	strlist_add(&command->artefacts, ESP_IMAGE);
	strlist_add(&command->artefacts, ESP_ENTRY);
	strlist_add(&command->artefacts, "/efi/6.1/unlike");
	strlist_add(&command->artefacts, "/efi/6.1/new");
	command = add(changeset, "kernelstub");
	strlist_split(&command->undo, "kernelstub -d", " ");
	command = add(changeset, "refresh");
	strlist_add(&command->undo, "refresh");
}

static void assert_hook_undone(const struct scratch *scratch)
{
	assert_file(scratch, "/etc/one", "old\n");
	assert_file(scratch, IMAGE, IMAGE_OLD);
	assert_file(scratch, ESP_IMAGE, "the old copy\n");
	assert_file(scratch, ESP_ENTRY, "options old\n");
	assert_file(scratch, "/efi/6.1/new", NULL);
	/* A copier copies what was put back; what adds and takes away was never run, and is not. */
	assert_file(scratch, "/efi/refreshed", "old\n");
	assert_file(scratch, "/tmp/kernelstub", NULL);
}

static bool cancel_when_running(void *data)
{
	const struct scratch *scratch = data;

	return root_exists(scratch->root, "/tmp/running");
}

static void what_a_hook_wrote_before_its_own_command_came_is_put_back(void **state)
{
	static const char *const ends[] = { "echo no space left; exit 1", ": > /tmp/running; sleep 60",
					    "echo new > /efi/6.1/new; printf tru > " IMAGE };
	const struct scratch *scratch = scratch_or_skip(state);
	struct apply_observer observer = { .cancelled = cancel_when_running, .data = *state };

	scratch_write(scratch, "/tmp/x", "");
	for (size_t i = 0; i < array_size(ends); i++) {
		struct changeset changeset = { 0 };
		struct apply_result result;
		struct fault fault = { 0 };
		struct stat before;

		plan_hook(scratch, &changeset, ends[i]);
		before = scratch_stat(scratch, "/efi/6.1/unlike");
		assert_false(transaction_apply(scratch->root, &changeset, "a test", &observer, &result, &fault));
		if (!result.rolled_back || result.needs_attention)
			fail_msg("%s", fault.sentence);
		assert_hook_undone(scratch);
		/* Nor was what no hook had touched written anew. */
		assert_int_equal(scratch_stat(scratch, "/efi/6.1/unlike").st_ino, before.st_ino);
		if (root_exists(scratch->root, "/tmp/running"))
			scratch_write(scratch, "/tmp/running", NULL);
		changeset_done(&changeset);
	}
}

static void what_a_hook_wrote_before_a_crash_is_put_back(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };

	scratch_write(scratch, "/tmp/x", "");
	plan_hook(scratch, &changeset, "echo new > /efi/6.1/new; echo at it");
	crash_in(scratch, &changeset, 1);
	changeset_done(&changeset);
	assert_file(scratch, ESP_ENTRY, "options new\n");
	free(recover(scratch, RECOVERY_UNDONE));
	assert_hook_undone(scratch);
}

/* A kernel that was removed since the crash took its directory on the ESP with it; that must not stop the rest. */
static void a_directory_that_went_since_the_crash_is_told_and_in_nobodys_way(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	cleanup_free char *directory = scratch_path(scratch, "/efi/6.1");
	struct changeset changeset = { 0 };
	char *sentences, *copy;

	plan_hook(scratch, &changeset, "echo at it");
	crash_in(scratch, &changeset, 1);
	changeset_done(&changeset);
	scratch_write(scratch, ESP_IMAGE, NULL);
	scratch_write(scratch, "/efi/6.1/unlike", NULL);
	assert_int_equal(rmdir(directory), 0);
	sentences = recover(scratch, RECOVERY_ATTENTION);
	copy = strstr(sentences, ESP_IMAGE " was removed by someone else");
	assert_non_null(copy);
	copy = strstr(copy, STATE_DIRECTORY "/history/");
	assert_non_null(copy);
	copy[strcspn(copy, ")")] = '\0';
	assert_file(scratch, copy, "the old copy\n");
	assert_file(scratch, ESP_ENTRY, "options old\n");
	assert_file(scratch, "/etc/one", "old\n");
	free(sentences);
}

static void refused(const struct scratch *scratch, const char *words)
{
	enum recovery_outcome outcome;
	struct fault fault = { 0 };

	while (!recovery_run(scratch->root, NULL, &outcome, NULL, &fault) && fault.kind == FAULT_BUSY)
		usleep(20000);
	assert_int_equal(fault.kind, FAULT_SYSTEM);
	if (!strstr(fault.sentence, words))
		fail_msg("\"%s\" does not say \"%s\"", fault.sentence, words);
	assert_true(recovery_needed(scratch->root));
	assert_file(scratch, "/etc/one", "new\n");
}

static void attach(const char *from, const char *to)
{
	if (mount(from, to, NULL, MS_BIND, NULL) < 0)
		fail_msg("%s cannot be mounted", to);
}

/* The file system is the same all the time; it is only not at /boot in between. */
static void without_its_file_system_an_image_is_left_alone(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	cleanup_free char *boot = scratch_path(scratch, "/boot"), *disk = scratch_path(scratch, "/disk");

	scratch_write(scratch, "/disk/x", "");
	if (!apart || mount("tmpfs", disk, "tmpfs", 0, NULL) < 0)
		skip();
	attach(disk, boot);
	scratch_write(scratch, IMAGE, IMAGE_OLD);
	scratch_script(scratch, "/usr/bin/kernel-install", "printf tru > " IMAGE "; echo writing");
	crash(scratch, "kernel-install", 2);
	umount2(boot, MNT_DETACH);
	refused(scratch, "/boot is not mounted, but was when the run began that was interrupted");
	assert_file(scratch, "/disk/initrd.img-6.1", "tru");
	attach(disk, boot);
	free(recover(scratch, RECOVERY_UNDONE));
	assert_file(scratch, IMAGE, IMAGE_OLD);
	assert_file(scratch, "/etc/one", "old\n");
	/* The other way round: it was part of the whole, and now something hides it. */
	umount2(boot, MNT_DETACH);
	crash(scratch, "kernel-install", 2);
	attach(disk, boot);
	refused(scratch, IMAGE " was changed on another file system than that which is mounted at /boot now");
	umount2(boot, MNT_DETACH);
	free(recover(scratch, RECOVERY_UNDONE));
	umount2(disk, MNT_DETACH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, scratch_for_commands_done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_image_that_a_later_command_spoils_is_put_back),
		TEST(an_image_that_a_later_command_spoils_without_a_word_is_found),
		TEST(an_image_that_a_later_command_was_writing_at_the_crash_is_put_back),
		TEST(an_image_that_others_made_since_is_kept_and_so_is_the_copy_of_the_old_one),
		TEST(only_what_a_generator_leaves_is_removed_beside_an_image),
		TEST(what_a_hook_wrote_before_its_own_command_came_is_put_back),
		TEST(what_a_hook_wrote_before_a_crash_is_put_back),
		TEST(a_directory_that_went_since_the_crash_is_told_and_in_nobodys_way),
		TEST(without_its_file_system_an_image_is_left_alone),
	};

	/* Before the first root is opened: a descriptor stays in the namespace that it was opened in. */
	apart = !unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
