/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/scratch.h"
#include "system/place.h"
#include "system/store.h"
#include "system/store_copy.h"
#include "system/store_tree.h"

static int setup(void **state)
{
	static struct scratch scratch;

	scratch = scratch_new(NULL);
	scratch_write(&scratch, "/etc/file", "old");
	*state = &scratch;
	return 0;
}

static int teardown(void **state)
{
	scratch_done(*state);
	return 0;
}

static struct place find(const struct scratch *scratch, const char *path)
{
	struct place place = PLACE_NONE;
	struct fault fault = { 0 };

	if (!place_find(scratch->root, path, &place, &fault))
		fail_msg("%s", fault.sentence);
	return place;
}

static void stage(const struct place *place, const char *bytes)
{
	struct text text = { 0 };
	struct fault fault = { 0 };

	text_append(&text, bytes);
	if (!store_stage(place, ".t.tmp", &text, 0600, &fault))
		fail_msg("%s", fault.sentence);
	text_done(&text);
}

static char *digest_of(const char *bytes)
{
	static char digest[DIGEST_SIZE];

	digest_bytes(bytes, strlen(bytes), digest);
	return digest;
}

static void digests_are_those_of_sha256sum(void **state)
{
	const struct scratch *scratch = *state;
	struct place place = find(scratch, "/etc/file");
	struct content content;
	struct fault fault = { 0 };

	assert_string_equal(digest_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_string_equal(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(place_content(&place, NULL, &content, &fault));
	assert_string_equal(content.digest, digest_of("old"));
	assert_true(place_content(&place, "nothing", &content, &fault));
	assert_false(content.there);
	place_done(&place);
}

static void an_exchange_leaves_the_old_file_in_the_temporary(void **state)
{
	const struct scratch *scratch = *state;
	struct place place = find(scratch, "/etc/file");
	ino_t inode = scratch_stat(scratch, "/etc/file").st_ino;
	struct fault fault = { 0 };

	stage(&place, "new");
	assert_true(store_exchange(&place, ".t.tmp", digest_of("old"), &fault));
	assert_file(scratch, "/etc/file", "new");
	assert_file(scratch, "/etc/.t.tmp", "old");
	assert_int_equal(scratch_stat(scratch, "/etc/.t.tmp").st_ino, inode);
	assert_true(store_discard(&place, ".t.tmp", &fault));
	assert_true(store_discard(&place, ".t.tmp", &fault));
	place_done(&place);
}

static void an_exchange_that_meets_other_bytes_changes_nothing(void **state)
{
	const struct scratch *scratch = *state;
	struct place place = find(scratch, "/etc/file");
	struct fault fault = { 0 };

	stage(&place, "new");
	assert_false(store_exchange(&place, ".t.tmp", digest_of("expected"), &fault));
	assert_int_equal(fault.kind, FAULT_CONFLICT);
	assert_file(scratch, "/etc/file", "old");
	assert_file(scratch, "/etc/.t.tmp", "new");
	assert_false(store_withdraw(&place, ".u.tmp", digest_of("expected"), &fault));
	assert_int_equal(fault.kind, FAULT_CONFLICT);
	assert_file(scratch, "/etc/file", "old");
	assert_false(store_publish(&place, ".t.tmp", &fault));
	assert_int_equal(fault.kind, FAULT_CONFLICT);
	assert_file(scratch, "/etc/file", "old");
	place_done(&place);
}

static void a_temporary_that_exists_is_not_written_into(void **state)
{
	const struct scratch *scratch = *state;
	struct place place = find(scratch, "/etc/file");
	struct text text = { 0 };
	struct fault fault = { 0 };

	scratch_link(scratch, "/etc/.t.tmp", "file");
	text_append(&text, "new");
	assert_false(store_stage(&place, ".t.tmp", &text, 0600, &fault));
	assert_int_equal(fault.error, EEXIST);
	assert_file(scratch, "/etc/file", "old");
	text_done(&text);
	place_done(&place);
}

static void only_names_with_the_prefix_go(void **state)
{
	const struct scratch *scratch = *state;
	struct place place = find(scratch, "/etc/file");
	struct fault fault = { 0 };
	char *listing;

	scratch_write(scratch, "/etc/file.a", "");
	scratch_write(scratch, "/etc/file.b", "");
	scratch_write(scratch, "/etc/files", "");
	assert_true(store_discard_all(&place, "file.", &fault));
	listing = scratch_listing(scratch);
	assert_string_equal(listing, "/etc\n/etc/file\n/etc/files");
	free(listing);
	place_done(&place);
}

static void a_copy_comes_back_with_its_times_and_mode(void **state)
{
	const struct scratch *scratch = *state;
	struct place place = find(scratch, "/etc/file");
	struct folder folder = FOLDER_NONE;
	struct fault fault = { 0 };
	struct stat before, after;
	char *path = scratch_path(scratch, "/etc/file");

	assert_int_equal(chmod(path, 0604), 0);
	before = scratch_stat(scratch, "/etc/file");
	assert_true(folder_make(scratch->root, "/var/lib/ours", &folder, &fault));
	assert_int_equal(scratch_stat(scratch, "/var/lib/ours").st_mode & 07777, 0700);
	assert_true(store_save(&place, folder.descriptor, "copy", &fault));
	scratch_write(scratch, "/etc/file", "other");
	assert_true(store_bring_back(&place, ".t.tmp", folder.descriptor, "copy", &fault));
	assert_true(store_replace(&place, ".t.tmp", &fault));
	after = scratch_stat(scratch, "/etc/file");
	assert_file(scratch, "/etc/file", "old");
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_equal(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
	assert_int_equal(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
	scratch_write(scratch, "/etc/file", "other again, and longer");
	assert_true(store_overwrite(&place, folder.descriptor, "copy", &fault));
	assert_file(scratch, "/etc/file", "old");
	folder_done(&folder);
	place_done(&place);
	free(path);
}

static void a_mark_appears_whole_and_a_log_is_cut_to_what_counts(void **state)
{
	const struct scratch *scratch = *state;
	struct folder folder = FOLDER_NONE;
	struct text text = { 0 };
	struct fault fault = { 0 };
	int log = -1;

	assert_true(folder_make(scratch->root, "/ours", &folder, &fault));
	text_append(&text, "one");
	assert_true(folder_mark(&folder, "mark", &text, &fault));
	assert_true(folder_write(&folder, "file", &text, &fault));
	assert_false(folder_write(&folder, "file", &text, &fault));
	scratch_write(scratch, "/ours/.half.tmp", "");
	assert_true(folder_sweep(&folder, &fault));
	scratch_write(scratch, "/ours/log", "whole\nto");
	assert_true(folder_open_log(&folder, "log", 6, &log, &fault));
	assert_true(folder_append(log, "next\n", 5));
	assert_file(scratch, "/ours/log", "whole\nnext\n");
	assert_file(scratch, "/ours/mark", "one");
	assert_false(root_exists(scratch->root, "/ours/.half.tmp"));
	close(log);
	text_done(&text);
	folder_done(&folder);
}

static void a_tree_is_made_below_its_top_and_removed_whole(void **state)
{
	const struct scratch *scratch = *state;
	struct fault fault = { 0 };
	char *top = NULL;
	int directory;

	assert_true(tree_temporary(scratch->directory, &top, &fault));
	directory = tree_open(top);
	assert_true(directory >= 0);
	assert_true(tree_directory(directory, "sys/devices/pci0000:00/0000:00:01.0", &fault));
	assert_true(tree_directory(directory, "sys/devices/pci0000:00", &fault));
	assert_true(tree_file(directory, "sys/devices/pci0000:00/0000:00:01.0/vendor", "0x8086\n", 7, 0444, 1000, &fault));
	assert_true(tree_link(directory, "sys/link", "/etc", &fault));
	assert_false(tree_file(directory, "sys/link/file2", "x", 1, 0644, 1000, &fault));
	assert_true(tree_file(directory, "../escaped", "x", 1, 0644, 1000, &fault)); /* ".." ends at the top */
	assert_false(tree_directory(directory, "sys/link/below", &fault));
	assert_false(tree_file(directory, "missing/file", "x", 1, 0644, 1000, &fault));
	assert_true(tree_remove(top, &fault));
	assert_int_equal(access(top, F_OK), -1);
	assert_file(scratch, "/etc/file", "old");
	assert_file(scratch, "/escaped", NULL);
	close(directory);
	free(top);
}

static void a_directory_is_removed_only_when_it_is_empty(void **state)
{
	const struct scratch *scratch = *state;
	struct fault fault = { 0 };

	assert_true(store_make_directory(scratch->root, "/etc/new", &fault));
	assert_true(store_make_directory(scratch->root, "/etc/new", &fault));
	assert_int_equal(scratch_stat(scratch, "/etc/new").st_mode & 07777, 0755);
	assert_true(store_remove_directory(scratch->root, "/etc", &fault));
	assert_true(root_exists(scratch->root, "/etc/file"));
	assert_true(store_remove_directory(scratch->root, "/etc/new", &fault));
	assert_false(root_exists(scratch->root, "/etc/new"));
	assert_true(store_remove_directory(scratch->root, "/etc/new/deep", &fault));
}

static void what_leads_out_of_the_root_stays_inside(void **state)
{
	const struct scratch *scratch = *state;
	struct place place;

	scratch_link(scratch, "/etc/out", "../../../../../etc/file");
	place = find(scratch, "/etc/out");
	assert_string_equal(place.path, "/etc/file");
	assert_string_equal(place.name, "file");
	place_done(&place);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(digests_are_those_of_sha256sum),
		TEST(an_exchange_leaves_the_old_file_in_the_temporary),
		TEST(an_exchange_that_meets_other_bytes_changes_nothing),
		TEST(a_temporary_that_exists_is_not_written_into),
		TEST(only_names_with_the_prefix_go),
		TEST(a_copy_comes_back_with_its_times_and_mode),
		TEST(a_mark_appears_whole_and_a_log_is_cut_to_what_counts),
		TEST(a_tree_is_made_below_its_top_and_removed_whole),
		TEST(a_directory_is_removed_only_when_it_is_empty),
		TEST(what_leads_out_of_the_root_stays_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
