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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_line_in_an_image_is_looked_into),
		cmocka_unit_test(undone_an_image_has_the_words_of_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
