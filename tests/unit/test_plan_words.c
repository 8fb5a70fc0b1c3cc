/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans, and the words that the kernel gets: the user's own, those that would get lost, and how many there may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/desk.h"

/* The plan for a USB controller, where the user has these words for the kernel. */
static const struct plan *plan_with_words(struct desk *desk, const char *words)
{
	cleanup_text struct text file = { 0 };

	text_printf(&file, "GRUB_CMDLINE_LINUX_DEFAULT=\"%s\"\n", words);
	machine_write(desk->machine, "/etc/default/grub", text_string(&file));
	return desk_plan(desk);
}

static enum severity said_of(struct desk *desk, const char *words, enum finding_code code)
{
	const struct finding *finding = plan_finding(plan_with_words(desk, words), code);

	return finding ? finding->severity : (enum severity)-1;
}

static void the_last_of_two_words_that_contradict_each_other_counts(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	desk_tick(&desk, "06:00.0");
	/* Ours comes behind it. */
	assert_int_equal(said_of(&desk, "quiet intel_iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_WARNING);
	assert_int_equal(said_of(&desk, "intel-iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_WARNING);
	assert_int_equal(said_of(&desk, "intel_iommu=off intel_iommu=on", FINDING_IOMMU_DISABLED), SEVERITY_WARNING);
	/* There it is not added once more. */
	assert_int_equal(said_of(&desk, "intel_iommu=on iommu=pt intel_iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_ERROR);
	assert_int_equal(said_of(&desk, "intel_iommu=on intel-iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_ERROR);
	desk_close(&desk);
}

static void what_the_kernel_would_not_read_or_not_load_is_told(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	desk_tick(&desk, "06:00.0");
	assert_int_equal(said_of(&desk, "quiet -- debug", FINDING_SYNTAX_NOT_UNDERSTOOD), SEVERITY_ERROR);
	assert_string_equal(plan_finding(desk.plan, FINDING_SYNTAX_NOT_UNDERSTOOD)->paste, "intel_iommu=on iommu=pt");
	assert_null(plan_finding(plan_with_words(&desk, "intel_iommu=on iommu=pt -- debug"), FINDING_SYNTAX_NOT_UNDERSTOOD));
	assert_int_equal(said_of(&desk, "quiet module_blacklist=foo,vfio_pci", FINDING_FOREIGN_SETUP), SEVERITY_ERROR);
	assert_null(plan_finding(plan_with_words(&desk, "quiet module_blacklist=foo,vfio_pci_other"), FINDING_FOREIGN_SETUP));
	desk_close(&desk);
}

/* What the plan says of words that get lost, where /etc/kernel/cmdline is LINE. */
static const struct finding *lost_with(struct desk *desk, const char *line)
{
	machine_write(desk->machine, "/etc/kernel/cmdline", line);
	return plan_finding(desk_plan(desk), FINDING_WORDS_LOST);
}

static void entries_are_not_written_from_settings_that_lack_what_starts_the_system(void **state)
{
	static const char *const machines[] = { "endeavouros-systemd-boot", "gentoo-kernel-install", "debian-uki",
						"arch-uki", "proxmox-zfs", "tumbleweed-systemd-boot" };
	static const char *const devices[] = { "01:00.0", "01:00.1" };

	(void)state;
	for (size_t i = 0; i < array_size(machines); i++) {
		const struct finding *lost;
		struct desk desk;

		desk_open(&desk, machines[i]);
		for (size_t j = 0; j < array_size(devices); j++)
			desk_tick(&desk, devices[j]);
		assert_null(plan_finding(desk_plan(&desk), FINDING_WORDS_LOST));
		lost = lost_with(&desk, "rw root=UUID=00000000-dead quiet\n");
		assert_non_null(lost);
		assert_int_equal(lost->severity, SEVERITY_ERROR);
		assert_non_null(strstr(lost->message, "was started with root="));
		assert_true(desk.plan->refused);
		lost = lost_with(&desk, "quiet splash\n");
		assert_non_null(lost);
		assert_int_equal(lost->severity, SEVERITY_ERROR);
		desk_close(&desk);
	}
}

static void words_of_an_entry_that_would_get_lost_are_named(void **state)
{
	const struct finding *lost;
	struct desk desk;

	(void)state;
	desk_open(&desk, "endeavouros-systemd-boot");
	desk_tick(&desk, "01:00.0");
	desk_tick(&desk, "01:00.1");
	lost = lost_with(&desk, "rw root=UUID=5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20\n");
	assert_non_null(lost);
	assert_int_equal(lost->severity, SEVERITY_WARNING);
	assert_non_null(strstr(lost->message, "was started with nvme_load=YES nowatchdog."));
	assert_non_null(strstr(lost->paste, "nvme_load=YES nowatchdog rw root=UUID=5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20"));
	desk_close(&desk);
}

/* A command line of LENGTH bytes, as far as the plan can tell, with a choice that adds a word to it. */
static const struct finding *with_a_line_of(struct desk *desk, size_t length, bool menu_entry)
{
	cleanup_text struct text line = { 0 };
	const struct plan *made;

	text_append(&line, "BOOT_IMAGE=/vmlinuz root=/dev/sda2 intel_iommu=on iommu=pt ");
	while (line.length < length - 1)
		text_append_char(&line, 'x');
	text_append_char(&line, '\n');
	machine_write(desk->machine, "/proc/cmdline", text_string(&line));
	desk_look(desk);
	desk->selection.menu_entry = menu_entry;
	made = desk_plan(desk);
	return plan_finding(made, FINDING_PARAMETERS_TOO_LONG);
}

static void words_that_the_kernel_would_cut_off_are_not_added(void **state)
{
	static const size_t way_back = sizeof(" vfioconf.bind=no") - 1;
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"\"\n");
	desk_tick(&desk, "06:00.0");
	assert_null(with_a_line_of(&desk, 2048, false));
	assert_non_null(with_a_line_of(&desk, 2049, false));
	/* The entry for the way back has one more. */
	assert_null(with_a_line_of(&desk, 2048 - way_back, true));
	assert_non_null(with_a_line_of(&desk, 2049 - way_back, true));
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_PARAMETERS_TOO_LONG)->remedy, "/etc/default/grub.d/"));
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_of_two_words_that_contradict_each_other_counts),
		cmocka_unit_test(what_the_kernel_would_not_read_or_not_load_is_told),
		cmocka_unit_test(entries_are_not_written_from_settings_that_lack_what_starts_the_system),
		cmocka_unit_test(words_of_an_entry_that_would_get_lost_are_named),
		cmocka_unit_test(words_that_the_kernel_would_cut_off_are_not_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
