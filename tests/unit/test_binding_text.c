/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modprobe.d file is read by the real libkmod, and what it has run is run by a real shell on a small /sys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <libkmod.h>

#include "plan/binding.h"
#include "support/handmade.h"
#include "support/machine.h"
#include "system/run.h"

#define TWIN_SYSFS "sys/bus/pci/devices/0000:05:00.0"
#define USB_SYSFS "sys/bus/pci/devices/0000:06:00.0"

/* Two equal cards, and a USB controller whose driver is built in; and a directory that is "/". */
struct scene {
	struct host *host;
	struct selection selection;
	struct binding binding;
	struct findings findings;
	struct machine *machine;
};

static void write_function(struct machine *machine, const struct function *function)
{
	static const char *const names[] = { "vendor", "device", "subsystem_vendor", "subsystem_device" };
	const uint16_t ids[] = { function->vendor, function->device, function->subvendor, function->subdevice };
	char address[ADDRESS_SIZE], path[96], value[16];

	address_format(function->address, address);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/%s", address, names[i]);
		snprintf(value, sizeof(value), "0x%04x\n", ids[i]);
		machine_write(machine, path, value);
	}
	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/driver_override", address);
	machine_write(machine, path, "(null)\n");
}

static struct scene begin(void)
{
	struct scene scene = { .host = handmade_host(), .machine = machine_open_text("") };
	struct host *host = scene.host;

	selection_init(&scene.selection);
	handmade_function(host, "04:00.0", 0x020000, 0x8086, 0x10d3, 4, "e1000e", "e1000e")->subvendor = 0x8086;
	handmade_function(host, "05:00.0", 0x020000, 0x8086, 0x10d3, 5, "e1000e", "e1000e")->subvendor = 0x8086;
	handmade_function(host, "06:00.0", 0x0c0330, 0x1b73, 0x1100, 6, "xhci_hcd", "+xhci_pci");
	for (size_t i = 0; i < host->function_count; i++)
		write_function(scene.machine, &host->functions[i]);
	machine_write(scene.machine, "proc/cmdline", "root=/dev/sda2 quiet\n");
	machine_write(scene.machine, "dev/kmsg", "");
	machine_write(scene.machine, "sbin/modprobe", "");
	return scene;
}

static void scene_done(struct scene *scene)
{
	host_free(scene->host);
	selection_done(&scene->selection);
	binding_done(&scene->binding);
	findings_done(&scene->findings);
	machine_close(scene->machine);
}

static void tick(struct scene *scene, size_t index)
{
	selection_tick(&scene->selection, scene->host, &scene->host->functions[index]);
}

/* Plans the binding and writes its file below the machine's directory. */
static void choose(struct scene *scene)
{
	cleanup_text struct text text = { 0 };

	binding_done(&scene->binding);
	findings_done(&scene->findings);
	binding_choose(scene->host, &scene->selection, &scene->binding, &scene->findings);
	binding_modprobe(scene->host, &scene->binding, &text);
	machine_write_n(scene->machine, "etc/modprobe.d/00-vfioconf.conf", text_string(&text), text.length);
}

/* What libkmod would have run to load vfio-pci; the caller frees. */
static char *install_line(const struct scene *scene)
{
	cleanup_text struct text directory = { 0 };
	const char *configuration[] = { NULL, NULL };
	struct kmod_module *module = NULL;
	struct kmod_ctx *context;
	char *line;

	text_printf(&directory, "%s/etc/modprobe.d", scene->machine->directory);
	configuration[0] = text_string(&directory);
	context = kmod_new(NULL, configuration);
	assert_non_null(context);
	assert_int_equal(kmod_module_new_from_name(context, "vfio_pci", &module), 0);
	line = memory_string(kmod_module_get_install_commands(module));
	kmod_module_unref(module);
	kmod_unref(context);
	return line;
}

/* As libkmod would for a plain "modprobe vfio-pci", but with the machine's directory for "/" and modprobe only told. */
static void make_script(const struct scene *scene, const char *line, struct text *ret)
{
	static const char *const paths[] = { "/sys/", "/proc/", "/dev/", "/init ", "/sbin/modprobe" };
	static const char options[] = "$CMDLINE_OPTS";

	while (*line) {
		size_t i = 0;

		while (i < array_size(paths) && strncmp(line, paths[i], strlen(paths[i])) != 0)
			i++;
		if (i < array_size(paths) - 1)
			text_append(ret, scene->machine->directory);
		else if (i < array_size(paths))
			text_append(ret, "echo ");
		else if (!strncmp(line, options, strlen(options)))
			line += strlen(options);
		if (*line)
			text_append_char(ret, *line++);
	}
}

