/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "boot/loaders.h"
#include "edit/cmdline.h"
#include "plan/foreign.h"
#include "support/handmade.h"
#include "support/pretend.h"

struct scene {
	struct machine *machine;
	struct host *host;
	struct selection selection;
	struct binding binding;
	struct foreign foreign;
	const char *words; /* on the kernel command line */
	struct findings findings;
};

/* A graphics card that is ticked, bound by its ids, and a network card that is not. */
static struct scene begin(void)
{
	struct scene scene = { .machine = machine_open_text(""), .host = handmade_host(), .words = "quiet" };

	handmade_function(scene.host, "02:00.0", 0x030000, 0x10de, 0x13c2, 2, "nouveau", "nouveau");
	handmade_function(scene.host, "05:00.0", 0x020000, 0x8086, 0x10d3, 5, "e1000e", "e1000e");
	selection_init(&scene.selection);
	selection_tick(&scene.selection, scene.host, &scene.host->functions[0]);
	strlist_add(&scene.binding.ids, "10de:13c2");
	return scene;
}

static void end(struct scene *scene)
{
	machine_close(scene->machine);
	host_free(scene->host);
	selection_done(&scene->selection);
	binding_done(&scene->binding);
	foreign_done(&scene->foreign);
	findings_done(&scene->findings);
}

static void check(struct scene *scene)
{
	cleanup_strlist struct strlist words = { 0 };

	findings_done(&scene->findings);
	foreign_done(&scene->foreign);
	foreign_read(scene->machine->root, &scene->foreign);
	cmdline_split(scene->words, &words);
	foreign_add_words(&words, &scene->foreign);
	foreign_report(&scene->foreign, &scene->selection, &scene->binding, &loader_grub_dropin, &scene->findings);
}

static void says(struct scene *scene, enum severity severity, const char *what)
{
	check(scene);
	assert_int_equal(scene->findings.count, 1);
	assert_int_equal(scene->findings.items[0].code, FINDING_FOREIGN_SETUP);
	assert_int_equal(scene->findings.items[0].severity, severity);
	if (!strstr(scene->findings.items[0].message, what))
		fail_msg("\"%s\" is not said by: %s", what, scene->findings.items[0].message);
}

static void what_is_not_about_vfio_is_nothing_to_us(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/kvm.conf", "options kvm ids=1:2\n# options vfio-pci "
								"ids=8086:10d3\nsoftdep nouveau pre: vfio-pci\noptions vfio-pci\n");
	machine_write(scene.machine, "etc/modprobe.d/vfio.conf.bak", "options vfio-pci ids=8086:10d3\n");
	machine_write(scene.machine, "etc/modprobe.d/00-vfioconf.conf", "options vfio-pci ids=8086:10d3\n");
	machine_write(scene.machine, "etc/driverctl.d/pci-0000:05:00.0", "e1000e\n");
	machine_write(scene.machine, "etc/driverctl.d/0000:05:00.0", "vfio-pci\n");
	machine_write(scene.machine, "etc/driverctl.d/usb-1-1:1.0", "vfio-pci\n");
	machine_write(scene.machine, "etc/driverctl.d/README", "vfio-pci\n");
	machine_write(scene.machine, "etc/driverctl.d/vmbus-0000:05:00.0", "vfio-pci\n");
	check(&scene);
	assert_int_equal(scene.findings.count, 0);
	end(&scene);
}

static void ids_of_another_file_clash_with_ours(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/vfio.conf", "options  vfio_pci \\\n\tdisable_vga=1 ids=8086:10d3");
	says(&scene, SEVERITY_ERROR, "/etc/modprobe.d/vfio.conf, line 1, gives vfio-pci the ids 8086:10d3 already");
	strlist_done(&scene.binding.ids);
	says(&scene, SEVERITY_WARNING, "whatever is ticked here");
	end(&scene);
}

