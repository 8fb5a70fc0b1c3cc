/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Awkward places for a file. What needs mounts gets them in a mount namespace of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/recovery.h"
#include "apply/transaction.h"
#include "support/scratch.h"

static int setup(void **state)
{
	static struct scratch scratch;

	scratch = scratch_new(NULL);
	scratch_write(&scratch, "/etc/first", "old first\n");
	scratch_write(&scratch, "/etc/place/file", "old file\n");
	scratch_write(&scratch, "/boot/other", "");
	*state = &scratch;
	return 0;
}

static int teardown(void **state)
{
	const struct scratch *scratch = *state;
	static const char *const mounts[] = { "/etc/place/file", "/etc/place", "/boot", "/var" };

	for (size_t i = 0; i < array_size(mounts); i++) {
		char *path = scratch_path(scratch, mounts[i]);

		umount2(path, MNT_DETACH);
		free(path);
	}
	scratch_done(*state);
	return 0;
}

/* Before the first root is opened: a descriptor stays in the namespace that it was opened in. */
static bool apart;

static int come_apart(void **state)
{
	(void)state;
	apart = !unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	return 0;
}

static void need_mounts(void)
{
	if (!apart)
		skip();
}

static void mount_small(const struct scratch *scratch, const char *path, const char *size)
{
	char *full = scratch_path(scratch, path);

	if (mount("tmpfs", full, "tmpfs", 0, size) < 0)
		skip();
	free(full);
}

static void plan(const struct scratch *scratch, struct changeset *changeset)
{
	scratch_change(scratch, changeset, "/etc/first", "new first\n");
	scratch_change(scratch, changeset, "/etc/place/file", "new file\n");
}

static void apply(const struct scratch *scratch)
{
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	plan(scratch, &changeset);
	if (!transaction_apply(scratch->root, &changeset, "places", NULL, &result, &fault))
		fail_msg("%s", fault.sentence);
	assert_file(scratch, "/etc/place/file", "new file\n");
	changeset_done(&changeset);
}

/* Refused before anything is touched; ADVICE is in the sentence. */
static void refused(const struct scratch *scratch, int error, const char *advice)
{
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	plan(scratch, &changeset);
	assert_false(transaction_apply(scratch->root, &changeset, "places", NULL, &result, &fault));
	if (!strstr(fault.sentence, advice))
		fail_msg("\"%s\" does not say \"%s\"", fault.sentence, advice);
	assert_int_equal(fault.error, error);
	assert_false(result.rolled_back);
	assert_false(recovery_needed(scratch->root));
	assert_file(scratch, "/etc/first", "old first\n");
	assert_file(scratch, "/etc/place/file", "old file\n");
	memset(&fault, 0, sizeof(fault));
	assert_false(transaction_check(scratch->root, &changeset, &fault));
	assert_non_null(strstr(fault.sentence, advice));
	changeset_done(&changeset);
}

static void a_read_only_file_system_is_named(void **state)
{
	const struct scratch *scratch = *state;
	char *path = scratch_path(scratch, "/etc/place");

	need_mounts();
	if (mount(path, path, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) < 0)
		skip();
	refused(scratch, EROFS, "/etc/place/file is on a file system that is mounted read-only");
	free(path);
}

static void a_file_under_a_mount_is_named(void **state)
{
	const struct scratch *scratch = *state;
	char *path = scratch_path(scratch, "/etc/place/file");

	need_mounts();
	if (mount(path, path, NULL, MS_BIND, NULL) < 0)
		skip();
	refused(scratch, EBUSY, "something is mounted over the file itself");
	free(path);
}

static bool set_flags(const struct scratch *scratch, const char *path, int flags)
{
	char *full = scratch_path(scratch, path);
	int descriptor = open(full, O_RDONLY), had = 0;
	bool done = descriptor >= 0 && !ioctl(descriptor, FS_IOC_GETFLAGS, &had);

	had = (had & ~(FS_IMMUTABLE_FL | FS_APPEND_FL)) | flags;
	done = done && !ioctl(descriptor, FS_IOC_SETFLAGS, &had);
	if (descriptor >= 0)
		close(descriptor);
	free(full);
	return done;
}