/* Runs the install line and returns what it said at last: how it would have called modprobe. The caller frees. */
static char *load(const struct scene *scene)
{
	char *line = install_line(scene);
	cleanup_text struct text script = { 0 };
	cleanup_strlist struct strlist argv = { 0 };
	struct run_request request = { .argv = &argv };
	struct run_result result = { 0 };

	assert_non_null(line);
	make_script(scene, line, &script);
	free(line);
	strlist_add(&argv, "sh");
	strlist_add(&argv, "-uc");
	strlist_add(&argv, text_string(&script));
	assert_true(run_command(&request, &result, NULL));
	line = memory_string(text_string(&result.output));
	assert_int_equal(result.status, 0);
	run_result_done(&result);
	return line;
}

static void holds(const struct scene *scene, const char *path, const char *wanted)
{
	char *content = machine_read(scene->machine, path);

	assert_string_equal(content, wanted);
	free(content);
}

static void loads_with(const struct scene *scene, const char *arguments)
{
	char *output = load(scene);

	assert_true(text_starts_with(output, "/sbin/modprobe "));
	assert_string_equal(output + strlen("/sbin/modprobe "), arguments);
	free(output);
}

static void the_ticked_twin_alone_is_marked_before_vfio_is_loaded(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 1);
	choose(&scene);
	loads_with(&scene, "--ignore-install vfio-pci\n");
	holds(&scene, TWIN_SYSFS "/driver_override", "vfio-pci\n");
	holds(&scene, "sys/bus/pci/devices/0000:04:00.0/driver_override", "(null)\n");
	holds(&scene, "dev/kmsg", "");
	scene_done(&scene);
}

static void another_device_at_the_address_is_left_to_the_host(void **state)
{
	static const char *const names[] = { "vendor", "device", "subsystem_vendor", "subsystem_device" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct scene scene = begin();
		char path[96], *log;

		tick(&scene, 1);
		choose(&scene);
		snprintf(path, sizeof(path), TWIN_SYSFS "/%s", names[i]);
		machine_write(scene.machine, path, "0x1234\n");
		loads_with(&scene, "--ignore-install vfio-pci\n");
		holds(&scene, TWIN_SYSFS "/driver_override", "(null)\n");
		log = machine_read(scene.machine, "dev/kmsg");
		assert_true(text_starts_with(log, "<4>vfioconf: at 0000:05:00.0 there is "));
		assert_non_null(strstr(log, ", not 0x8086:0x10d3:0x8086:0x0000: left to the host"));
		free(log);
		scene_done(&scene);
	}
}

static void an_empty_slot_is_told_in_the_log(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 1);
	choose(&scene);
	machine_remove(scene.machine, TWIN_SYSFS);
	loads_with(&scene, "--ignore-install vfio-pci\n");
	holds(&scene, "dev/kmsg", "<4>vfioconf: at 0000:05:00.0 there is nothing, not 0x8086:0x10d3:0x8086:0x0000: "
				  "left to the host\n");
	scene_done(&scene);
}

static void the_way_back_leaves_everything_to_the_host(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 1);
	tick(&scene, 2);
	choose(&scene);
	machine_write(scene.machine, "proc/cmdline", "root=/dev/sda2 vfioconf.bind=no\n");
	loads_with(&scene, "--ignore-install vfio-pci ids=\n");
	holds(&scene, TWIN_SYSFS "/driver_override", "(null)\n");
	holds(&scene, USB_SYSFS "/driver_override", "(null)\n");
	machine_write(scene.machine, "proc/cmdline", "xvfioconf.bind=no vfioconf.bind=no1 quiet\n");
	loads_with(&scene, "--ignore-install vfio-pci\n");
	holds(&scene, TWIN_SYSFS "/driver_override", "vfio-pci\n");
	scene_done(&scene);
}

static void the_way_back_counts_for_ids_as_well(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 0);
	tick(&scene, 1);
	choose(&scene);
	assert_int_equal(scene.binding.functions[0].mode, BIND_IDS);
	loads_with(&scene, "--ignore-install vfio-pci\n");
	machine_write(scene.machine, "proc/cmdline", "vfioconf.bind=no");
	loads_with(&scene, "--ignore-install vfio-pci ids=\n");
	scene_done(&scene);
}

static void a_built_in_driver_must_let_go_in_the_initramfs_alone(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 2);
	choose(&scene);
	assert_true(scene.binding.functions[0].unbind);
	machine_write(scene.machine, "sys/bus/pci/drivers/xhci_hcd/unbind", "");
	machine_link(scene.machine, USB_SYSFS "/driver", "../../drivers/xhci_hcd");
	loads_with(&scene, "--ignore-install vfio-pci\n");
	holds(&scene, USB_SYSFS "/driver_override", "vfio-pci\n");
	holds(&scene, "sys/bus/pci/drivers/xhci_hcd/unbind", "");

	machine_write(scene.machine, "init", "");
	loads_with(&scene, "--ignore-install vfio-pci\n");
	holds(&scene, "sys/bus/pci/drivers/xhci_hcd/unbind", "0000:06:00.0\n");
	scene_done(&scene);
}

