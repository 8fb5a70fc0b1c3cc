/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/late.h"
#include "support/desk.h"

static void the_guides_choice_gives_the_guides_result(void **state)
{
	struct desk desk;
	const struct plan *made;
	const char *softdeps;

	(void)state;
	desk_open(&desk, "z170a");
	desk_tick(&desk, "02:00.0");
	desk_tick(&desk, "02:00.1");
	desk_tick(&desk, "06:00.0");
	made = desk_plan(&desk);
	assert_false(made->refused);
	assert_true(made->changed);
	assert_true(made->reboot);
	assert_int_equal(findings_count(&made->findings, SEVERITY_ERROR), 0);
	assert_non_null(strstr(plan_after(made, BINDING_MODPROBE_PATH),
			       "\noptions vfio-pci ids=10de:13c2,10de:0fbb,1b73:1100\n"));
	assert_null(strstr(plan_after(made, BINDING_MODPROBE_PATH), "driver_override"));
	softdeps = strstr(plan_after(made, BINDING_MODPROBE_PATH), "\nsoftdep");
	assert_non_null(softdeps);
	assert_string_equal(softdeps, "\nsoftdep nouveau pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n"
				      "softdep xhci_pci pre: vfio-pci\n");
	assert_string_equal(made->loader->name, "grub-dropin");
	assert_string_equal(made->generator->name, "initramfs-tools");
	desk_close(&desk);
}

/* So Debian's packages of the NVIDIA driver have it, for a host that has another such card. */
static void a_driver_that_is_but_a_name_keeps_its_install_line(void **state)
{
	struct desk desk;
	const struct plan *made;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/etc/modprobe.d/nvidia.conf",
		      "alias pci:v000010DEd*sv*sd*bc03sc*i* nvidia\ninstall nvidia modprobe -i nvidia-current $CMDLINE_OPTS\n");
	desk_look(&desk);
	desk_tick(&desk, "02:00.0");
	desk_tick(&desk, "02:00.1");
	made = desk_plan(&desk);
	assert_false(made->refused);
	assert_null(strstr(plan_after(made, BINDING_MODPROBE_PATH), "softdep nvidia"));
	assert_null(plan_finding(made, FINDING_FOREIGN_SETUP));
	desk_close(&desk);
}

static void images_are_rebuilt_before_the_boot_loader_is_told(void **state)
{
	struct desk desk;
	const struct changeset *changeset;

	(void)state;
	desk_open(&desk, "z170a");
	desk_tick(&desk, "06:00.0");
	changeset = &desk_plan(&desk)->changeset;
	assert_int_equal(changeset->command_count, 2);
	assert_string_equal(changeset->commands[0].argv.items[0], "update-initramfs");
	assert_non_null(strstr(changeset->commands[1].argv.items[0], "grub"));
	desk_close(&desk);
}

static void a_part_of_a_group_is_refused_and_can_be_overridden(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	desk_tick(&desk, "00:1f.3");
	assert_true(desk_plan(&desk)->refused);
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_GROUP_INCOMPLETE)->message, "i801_smbus"));
	strlist_add(&desk.allow, "group-incomplete");
	assert_false(desk_plan(&desk)->refused);
	desk_close(&desk);
}

static void nothing_wanted_and_nothing_applied_asks_nobody(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	machine_remove(desk.machine, "/boot/grub/grub.cfg");
	machine_remove(desk.machine, "/usr/sbin/mkinitramfs");
	desk_plan(&desk);
	assert_false(desk.plan->changed);
	assert_int_equal(desk.plan->findings.count, 0);
	desk_close(&desk);
}

