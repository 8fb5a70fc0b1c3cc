/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transactions with commands: they run in the root by chroot(2), so only root can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/history.h"
#include "apply/recovery.h"
#include "apply/transaction.h"
#include "support/peimage.h"
#include "support/scratch.h"
#include "system/pe.h"

#define GRUB_CFG "/boot/grub/grub.cfg"
#define IMAGE "/boot/initrd.img-6.1.0"
#define IMAGE_OLD "image with old things\n"

static int setup(void **state)
{
	const struct scratch *scratch = scratch_for_commands(state);

	if (!scratch)
		return 0;
	scratch_write(scratch, "/etc/default/grub", "old\n");
	scratch_write(scratch, GRUB_CFG, "menu\n\tlinux /vmlinuz root=/dev/sda1 quiet\n");
	scratch_write(scratch, IMAGE, IMAGE_OLD);
	scratch_script(scratch, "/usr/sbin/grub-mkconfig",
		       "echo generating\n"
		       "read words < /etc/default/grub\n"
		       "printf 'menu\\n\\tlinux /vmlinuz root=/dev/sda1 %s\\n' \"$words\" > $2.new\n"
		       "cat $2.new > $2; : > $2.new");
	scratch_script(scratch, "/usr/sbin/update-initramfs",
		       "read words < /etc/default/grub\n"
		       "printf 'image with %s and more\\n' \"$words\" > /boot/initrd.img-6.1.0");
	scratch_script(scratch, "/usr/bin/lsinitramfs", "cat $1");
	return 0;
}

static struct command *add(struct changeset *changeset, const char *line)
{
	const char *argv[8] = { 0 };
	struct strlist words = { 0 };
	struct command *command;

	strlist_split(&words, line, " ");
	for (size_t i = 0; i < words.count; i++)
		argv[i] = words.items[i];
	command = changeset_command(changeset, "makes it so", 20, argv);
	strlist_done(&words);
	return command;
}

static void plan_grub(struct changeset *changeset)
{
	struct command *command = add(changeset, "grub-mkconfig -o " COMMAND_OUTPUT);
	struct expectation *expectation = command_expect(command, EXPECT_WORDS, GRUB_CFG);

	command->output = memory_string(GRUB_CFG);
	strlist_add(&expectation->keys, "linux");
	strlist_add(&expectation->present, "new");
	strlist_add(&expectation->absent, "quiet");
}

static void plan_image(struct changeset *changeset)
{
	struct command *command = add(changeset, "update-initramfs -u -k all");
	struct expectation *expectation;

	strlist_add(&command->artefacts, IMAGE);
	command_expect(command, EXPECT_FILE, IMAGE);
	expectation = command_expect(command, EXPECT_LISTING, IMAGE);
	strlist_add(&expectation->argv, "lsinitramfs");
	strlist_add(&expectation->argv, IMAGE);
	strlist_add(&expectation->present, "image*new*");
}

static void plan(const struct scratch *scratch, struct changeset *changeset)
{
	scratch_change(scratch, changeset, "/etc/default/grub", "new\n");
	plan_image(changeset);
	plan_grub(changeset);
}

static void assert_old(const struct scratch *scratch, const char *listing)
{
	char *now = scratch_listing(scratch);

	assert_file(scratch, "/etc/default/grub", "old\n");
	assert_file(scratch, GRUB_CFG, "menu\n\tlinux /vmlinuz root=/dev/sda1 quiet\n");
	assert_file(scratch, IMAGE, IMAGE_OLD);
	assert_string_equal(now, listing);
	free(now);
}

/* Applies and fails with WORDS; everything is as it was. */
static struct apply_result fails(const struct scratch *scratch, const struct changeset *changeset, const char *words)
{
	char *listing = scratch_listing(scratch);
	struct apply_result result;
	struct fault fault = { 0 };

