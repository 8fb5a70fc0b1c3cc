/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/pe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/machine.h"
#include "support/peimage.h"

#define IMAGE "/efi/EFI/Linux/linux.efi"
#define WORDS "root=UUID=0a1b ro quiet iommu=pt"

static bool read_section(struct machine *machine, const struct text *image, const char *name, size_t limit,
			 struct text *ret, struct fault *fault)
{
	machine_write_n(machine, IMAGE, text_string(image), image->length);
	return pe_section(machine->root, IMAGE, name, limit, ret, fault);
}

static void the_command_line_is_read_without_its_padding(void **state)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text image = { 0 };
	cleanup_text struct text words = { 0 };

	(void)state;
	peimage(&image, WORDS);
	assert_true(read_section(machine, &image, ".cmdline", 4096, &words, NULL));
	assert_string_equal(text_string(&words), WORDS);
	assert_int_equal(words.length, strlen(WORDS));
	machine_close(machine);
}

static void a_name_that_only_begins_alike_is_another_section(void **state)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text image = { 0 };
	cleanup_text struct text words = { 0 };
	struct fault fault = { 0 };

	(void)state;
	peimage(&image, WORDS);
	assert_false(read_section(machine, &image, ".cmd", 4096, &words, &fault));
	assert_non_null(strstr(fault.sentence, "has no section .cmd"));
	assert_false(read_section(machine, &image, ".cmdlines", 4096, &words, &fault));
	assert_int_equal(words.length, 0);
	machine_close(machine);
}

/* What is changed in an image that was right, and what the fault then says. */
static void refused(size_t at, unsigned value, size_t length, const char *why)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text image = { 0 };
	cleanup_text struct text words = { 0 };
	struct fault fault = { 0 };

	peimage(&image, WORDS);
	if (at)
		peimage_number(&image, at, value);
	if (length)
		image.length = length;
	assert_false(read_section(machine, &image, ".cmdline", 4096, &words, &fault));
	if (!strstr(fault.sentence, why))
		fail_msg("not \"%s\": %s", why, fault.sentence);
	assert_int_equal(words.length, 0);
	machine_close(machine);
}

static void what_is_no_such_program_is_refused_with_the_reason(void **state)
{
	(void)state;
	refused(0, 0, 1, "does not begin with \"MZ\"");
	refused(0, 0, 0x40, "has no PE header");
	refused(0x3c, 0x10, 0, "has no PE header");
	refused(0x3c, 0xffffffffu, 0, "has no PE header");
	refused(0x84, 0xffff8664u, 0, "too many sections");
	refused(0x94, 0xffffu, 0, "section table is cut off");
	refused(0, 0, PEIMAGE_ENTRY + 8, "section table is cut off");
	refused(0, 0, PEIMAGE_CMDLINE + 8, "cut off");
	refused(PEIMAGE_ENTRY + 20, 0xfffffff0u, 0, "cut off");
}

static void a_section_larger_than_anyone_needs_is_not_read(void **state)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text image = { 0 };
	cleanup_text struct text words = { 0 };
	struct fault fault = { 0 };

	(void)state;
	peimage(&image, WORDS);
	assert_false(read_section(machine, &image, ".cmdline", strlen(WORDS) - 1, &words, &fault));
	assert_non_null(strstr(fault.sentence, "more than are read"));
	peimage_number(&image, PEIMAGE_ENTRY + 8, 0xffffffffu);
	assert_true(read_section(machine, &image, ".cmdline", 4096, &words, &fault));
	assert_int_equal(words.length, 0x200); /* no more than the file has of it */
	machine_close(machine);
}

static bool is_signed(struct machine *machine, const struct text *image)
{
	machine_write_n(machine, IMAGE, text_string(image), image->length);
	return pe_is_signed(machine->root, IMAGE);
}

/* Under the sanitizers: whatever the bytes are, it answers, and with no more than the limit. */
static void images_of_any_bytes_are_read_or_refused(void **state)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text sound = { 0 };
	uint32_t random = 1;

	(void)state;
	peimage_signed(&sound, WORDS);
	for (unsigned round = 0; round < 2000; round++) {
		cleanup_text struct text image = { 0 };
		cleanup_text struct text words = { 0 };

		text_append_n(&image, text_string(&sound), sound.length);
		for (unsigned i = 0; i <= round % 8; i++) {
			random = random * 1664525u + 1013904223u;
			image.bytes[(random >> 8) % 0x220] = (char)(random >> 24);
		}
		image.length -= round % 3 ? 0 : (random >> 4) % image.length;
		is_signed(machine, &image);
		if (!read_section(machine, &image, ".cmdline", 4096, &words, NULL))
			assert_int_equal(words.length, 0);
		assert_true(words.length <= 4096);
	}
	machine_close(machine);
}

static void a_signed_image_is_told_from_one_that_is_not(void **state)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text plain = { 0 };
	cleanup_text struct text image = { 0 };
	cleanup_text struct text words = { 0 };

	(void)state;
	assert_false(pe_is_signed(machine->root, IMAGE));
	peimage(&plain, WORDS);
	assert_false(is_signed(machine, &plain));
	peimage_signed(&image, WORDS);
	assert_true(is_signed(machine, &image));
	assert_true(pe_section(machine->root, IMAGE, ".cmdline", 4096, &words, NULL));
	assert_string_equal(text_string(&words), WORDS);
	/* Where a header tells of certificates that were cut off, or of none. */
	image.length -= 1;
	assert_false(is_signed(machine, &image));
	image.length += 1;
	peimage_number(&image, PEIMAGE_CERTIFICATES + 4, 0);
	assert_false(is_signed(machine, &image));
	machine_write(machine, IMAGE, "no image at all");
	assert_false(pe_is_signed(machine->root, IMAGE));
	machine_close(machine);
}

/* Of a header for 32 bits the tables begin 16 bytes earlier; one that names only four tables has none of these. */
static void both_kinds_of_header_are_known(void **state)
{
	struct machine *machine = machine_open_text("");
	cleanup_text struct text image = { 0 };

	(void)state;
	peimage_signed(&image, WORDS);
	peimage_number(&image, PEIMAGE_CERTIFICATES - 36, 4);
	assert_false(is_signed(machine, &image));
	peimage_number(&image, PEIMAGE_CERTIFICATES - 36, 5);
	assert_true(is_signed(machine, &image));
	peimage_number(&image, 0x98, 0x10b);
	assert_false(is_signed(machine, &image));
	memmove(image.bytes + 0xf4, image.bytes + 0x104, 0x40);
	assert_true(is_signed(machine, &image));
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_line_is_read_without_its_padding),
		cmocka_unit_test(a_name_that_only_begins_alike_is_another_section),
		cmocka_unit_test(what_is_no_such_program_is_refused_with_the_reason),
		cmocka_unit_test(a_section_larger_than_anyone_needs_is_not_read),
		cmocka_unit_test(images_of_any_bytes_are_read_or_refused),
		cmocka_unit_test(a_signed_image_is_told_from_one_that_is_not),
		cmocka_unit_test(both_kinds_of_header_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
