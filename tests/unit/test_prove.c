/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/prove.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/machine.h"
#include "support/peimage.h"

#define IMAGE "/efi/EFI/Linux/linux.efi"

static void write_image(struct machine *machine, const char *cmdline)
{
	cleanup_text struct text image = { 0 };

	peimage(&image, cmdline);
	machine_write_n(machine, IMAGE, text_string(&image), image.length);
}

/* What is said of an image with that command line: it shall have iommu=pt, and no quiet. NULL: nothing is wrong. */
static const char *complaint(const char *cmdline)
{
	static const char *const argv[] = { "kernel-install", "add", NULL };
	static struct fault fault;
	struct machine *machine = machine_open_text("");
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "makes the image", 1, argv);
	struct expectation *expectation = command_expect(command, EXPECT_SECTION, IMAGE);
	const struct proof proof = { .root = machine->root, .command = command };
	bool proven;

	strlist_add(&expectation->keys, ".cmdline");
	strlist_add(&expectation->present, "iommu=pt");
	strlist_add(&expectation->absent, "quiet");
	if (cmdline)
		write_image(machine, cmdline);
	else
		machine_write(machine, IMAGE, "no image at all");
	proven = prove_expectation(&proof, expectation, 0, &fault);
	changeset_done(&changeset);
	machine_close(machine);
	return proven ? NULL : fault.sentence;
}

static void the_command_line_in_an_image_is_looked_into(void **state)
{
	(void)state;
	assert_null(complaint("root=/dev/sda1 iommu=pt"));
	assert_null(complaint("root=/dev/sda1\niommu=pt\n"));
	assert_non_null(strstr(complaint("root=/dev/sda1 iommu=pt2"), "does not have what it should have: iommu=pt"));
	assert_non_null(strstr(complaint("iommu=pt quiet"), "still has what it should not have: quiet"));
	assert_non_null(strstr(complaint("iommu=pt\nquiet"), "still has what it should not have: quiet"));
	assert_non_null(strstr(complaint(""), "is without the words of: .cmdline"));
	assert_non_null(strstr(complaint(NULL), "after kernel-install"));
}

/* What is said of a grub.cfg of these lines that shall have iommu=pt, and no quiet. */
static bool menu_is_good(const char *lines, struct fault *fault)
{
	static const char *const argv[] = { "grub-mkconfig", NULL };
	struct machine *machine = machine_open_text("");
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "", 1, argv);
	struct expectation *expectation = command_expect(command, EXPECT_WORDS, "/boot/grub/grub.cfg");
	const struct proof proof = { .root = machine->root, .command = command };
	bool good;

	strlist_add(&expectation->keys, "linux");
	strlist_add(&expectation->from, "### BEGIN *_linux ###");
	strlist_add(&expectation->present, "iommu=pt");
	strlist_add(&expectation->absent, "quiet");
	machine_write(machine, "/boot/grub/grub.cfg", lines);
	good = prove_expectation(&proof, expectation, 0, fault);
	changeset_done(&changeset);
	machine_close(machine);
	return good;
}

static void what_comes_before_the_lines_that_count_is_of_others(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_true(menu_is_good("linux /a iommu=pt\nlinux /b\n", &fault));
	assert_false(menu_is_good("linux /a\nlinux /b iommu=pt\n", &fault));
	assert_true(menu_is_good("linux /a\n### BEGIN /etc/grub.d/10_linux ###\nlinux /b iommu=pt\nlinux /b\n", &fault));
	assert_false(menu_is_good("linux /a iommu=pt\n### BEGIN /etc/grub.d/10_linux ###\nlinux /b\n", &fault));
	assert_non_null(strstr(fault.sentence, "does not have what it should have: iommu=pt"));
	assert_false(menu_is_good("linux /a iommu=pt\n### BEGIN /etc/grub.d/10_linux ###\n", &fault));
	assert_non_null(strstr(fault.sentence, "has no line that begins with"));
	/* A word that shall be gone is so everywhere. */
	assert_false(menu_is_good("linux /a quiet\n### BEGIN /etc/grub.d/10_linux ###\nlinux /b iommu=pt\n", &fault));
}

#define MENU(first, rescue, second)                                                                                \
	"default l0\nlabel l0\n\tmenu label Debian 6.12\n\tlinux /boot/vmlinuz-6.12\n\tappend root=/dev/sda1 " first \
	"\n\nlabel l0r\n\tmenu label Debian 6.12 (rescue target)\n\tappend root=/dev/sda1 " rescue              \
	"\n\n  LABEL l1\n\tmenu label Debian 6.1\n\tappend root=/dev/sda1 " second "\n"