static void ids_on_the_command_line_are_seen(void **state)
{
	struct scene scene = begin();

	(void)state;
	/* The last but one: an entry of the boot menu that leaves everything to the host. */
	scene.words = "quiet vfio-pci.ids=8086:10d3 vfio_pci.ids= vfio-pci.ids=none xvfio-pci.ids=1:2";
	says(&scene, SEVERITY_ERROR, "The kernel command line gives vfio-pci the ids 8086:10d3");
	end(&scene);
}

static void lines_that_switch_our_install_line_off_are_refused(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/a.conf", "install vfio-pci /sbin/vfio.sh\n");
	says(&scene, SEVERITY_ERROR, "says \"install vfio-pci /sbin/vfio.sh\"");
	machine_write(scene.machine, "etc/modprobe.d/a.conf", "softdep vfio-pci pre: vfio\n");
	says(&scene, SEVERITY_ERROR, "is loaded without its install line");
	end(&scene);
}

static void overrides_of_driverctl_are_recognised(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/driverctl.d/pci-0000:05:00.0", "vfio-pci\n");
	says(&scene, SEVERITY_WARNING, "although it is not ticked here");
	assert_non_null(strstr(scene.findings.items[0].paste, "driverctl unset-override 0000:05:00.0"));
	machine_remove(scene.machine, "etc/driverctl.d/pci-0000:05:00.0");
	machine_write(scene.machine, "etc/driverctl.d/pci-0000:02:00.0", "vfio-pci\n");
	says(&scene, SEVERITY_NOTE, "That is what is ticked here, too");
	machine_write(scene.machine, "etc/driverctl.d/pci-0000:02:00.0", "nouveau\n");
	says(&scene, SEVERITY_WARNING, "would take it from vfio-pci again");
	machine_remove(scene.machine, "etc/driverctl.d/pci-0000:02:00.0");
	/* as newer versions name them */
	machine_write(scene.machine, "etc/driverctl.d/pci-0000:05:00.0", "vfio-pci\n");
	says(&scene, SEVERITY_WARNING, "driverctl has an override for 0000:05:00.0: it shall be at vfio-pci.");
	assert_non_null(strstr(scene.findings.items[0].paste, "driverctl unset-override 0000:05:00.0"));
	end(&scene);
}

static void what_only_loads_it_early_is_shown_and_left(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/initramfs-tools/modules", "# vfio-pci\nvfio\nvfio_pci\n");
	says(&scene, SEVERITY_NOTE, "/etc/initramfs-tools/modules has vfio-pci loaded early already: vfio_pci. That stays");
	machine_remove(scene.machine, "etc/initramfs-tools/modules");
	machine_write(scene.machine, "etc/dracut.conf.d/local.conf", "force_drivers+=\" vfio vfio-pci \"\n");
	machine_write(scene.machine, "etc/dracut.conf.d/vfioconf.conf", "force_drivers+=\" vfio-pci \"\n");
	says(&scene, SEVERITY_NOTE, "/etc/dracut.conf.d/local.conf");
	machine_remove(scene.machine, "etc/dracut.conf.d");
	machine_write(scene.machine, "etc/mkinitcpio.conf", "#MODULES=(vfio_pci)\nMODULES=(vfio_pci vfio)\n");
	says(&scene, SEVERITY_NOTE, "MODULES=(vfio_pci vfio)");
	scene.selection.adopt = true;
	says(&scene, SEVERITY_NOTE, "stays as it is");
	end(&scene);
}

static void ids_in_a_list_of_modules_clash_like_others(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/initramfs-tools/modules", "vfio_pci ids=8086:10d3,10de:13c2\n");
	says(&scene, SEVERITY_ERROR, "/etc/initramfs-tools/modules, line 1, gives vfio-pci the ids 8086:10d3,10de:13c2");
	end(&scene);
}