	if (transaction_apply(scratch->root, changeset, "a test", NULL, &result, &fault))
		fail_msg("it was applied");
	if (!strstr(fault.sentence, words))
		fail_msg("\"%s\" does not say \"%s\"", fault.sentence, words);
	assert_false(result.needs_attention);
	assert_false(recovery_needed(scratch->root));
	assert_old(scratch, listing);
	free(listing);
	return result;
}

static void fails_with_script(const struct scratch *scratch, const char *program, const char *body, const char *words)
{
	struct changeset changeset = { 0 };

	scratch_script(scratch, program, body);
	plan(scratch, &changeset);
	assert_true(fails(scratch, &changeset, words).rolled_back);
	changeset_done(&changeset);
}

static void apply(const struct scratch *scratch, const struct changeset *changeset)
{
	struct apply_result result;
	struct fault fault = { 0 };

	if (!transaction_apply(scratch->root, changeset, "a test", NULL, &result, &fault))
		fail_msg("%s", fault.sentence);
	assert_false(recovery_needed(scratch->root));
}

static void commands_run_after_the_files_and_their_results_are_in_place(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	char *before = scratch_listing(scratch), *after;
	struct changeset changeset = { 0 };

	plan(scratch, &changeset);
	apply(scratch, &changeset);
	assert_file(scratch, "/etc/default/grub", "new\n");
	assert_file(scratch, GRUB_CFG, "menu\n\tlinux /vmlinuz root=/dev/sda1 new\n");
	assert_file(scratch, IMAGE, "image with new and more\n");
	after = scratch_listing(scratch);
	assert_string_equal(before, after);
	changeset_done(&changeset);
	free(before);
	free(after);
}

#define ENTRY "/efi/loader/entries/one.conf"
#define ENTRY_OLD "title One\ninitrd /ucode\ninitrd /one/initrd-1111\n"

static void plan_entry(struct changeset *changeset)
{
	struct command *command = add(changeset, "mkentries");
	struct expectation *expectation = command_expect(command, EXPECT_LISTING, ENTRY);

	strlist_add(&command->artefacts, ENTRY);
	strlist_split(&expectation->argv, "lsinitramfs " ENTRY_INITRD, " ");
	strlist_add(&expectation->present, "image*new*");
}

/* What a tool calls its image is known only when it has made it. */
static void an_image_is_found_by_the_entry_that_names_it(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	scratch_write(scratch, ENTRY, ENTRY_OLD);
	scratch_write(scratch, "/efi/one/initrd-1111", IMAGE_OLD);
	scratch_script(scratch, "/usr/bin/mkentries",
		       "echo image with new things > /efi/one/initrd-2222\n"
		       "printf 'title One\\ninitrd /ucode\\ninitrd /one/initrd-2222\\n' > " ENTRY);
	plan_entry(&changeset);
	apply(scratch, &changeset);
	changeset_done(&changeset);
	/* The new image is there, but the entry still names the old one. */
	scratch_write(scratch, ENTRY, ENTRY_OLD);
	scratch_script(scratch, "/usr/bin/mkentries", "echo image with new things > /efi/one/initrd-2222");
	changeset = (struct changeset){ 0 };
	plan_entry(&changeset);
	assert_false(transaction_apply(scratch->root, &changeset, "a test", NULL, &result, &fault));
	assert_non_null(strstr(fault.sentence, "does not hold what it should hold"));
	scratch_script(scratch, "/usr/bin/mkentries", "echo title One > " ENTRY);
	assert_false(transaction_apply(scratch->root, &changeset, "a test", NULL, &result, &fault));
	assert_non_null(strstr(fault.sentence, ENTRY " names no initrd"));
	assert_true(result.rolled_back);
	assert_file(scratch, ENTRY, ENTRY_OLD);
	changeset_done(&changeset);
}