/* Whether a menu of these lines has iommu=pt in every entry of this system, and quiet nowhere. */
static bool entries_are_good(const char *lines, const char *others, struct fault *fault)
{
	static const char *const argv[] = { "u-boot-update", NULL };
	struct machine *machine = machine_open_text("");
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "", 1, argv);
	struct expectation *expectation = command_expect(command, EXPECT_WORDS, "/boot/extlinux.conf");
	const struct proof proof = { .root = machine->root, .command = command };
	bool good;

	strlist_add(&expectation->keys, "append");
	strlist_add(&expectation->others, others);
	strlist_add(&expectation->present, "iommu=pt");
	strlist_add(&expectation->absent, "quiet");
	machine_write(machine, "/boot/extlinux.conf", lines);
	good = prove_expectation(&proof, expectation, 0, fault);
	changeset_done(&changeset);
	machine_close(machine);
	return good;
}

static void every_entry_of_a_menu_counts_but_those_of_others(void **state)
{
	static const char rescue[] = "*(rescue target)*";
	struct fault fault = { 0 };

	(void)state;
	assert_true(entries_are_good(MENU("iommu=pt", "iommu=pt single", "iommu=pt"), rescue, &fault));
	assert_true(entries_are_good(MENU("iommu=pt", "single", "iommu=pt"), rescue, &fault));
	assert_false(entries_are_good(MENU("iommu=pt", "iommu=pt single", "ro"), rescue, &fault));
	assert_non_null(strstr(fault.sentence, "does not have what it should have: iommu=pt"));
	assert_false(entries_are_good(MENU("ro", "iommu=pt", "iommu=pt"), rescue, &fault));
	/* What shall be gone is so everywhere. */
	assert_false(entries_are_good(MENU("iommu=pt", "quiet single", "iommu=pt"), rescue, &fault));
	/* Were all of them called so, the first would count. */
	assert_true(entries_are_good(MENU("iommu=pt", "", ""), "*", &fault));
	assert_false(entries_are_good(MENU("", "iommu=pt", "iommu=pt"), "*", &fault));
	assert_false(entries_are_good("", rescue, &fault));
	assert_non_null(strstr(fault.sentence, "has no line that begins with"));
}

static void undone_an_image_has_the_words_of_before(void **state)
{
	struct machine *machine = machine_open_text("");
	struct expectation expectation = { .kind = EXPECT_SECTION, .path = (char[]){ IMAGE } };
	cleanup_strlist struct strlist present = { 0 };
	cleanup_strlist struct strlist absent = { 0 };

	(void)state;
	write_image(machine, "root=/dev/sda1 quiet");
	strlist_add(&expectation.keys, ".cmdline");
	strlist_add(&expectation.present, "iommu=pt");
	strlist_add(&expectation.absent, "quiet");
	prove_inverse(machine->root, &expectation, &present, &absent);
	assert_int_equal(present.count, 1);
	assert_string_equal(present.items[0], "quiet");
	assert_int_equal(absent.count, 1);
	assert_string_equal(absent.items[0], "iommu=pt");
	strlist_done(&expectation.keys);
	strlist_done(&expectation.present);
	strlist_done(&expectation.absent);
	machine_close(machine);
}

#define INITRD "/boot/initrd.img-6.12.9"

/* What is said of an image of NOW bytes that had BEFORE; NULL: nothing is wrong. */
static const char *complaint_of_size(size_t now, uint64_t before)
{
	static const char *const argv[] = { "update-initramfs", "-u", "-k", "all", NULL };
	static struct fault fault;
	struct machine *machine = machine_open_text("");
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "makes the images", 1, argv);
	struct expectation *expectation = command_expect(command, EXPECT_FILE, INITRD);
	const struct proof proof = { .root = machine->root, .command = command };
	cleanup_free char *bytes = memory_zero(1, now + 1);
	bool proven;

	machine_write_n(machine, INITRD, bytes, now);
	proven = prove_expectation(&proof, expectation, before, &fault);
	changeset_done(&changeset);
	machine_close(machine);
	return proven ? NULL : fault.sentence;
}