static void refused_with_flag(const struct scratch *scratch, const char *path, int flag, const char *letter)
{
	char *full = scratch_path(scratch, path), advice[256];

	if (!set_flags(scratch, path, flag))
		skip();
	snprintf(advice, sizeof(advice), "type: chattr -%s %s", letter, full);
	refused(scratch, EPERM, advice);
	assert_true(set_flags(scratch, path, 0));
	free(full);
}

static void an_immutable_file_or_directory_is_told_with_the_command_to_type(void **state)
{
	const struct scratch *scratch = *state;

	refused_with_flag(scratch, "/etc/place/file", FS_IMMUTABLE_FL, "i");
	refused_with_flag(scratch, "/etc/place/file", FS_APPEND_FL, "a");
	refused_with_flag(scratch, "/etc/place", FS_IMMUTABLE_FL, "i");
	refused_with_flag(scratch, "/etc/place", FS_APPEND_FL, "a");
	apply(scratch);
}

static void note_line(void *data, const struct apply_progress *progress)
{
	if (progress->step == APPLY_CHECK && progress->line)
		text_append(data, progress->line);
}

static void a_directory_that_is_made_is_for_everyone_whatever_the_umask(void **state)
{
	const struct scratch *scratch = *state;
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };
	mode_t before = umask(077);
	bool done;

	scratch_change(scratch, &changeset, "/etc/made/deep/file", "new\n");
	done = transaction_apply(scratch->root, &changeset, "places", NULL, &result, &fault);
	umask(before);
	if (!done)
		fail_msg("%s", fault.sentence);
	assert_int_equal(scratch_stat(scratch, "/etc/made").st_mode & 07777, 0755);
	assert_int_equal(scratch_stat(scratch, "/etc/made/deep").st_mode & 07777, 0755);
	assert_int_equal(scratch_stat(scratch, "/etc/made/deep/file").st_mode & 07777, 0644);
	assert_int_equal(scratch_stat(scratch, STATE_DIRECTORY).st_mode & 07777, 0700);
	changeset_done(&changeset);
}

static void the_other_name_of_a_hard_link_keeps_the_old_bytes(void **state)
{
	const struct scratch *scratch = *state;
	char *path = scratch_path(scratch, "/etc/place/file"), *other = scratch_path(scratch, "/etc/backup");
	struct text notes = { 0 };
	struct apply_observer observer = { .notify = note_line, .data = &notes };
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	assert_int_equal(link(path, other), 0);
	plan(scratch, &changeset);
	assert_true(transaction_apply(scratch->root, &changeset, "places", &observer, &result, &fault));
	assert_file(scratch, "/etc/place/file", "new file\n");
	assert_file(scratch, "/etc/backup", "old file\n");
	assert_string_equal(text_string(&notes),
			    "/etc/place/file has 2 names (hard links): the others keep the old bytes");
	changeset_done(&changeset);
	text_done(&notes);
	free(path);
	free(other);
}

static void attributes_owner_and_flags_are_kept(void **state)
{
	const struct scratch *scratch = *state;
	char *path = scratch_path(scratch, "/etc/place/file"), value[16] = "";
	struct stat status;
	int flags = 0, descriptor;
	bool flagged;

	if (setxattr(path, "user.note", "kept", 4, 0) < 0)
		skip();
	if (geteuid() == 0)
		assert_int_equal(chown(path, 1234, 5678), 0);
	assert_int_equal(chmod(path, 04751), 0);
	flagged = set_flags(scratch, "/etc/place/file", FS_NODUMP_FL);
	apply(scratch);
	assert_int_equal(getxattr(path, "user.note", value, sizeof(value)), 4);
	assert_string_equal(value, "kept");
	status = scratch_stat(scratch, "/etc/place/file");
	assert_int_equal(status.st_mode & 07777, 04751);
	if (geteuid() == 0) {
		assert_int_equal(status.st_uid, 1234);
		assert_int_equal(status.st_gid, 5678);
	}
	descriptor = open(path, O_RDONLY);
	if (flagged && !ioctl(descriptor, FS_IOC_GETFLAGS, &flags))
		assert_true(flags & FS_NODUMP_FL);
	close(descriptor);
	free(path);
}