static void what_vfio_has_already_is_not_taken_from_it(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 2);
	choose(&scene);
	machine_write(scene.machine, "init", "");
	machine_write(scene.machine, "sys/bus/pci/drivers/vfio-pci/unbind", "");
	machine_write(scene.machine, "sys/bus/pci/drivers/vfio-pci/0000:06:00.0", "");
	machine_link(scene.machine, USB_SYSFS "/driver", "../../drivers/vfio-pci");
	loads_with(&scene, "--ignore-install vfio-pci\n");
	holds(&scene, "sys/bus/pci/drivers/vfio-pci/unbind", "");
	scene_done(&scene);
}

/* Runs the script of the real root; the caller frees what it said. */
static char *run_late(const struct scene *scene)
{
	cleanup_text struct text late = { 0 };
	cleanup_text struct text script = { 0 };
	cleanup_strlist struct strlist argv = { 0 };
	struct run_request request = { .argv = &argv };
	struct run_result result = { 0 };
	char *output;

	binding_late(scene->host, &scene->binding, &late);
	make_script(scene, text_string(&late), &script);
	strlist_add(&argv, "sh");
	strlist_add(&argv, "-uc");
	strlist_add(&argv, text_string(&script));
	assert_true(run_command(&request, &result, NULL));
	assert_int_equal(result.status, 0);
	output = memory_string(text_string(&result.output));
	run_result_done(&result);
	return output;
}

static void late_says(const struct scene *scene, const char *wanted)
{
	char *output = run_late(scene);

	assert_string_equal(output, wanted);
	free(output);
}

static void in_the_real_root_a_driver_is_made_to_let_go(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 1);
	choose(&scene);
	machine_write(scene.machine, TWIN_SYSFS "/driver/unbind", "");
	machine_write(scene.machine, "sys/bus/pci/drivers_probe", "");
	machine_write(scene.machine, "sys/bus/pci/devices/0000:04:00.0/driver/unbind", "");
	late_says(&scene, "/sbin/modprobe vfio-pci\n");
	holds(&scene, TWIN_SYSFS "/driver/unbind", "0000:05:00.0\n");
	holds(&scene, "sys/bus/pci/drivers_probe", "0000:05:00.0\n");
	holds(&scene, "sys/bus/pci/devices/0000:04:00.0/driver/unbind", "");
	/* No kernel is behind these files, so vfio-pci did not take it: it must be the host's again. */
	holds(&scene, TWIN_SYSFS "/driver_override", "\n");
	holds(&scene, "dev/kmsg", "<4>vfioconf: vfio-pci does not take 0000:05:00.0: back to the host\n");
	scene_done(&scene);
}

static void in_the_real_root_nothing_is_done_twice_or_to_another_device(void **state)
{
	struct scene scene = begin();
	char *log;

	(void)state;
	tick(&scene, 1);
	choose(&scene);
	machine_write(scene.machine, "sys/bus/pci/drivers/vfio-pci/0000:05:00.0", "");
	machine_write(scene.machine, TWIN_SYSFS "/driver/unbind", "");
	late_says(&scene, "/sbin/modprobe vfio-pci\n");
	holds(&scene, TWIN_SYSFS "/driver/unbind", "");
	holds(&scene, TWIN_SYSFS "/driver_override", "vfio-pci\n");
	machine_remove(scene.machine, "sys/bus/pci/drivers/vfio-pci");
	machine_write(scene.machine, TWIN_SYSFS "/driver_override", "(null)\n");
	machine_write(scene.machine, TWIN_SYSFS "/device", "0x1234\n");
	late_says(&scene, "/sbin/modprobe vfio-pci\n");
	holds(&scene, TWIN_SYSFS "/driver/unbind", "");
	holds(&scene, TWIN_SYSFS "/driver_override", "(null)\n");
	log = machine_read(scene.machine, "dev/kmsg");
	assert_true(text_starts_with(log, "<4>vfioconf: at 0000:05:00.0 there is 0x8086:0x1234"));
	free(log);
	scene_done(&scene);
}

static void in_the_real_root_the_way_back_leaves_everything_alone(void **state)
{
	struct scene scene = begin();

	(void)state;
	tick(&scene, 1);
	choose(&scene);
	machine_write(scene.machine, "proc/cmdline", "quiet vfioconf.bind=no\n");
	late_says(&scene, "");
	holds(&scene, TWIN_SYSFS "/driver_override", "(null)\n");
	scene_done(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ticked_twin_alone_is_marked_before_vfio_is_loaded),
		cmocka_unit_test(another_device_at_the_address_is_left_to_the_host),
		cmocka_unit_test(an_empty_slot_is_told_in_the_log),
		cmocka_unit_test(the_way_back_leaves_everything_to_the_host),
		cmocka_unit_test(the_way_back_counts_for_ids_as_well),
		cmocka_unit_test(a_built_in_driver_must_let_go_in_the_initramfs_alone),
		cmocka_unit_test(what_vfio_has_already_is_not_taken_from_it),
		cmocka_unit_test(in_the_real_root_a_driver_is_made_to_let_go),
		cmocka_unit_test(in_the_real_root_nothing_is_done_twice_or_to_another_device),
		cmocka_unit_test(in_the_real_root_the_way_back_leaves_everything_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