/* MODULES=most was changed to dep since: that is no fault of the image, but nobody knows whether it boots. */
static void of_an_image_that_shrank_it_is_said_why_and_what_to_do(void **state)
{
	const char *said;

	(void)state;
	assert_null(complaint_of_size(5000, 10000));
	assert_null(complaint_of_size(20000, 10000));
	said = complaint_of_size(4999, 10000);
	assert_non_null(said);
	assert_non_null(strstr(said, INITRD " is much smaller than it was (4999 bytes, before 10000)"));
	assert_non_null(strstr(said, "settings of what makes it were changed"));
	assert_non_null(strstr(said, "type update-initramfs -u -k all, restart"));
	assert_non_null(strstr(said, "apply again"));
	said = complaint_of_size(0, 10000);
	assert_non_null(said);
	assert_non_null(strstr(said, INITRD " is empty: it cannot be whole"));
}

#define PIECE 0x100000u /* in which files are compared */

/* Bytes that do not repeat soon, as those of a packed archive. */
static void add_noise(struct text *text, size_t length, uint32_t seed)
{
	for (size_t i = 0; i < length; i++) {
		seed = seed * 1664525u + 1013904223u;
		text_append_char(text, (char)(seed >> 24));
	}
}

/* What is said of a file that shall be a copy of the initrd, or hold one in its SECTION. NULL: nothing is wrong. */
static const char *complaint_of_copy(struct machine *machine, const char *path, const char *section,
				     const struct text *initrd, const struct text *content)
{
	static const char *const argv[] = { "kernel-install", "add", NULL };
	static struct fault fault;
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "makes the image", 1, argv);
	struct expectation *expectation = command_expect(command, EXPECT_COPY, path);
	const struct proof proof = { .root = machine->root, .command = command };
	bool proven;

	strlist_add(&expectation->keys, INITRD);
	if (section)
		strlist_add(&expectation->keys, section);
	machine_write_n(machine, INITRD, text_string(initrd), initrd->length);
	machine_write_n(machine, path, text_string(content), content->length);
	proven = prove_expectation(&proof, expectation, 0, &fault);
	changeset_done(&changeset);
	return proven ? NULL : fault.sentence;
}

/* Of an image whose section has FRONT bytes, the initrd, and BEHIND bytes; of the initrd, byte CHANGED is another. */
static const char *complaint_of_image(size_t front, size_t size, size_t behind, size_t changed)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text initrd = { 0 };
	cleanup_text struct text section = { 0 };
	cleanup_text struct text image = { 0 };
	const char *complaint;

	add_noise(&initrd, size, 1);
	add_noise(&section, front, 2);
	text_append_n(&section, text_string(&initrd), initrd.length);
	if (changed < size)
		section.bytes[front + changed] ^= 1;
	add_noise(&section, behind, 3);
	peimage_initrd(&image, "root=/dev/sda1", &section);
	complaint = complaint_of_copy(machine, IMAGE, ".initrd", &initrd, &image);
	machine_close(machine);
	return complaint;
}

#define WHOLE SIZE_MAX

static void an_image_with_the_initramfs_that_was_checked_is_right(void **state)
{
	(void)state;
	assert_null(complaint_of_image(0, 100, 0, WHOLE));
	assert_null(complaint_of_image(0, 101, 0, WHOLE));
	assert_null(complaint_of_image(64, 101, 0, WHOLE));
	assert_null(complaint_of_image(64, 101, 3 + 200, WHOLE));
	assert_null(complaint_of_image(0, 2 * PIECE + 77, 0, WHOLE));
	/* that begins at the end of one piece, and reaches into the next but one */
	assert_null(complaint_of_image(PIECE - 8, PIECE + 4096, 0, WHOLE));
	assert_null(complaint_of_image(PIECE, PIECE, 4, WHOLE));
}

static void an_image_with_another_initramfs_is_refused_by_its_name(void **state)
{
	static const char words[] = "the section .initrd of " IMAGE " does not hold " INITRD " as it is now";
	const size_t large = 2 * PIECE + 77;

	(void)state;
	assert_non_null(strstr(complaint_of_image(0, 100, 0, 50), words));
	assert_non_null(strstr(complaint_of_image(0, 100, 0, 99), "after kernel-install, the section"));
	assert_non_null(strstr(complaint_of_image(64, large, 0, large - 1), words));
	assert_non_null(strstr(complaint_of_image(64, large, 0, PIECE + 1), words));
	assert_non_null(strstr(complaint_of_image(64, large, 0, 0), words));
}

/* The kernel would not find it: a packed archive begins at a multiple of four bytes. */
static void an_initramfs_that_is_not_aligned_is_refused(void **state)
{
	(void)state;
	assert_non_null(strstr(complaint_of_image(63, 100, 0, WHOLE), "does not hold " INITRD));
	assert_null(complaint_of_image(60, 100, 0, WHOLE));
}