static void rules_of_udev_are_recognised(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/udev/rules.d/10-vfio.rules",
		      "# driver_override vfio-pci\nACTION==\"add\", KERNEL==\"0000:02:00.0\", SUBSYSTEM==\"pci\", \\\n"
		      "  ATTR{driver_override}=\"vfio-pci\"\n");
	says(&scene, SEVERITY_NOTE, "What it names is ticked here, too");
	assert_true(scene.foreign.items[0].understood);
	machine_write(scene.machine, "etc/udev/rules.d/10-vfio.rules",
		      "ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", ATTR{driver_override}=\"vfio-pci\", RUN+=\"/bin/x\"\n");
	says(&scene, SEVERITY_WARNING, "whatever is ticked here");
	assert_false(scene.foreign.items[0].understood);
	assert_string_equal(scene.foreign.items[0].ids.items[0], "8086:10d3");
	end(&scene);
}

static void scripts_are_reported_and_never_touched(void **state)
{
	static const char script[] = "/etc/initramfs-tools/scripts/init-top/vfio.sh";
	struct scene scene = begin();
	char *path = root_join(scene.machine->root, script);
	struct function_binding by_address = { .mode = BIND_ADDRESS };

	(void)state;
	machine_write(scene.machine, script, "#!/bin/sh\nfor d in 0000:05:00.0 ; do echo vfio-pci > "
		      "/sys/bus/pci/devices/$d/driver_override; done\n");
	check(&scene);
	assert_int_equal(scene.findings.count, 0); /* it may not be run, so the images have it not */
	assert_int_equal(chmod(path, 0755), 0);
	says(&scene, SEVERITY_WARNING, "is a script of the initramfs that sends devices to vfio-pci");
	assert_string_equal(scene.foreign.items[0].addresses.items[0], "0000:05:00.0");
	scene.selection.adopt = true;
	scene.binding.functions = &by_address;
	scene.binding.count = 1;
	says(&scene, SEVERITY_ERROR, "If it loads vfio-pci first");
	assert_non_null(strstr(scene.findings.items[0].paste, "chmod -x /etc/initramfs-tools"));
	scene.binding.functions = NULL;
	scene.binding.count = 0;
	free(path);
	end(&scene);
}

/* Everything that can be set aside, in the ways in which people write it. */
static const struct {
	const char *path, *before, *after;
} adopted[] = {
	{ "/etc/modprobe.d/vfio.conf",
	  "options vfio-pci ids=8086:10d3 disable_vga=1\r\nsoftdep nouveau pre: vfio-pci\noptions vfio_pci \\\n\tids=1:2",
	  "options vfio-pci disable_vga=1\n# Set aside by vfioconf, but for what the line above says: "
	  "options vfio-pci ids=8086:10d3 disable_vga=1\r\nsoftdep nouveau pre: vfio-pci\n"
	  "# Set aside by vfioconf: options vfio_pci \\\n# Set aside by vfioconf: \tids=1:2" },
	{ "/etc/modprobe.d/z.conf", "install vfio-pci /sbin/x\nsoftdep vfio-pci pre: vfio\n",
	  "# Set aside by vfioconf: install vfio-pci /sbin/x\n# Set aside by vfioconf: softdep vfio-pci pre: vfio\n" },
	{ "/etc/initramfs-tools/modules", "vfio\nvfio_pci ids=8086:10d3\n",
	  "vfio\nvfio_pci\n# Set aside by vfioconf, but for what the line above says: vfio_pci ids=8086:10d3\n" },
	{ "/etc/udev/rules.d/10-vfio.rules", "KERNEL==\"0000:05:00.0\", ATTR{driver_override}=\"vfio-pci\"\nKERNEL==\"x\"",
	  "# Set aside by vfioconf: KERNEL==\"0000:05:00.0\", ATTR{driver_override}=\"vfio-pci\"\nKERNEL==\"x\"" },
	{ "/etc/driverctl.d/pci-0000:05:00.0", "vfio-pci\n", NULL },
	{ "/etc/driverctl.d/vfioconf-pci-0000:05:00.0", NULL, "vfio-pci\n" },
};

static void hold(struct machine *machine, bool after)
{
	for (size_t i = 0; i < array_size(adopted); i++) {
		const char *wanted = after ? adopted[i].after : adopted[i].before;
		cleanup_free char *now = wanted ? machine_read(machine, adopted[i].path) : NULL;

		if (wanted)
			assert_string_equal(now, wanted);
		else
			assert_false(root_exists(machine->root, adopted[i].path));
	}
}

