/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/foreign.h"
#include "support/handmade.h"
#include "support/machine.h"

struct scene {
	struct machine *machine;
	struct host *host;
	struct selection selection;
	struct binding binding;
	struct strlist ours;
	struct findings findings;
};

/* A graphics card that is ticked, bound by its ids, and a network card that is not. */
static struct scene begin(void)
{
	struct scene scene = { .machine = machine_open_text(""), .host = handmade_host() };

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
	strlist_done(&scene->ours);
	findings_done(&scene->findings);
}

static void check(struct scene *scene)
{
	findings_done(&scene->findings);
	foreign_check(scene->machine->root, scene->host, &scene->selection, &scene->binding, &scene->ours,
		      &scene->findings);
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
	machine_write(scene.machine, "etc/modprobe.d/vfioconf.conf", "options vfio-pci ids=8086:10d3\n");
	machine_write(scene.machine, "etc/driverctl.d/0000:05:00.0", "e1000e\n");
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
	says(&scene, SEVERITY_ERROR, "/etc/modprobe.d/vfio.conf gives vfio-pci the ids 8086:10d3 already");
	strlist_done(&scene.binding.ids);
	says(&scene, SEVERITY_WARNING, "whatever is ticked here");
	end(&scene);
}

static void ids_on_the_command_line_are_told_from_our_own(void **state)
{
	struct scene scene = begin();

	(void)state;
	free(scene.host->kernel_cmdline);
	scene.host->kernel_cmdline = memory_string("quiet vfio-pci.ids=8086:10d3 vfio_pci.ids=");
	says(&scene, SEVERITY_ERROR, "The kernel command line gives vfio-pci the ids 8086:10d3");
	strlist_add(&scene.ours, "vfio-pci.ids=8086:10d3");
	check(&scene);
	assert_int_equal(scene.findings.count, 0);
	end(&scene);
}

static void lines_that_switch_our_install_line_off_are_refused(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/a.conf", "install vfio-pci /sbin/vfio.sh\n");
	says(&scene, SEVERITY_ERROR, "has the line \"install vfio-pci /sbin/vfio.sh\"");
	machine_write(scene.machine, "etc/modprobe.d/a.conf", "softdep vfio-pci pre: vfio\n");
	says(&scene, SEVERITY_ERROR, "is loaded without its install line");
	end(&scene);
}

static void overrides_of_driverctl_are_recognised(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/driverctl.d/0000:05:00.0", "vfio-pci\n");
	says(&scene, SEVERITY_WARNING, "although it is not ticked here");
	assert_non_null(strstr(scene.findings.items[0].remedy, "driverctl unset-override 0000:05:00.0"));
	machine_remove(scene.machine, "etc/driverctl.d/0000:05:00.0");
	machine_write(scene.machine, "etc/driverctl.d/0000:02:00.0", "vfio-pci\n");
	says(&scene, SEVERITY_NOTE, "That is what is ticked here, too");
	machine_write(scene.machine, "etc/driverctl.d/0000:02:00.0", "nouveau\n");
	says(&scene, SEVERITY_WARNING, "would take it from vfio-pci again");
	machine_remove(scene.machine, "etc/driverctl.d/0000:02:00.0");
	/* as newer versions name them */
	machine_write(scene.machine, "etc/driverctl.d/pci-0000:05:00.0", "vfio-pci\n");
	says(&scene, SEVERITY_WARNING, "driverctl has an override for 0000:05:00.0: it shall be at vfio-pci.");
	assert_non_null(strstr(scene.findings.items[0].remedy, "driverctl unset-override 0000:05:00.0 takes"));
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_about_vfio_is_nothing_to_us),
		cmocka_unit_test(ids_of_another_file_clash_with_ours),
		cmocka_unit_test(ids_on_the_command_line_are_told_from_our_own),
		cmocka_unit_test(lines_that_switch_our_install_line_off_are_refused),
		cmocka_unit_test(overrides_of_driverctl_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