static void an_image_that_ends_within_the_initramfs_is_refused(void **state)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text initrd = { 0 };
	cleanup_text struct text image = { 0 };
	const char *said;

	(void)state;
	add_noise(&initrd, 5000, 1);
	peimage_initrd(&image, "root=/dev/sda1", &initrd);
	peimage_number(&image, 0x98 + 3 * 40 + 8, 4999);
	said = complaint_of_copy(machine, IMAGE, ".initrd", &initrd, &image);
	assert_non_null(said);
	assert_non_null(strstr(said, "does not hold " INITRD));
	peimage_number(&image, 0x98 + 3 * 40 + 8, 5000);
	image.length -= 4096;
	said = complaint_of_copy(machine, IMAGE, ".initrd", &initrd, &image);
	assert_non_null(said);
	assert_non_null(strstr(said, "does not hold " INITRD));
	assert_non_null(strstr(complaint_of_copy(machine, IMAGE, ".ucode", &initrd, &image), "has no section .ucode"));
	machine_close(machine);
}

static void the_initramfs_beside_a_boot_entry_is_the_one_that_was_checked(void **state)
{
	static const char beside[] = "/boot/efi/0a1b/6.12.9/initrd.img-6.12.9";
	struct machine *machine = machine_open_text("");
	cleanup_text struct text initrd = { 0 };
	cleanup_text struct text copy = { 0 };

	(void)state;
	add_noise(&initrd, PIECE + 100, 1);
	add_noise(&copy, PIECE + 100, 1);
	assert_null(complaint_of_copy(machine, beside, NULL, &initrd, &copy));
	copy.bytes[PIECE + 99] ^= 1;
	assert_non_null(strstr(complaint_of_copy(machine, beside, NULL, &initrd, &copy), "is not the same as " INITRD));
	copy.bytes[PIECE + 99] ^= 1;
	text_append(&copy, "x");
	assert_non_null(strstr(complaint_of_copy(machine, beside, NULL, &initrd, &copy), "is not the same as " INITRD));
	machine_close(machine);
}

/* What is said of an image whose lister prints LINE; it shall have a shell. NULL: nothing is wrong. */
static const char *complaint_of_listing(const char *line)
{
	static const char *const argv[] = { "dracut", "-f", NULL };
	static const struct run_request manner = { 0 };
	static struct fault fault;
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "makes the image", 1, argv);
	struct expectation *expectation = command_expect(command, EXPECT_LISTING, "/boot/initrd");
	const struct proof proof = { .command = command, .manner = &manner };
	bool proven;

	strlist_add(&expectation->argv, "printf");
	strlist_add(&expectation->argv, "%s\\n");
	strlist_add(&expectation->argv, line);
	strlist_add(&expectation->present, "*bin/sh");
	proven = prove_expectation(&proof, expectation, 0, &fault);
	changeset_done(&changeset);
	return proven ? NULL : fault.sentence;
}

static void a_link_in_a_long_listing_counts_by_its_name(void **state)
{
	(void)state;
	assert_null(complaint_of_listing("usr/bin/sh"));
	assert_null(complaint_of_listing("-rwxr-xr-x 1 root root 125560 Jan  5  2023 bin/sh"));
	assert_null(complaint_of_listing("lrwxrwxrwx 1 root root 4 Jan  5  2023 usr/bin/sh -> bash"));
	assert_non_null(complaint_of_listing("lrwxrwxrwx 1 root root 9 Jan  5  2023 usr/sbin/halt -> ../bin/sh"));
	assert_non_null(complaint_of_listing("-rwxr-xr-x 1 root root 9 Jan  5  2023 usr/sbin/shutdown"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_line_in_an_image_is_looked_into),
		cmocka_unit_test(what_comes_before_the_lines_that_count_is_of_others),
		cmocka_unit_test(every_entry_of_a_menu_counts_but_those_of_others),
		cmocka_unit_test(undone_an_image_has_the_words_of_before),
		cmocka_unit_test(of_an_image_that_shrank_it_is_said_why_and_what_to_do),
		cmocka_unit_test(an_image_with_the_initramfs_that_was_checked_is_right),
		cmocka_unit_test(an_image_with_another_initramfs_is_refused_by_its_name),
		cmocka_unit_test(an_initramfs_that_is_not_aligned_is_refused),
		cmocka_unit_test(an_image_that_ends_within_the_initramfs_is_refused),
		cmocka_unit_test(the_initramfs_beside_a_boot_entry_is_the_one_that_was_checked),
		cmocka_unit_test(a_link_in_a_long_listing_counts_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