static void files_of_someone_else_are_not_overwritten(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, BINDING_MODPROBE_PATH, "options vfio-pci ids=1234:5678\n");
	machine_write(desk.machine, APPLIED_PATH, "mine\n");
	desk_tick(&desk, "06:00.0");
	assert_true(desk_plan(&desk)->refused);
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_FILE_FOREIGN)->message, BINDING_MODPROBE_PATH));
	assert_null(changeset_find(&desk.plan->changeset, BINDING_MODPROBE_PATH));
	assert_null(changeset_find(&desk.plan->changeset, APPLIED_PATH));
	selection_untick(&desk.selection, desk.selection.ticks[0].address);
	desk_plan(&desk);
	assert_false(desk.plan->refused);
	assert_false(desk.plan->changed);
	desk_close(&desk);
}

static void new_names_alone_are_no_reason_to_rebuild(void **state)
{
	struct desk desk;
	struct function *card;
	char *bytes, *name;

	(void)state;
	desk_open(&desk, "z170a");
	desk_tick(&desk, "06:00.0");
	desk_apply(&desk);
	card = &desk.host->functions[host_index(desk.host, host_find(desk.host, desk.selection.ticks[0].address))];
	free(card->device_name);
	card->device_name = memory_string("FL1100 USB 3.0 Host Controller, as a newer pci.ids calls it");
	assert_false(desk_plan(&desk)->changed);
	bytes = machine_read(desk.machine, BINDING_MODPROBE_PATH);
	name = strstr(bytes, "0000:06:00.0 ");
	assert_non_null(name);
	name[13] = '?';
	machine_write(desk.machine, BINDING_MODPROBE_PATH, bytes);
	assert_false(desk_plan(&desk)->changed);
	name = strstr(bytes, "ids=1b73");
	name[4] = '2';
	machine_write(desk.machine, BINDING_MODPROBE_PATH, bytes);
	assert_true(desk_plan(&desk)->changed);
	assert_int_equal(desk.plan->changeset.command_count, 1);
	free(bytes);
	desk_close(&desk);
}

static void what_we_hold_and_give_back_counts_as_the_hosts(void **state)
{
	struct desk desk;
	struct function *audio;

	(void)state;
	desk_open(&desk, "z170a");
	desk_tick(&desk, "02:00.0");
	desk_tick(&desk, "02:00.1");
	desk_apply(&desk);
	audio = &desk.host->functions[host_index(desk.host, host_find(desk.host, desk.selection.ticks[1].address))];
	free(audio->driver);
	audio->driver = memory_string("vfio-pci");
	assert_false(desk_plan(&desk)->changed);
	selection_untick(&desk.selection, audio->address);
	assert_true(desk_plan(&desk)->refused);
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_GROUP_INCOMPLETE)->message,
			       "is at vfio-pci today, but is not ticked any more, and at the next boot snd_hda_intel"));
	desk_close(&desk);
}

static void words_that_the_user_had_before_stay_the_users(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	desk.selection.iommu = true;
	desk_apply(&desk);
	assert_null(strstr(plan_after(desk.plan, APPLIED_PATH), "intel_iommu"));
	assert_non_null(strstr(plan_after(desk.plan, APPLIED_PATH), "\nword = iommu=pt\n"));
	desk_close(&desk);
}

static void an_iommu_switched_off_by_its_owner_is_pointed_out(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=off\"\n");
	desk_tick(&desk, "06:00.0");
	assert_true(desk_plan(&desk)->refused);
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_IOMMU_DISABLED)->message, "that GRUB"));
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_IOMMU_DISABLED)->remedy, "delete \"iommu=off\" there yourself"));
	desk_close(&desk);
}