/* Version 2 of posix_acl_xattr: user::rw-, user:1234:r--, group::r--, mask::r--, other::--- */
static const uint8_t list[] = { 2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0xd2, 4,   0,   0,   4, 0,
				4, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255 };

static void an_access_list_is_kept_and_none_is_inherited(void **state)
{
	const struct scratch *scratch = *state;
	char *path = scratch_path(scratch, "/etc/place/file"), *first = scratch_path(scratch, "/etc/first");
	char *directory = scratch_path(scratch, "/etc");
	uint8_t value[128];

	if (setxattr(path, "system.posix_acl_access", list, sizeof(list), 0) < 0 ||
	    setxattr(directory, "system.posix_acl_default", list, sizeof(list), 0) < 0)
		skip();
	assert_int_equal(chmod(first, 0644), 0);
	apply(scratch);
	assert_int_equal(getxattr(path, "system.posix_acl_access", value, sizeof(value)), sizeof(list));
	assert_memory_equal(value, list, sizeof(list));
	assert_true(getxattr(first, "system.posix_acl_access", value, sizeof(value)) < 0);
	assert_int_equal(scratch_stat(scratch, "/etc/first").st_mode & 07777, 0644);
	free(path);
	free(first);
	free(directory);
}

static void too_little_room_is_found_before_anything_is_written(void **state)
{
	const struct scratch *scratch = *state;
	char *filler = memory_zero(1, 700 * 1024 + 1);

	need_mounts();
	mount_small(scratch, "/etc/place", "size=1m");
	scratch_write(scratch, "/etc/place/file", "old file\n");
	memset(filler, 'x', 700 * 1024);
	scratch_write(scratch, "/etc/place/filler", filler);
	refused(scratch, ENOSPC, "there is not enough room on the file system of /etc/place");
	assert_int_equal(umount(filler), -1);
	free(filler);
}

static struct command *add(struct changeset *changeset, const char *program)
{
	const char *const argv[] = { program, NULL };

	return changeset_command(changeset, "", 20, argv);
}

/* COUNT images of SIZE KiB each are made anew, on a file system of 4 MiB. Do they fit? */
static bool images_fit(const struct scratch *scratch, size_t count, size_t size, bool beside, bool over)
{
	struct changeset changeset = { 0 };
	struct command *command = add(&changeset, "generator");
	char *image = memory_zero(1, size * 1024 + 1);
	struct fault fault = { 0 };
	bool done;

	memset(image, 'i', size * 1024);
	for (size_t i = 0; i < count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "/boot/image%zu", i);
		scratch_write(scratch, text_string(&path), image);
		strlist_add(&command->artefacts, text_string(&path));
		if (beside)
			strlist_add(&command->beside, text_string(&path));
		if (over)
			strlist_add(&command->over, text_string(&path));
	}
	done = transaction_check(scratch->root, &changeset, &fault);
	if (!done)
		assert_non_null(strstr(fault.sentence, "there is not enough room on the file system of /boot"));
	changeset_done(&changeset);
	free(image);
	return done;
}

/* Some generators write one image after another, some leave all old ones there, and some write over them. */
static void images_need_the_room_that_their_maker_needs(void **state)
{
	const struct scratch *scratch = *state;

	need_mounts();
	scratch_script(scratch, "/usr/sbin/generator", "exit 0");
	mount_small(scratch, "/boot", "size=4m");
	assert_true(images_fit(scratch, 4, 500, false, false));
	assert_false(images_fit(scratch, 4, 500, true, false));
	assert_true(images_fit(scratch, 4, 500, false, true));
	assert_true(images_fit(scratch, 4, 1, true, false));
	assert_false(images_fit(scratch, 1, 2000, false, false));
	assert_true(images_fit(scratch, 1, 2000, false, true));
}

static void a_full_disk_for_the_journal_is_found_as_well(void **state)
{
	const struct scratch *scratch = *state;

	need_mounts();
	scratch_write(scratch, "/var/x", "");
	mount_small(scratch, "/var", "size=64k");
	refused(scratch, ENOSPC, "there is not enough room on the file system of /var/lib/vfioconf");
}