/* Plans, and puts the files in place. */
static void settle(struct scene *scene)
{
	struct changeset changeset = { 0 };

	check(scene);
	foreign_propose(scene->machine->root, &scene->foreign, &scene->selection, &changeset);
	pretend_applied(scene->machine, &changeset);
	changeset_done(&changeset);
}

static void what_is_adopted_is_set_aside_and_comes_back(void **state)
{
	struct scene scene = begin();

	(void)state;
	for (size_t i = 0; i < array_size(adopted); i++)
		if (adopted[i].before)
			machine_write(scene.machine, adopted[i].path, adopted[i].before);
	settle(&scene);
	hold(scene.machine, false);
	scene.selection.adopt = true;
	for (int round = 0; round < 2; round++) {
		settle(&scene);
		hold(scene.machine, true);
		assert_int_equal(findings_count(&scene.findings, SEVERITY_ERROR), 0);
		assert_int_equal(findings_count(&scene.findings, SEVERITY_WARNING), 0);
		assert_int_equal(scene.findings.count, 7);
	}
	check(&scene);
	assert_true(foreign_is_aside(&scene.foreign));
	selection_untick(&scene.selection, scene.selection.ticks[0].address);
	settle(&scene);
	hold(scene.machine, false);
	check(&scene);
	assert_false(foreign_is_aside(&scene.foreign));
	end(&scene);
}

static void an_override_for_another_driver_is_set_aside_where_it_is_in_the_way(void **state)
{
	struct scene scene = begin();

	(void)state;
	scene.selection.adopt = true;
	machine_write(scene.machine, "/etc/driverctl.d/pci-0000:02:00.0", "nouveau\n");
	machine_write(scene.machine, "/etc/driverctl.d/pci-0000:05:00.0", "e1000e\n");
	settle(&scene);
	assert_false(root_exists(scene.machine->root, "/etc/driverctl.d/pci-0000:02:00.0"));
	assert_true(root_exists(scene.machine->root, "/etc/driverctl.d/pci-0000:05:00.0"));
	end(&scene);
}

static void what_is_set_up_can_be_ticked(void **state)
{
	struct scene scene = begin();
	struct selection ticks;

	(void)state;
	selection_init(&ticks);
	scene.words = "vfio-pci.ids=10de:13c2:ffffffff:ffffffff,1234:5678";
	check(&scene);
	foreign_tick(&scene.foreign, scene.host, &ticks);
	assert_int_equal(ticks.count, 1);
	assert_int_equal(ticks.ticks[0].vendor, 0x10de);
	machine_write(scene.machine, "/etc/driverctl.d/pci-0000:02:00.0", "nouveau\n");
	machine_write(scene.machine, "/etc/modprobe.d/a.conf", "install vfio-pci echo 0000:05:00.0 >x\n");
	check(&scene);
	foreign_tick(&scene.foreign, scene.host, &ticks);
	assert_int_equal(ticks.count, 2);
	selection_done(&ticks);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_about_vfio_is_nothing_to_us),
		cmocka_unit_test(ids_of_another_file_clash_with_ours),
		cmocka_unit_test(ids_on_the_command_line_are_seen),
		cmocka_unit_test(lines_that_switch_our_install_line_off_are_refused),
		cmocka_unit_test(overrides_of_driverctl_are_recognised),
		cmocka_unit_test(what_only_loads_it_early_is_shown_and_left),
		cmocka_unit_test(ids_in_a_list_of_modules_clash_like_others),
		cmocka_unit_test(rules_of_udev_are_recognised),
		cmocka_unit_test(scripts_are_reported_and_never_touched),
		cmocka_unit_test(what_is_adopted_is_set_aside_and_comes_back),
		cmocka_unit_test(an_override_for_another_driver_is_set_aside_where_it_is_in_the_way),
		cmocka_unit_test(what_is_set_up_can_be_ticked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