static void with_consent_it_is_set_aside_and_given_back(void **state)
{
	static const char settings[] = "GRUB_CMDLINE_LINUX=\"intel_iommu=off x\"\n"
				       "GRUB_CMDLINE_LINUX_DEFAULT='quiet iommu=off splash'\n";
	struct desk desk;
	char *bytes;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", settings);
	desk_tick(&desk, "06:00.0");
	desk.selection.adopt = true;
	assert_false(desk_plan(&desk)->refused);
	assert_string_equal(plan_after(desk.plan, "/etc/default/grub"),
			    "GRUB_CMDLINE_LINUX=\"vfioconf.aside=intel_iommu=off x\"\n"
			    "GRUB_CMDLINE_LINUX_DEFAULT='quiet vfioconf.aside=iommu=off splash'\n");
	assert_int_equal(plan_finding(desk.plan, FINDING_IOMMU_DISABLED)->severity, SEVERITY_NOTE);
	assert_true(strlist_has(&desk.plan->changeset.commands[1].expectations[0].absent, "iommu=off"));
	desk_apply(&desk);
	assert_false(desk_plan(&desk)->changed);
	selection_untick(&desk.selection, desk.selection.ticks[0].address);
	desk_apply(&desk);
	bytes = machine_read(desk.machine, "/etc/default/grub");
	assert_string_equal(bytes, settings);
	free(bytes);
	assert_false(root_exists(desk.machine->root, APPLIED_PATH));
	desk_close(&desk);
}

static void without_a_record_what_is_set_aside_is_given_back_all_the_same(void **state)
{
	struct desk desk;
	char *bytes;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:13c2\n");
	desk_tick(&desk, "06:00.0");
	assert_true(desk_plan(&desk)->refused);
	desk.selection.adopt = true;
	assert_false(desk_plan(&desk)->refused);
	desk_apply(&desk);
	assert_false(desk_plan(&desk)->changed);
	machine_remove(desk.machine, APPLIED_PATH);
	selection_untick(&desk.selection, desk.selection.ticks[0].address);
	desk_apply(&desk);
	bytes = machine_read(desk.machine, "/etc/modprobe.d/vfio.conf");
	assert_string_equal(bytes, "options vfio-pci ids=10de:13c2\n");
	free(bytes);
	desk_close(&desk);
}

static void files_of_others_alone_have_the_images_made_anew(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:13c2\n");
	desk.selection.iommu = desk.selection.adopt = true;
	desk_apply(&desk);
	assert_non_null(changeset_find(&desk.plan->changeset, "/etc/modprobe.d/vfio.conf"));
	assert_string_equal(desk.plan->changeset.commands[0].argv.items[0], "update-initramfs");
	assert_false(desk_plan(&desk)->changed);
	desk_close(&desk);
}

static void a_line_that_is_not_understood_is_a_finding(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=$(cat /x)\n");
	desk_tick(&desk, "06:00.0");
	assert_true(desk_plan(&desk)->refused);
	assert_non_null(plan_finding(desk.plan, FINDING_SYNTAX_NOT_UNDERSTOOD));
	desk_close(&desk);
}

static void the_acs_override_is_written_only_for_a_kernel_that_knows_it(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	desk.selection.acs_override = memory_string("downstream,multifunction");
	desk_tick(&desk, "06:00.0");
	assert_false(desk_plan(&desk)->refused);
	assert_true(strlist_has(&desk.plan->parameters, "pcie_acs_override=downstream,multifunction"));
	assert_non_null(plan_finding(desk.plan, FINDING_ACS_UNSAFE));
	machine_write(desk.machine, "/proc/kallsyms", "0000000000000000 T pci_acs_init\n");
	assert_true(desk_plan(&desk)->refused);
	assert_non_null(plan_finding(desk.plan, FINDING_ACS_UNPATCHED));
	assert_false(strlist_has(&desk.plan->parameters, "pcie_acs_override=downstream,multifunction"));
	desk_close(&desk);
}

