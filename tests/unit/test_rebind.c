/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small sysfs, and a kernel of our own that acts on what is written into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "apply/rebind.h"
#include "apply/rebind_check.h"
#include "support/handmade.h"
#include "support/machine.h"
#include "system/store_attribute.h"

#define DEVICE "sys/bus/pci/devices/0000:05:00.0"

struct scene {
	struct machine *machine;
	struct host *host;
	struct rebind_kernel kernel;
	struct strlist loaded; /* modules, in order */
	const char *refuses;   /* a driver whose probe fails, or NULL */
	bool stuck;            /* nothing can be unbound */
};

static bool load(void *data, const struct root *root, const char *module, struct fault *fault)
{
	struct scene *scene = data;

	(void)root;
	(void)fault;
	strlist_add(&scene->loaded, module);
	if (!strcmp(module, "vfio-pci"))
		machine_write(scene->machine, "sys/bus/pci/drivers/vfio-pci/uevent", "");
	return true;
}

/* As the kernel does: only the driver of the override takes the function, else the one that was loaded last. */
static void probe(struct scene *scene)
{
	char *override = machine_read(scene->machine, DEVICE "/driver_override");
	char target[96];

	override[strcspn(override, "\n")] = '\0';
	if (*override && (!scene->refuses || strcmp(override, scene->refuses) != 0)) {
		snprintf(target, sizeof(target), "../../drivers/%s", override);
		machine_link(scene->machine, DEVICE "/driver", target);
	}
	free(override);
}

static bool write_attribute(void *data, const struct root *root, const char *path, const char *value,
			    struct fault *fault)
{
	struct scene *scene = data;

	(void)root;
	if (strstr(path, "/driver/unbind")) {
		assert_string_equal(value, "0000:05:00.0");
		if (scene->stuck)
			return fault_set(fault, FAULT_SYSTEM, path, "the kernel did not take it");
		machine_remove(scene->machine, DEVICE "/driver");
	} else if (strstr(path, "drivers_probe")) {
		assert_string_equal(value, "0000:05:00.0");
		probe(scene);
	} else {
		assert_string_equal(path, DEVICE "/driver_override");
		machine_write(scene->machine, path, value);
	}
	return true;
}

static struct scene *begin(const char *driver)
{
	struct scene *scene = memory_zero(1, sizeof(*scene));
	char target[96];

	scene->machine = machine_open_text("");
	scene->host = handmade_host();
	scene->kernel = (struct rebind_kernel){ write_attribute, load, scene };
	handmade_function(scene->host, "05:00.0", 0x020000, 0x8086, 0x10d3, 5, driver, "e1000e");
	machine_write(scene->machine, DEVICE "/driver_override", "(null)\n");
	machine_write(scene->machine, "sys/module/e1000e/drivers/pci:e1000e", "");
	snprintf(target, sizeof(target), "../../drivers/%s", driver ? driver : "");
	if (driver)
		machine_link(scene->machine, DEVICE "/driver", target);
	return scene;
}

static void end(struct scene *scene)
{
	machine_close(scene->machine);
	host_free(scene->host);
	strlist_done(&scene->loaded);
	free(scene);
}

static bool run(struct scene *scene, enum rebind_way way, const char *wanted, struct fault *fault)
{
	char *driver = NULL;
	bool good = rebind_run(&scene->kernel, scene->machine->root, &scene->host->functions[0], way, &driver, fault);

	if (good)
		assert_string_equal(driver ? driver : "", wanted);
	free(driver);
	return good;
}

static void driver_is(struct scene *scene, const char *wanted)
{
	char name[64] = "";

	root_link_name(scene->machine->root, DEVICE "/driver", name, sizeof(name));
	assert_string_equal(name, wanted);
}

static void override_is(struct scene *scene, const char *wanted)
{
	char *content = machine_read(scene->machine, DEVICE "/driver_override");

	assert_string_equal(content, wanted);
	free(content);
}

static void a_function_goes_to_vfio_at_once(void **state)
{
	struct scene *scene = begin("e1000e");

	(void)state;
	assert_true(run(scene, REBIND_TO_VFIO, "vfio-pci", NULL));
	driver_is(scene, "vfio-pci");
	override_is(scene, "vfio-pci\n");
	assert_int_equal(scene->loaded.count, 1);
	end(scene);
}

static void a_function_without_a_driver_goes_too(void **state)
{
	struct scene *scene = begin(NULL);

	(void)state;
	assert_true(run(scene, REBIND_TO_VFIO, "vfio-pci", NULL));
	end(scene);
}

static void what_vfio_does_not_take_has_its_old_driver_again(void **state)
{
	struct scene *scene = begin("e1000e");
	struct fault fault = { 0 };

	(void)state;
	scene->refuses = "vfio-pci";
	assert_false(run(scene, REBIND_TO_VFIO, NULL, &fault));
	driver_is(scene, "e1000e");
	override_is(scene, "\n");
	assert_non_null(strstr(fault.sentence, "vfio-pci does not take 0000:05:00.0"));
	assert_non_null(strstr(fault.sentence, "It is at e1000e again"));
	end(scene);
}

static void a_driver_that_does_not_let_go_keeps_it(void **state)
{
	struct scene *scene = begin("e1000e");
	struct fault fault = { 0 };

	(void)state;
	scene->stuck = true;
	assert_false(run(scene, REBIND_TO_VFIO, NULL, &fault));
	driver_is(scene, "e1000e");
	override_is(scene, "\n");
	end(scene);
}

