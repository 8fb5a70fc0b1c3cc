/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/gather.h"
#include "plan/late.h"
#include "plan/plan.h"
#include "support/pretend.h"

/* The guide's machine, and a plan made on it. */
struct desk {
	struct machine *machine;
	struct host *host;
	struct applied applied;
	struct selection selection;
	struct strlist allow;
	struct plan *plan;
};

static void look(struct desk *desk)
{
	struct fault fault = { 0 };

	host_free(desk->host);
	if (!host_gather(desk->machine->root, NULL, &desk->host, &fault))
		fail_msg("%s", fault.sentence);
}

static void sit_down(struct desk *desk, const char *name)
{
	*desk = (struct desk){ .machine = machine_open(name) };
	selection_init(&desk->selection);
	selection_init(&desk->applied.selection);
	look(desk);
}

static void tick(struct desk *desk, const char *address)
{
	struct address parsed;

	assert_true(address_parse(address, &parsed));
	assert_non_null(host_find(desk->host, parsed));
	selection_tick(&desk->selection, desk->host, host_find(desk->host, parsed));
}

static const struct plan *plan(struct desk *desk)
{
	struct fault fault = { 0 };

	applied_done(&desk->applied);
	plan_free(desk->plan);
	desk->plan = NULL;
	if (!applied_read(desk->machine->root, &desk->applied, &fault) ||
	    !plan_make(desk->machine->root, desk->host, &desk->applied, &desk->selection, &desk->allow, &desk->plan,
		       &fault))
		fail_msg("%s", fault.sentence);
	return desk->plan;
}

static void apply(struct desk *desk)
{
	pretend_applied(desk->machine, &plan(desk)->changeset);
}

static void stand_up(struct desk *desk)
{
	plan_free(desk->plan);
	applied_done(&desk->applied);
	selection_done(&desk->selection);
	strlist_done(&desk->allow);
	host_free(desk->host);
	machine_close(desk->machine);
}

static const struct finding *find(const struct plan *made, enum finding_code code)
{
	for (size_t i = 0; i < made->findings.count; i++)
		if (made->findings.items[i].code == code)
			return &made->findings.items[i];
	return NULL;
}

static const char *after(const struct plan *made, const char *path)
{
	const struct file_change *change = changeset_find(&made->changeset, path);

	return change ? text_string(&change->after) : "";
}

static void the_guides_choice_gives_the_guides_result(void **state)
{
	struct desk desk;
	const struct plan *made;
	const char *softdeps;

	(void)state;
	sit_down(&desk, "z170a");
	tick(&desk, "02:00.0");
	tick(&desk, "02:00.1");
	tick(&desk, "06:00.0");
	made = plan(&desk);
	assert_false(made->refused);
	assert_true(made->changed);
	assert_true(made->reboot);
	assert_int_equal(findings_count(&made->findings, SEVERITY_ERROR), 0);
	assert_non_null(strstr(after(made, BINDING_MODPROBE_PATH),
			       "\noptions vfio-pci ids=10de:13c2,10de:0fbb,1b73:1100\n"));
	assert_null(strstr(after(made, BINDING_MODPROBE_PATH), "driver_override"));
	softdeps = strstr(after(made, BINDING_MODPROBE_PATH), "\nsoftdep");
	assert_non_null(softdeps);
	assert_string_equal(softdeps, "\nsoftdep nouveau pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n"
				      "softdep xhci_pci pre: vfio-pci\n");
	assert_string_equal(made->loader->name, "grub-dropin");
	assert_string_equal(made->generator->name, "initramfs-tools");
	stand_up(&desk);
}

/* So Debian's packages of the NVIDIA driver have it, for a host that has another such card. */
static void a_driver_that_is_but_a_name_keeps_its_install_line(void **state)
{
	struct desk desk;
	const struct plan *made;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/etc/modprobe.d/nvidia.conf",
		      "alias pci:v000010DEd*sv*sd*bc03sc*i* nvidia\ninstall nvidia modprobe -i nvidia-current $CMDLINE_OPTS\n");
	look(&desk);
	tick(&desk, "02:00.0");
	tick(&desk, "02:00.1");
	made = plan(&desk);
	assert_false(made->refused);
	assert_null(strstr(after(made, BINDING_MODPROBE_PATH), "softdep nvidia"));
	assert_null(find(made, FINDING_FOREIGN_SETUP));
	stand_up(&desk);
}