/* Staged images: until all is done, the old ones stay beside the new ones. */
static void there_has_to_be_room_for_old_and_new_images_at_once(void **state)
{
	static const char *const images[] = { "/etc/place/one", "/etc/place/two" };
	const struct scratch *scratch = *state;
	cleanup_free char *image = memory_zero(1, 512 * 1024 + 1);
	struct changeset changeset = { 0 };
	struct fault fault = { 0 };

	need_mounts();
	mount_small(scratch, "/etc/place", "size=3200k");
	memset(image, 'x', 512 * 1024);
	for (size_t i = 0; i < array_size(images); i++) {
		scratch_script(scratch, i ? "/usr/bin/second" : "/usr/bin/first", "exit 0");
		scratch_write(scratch, images[i], image);
		add(&changeset, i ? "second" : "first")->output = memory_string(images[i]);
		if (transaction_check(scratch->root, &changeset, &fault) != !i)
			fail_msg("%zu: %s", i, fault.sentence);
	}
	assert_int_equal(fault.error, ENOSPC);
	changeset_done(&changeset);
}

/* The generator breaks the image and fills the disk: there is no room for a second copy beside it. */
static void an_image_is_put_back_on_a_full_disk(void **state)
{
	const struct scratch *scratch = *state;
	char *image = memory_zero(1, 300 * 1024 + 1);
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	if (geteuid() != 0)
		skip();
	need_mounts();
	mount_small(scratch, "/boot", "size=1800k");
	memset(image, 'i', 300 * 1024);
	scratch_write(scratch, "/boot/image", image);
	scratch_program(scratch, "/bin/sh");
	scratch_program(scratch, "/bin/cat");
	scratch_script(scratch, "/usr/sbin/generate",
		       "echo broken > /boot/image\n"
		       "while echo xxxxxxxxxxxxxxxx; do :; done > /boot/image.new 2> /boot/image.tmp; :");
	plan(scratch, &changeset);
	strlist_add(&add(&changeset, "generate")->artefacts, "/boot/image");
	command_expect(&changeset.commands[0], EXPECT_FILE, "/boot/image");
	assert_false(transaction_apply(scratch->root, &changeset, "places", NULL, &result, &fault));
	if (!result.rolled_back || result.needs_attention)
		fail_msg("%s", fault.sentence);
	assert_file(scratch, "/boot/image", image);
	assert_file(scratch, "/etc/first", "old first\n");
	changeset_done(&changeset);
	free(image);
}

static void an_ordinary_user_is_told_to_come_as_root(void **state)
{
	const struct scratch *scratch = *state;
	int status;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(scratch->directory, 0755), 0);
	if (!fork()) {
		struct changeset changeset = { 0 };
		struct apply_result result;
		struct fault fault = { 0 };

		if (setgid(65534) < 0 || setuid(65534) < 0)
			_exit(2);
		plan(scratch, &changeset);
		/* The dry run is for everyone. */
		if (!transaction_check(scratch->root, &changeset, &fault))
			_exit(3);
		if (transaction_apply(scratch->root, &changeset, "places", NULL, &result, &fault))
			_exit(4);
		_exit(strstr(fault.sentence, "run vfioconf as root, for example through sudo") ? 0 : 5);
	}
	wait(&status);
	assert_int_equal(status, 0);
	assert_file(scratch, "/etc/first", "old first\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_read_only_file_system_is_named),
		TEST(a_file_under_a_mount_is_named),
		TEST(an_immutable_file_or_directory_is_told_with_the_command_to_type),
		TEST(a_directory_that_is_made_is_for_everyone_whatever_the_umask),
		TEST(the_other_name_of_a_hard_link_keeps_the_old_bytes),
		TEST(attributes_owner_and_flags_are_kept),
		TEST(an_access_list_is_kept_and_none_is_inherited),
		TEST(there_has_to_be_room_for_old_and_new_images_at_once),
		TEST(images_need_the_room_that_their_maker_needs),
		TEST(too_little_room_is_found_before_anything_is_written),
		TEST(a_full_disk_for_the_journal_is_found_as_well),
		TEST(an_image_is_put_back_on_a_full_disk),
		TEST(an_ordinary_user_is_told_to_come_as_root),
	};

	return cmocka_run_group_tests(tests, come_apart, NULL);
}