static void without_an_early_image_a_unit_binds_in_the_real_root(void **state)
{
	struct desk desk;

	(void)state;
	desk_open(&desk, "z170a");
	machine_write(desk.machine, "/usr/lib/systemd/systemd", "");
	desk.selection.generator = memory_string("none");
	desk_tick(&desk, "02:00.0");
	desk_tick(&desk, "02:00.1");
	assert_false(desk_plan(&desk)->refused);
	assert_non_null(strstr(plan_after(desk.plan, LATE_UNIT), "\nBefore=systemd-udev-trigger.service "));
	assert_non_null(strstr(plan_after(desk.plan, LATE_UNIT), "\nExecStart=/bin/sh " LATE_SCRIPT "\n"));
	assert_non_null(strstr(plan_after(desk.plan, LATE_SCRIPT), "0000:02:00.0=0x10de:0x13c2:"));
	assert_non_null(strstr(plan_after(desk.plan, LATE_SCRIPT), "0000:02:00.1="));
	assert_non_null(strstr(plan_after(desk.plan, LATE_WANTED), "\nWants=vfioconf-bind.service\n"));
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_GENERATOR_LIMITED)->message, "some cards do not work in a guest"));
	desk_apply(&desk);
	assert_false(desk_plan(&desk)->changed);
	free(desk.selection.generator);
	desk.selection.generator = memory_string("initramfs-tools");
	desk_apply(&desk);
	assert_false(root_exists(desk.machine->root, LATE_SCRIPT));
	assert_false(root_exists(desk.machine->root, LATE_UNIT));
	assert_false(root_exists(desk.machine->root, LATE_WANTED));
	desk_close(&desk);
}

static void without_systemd_only_what_udev_brings_is_promised(void **state)
{
	struct desk desk;
	struct function *usb;

	(void)state;
	desk_open(&desk, "z170a");
	desk.selection.generator = memory_string("none");
	desk_tick(&desk, "06:00.0");
	assert_false(desk_plan(&desk)->refused);
	assert_null(changeset_find(&desk.plan->changeset, LATE_UNIT));
	usb = &desk.host->functions[host_index(desk.host, host_find(desk.host, desk.selection.ticks[0].address))];
	usb->candidates[0].builtin = true;
	assert_true(desk_plan(&desk)->refused);
	assert_non_null(strstr(plan_finding(desk.plan, FINDING_GENERATOR_LIMITED)->message, "this system has no systemd"));
	desk_close(&desk);
}

static bool says(const struct plan *made, const char *words)
{
	for (size_t i = 0; i < made->findings.count; i++)
		if (strstr(made->findings.items[i].message, words))
			return true;
	return false;
}

/* Blacklisted, no driver of what is ticked would be loaded, and nothing else loads vfio-pci there. */
static void the_driver_that_alone_brings_vfio_pci_is_not_blacklisted(void **state)
{
	static const struct {
		const char *machine, *generator, *function;
		bool blacklisted;
	} cases[] = { { "z170a", "none", "02:00.0", false }, { "alpine-grub", NULL, "01:00.0", false },
		      { "z170a", NULL, "02:00.0", true } };

	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		const struct file_change *modprobe;
		struct desk desk;

		desk_open(&desk, cases[i].machine);
		desk.selection.generator = cases[i].generator ? memory_string(cases[i].generator) : NULL;
		desk.selection.blacklist = true;
		desk_tick(&desk, cases[i].function);
		modprobe = changeset_find(&desk_plan(&desk)->changeset, BINDING_MODPROBE_PATH);
		assert_non_null(modprobe);
		assert_non_null(strstr(text_string(&modprobe->after), "\nsoftdep "));
		assert_int_equal(strstr(text_string(&modprobe->after), "\nblacklist ") != NULL, cases[i].blacklisted);
		assert_int_equal(desk.plan->binding.blacklist.count > 0, cases[i].blacklisted);
		assert_int_equal(says(desk.plan, "Nothing is blacklisted"), !cases[i].blacklisted);
		desk_close(&desk);
	}
}