/* The plan for a USB controller, where the user has these words for the kernel. */
static const struct plan *plan_with_words(struct desk *desk, const char *words)
{
	cleanup_text struct text file = { 0 };

	text_printf(&file, "GRUB_CMDLINE_LINUX_DEFAULT=\"%s\"\n", words);
	machine_write(desk->machine, "/etc/default/grub", text_string(&file));
	return plan(desk);
}

static enum severity said_of(struct desk *desk, const char *words, enum finding_code code)
{
	const struct finding *finding = find(plan_with_words(desk, words), code);

	return finding ? finding->severity : (enum severity)-1;
}

static void the_last_of_two_words_that_contradict_each_other_counts(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	tick(&desk, "06:00.0");
	/* Ours comes behind it. */
	assert_int_equal(said_of(&desk, "quiet intel_iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_WARNING);
	assert_int_equal(said_of(&desk, "intel-iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_WARNING);
	assert_int_equal(said_of(&desk, "intel_iommu=off intel_iommu=on", FINDING_IOMMU_DISABLED), SEVERITY_WARNING);
	/* There it is not added once more. */
	assert_int_equal(said_of(&desk, "intel_iommu=on iommu=pt intel_iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_ERROR);
	assert_int_equal(said_of(&desk, "intel_iommu=on intel-iommu=off", FINDING_IOMMU_DISABLED), SEVERITY_ERROR);
	stand_up(&desk);
}

static void what_the_kernel_would_not_read_or_not_load_is_told(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	tick(&desk, "06:00.0");
	assert_int_equal(said_of(&desk, "quiet -- debug", FINDING_SYNTAX_NOT_UNDERSTOOD), SEVERITY_ERROR);
	assert_string_equal(find(desk.plan, FINDING_SYNTAX_NOT_UNDERSTOOD)->paste, "intel_iommu=on iommu=pt");
	assert_null(find(plan_with_words(&desk, "intel_iommu=on iommu=pt -- debug"), FINDING_SYNTAX_NOT_UNDERSTOOD));
	assert_int_equal(said_of(&desk, "quiet module_blacklist=foo,vfio_pci", FINDING_FOREIGN_SETUP), SEVERITY_ERROR);
	assert_null(find(plan_with_words(&desk, "quiet module_blacklist=foo,vfio_pci_other"), FINDING_FOREIGN_SETUP));
	stand_up(&desk);
}

/* What the plan says of words that get lost, where /etc/kernel/cmdline is LINE. */
static const struct finding *lost_with(struct desk *desk, const char *line)
{
	machine_write(desk->machine, "/etc/kernel/cmdline", line);
	return find(plan(desk), FINDING_WORDS_LOST);
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

		sit_down(&desk, machines[i]);
		for (size_t j = 0; j < array_size(devices); j++)
			tick(&desk, devices[j]);
		assert_null(find(plan(&desk), FINDING_WORDS_LOST));
		lost = lost_with(&desk, "rw root=UUID=00000000-dead quiet\n");
		assert_non_null(lost);
		assert_int_equal(lost->severity, SEVERITY_ERROR);
		assert_non_null(strstr(lost->message, "was started with root="));
		assert_true(desk.plan->refused);
		lost = lost_with(&desk, "quiet splash\n");
		assert_non_null(lost);
		assert_int_equal(lost->severity, SEVERITY_ERROR);
		stand_up(&desk);
	}
}

static void words_of_an_entry_that_would_get_lost_are_named(void **state)
{
	const struct finding *lost;
	struct desk desk;

	(void)state;
	sit_down(&desk, "endeavouros-systemd-boot");
	tick(&desk, "01:00.0");
	tick(&desk, "01:00.1");
	lost = lost_with(&desk, "rw root=UUID=5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20\n");
	assert_non_null(lost);
	assert_int_equal(lost->severity, SEVERITY_WARNING);
	assert_non_null(strstr(lost->message, "was started with nvme_load=YES nowatchdog."));
	assert_non_null(strstr(lost->paste, "nvme_load=YES nowatchdog rw root=UUID=5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20"));
	stand_up(&desk);
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
	look(desk);
	desk->selection.menu_entry = menu_entry;
	made = plan(desk);
	return find(made, FINDING_PARAMETERS_TOO_LONG);
}

static void words_that_the_kernel_would_cut_off_are_not_added(void **state)
{
	static const size_t way_back = sizeof(" vfioconf.bind=no") - 1;
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"\"\n");
	tick(&desk, "06:00.0");
	assert_null(with_a_line_of(&desk, 2048, false));
	assert_non_null(with_a_line_of(&desk, 2049, false));
	/* The entry for the way back has one more. */
	assert_null(with_a_line_of(&desk, 2048 - way_back, true));
	assert_non_null(with_a_line_of(&desk, 2049 - way_back, true));
	assert_non_null(strstr(find(desk.plan, FINDING_PARAMETERS_TOO_LONG)->remedy, "/etc/default/grub.d/"));
	stand_up(&desk);
}

static void images_are_rebuilt_before_the_boot_loader_is_told(void **state)
{
	struct desk desk;
	const struct changeset *changeset;

	(void)state;
	sit_down(&desk, "z170a");
	tick(&desk, "06:00.0");
	changeset = &plan(&desk)->changeset;
	assert_int_equal(changeset->command_count, 2);
	assert_string_equal(changeset->commands[0].argv.items[0], "update-initramfs");
	assert_non_null(strstr(changeset->commands[1].argv.items[0], "grub"));
	stand_up(&desk);
}

static void a_part_of_a_group_is_refused_and_can_be_overridden(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	tick(&desk, "00:1f.3");
	assert_true(plan(&desk)->refused);
	assert_non_null(strstr(find(desk.plan, FINDING_GROUP_INCOMPLETE)->message, "i801_smbus"));
	strlist_add(&desk.allow, "group-incomplete");
	assert_false(plan(&desk)->refused);
	stand_up(&desk);
}

static void nothing_wanted_and_nothing_applied_asks_nobody(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	machine_remove(desk.machine, "/boot/grub/grub.cfg");
	machine_remove(desk.machine, "/usr/sbin/mkinitramfs");
	plan(&desk);
	assert_false(desk.plan->changed);
	assert_int_equal(desk.plan->findings.count, 0);
	stand_up(&desk);
}

static void files_of_someone_else_are_not_overwritten(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, BINDING_MODPROBE_PATH, "options vfio-pci ids=1234:5678\n");
	machine_write(desk.machine, APPLIED_PATH, "mine\n");
	tick(&desk, "06:00.0");
	assert_true(plan(&desk)->refused);
	assert_non_null(strstr(find(desk.plan, FINDING_FILE_FOREIGN)->message, BINDING_MODPROBE_PATH));
	assert_null(changeset_find(&desk.plan->changeset, BINDING_MODPROBE_PATH));
	assert_null(changeset_find(&desk.plan->changeset, APPLIED_PATH));
	selection_untick(&desk.selection, desk.selection.ticks[0].address);
	plan(&desk);
	assert_false(desk.plan->refused);
	assert_false(desk.plan->changed);
	stand_up(&desk);
}

static void new_names_alone_are_no_reason_to_rebuild(void **state)
{
	struct desk desk;
	struct function *card;
	char *bytes, *name;

	(void)state;
	sit_down(&desk, "z170a");
	tick(&desk, "06:00.0");
	apply(&desk);
	card = &desk.host->functions[host_index(desk.host, host_find(desk.host, desk.selection.ticks[0].address))];
	free(card->device_name);
	card->device_name = memory_string("FL1100 USB 3.0 Host Controller, as a newer pci.ids calls it");
	assert_false(plan(&desk)->changed);
	bytes = machine_read(desk.machine, BINDING_MODPROBE_PATH);
	name = strstr(bytes, "0000:06:00.0 ");
	assert_non_null(name);
	name[13] = '?';
	machine_write(desk.machine, BINDING_MODPROBE_PATH, bytes);
	assert_false(plan(&desk)->changed);
	name = strstr(bytes, "ids=1b73");
	name[4] = '2';
	machine_write(desk.machine, BINDING_MODPROBE_PATH, bytes);
	assert_true(plan(&desk)->changed);
	assert_int_equal(desk.plan->changeset.command_count, 1);
	free(bytes);
	stand_up(&desk);
}

static void what_we_hold_and_give_back_counts_as_the_hosts(void **state)
{
	struct desk desk;
	struct function *audio;

	(void)state;
	sit_down(&desk, "z170a");
	tick(&desk, "02:00.0");
	tick(&desk, "02:00.1");
	apply(&desk);
	audio = &desk.host->functions[host_index(desk.host, host_find(desk.host, desk.selection.ticks[1].address))];
	free(audio->driver);
	audio->driver = memory_string("vfio-pci");
	assert_false(plan(&desk)->changed);
	selection_untick(&desk.selection, audio->address);
	assert_true(plan(&desk)->refused);
	assert_non_null(strstr(find(desk.plan, FINDING_GROUP_INCOMPLETE)->message,
			       "is at vfio-pci today, but is not ticked any more, and at the next boot snd_hda_intel"));
	stand_up(&desk);
}

static void words_that_the_user_had_before_stay_the_users(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	desk.selection.iommu = true;
	apply(&desk);
	assert_null(strstr(after(desk.plan, APPLIED_PATH), "intel_iommu"));
	assert_non_null(strstr(after(desk.plan, APPLIED_PATH), "\nword = iommu=pt\n"));
	stand_up(&desk);
}

static void an_iommu_switched_off_by_its_owner_is_pointed_out(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=off\"\n");
	tick(&desk, "06:00.0");
	assert_true(plan(&desk)->refused);
	assert_non_null(strstr(find(desk.plan, FINDING_IOMMU_DISABLED)->message, "that GRUB"));
	assert_non_null(strstr(find(desk.plan, FINDING_IOMMU_DISABLED)->remedy, "delete \"iommu=off\" there yourself"));
	stand_up(&desk);
}

static void with_consent_it_is_set_aside_and_given_back(void **state)
{
	static const char settings[] = "GRUB_CMDLINE_LINUX=\"intel_iommu=off x\"\n"
				       "GRUB_CMDLINE_LINUX_DEFAULT='quiet iommu=off splash'\n";
	struct desk desk;
	char *bytes;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", settings);
	tick(&desk, "06:00.0");
	desk.selection.adopt = true;
	assert_false(plan(&desk)->refused);
	assert_string_equal(after(desk.plan, "/etc/default/grub"),
			    "GRUB_CMDLINE_LINUX=\"vfioconf.aside=intel_iommu=off x\"\n"
			    "GRUB_CMDLINE_LINUX_DEFAULT='quiet vfioconf.aside=iommu=off splash'\n");
	assert_int_equal(find(desk.plan, FINDING_IOMMU_DISABLED)->severity, SEVERITY_NOTE);
	assert_true(strlist_has(&desk.plan->changeset.commands[1].expectations[0].absent, "iommu=off"));
	apply(&desk);
	assert_false(plan(&desk)->changed);
	selection_untick(&desk.selection, desk.selection.ticks[0].address);
	apply(&desk);
	bytes = machine_read(desk.machine, "/etc/default/grub");
	assert_string_equal(bytes, settings);
	free(bytes);
	assert_false(root_exists(desk.machine->root, APPLIED_PATH));
	stand_up(&desk);
}

static void without_a_record_what_is_set_aside_is_given_back_all_the_same(void **state)
{
	struct desk desk;
	char *bytes;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:13c2\n");
	tick(&desk, "06:00.0");
	assert_true(plan(&desk)->refused);
	desk.selection.adopt = true;
	assert_false(plan(&desk)->refused);
	apply(&desk);
	assert_false(plan(&desk)->changed);
	machine_remove(desk.machine, APPLIED_PATH);
	selection_untick(&desk.selection, desk.selection.ticks[0].address);
	apply(&desk);
	bytes = machine_read(desk.machine, "/etc/modprobe.d/vfio.conf");
	assert_string_equal(bytes, "options vfio-pci ids=10de:13c2\n");
	free(bytes);
	stand_up(&desk);
}

static void files_of_others_alone_have_the_images_made_anew(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:13c2\n");
	desk.selection.iommu = desk.selection.adopt = true;
	apply(&desk);
	assert_non_null(changeset_find(&desk.plan->changeset, "/etc/modprobe.d/vfio.conf"));
	assert_string_equal(desk.plan->changeset.commands[0].argv.items[0], "update-initramfs");
	assert_false(plan(&desk)->changed);
	stand_up(&desk);
}

static void a_line_that_is_not_understood_is_a_finding(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=$(cat /x)\n");
	tick(&desk, "06:00.0");
	assert_true(plan(&desk)->refused);
	assert_non_null(find(desk.plan, FINDING_SYNTAX_NOT_UNDERSTOOD));
	stand_up(&desk);
}

static void the_acs_override_is_written_only_for_a_kernel_that_knows_it(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	desk.selection.acs_override = memory_string("downstream,multifunction");
	tick(&desk, "06:00.0");
	assert_false(plan(&desk)->refused);
	assert_true(strlist_has(&desk.plan->parameters, "pcie_acs_override=downstream,multifunction"));
	assert_non_null(find(desk.plan, FINDING_ACS_UNSAFE));
	machine_write(desk.machine, "/proc/kallsyms", "0000000000000000 T pci_acs_init\n");
	assert_true(plan(&desk)->refused);
	assert_non_null(find(desk.plan, FINDING_ACS_UNPATCHED));
	assert_false(strlist_has(&desk.plan->parameters, "pcie_acs_override=downstream,multifunction"));
	stand_up(&desk);
}

static void without_an_early_image_a_unit_binds_in_the_real_root(void **state)
{
	struct desk desk;

	(void)state;
	sit_down(&desk, "z170a");
	machine_write(desk.machine, "/usr/lib/systemd/systemd", "");
	desk.selection.generator = memory_string("none");
	tick(&desk, "02:00.0");
	tick(&desk, "02:00.1");
	assert_false(plan(&desk)->refused);
	assert_non_null(strstr(after(desk.plan, LATE_UNIT), "\nBefore=systemd-udev-trigger.service "));
	assert_non_null(strstr(after(desk.plan, LATE_UNIT), "\nExecStart=/bin/sh " LATE_SCRIPT "\n"));
	assert_non_null(strstr(after(desk.plan, LATE_SCRIPT), "0000:02:00.0=0x10de:0x13c2:"));
	assert_non_null(strstr(after(desk.plan, LATE_SCRIPT), "0000:02:00.1="));
	assert_non_null(strstr(after(desk.plan, LATE_WANTED), "\nWants=vfioconf-bind.service\n"));
	assert_non_null(strstr(find(desk.plan, FINDING_GENERATOR_LIMITED)->message, "some cards do not work in a guest"));
	apply(&desk);
	assert_false(plan(&desk)->changed);
	free(desk.selection.generator);
	desk.selection.generator = memory_string("initramfs-tools");
	apply(&desk);
	assert_false(root_exists(desk.machine->root, LATE_SCRIPT));
	assert_false(root_exists(desk.machine->root, LATE_UNIT));
	assert_false(root_exists(desk.machine->root, LATE_WANTED));
	stand_up(&desk);
}

static void without_systemd_only_what_udev_brings_is_promised(void **state)
{
	struct desk desk;
	struct function *usb;

	(void)state;
	sit_down(&desk, "z170a");
	desk.selection.generator = memory_string("none");
	tick(&desk, "06:00.0");
	assert_false(plan(&desk)->refused);
	assert_null(changeset_find(&desk.plan->changeset, LATE_UNIT));
	usb = &desk.host->functions[host_index(desk.host, host_find(desk.host, desk.selection.ticks[0].address))];
	usb->candidates[0].builtin = true;
	assert_true(plan(&desk)->refused);
	assert_non_null(strstr(find(desk.plan, FINDING_GENERATOR_LIMITED)->message, "this system has no systemd"));
	stand_up(&desk);
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

		sit_down(&desk, cases[i].machine);
		desk.selection.generator = cases[i].generator ? memory_string(cases[i].generator) : NULL;
		desk.selection.blacklist = true;
		tick(&desk, cases[i].function);
		modprobe = changeset_find(&plan(&desk)->changeset, BINDING_MODPROBE_PATH);
		assert_non_null(modprobe);
		assert_non_null(strstr(text_string(&modprobe->after), "\nsoftdep "));
		assert_int_equal(strstr(text_string(&modprobe->after), "\nblacklist ") != NULL, cases[i].blacklisted);
		assert_int_equal(desk.plan->binding.blacklist.count > 0, cases[i].blacklisted);
		assert_int_equal(says(desk.plan, "Nothing is blacklisted"), !cases[i].blacklisted);
		stand_up(&desk);
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

		sit_down(&desk, "alpine-grub");
		desk.selection.generator = memory_string(names[i]);
		tick(&desk, "01:00.0");
		card = &desk.host->functions[host_index(desk.host, host_find(desk.host,
									     desk.selection.ticks[0].address))];
		card->candidates[0].builtin = true;
		assert_true(plan(&desk)->refused);
		assert_int_equal(find(desk.plan, FINDING_DRIVER_BUILTIN)->severity, SEVERITY_ERROR);
		assert_non_null(strstr(find(desk.plan, FINDING_DRIVER_BUILTIN)->message, "takes it away from there"));
		assert_null(strstr(find(desk.plan, FINDING_DRIVER_BUILTIN)->message, "The initramfs takes"));
		assert_non_null(strstr(find(desk.plan, FINDING_DRIVER_BUILTIN)->remedy, "vfioconf --bind 0000:01:00.0"));
		stand_up(&desk);
	}
}

static void without_systemd_a_softdep_that_does_nothing_promises_nothing(void **state)
{
	static const char *const lines[] = { "softdep xhci_pci pre: x\n", "install xhci_pci /bin/false\n" };

	(void)state;
	for (size_t i = 0; i < array_size(lines); i++) {
		struct desk desk;

		sit_down(&desk, "z170a");
		machine_write(desk.machine, "/etc/modprobe.d/00-a.conf", lines[i]);
		look(&desk);
		desk.selection.generator = memory_string("none");
		tick(&desk, "06:00.0");
		assert_true(plan(&desk)->refused);
		assert_non_null(strstr(find(desk.plan, FINDING_GENERATOR_LIMITED)->message, "this system has no systemd"));
		stand_up(&desk);
	}
}

/* Also where the machine has lines of others that ours takes over: ours, read again, are not taken for more of those. */
static void what_is_applied_over_the_softdeps_of_others_stays_as_it_is(void **state)
{
	static const char *const ticks[] = { "01:00.0", "01:00.1", "02:00.0" };
	struct desk desk;

	(void)state;
	sit_down(&desk, "debian-softdeps");
	for (size_t i = 0; i < array_size(ticks); i++)
		tick(&desk, ticks[i]);
	apply(&desk);
	look(&desk);
	assert_false(plan(&desk)->changed);
	stand_up(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guides_choice_gives_the_guides_result),
		cmocka_unit_test(entries_are_not_written_from_settings_that_lack_what_starts_the_system),
		cmocka_unit_test(words_of_an_entry_that_would_get_lost_are_named),
		cmocka_unit_test(a_driver_that_is_but_a_name_keeps_its_install_line),
		cmocka_unit_test(the_last_of_two_words_that_contradict_each_other_counts),
		cmocka_unit_test(what_the_kernel_would_not_read_or_not_load_is_told),
		cmocka_unit_test(words_that_the_kernel_would_cut_off_are_not_added),
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