static void undo_runs_them_again_and_expects_what_was_there_before(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 }, undo = { 0 };
	struct findings findings = { 0 };
	struct fault fault = { 0 };
	const struct expectation *words;
	char *id = NULL;

	plan(scratch, &changeset);
	apply(scratch, &changeset);
	scratch_script(scratch, "/usr/sbin/grub-mkconfig",
		       "printf 'menu\\n\\tlinux /vmlinuz root=/dev/sda1 quiet\\n' > $2");
	assert_true(history_undo(scratch->root, NULL, &undo, &findings, &id, &fault));
	assert_int_equal(undo.file_count, 1);
	assert_int_equal(undo.command_count, 2);
	assert_string_equal(undo.commands[1].output, GRUB_CFG);
	words = &undo.commands[1].expectations[0];
	assert_string_equal(words->keys.items[0], "linux");
	assert_string_equal(words->present.items[0], "quiet");
	assert_string_equal(words->absent.items[0], "new");
	apply(scratch, &undo);
	assert_file(scratch, "/etc/default/grub", "old\n");
	assert_file(scratch, GRUB_CFG, "menu\n\tlinux /vmlinuz root=/dev/sda1 quiet\n");
	assert_file(scratch, IMAGE, "image with old and more\n");
	changeset_done(&changeset);
	changeset_done(&undo);
	findings_done(&findings);
	free(id);
}

static void a_command_that_fails_takes_everything_back(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);

	fails_with_script(scratch, "/usr/sbin/grub-mkconfig", "echo 'no device for /'; exit 3",
			  "grub-mkconfig -o /boot/grub/grub.cfg failed (status 3): no device for /");
	fails_with_script(scratch, "/usr/sbin/update-initramfs",
			  "echo broken > /boot/initrd.img-6.1.0; : > /boot/initrd.img-6.1.0.new; kill -9 $$",
			  "update-initramfs -u -k all failed (status 137)");
}

static void status_zero_proves_nothing(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);

	fails_with_script(scratch, "/usr/sbin/grub-mkconfig", "exit 0", "wrote no /boot/grub/grub.cfg");
	fails_with_script(scratch, "/usr/sbin/grub-mkconfig", "echo 'linux /vmlinuz quiet' > $2",
			  "does not have what it should have: new");
	fails_with_script(scratch, "/usr/sbin/grub-mkconfig", "echo 'linux /vmlinuz new quiet' > $2",
			  "still has what it should not have: quiet");
	fails_with_script(scratch, "/usr/sbin/grub-mkconfig", ": > $2", "has no line that begins with: linux");
}

static void an_image_that_is_not_whole_is_put_back(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);

	fails_with_script(scratch, "/usr/sbin/update-initramfs", "echo new > /boot/initrd.img-6.1.0",
			  "/boot/initrd.img-6.1.0 is much smaller than it was (4 bytes, before 22)");
	fails_with_script(scratch, "/usr/sbin/update-initramfs", "exit 0", "does not hold what it should hold");
	fails_with_script(scratch, "/usr/bin/lsinitramfs", "exit 1", "/boot/initrd.img-6.1.0");
}

/* What the firmware starts is a copy that kernel-install makes; status 0 does not say of which image. */
static void a_copy_of_an_older_image_is_put_back(void **state)
{
	static const char copy[] = "/efi/one/initrd.img-6.1.0";
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };
	struct command *command;

	scratch_write(scratch, copy, IMAGE_OLD);
	scratch_script(scratch, "/usr/bin/kernel-install", "echo all is well");
	plan(scratch, &changeset);
	command = add(&changeset, "kernel-install add 6.1.0");
	strlist_add(&command->artefacts, copy);
	strlist_add(&command_expect(command, EXPECT_COPY, copy)->keys, IMAGE);
	assert_true(fails(scratch, &changeset, "/efi/one/initrd.img-6.1.0 is not the same as " IMAGE).rolled_back);
	assert_file(scratch, copy, IMAGE_OLD);
	scratch_script(scratch, "/usr/bin/kernel-install", "cat " IMAGE " > /efi/one/initrd.img-6.1.0");
	apply(scratch, &changeset);
	assert_file(scratch, copy, "image with new and more\n");
	changeset_done(&changeset);
}