/* Nothing in an image of mkinitfs loads vfio-pci then, whose install line would take it from the driver. */
static void what_a_builtin_driver_has_is_refused_on_alpine(void **state)
{
	static const char *const names[] = { "mkinitfs", "genkernel" };

	(void)state;
	for (size_t i = 0; i < array_size(names); i++) {
		struct function *card;
		struct desk desk;

		desk_open(&desk, "alpine-grub");
		desk.selection.generator = memory_string(names[i]);
		desk_tick(&desk, "01:00.0");
		card = &desk.host->functions[host_index(desk.host, host_find(desk.host,
									     desk.selection.ticks[0].address))];
		card->candidates[0].builtin = true;
		assert_true(desk_plan(&desk)->refused);
		assert_int_equal(plan_finding(desk.plan, FINDING_DRIVER_BUILTIN)->severity, SEVERITY_ERROR);
		assert_non_null(strstr(plan_finding(desk.plan, FINDING_DRIVER_BUILTIN)->message, "takes it away from there"));
		assert_null(strstr(plan_finding(desk.plan, FINDING_DRIVER_BUILTIN)->message, "The initramfs takes"));
		assert_non_null(strstr(plan_finding(desk.plan, FINDING_DRIVER_BUILTIN)->remedy, "vfioconf --bind 0000:01:00.0"));
		desk_close(&desk);
	}
}

static void without_systemd_a_softdep_that_does_nothing_promises_nothing(void **state)
{
	static const char *const lines[] = { "softdep xhci_pci pre: x\n", "install xhci_pci /bin/false\n" };

	(void)state;
	for (size_t i = 0; i < array_size(lines); i++) {
		struct desk desk;

		desk_open(&desk, "z170a");
		machine_write(desk.machine, "/etc/modprobe.d/00-a.conf", lines[i]);
		desk_look(&desk);
		desk.selection.generator = memory_string("none");
		desk_tick(&desk, "06:00.0");
		assert_true(desk_plan(&desk)->refused);
		assert_non_null(strstr(plan_finding(desk.plan, FINDING_GENERATOR_LIMITED)->message, "this system has no systemd"));
		desk_close(&desk);
	}
}

/* Also where the machine has lines of others that ours takes over: ours, read again, are not taken for more of those. */
static void what_is_applied_over_the_softdeps_of_others_stays_as_it_is(void **state)
{
	static const char *const ticks[] = { "01:00.0", "01:00.1", "02:00.0" };
	struct desk desk;

	(void)state;
	desk_open(&desk, "debian-softdeps");
	for (size_t i = 0; i < array_size(ticks); i++)
		desk_tick(&desk, ticks[i]);
	desk_apply(&desk);
	desk_look(&desk);
	assert_false(desk_plan(&desk)->changed);
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guides_choice_gives_the_guides_result),
		cmocka_unit_test(a_driver_that_is_but_a_name_keeps_its_install_line),
		cmocka_unit_test(images_are_rebuilt_before_the_boot_loader_is_told),
		cmocka_unit_test(a_part_of_a_group_is_refused_and_can_be_overridden),
		cmocka_unit_test(nothing_wanted_and_nothing_applied_asks_nobody),
		cmocka_unit_test(files_of_someone_else_are_not_overwritten),
		cmocka_unit_test(new_names_alone_are_no_reason_to_rebuild),
		cmocka_unit_test(what_we_hold_and_give_back_counts_as_the_hosts),
		cmocka_unit_test(words_that_the_user_had_before_stay_the_users),
		cmocka_unit_test(an_iommu_switched_off_by_its_owner_is_pointed_out),
		cmocka_unit_test(with_consent_it_is_set_aside_and_given_back),
		cmocka_unit_test(without_a_record_what_is_set_aside_is_given_back_all_the_same),
		cmocka_unit_test(files_of_others_alone_have_the_images_made_anew),
		cmocka_unit_test(a_line_that_is_not_understood_is_a_finding),
		cmocka_unit_test(the_acs_override_is_written_only_for_a_kernel_that_knows_it),
		cmocka_unit_test(without_an_early_image_a_unit_binds_in_the_real_root),
		cmocka_unit_test(without_systemd_only_what_udev_brings_is_promised),
		cmocka_unit_test(without_systemd_a_softdep_that_does_nothing_promises_nothing),
		cmocka_unit_test(the_driver_that_alone_brings_vfio_pci_is_not_blacklisted),
		cmocka_unit_test(what_a_builtin_driver_has_is_refused_on_alpine),
		cmocka_unit_test(what_is_applied_over_the_softdeps_of_others_stays_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