static void a_function_goes_back_to_its_own_driver(void **state)
{
	struct scene *scene = begin("vfio-pci");

	(void)state;
	assert_true(run(scene, REBIND_TO_HOST, "e1000e", NULL));
	driver_is(scene, "e1000e");
	override_is(scene, "\n");
	assert_string_equal(scene->loaded.items[0], "e1000e");
	end(scene);
}

static void what_no_driver_of_the_host_takes_stays_at_vfio(void **state)
{
	struct scene *scene = begin("vfio-pci");
	struct fault fault = { 0 };

	(void)state;
	machine_write(scene->machine, DEVICE "/driver_override", "vfio-pci\n");
	scene->refuses = "e1000e";
	assert_false(run(scene, REBIND_TO_HOST, NULL, &fault));
	driver_is(scene, "vfio-pci");
	override_is(scene, "vfio-pci\n");
	assert_non_null(strstr(fault.sentence, "It is at vfio-pci again"));
	end(scene);
}

static void what_is_there_already_is_left_alone(void **state)
{
	struct scene *scene = begin("vfio-pci");

	(void)state;
	scene->stuck = true;
	assert_true(run(scene, REBIND_TO_VFIO, "vfio-pci", NULL));
	end(scene);
	scene = begin("e1000e");
	scene->stuck = true;
	assert_true(run(scene, REBIND_TO_HOST, "e1000e", NULL));
	end(scene);
}

static void refused_with(struct scene *scene, enum rebind_way way, enum finding_code code, const char *what)
{
	struct findings findings = { 0 };
	struct selection selection;
	size_t i = 0;

	selection_init(&selection);
	selection_tick(&selection, scene->host, &scene->host->functions[0]);
	rebind_check(scene->machine->root, scene->host, &selection, way, &findings);
	while (i < findings.count && findings.items[i].code != code)
		i++;
	assert_in_range(i, 0, findings.count ? findings.count - 1 : 0);
	assert_int_equal(findings.count > i && findings.items[i].severity == SEVERITY_ERROR, 1);
	assert_non_null(strstr(findings.items[i].message, what));
	findings_done(&findings);
	selection_done(&selection);
}

static void a_function_that_the_host_uses_is_refused(void **state)
{
	struct scene *scene = begin("e1000e");

	(void)state;
	handmade_use(&scene->host->functions[0], USE_NETWORK, false, "192.0.2.1 on enp5s0");
	refused_with(scene, REBIND_TO_VFIO, FINDING_NETWORK_IN_USE, "the host uses it right now: 192.0.2.1 on enp5s0");
	end(scene);
}

static void a_mate_that_stays_with_the_host_refuses(void **state)
{
	struct scene *scene = begin("e1000e");

	(void)state;
	handmade_function(scene->host, "05:00.1", 0x020000, 0x8086, 0x10d3, 5, "e1000e", "e1000e");
	refused_with(scene, REBIND_TO_VFIO, FINDING_GROUP_INCOMPLETE, "0000:05:00.1");
	end(scene);
}

static void a_function_that_a_guest_has_is_refused(void **state)
{
	struct scene *scene = begin("vfio-pci");

	(void)state;
	machine_write(scene->machine, "proc/4711/comm", "qemu-system-x86\n");
	machine_link(scene->machine, "proc/4711/fd/3", "/dev/vfio/vfio");
	machine_link(scene->machine, "proc/4711/fd/4", "/dev/vfio/5");
	refused_with(scene, REBIND_TO_HOST, FINDING_GUEST_HAS_IT, "(qemu-system-x86, process 4711)");
	end(scene);
}

static void nothing_but_attributes_is_written_into(void **state)
{
	struct scene *scene = begin("vfio-pci");
	struct fault fault = { 0 };
	char *content;

	(void)state;
	machine_write(scene->machine, "etc/passwd", "root");
	machine_link(scene->machine, "sys/link", "/etc/passwd");
	assert_false(store_attribute(scene->machine->root, "sys/link", "x", &fault));
	assert_false(store_attribute(scene->machine->root, "sys/not-there", "x", &fault));
	content = machine_read(scene->machine, "etc/passwd");
	assert_string_equal(content, "root");
	free(content);
	assert_true(store_attribute(scene->machine->root, DEVICE "/driver_override", "vfio-pc", &fault));
	override_is(scene, "vfio-pc");
	end(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_goes_to_vfio_at_once),
		cmocka_unit_test(a_function_without_a_driver_goes_too),
		cmocka_unit_test(what_vfio_does_not_take_has_its_old_driver_again),
		cmocka_unit_test(a_driver_that_does_not_let_go_keeps_it),
		cmocka_unit_test(a_function_goes_back_to_its_own_driver),
		cmocka_unit_test(what_no_driver_of_the_host_takes_stays_at_vfio),
		cmocka_unit_test(what_is_there_already_is_left_alone),
		cmocka_unit_test(a_function_that_the_host_uses_is_refused),
		cmocka_unit_test(a_mate_that_stays_with_the_host_refuses),
		cmocka_unit_test(a_function_that_a_guest_has_is_refused),
		cmocka_unit_test(nothing_but_attributes_is_written_into),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