/* mkinitfs of Alpine would delete the image before it writes it: it is told another name, and that is looked into. */
static void an_image_that_is_staged_stays_until_the_new_one_is_proven(void **state)
{
	static const char *const bodies[] = { "test -e " IMAGE " || exit 7; rm -f $2; echo 'image, half' > $2; exit 1",
					      "rm -f $2; echo image without it, but large enough > $2",
					      "rm -f $2; echo image with new and more > $2" };
	static const char *const words[] = { "mkinitfs -o " IMAGE " 6.1.0 failed (status 1)",
					     IMAGE " does not hold what it should hold: image*new*" };
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };
	struct expectation *listing;
	struct command *command;

	scratch_script(scratch, "/usr/sbin/mkinitfs", "exit 1");
	scratch_change(scratch, &changeset, "/etc/default/grub", "new\n");
	command = add(&changeset, "mkinitfs -o " COMMAND_OUTPUT " 6.1.0");
	command->output = memory_string(IMAGE);
	command_expect(command, EXPECT_FILE, IMAGE);
	listing = command_expect(command, EXPECT_LISTING, IMAGE);
	strlist_split(&listing->argv, "lsinitramfs " COMMAND_OUTPUT, " ");
	strlist_add(&listing->present, "image*new*");
	for (size_t i = 0; i < array_size(words); i++) {
		scratch_script(scratch, "/usr/sbin/mkinitfs", bodies[i]);
		assert_true(fails(scratch, &changeset, words[i]).rolled_back);
	}
	scratch_script(scratch, "/usr/sbin/mkinitfs", bodies[2]);
	apply(scratch, &changeset);
	assert_file(scratch, IMAGE, "image with new and more\n");
	changeset_done(&changeset);
}

static void an_image_that_is_new_goes_away_again(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };

	scratch_script(scratch, "/usr/sbin/other", "echo x > /boot/new.img; exit 1");
	plan(scratch, &changeset);
	strlist_add(&add(&changeset, "other")->artefacts, "/boot/new.img");
	fails(scratch, &changeset, "other failed");
	changeset_done(&changeset);
}

static void a_failed_command_with_an_undo_is_undone(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };
	struct strlist *undo;

	scratch_script(scratch, "/usr/sbin/grubby", "echo $1 >> /etc/grubby.log");
	plan(scratch, &changeset);
	undo = &add(&changeset, "grubby --args=x")->undo;
	strlist_add(undo, "grubby");
	strlist_add(undo, "--remove-args=x");
	scratch_script(scratch, "/usr/sbin/last", "exit 1");
	add(&changeset, "last");
	scratch_write(scratch, "/etc/grubby.log", "");
	fails(scratch, &changeset, "last failed");
	assert_file(scratch, "/etc/grubby.log", "--args=x\n--remove-args=x\n");
	changeset_done(&changeset);
}

/* kernelstub -d would write what was put back once more, in an order of its own. */
static void an_undo_for_later_is_not_run_over_what_was_put_back(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };
	struct command *command;

	scratch_script(scratch, "/usr/bin/kernelstub", "echo $1 > /etc/options");
	scratch_script(scratch, "/usr/sbin/last", "exit 1");
	scratch_write(scratch, "/etc/options", "quiet splash\n");
	command = add(&changeset, "kernelstub -a x");
	strlist_add(&command->artefacts, "/etc/options");
	strlist_add(&command->undo, "kernelstub");
	strlist_add(&command->undo, "-d");
	command->undo_later = true;
	add(&changeset, "last");
	fails(scratch, &changeset, "last failed");
	assert_file(scratch, "/etc/options", "quiet splash\n");
	changeset_done(&changeset);
}

static void what_is_missing_is_found_before_anything_changes(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };

	scratch_change(scratch, &changeset, "/etc/default/grub", "new\n");
	add(&changeset, "no-such-generator");
	assert_false(fails(scratch, &changeset, "no-such-generator, which is needed, is not installed").rolled_back);
	changeset_done(&changeset);
	plan(scratch, &changeset);
	scratch_write(scratch, "/usr/bin/lsinitramfs", NULL);
	assert_false(fails(scratch, &changeset, "lsinitramfs").rolled_back);
	changeset_done(&changeset);
}

static bool cancel_when_running(void *data)
{
	const struct scratch *scratch = data;

	return root_exists(scratch->root, "/tmp/running");
}

static void an_interruption_ends_the_command_and_takes_everything_back(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct apply_observer observer = { .cancelled = cancel_when_running, .data = *state };
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };
	char *listing;

	scratch_write(scratch, "/tmp/x", "");
	scratch_script(scratch, "/usr/sbin/update-initramfs",
		       "echo half > /boot/initrd.img-6.1.0; : > /tmp/running; sleep 60");
	plan(scratch, &changeset);
	listing = scratch_listing(scratch);
	assert_false(transaction_apply(scratch->root, &changeset, "a test", &observer, &result, &fault));
	assert_int_equal(fault.kind, FAULT_CANCELLED);
	assert_true(result.rolled_back);
	scratch_write(scratch, "/tmp/running", NULL);
	assert_old(scratch, listing);
	changeset_done(&changeset);
	free(listing);
}

static void an_output_edited_meanwhile_is_kept(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	scratch_script(scratch, "/usr/sbin/grub-mkconfig", "echo 'linux new' > $2; echo theirs > /boot/grub/grub.cfg");
	plan(scratch, &changeset);
	assert_false(transaction_apply(scratch->root, &changeset, "a test", NULL, &result, &fault));
	assert_int_equal(fault.kind, FAULT_CONFLICT);
	assert_false(result.needs_attention);
	assert_file(scratch, GRUB_CFG, "theirs\n");
	assert_file(scratch, "/etc/default/grub", "old\n");
	assert_file(scratch, IMAGE, IMAGE_OLD);
	changeset_done(&changeset);
}

#define UNIFIED "/boot/linux.efi"

/* An image with these words, with certificates or without. */
static void write_unified(const struct scratch *scratch, const char *path, const char *words, bool with_certificates)
{
	cleanup_free char *full = scratch_path(scratch, path);
	cleanup_text struct text image = { 0 };
	FILE *file;

	(with_certificates ? peimage_signed : peimage)(&image, words);
	scratch_write(scratch, path, "");
	file = fopen(full, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(image.bytes, 1, image.length, file), image.length);
	assert_int_equal(fclose(file), 0);
}

/* Two commands: the first makes the image, signed or not, and the second makes it again. What comes of it? */
static bool unified_is_made(const struct scratch *scratch, bool was, bool first, bool second, struct fault *fault)
{
	struct changeset changeset = { 0 };
	struct apply_result result;
	bool done;

	write_unified(scratch, UNIFIED, "quiet", was);
	write_unified(scratch, "/tmp/first", "quiet new", first);
	write_unified(scratch, "/tmp/second", "quiet new", second);
	scratch_script(scratch, "/usr/bin/dracut", "cat /tmp/first > " UNIFIED);
	scratch_script(scratch, "/usr/bin/kernel-install", "cat /tmp/second > " UNIFIED);
	strlist_add(&add(&changeset, "dracut -f")->artefacts, UNIFIED);
	strlist_add(&add(&changeset, "kernel-install add")->artefacts, UNIFIED);
	done = transaction_apply(scratch->root, &changeset, "a test", NULL, &result, fault);
	assert_int_equal(result.rolled_back, !done);
	changeset_done(&changeset);
	return done;
}

static void an_image_that_was_signed_must_be_signed_again(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct fault fault = { 0 };

	assert_true(unified_is_made(scratch, true, true, true, &fault));
	assert_true(unified_is_made(scratch, false, false, false, &fault));
	/* Whoever signs may come after whoever makes it. */
	assert_true(unified_is_made(scratch, true, false, true, &fault));
	assert_true(pe_is_signed(scratch->root, UNIFIED));
	assert_false(unified_is_made(scratch, true, true, false, &fault));
	assert_int_equal(fault.kind, FAULT_COMMAND);
	assert_non_null(strstr(fault.sentence, "after kernel-install, " UNIFIED " is not signed any more"));
	/* That which the firmware starts is back. */
	assert_true(pe_is_signed(scratch->root, UNIFIED));
}

static void a_running_apt_is_waited_for(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	char *path = scratch_path(scratch, "/var/lib/dpkg/lock-frontend");
	struct changeset changeset = { 0 };
	char go[2] = "";
	int ready[2], done[2];

	scratch_write(scratch, "/var/lib/dpkg/lock-frontend", "");
	assert_int_equal(pipe(ready) + pipe(done), 0);
	if (!fork()) {
		FILE *lock = fopen(path, "r+");
		int result = lock ? lockf(fileno(lock), F_LOCK, 0) : -1;

		if (write(ready[1], result ? "n" : "y", 1) != 1 || close(done[1]) || read(done[0], go, 1) < 0)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(ready[0], go, 1), 1);
	assert_string_equal(go, "y");
	plan(scratch, &changeset);
	assert_false(fails(scratch, &changeset, "apt or dpkg").rolled_back);
	close(done[1]);
	usleep(200000);
	scratch_script(scratch, "/usr/sbin/update-initramfs", "echo image $DPKG_FRONTEND_LOCKED and new > " IMAGE);
	apply(scratch, &changeset);
	assert_file(scratch, IMAGE, "image 1 and new\n");
	changeset_done(&changeset);
	free(path);
}

static void note_lines(void *data, const struct apply_progress *progress)
{
	if (progress->step == APPLY_COMMAND && progress->line)
		text_printf(data, "%zu/%zu %s: %s\n", progress->number, progress->total, progress->what, progress->line);
}

static void the_output_is_shown_and_kept(void **state)
{
	const struct scratch *scratch = scratch_or_skip(state);
	struct text lines = { 0 };
	struct apply_observer observer = { .notify = note_lines, .data = &lines };
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };
	char path[128];

	plan(scratch, &changeset);
	assert_true(transaction_apply(scratch->root, &changeset, "a test", &observer, &result, &fault));
	assert_string_equal(text_string(&lines), "2/2 grub-mkconfig -o /boot/grub/grub.cfg: generating\n");
	snprintf(path, sizeof(path), STATE_DIRECTORY "/history/%s/out/01.log", result.id);
	assert_file(scratch, path, "generating\n");
	snprintf(path, sizeof(path), STATE_DIRECTORY "/history/%s/art", result.id);
	assert_false(root_exists(scratch->root, path));
	changeset_done(&changeset);
	text_done(&lines);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, scratch_for_commands_done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commands_run_after_the_files_and_their_results_are_in_place),
		TEST(an_image_is_found_by_the_entry_that_names_it),
		TEST(undo_runs_them_again_and_expects_what_was_there_before),
		TEST(a_command_that_fails_takes_everything_back),
		TEST(status_zero_proves_nothing),
		TEST(an_image_that_is_not_whole_is_put_back),
		TEST(a_copy_of_an_older_image_is_put_back),
		TEST(an_image_that_is_staged_stays_until_the_new_one_is_proven),
		TEST(an_image_that_is_new_goes_away_again),
		TEST(a_failed_command_with_an_undo_is_undone),
		TEST(an_undo_for_later_is_not_run_over_what_was_put_back),
		TEST(what_is_missing_is_found_before_anything_changes),
		TEST(an_interruption_ends_the_command_and_takes_everything_back),
		TEST(an_output_edited_meanwhile_is_kept),
		TEST(an_image_that_was_signed_must_be_signed_again),
		TEST(a_running_apt_is_waited_for),
		TEST(the_output_is_shown_and_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
