/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/binding.h"
#include "support/handmade.h"

struct scene {
	struct host *host;
	struct selection selection;
	struct binding binding;
	struct findings findings;
};

static struct scene begin(void)
{
	struct scene scene = { .host = handmade_host() };

	selection_init(&scene.selection);
	return scene;
}

/* Two equal network cards, the second one's maker another; a graphics card with its audio; an unrelated audio. */
static struct scene machine(void)
{
	struct scene scene = begin();
	struct host *host = scene.host;

	handmade_function(host, "00:1f.3", 0x040300, 0x8086, 0xa170, 1, "snd_hda_intel", "snd_hda_intel");
	handmade_function(host, "02:00.0", 0x030000, 0x10de, 0x13c2, 2, "nouveau", "nouveau nvidia");
	handmade_function(host, "02:00.1", 0x040300, 0x10de, 0x0fbb, 2, "snd_hda_intel", "snd_hda_intel");
	handmade_function(host, "04:00.0", 0x020000, 0x8086, 0x10d3, 4, "e1000e", "e1000e")->subvendor = 0x8086;
	handmade_function(host, "05:00.0", 0x020000, 0x8086, 0x10d3, 5, "e1000e", "e1000e")->subvendor = 0x8086;
	return scene;
}

static void tick(struct scene *scene, size_t index)
{
	selection_tick(&scene->selection, scene->host, &scene->host->functions[index]);
}

static void choose(struct scene *scene)
{
	binding_done(&scene->binding);
	findings_done(&scene->findings);
	binding_choose(scene->host, &scene->selection, &scene->binding, &scene->findings);
}

static void scene_done(struct scene *scene)
{
	host_free(scene->host);
	selection_done(&scene->selection);
	binding_done(&scene->binding);
	findings_done(&scene->findings);
}

static void holds(const struct strlist *list, const char *wanted)
{
	char *joined = strlist_join(list, " ");

	assert_string_equal(joined, wanted);
	free(joined);
}

static void one_finding(const struct scene *scene, enum finding_code code, enum severity severity, const char *what)
{
	assert_int_equal(scene->findings.count, 1);
	assert_int_equal(scene->findings.items[0].code, code);
	assert_int_equal(scene->findings.items[0].severity, severity);
	if (!strstr(scene->findings.items[0].message, what))
		fail_msg("\"%s\" is not said by: %s", what, scene->findings.items[0].message);
}

static void a_graphics_card_is_bound_by_ids_before_its_drivers(void **state)
{
	struct scene scene = machine();
	struct text text = { 0 };
	const char *body;

	(void)state;
	tick(&scene, 2);
	tick(&scene, 1);
	choose(&scene);
	assert_int_equal(scene.findings.count, 0);
	holds(&scene.binding.ids, "10de:13c2 10de:0fbb");
	holds(&scene.binding.softdeps, "nouveau nvidia snd_hda_intel");
	assert_int_equal(scene.binding.count, 2);
	assert_int_equal(scene.binding.functions[0].mode, BIND_IDS);
	assert_string_equal(scene.binding.functions[0].reason, "every function with 10de:13c2 is ticked");
	binding_modprobe(scene.host, &scene.binding, &text);
	assert_true(text_starts_with(text_string(&text), BINDING_HEADER));
	assert_non_null(strstr(text_string(&text), "\noptions vfio-pci ids=10de:13c2,10de:0fbb\ninstall vfio-pci "));
	body = strstr(text_string(&text), "\nsoftdep");
	assert_non_null(body);
	assert_string_equal(body, "\nsoftdep nouveau pre: vfio-pci\nsoftdep nvidia pre: vfio-pci\n"
				  "softdep snd_hda_intel pre: vfio-pci\n");
	text_done(&text);
	scene_done(&scene);
}

static void a_twin_that_stays_is_never_taken_along(void **state)
{
	struct scene scene = machine();

	(void)state;
	tick(&scene, 4);
	choose(&scene);
	one_finding(&scene, FINDING_TWIN_IDS, SEVERITY_NOTE,
		    "is bound by its address, because 0000:04:00.0 Maker Thing [8086:10d3] has the very same ids and "
		    "stays with the host");
	holds(&scene.binding.ids, "");
	assert_int_equal(scene.binding.functions[0].mode, BIND_ADDRESS);
	assert_false(scene.binding.functions[0].unbind);
	assert_string_equal(scene.binding.functions[0].reason, "0000:04:00.0 has the same ids and stays with the host");
	scene.selection.bind = BIND_IDS;
	choose(&scene);
	one_finding(&scene, FINDING_TWIN_IDS, SEVERITY_ERROR,
		    "can be bound by its ids only, as was asked, and 0000:04:00.0");
	tick(&scene, 3);
	choose(&scene);
	assert_int_equal(scene.findings.count, 0);
	holds(&scene.binding.ids, "8086:10d3");
	scene_done(&scene);
}

static const struct function_binding *bound(const struct scene *scene, const char *at)
{
	struct address address;

	assert_true(address_parse(at, &address));
	for (size_t i = 0; i < scene->binding.count; i++)
		if (!address_compare(scene->binding.functions[i].address, address))
			return &scene->binding.functions[i];
	return NULL;
}

static void a_device_is_bound_by_its_address_where_that_is_asked_for(void **state)
{
	struct scene scene = machine();

	(void)state;
	tick(&scene, 1);
	tick(&scene, 2);
	scene.selection.ticks[1].bind = BIND_ADDRESS;
	choose(&scene);
	assert_int_equal(scene.findings.count, 0);
	holds(&scene.binding.ids, "10de:13c2");
	assert_int_equal(bound(&scene, "02:00.1")->mode, BIND_ADDRESS);
	assert_string_equal(bound(&scene, "02:00.1")->reason, "asked for");
	assert_null(bound(&scene, "00:1f.3"));
	scene_done(&scene);
}

static void twins_of_different_makers_are_told_by_their_subsystem(void **state)
{
	struct scene scene = machine();

	(void)state;
	scene.host->functions[4].subvendor = 0x17aa;
	scene.host->functions[4].subdevice = 0xbeef;
	tick(&scene, 4);
	choose(&scene);
	assert_int_equal(scene.findings.count, 0);
	holds(&scene.binding.ids, "8086:10d3:17aa:beef");
	assert_string_equal(scene.binding.functions[0].reason,
			    "its subsystem 17aa:beef tells it from 0000:04:00.0, which stays with the host");
	scene_done(&scene);
}

static void a_bridge_with_the_same_ids_is_no_twin(void **state)
{
	struct scene scene = machine();

	(void)state;
	scene.host->functions[3].bridge = true;
	tick(&scene, 4);
	choose(&scene);
	holds(&scene.binding.ids, "8086:10d3");
	scene_done(&scene);
}

static void what_changed_since_it_was_ticked_is_not_bound(void **state)
{
	struct scene scene = machine();

	(void)state;
	tick(&scene, 1);
	scene.host->functions[1].device = 0x1111;
	choose(&scene);
	assert_int_equal(scene.binding.count, 0);
	holds(&scene.binding.ids, "");
	scene_done(&scene);
}

static void a_built_in_driver_must_let_go(void **state)
{
	struct scene scene = begin();

	(void)state;
	handmade_function(scene.host, "06:00.0", 0x0c0330, 0x1b73, 0x1100, 6, "xhci_hcd", "+xhci_pci");
	tick(&scene, 0);
	choose(&scene);
	one_finding(&scene, FINDING_DRIVER_BUILTIN, SEVERITY_NOTE, "its driver xhci_pci is built into this kernel");
	assert_int_equal(scene.binding.functions[0].mode, BIND_ADDRESS);
	assert_true(scene.binding.functions[0].unbind);
	assert_string_equal(scene.binding.functions[0].reason, "xhci_pci is built into the kernel and must let it go");
	holds(&scene.binding.softdeps, "");
	scene.selection.bind = BIND_IDS;
	choose(&scene);
	one_finding(&scene, FINDING_DRIVER_BUILTIN, SEVERITY_ERROR, "ids, as were asked for, take nothing away");
	scene.host->vfio_pci = MODULE_BUILTIN;
	choose(&scene);
	one_finding(&scene, FINDING_VFIO_BUILTIN, SEVERITY_NOTE, "onto the kernel command line");
	scene_done(&scene);
}

static void a_built_in_driver_of_a_screen_or_a_disk_is_warned_of(void **state)
{
	struct scene scene = begin();

	(void)state;
	handmade_function(scene.host, "06:00.0", 0x030000, 0x1002, 0x7300, 6, "amdgpu", "+amdgpu");
	handmade_function(scene.host, "07:00.0", 0x010802, 0x144d, 0xa804, 7, "nvme", "+nvme");
	tick(&scene, 0);
	choose(&scene);
	one_finding(&scene, FINDING_DRIVER_BUILTIN, SEVERITY_WARNING, "the screen on it goes dark");
	selection_untick(&scene.selection, scene.host->functions[0].address);
	tick(&scene, 1);
	choose(&scene);
	one_finding(&scene, FINDING_DRIVER_BUILTIN, SEVERITY_WARNING, "the kernel has looked at its disks");
	scene.host->vfio_pci = MODULE_BUILTIN;
	tick(&scene, 0);
	choose(&scene);
	assert_int_equal(findings_count(&scene.findings, SEVERITY_ERROR), 1);
	assert_non_null(strstr(scene.findings.items[0].message, "comes before the built-in vfio-pci"));
	scene_done(&scene);
}

static void a_built_in_vfio_knows_no_addresses(void **state)
{
	struct scene scene = machine();

	(void)state;
	scene.host->vfio_pci = MODULE_BUILTIN;
	tick(&scene, 4);
	choose(&scene);
	assert_int_equal(findings_count(&scene.findings, SEVERITY_ERROR), 1);
	assert_int_equal(scene.findings.items[0].code, FINDING_TWIN_IDS);
	assert_non_null(strstr(scene.findings.items[0].message, "because vfio-pci is built into this kernel"));
	tick(&scene, 3);
	scene.selection.bind = BIND_ADDRESS;
	choose(&scene);
	assert_int_equal(findings_count(&scene.findings, SEVERITY_ERROR), 2);
	assert_int_equal(scene.findings.items[0].code, FINDING_VFIO_BUILTIN);
	scene_done(&scene);
}

static void a_built_in_vfio_gets_its_ids_on_the_command_line(void **state)
{
	struct scene scene = machine();
	struct text text = { 0 };

	(void)state;
	scene.host->vfio_pci = MODULE_BUILTIN;
	tick(&scene, 1);
	tick(&scene, 2);
	choose(&scene);
	holds(&scene.binding.parameters, "vfio-pci.ids=10de:13c2,10de:0fbb");
	binding_modprobe(scene.host, &scene.binding, &text);
	assert_int_equal(text.length, 0);
	scene_done(&scene);
}

static void only_modules_that_nobody_else_needs_are_blacklisted(void **state)
{
	struct scene scene = machine();
	struct text text = { 0 };

	(void)state;
	scene.selection.blacklist = true;
	tick(&scene, 1);
	tick(&scene, 2);
	choose(&scene);
	one_finding(&scene, FINDING_DRIVER_SHARED, SEVERITY_WARNING, "The module snd_hda_intel is not blacklisted");
	assert_true(strstr(scene.findings.items[0].message, "0000:00:1f.3"));
	holds(&scene.binding.blacklist, "nouveau nvidia");
	binding_modprobe(scene.host, &scene.binding, &text);
	assert_non_null(strstr(text_string(&text), "\nblacklist nouveau\nblacklist nvidia\n"));
	text_done(&text);
	scene_done(&scene);
}

static void what_the_kernels_buffer_for_ids_cannot_hold_goes_by_address(void **state)
{
	struct scene scene = begin();

	(void)state;
	for (unsigned i = 0; i < 103; i++) {
		char address[ADDRESS_SIZE];

		address_format((struct address){ 0, (uint8_t)(i + 1), 0, 0 }, address);
		handmade_function(scene.host, address, 0x020000, 0x8086, (uint16_t)i, (int)i, NULL, "");
	}
	for (size_t i = 0; i < 102; i++)
		tick(&scene, i);
	choose(&scene);
	assert_int_equal(scene.findings.count, 0);
	tick(&scene, 102);
	choose(&scene);
	assert_int_equal(scene.findings.count, 0);
	assert_int_equal(scene.binding.ids.count, 102);
	assert_int_equal(scene.binding.functions[102].mode, BIND_ADDRESS);
	assert_string_equal(scene.binding.functions[102].reason, "vfio-pci takes at most 1023 characters of ids");
	scene.selection.bind = BIND_IDS;
	choose(&scene);
	one_finding(&scene, FINDING_IDS_TOO_LONG, SEVERITY_ERROR, "need 1029 characters, and vfio-pci takes at most "
								  "1023");
	scene_done(&scene);
}

/* They do not exist yet when vfio-pci is loaded: an address would be told to nobody, and nobody would notice. */
static void a_virtual_function_goes_by_ids_or_not_at_boot(void **state)
{
	struct scene scene = machine();

	(void)state;
	scene.host->functions[4].physical = 2;
	tick(&scene, 4);
	choose(&scene);
	one_finding(&scene, FINDING_VIRTUAL_FUNCTION, SEVERITY_ERROR,
		    "it is there only once something has the driver of 0000:02:00.1 make it");
	assert_non_null(strstr(scene.findings.items[0].remedy, "vfioconf --bind 0000:05:00.0"));
	scene.host->functions[3].physical = 2;
	tick(&scene, 3);
	choose(&scene);
	assert_int_equal(scene.findings.count, 2);
	assert_int_equal(scene.findings.items[0].severity, SEVERITY_NOTE);
	assert_non_null(strstr(scene.findings.items[0].remedy, "sriov_numvfs"));
	holds(&scene.binding.ids, "8086:10d3");
	scene_done(&scene);
}

static void names_from_outside_cannot_write_lines(void **state)
{
	struct scene scene = machine();
	struct text text = { 0 };
	struct function *card = &scene.host->functions[1];
	const char *name;

	(void)state;
	free(card->device_name);
	card->device_name = memory_string("Evil\ninstall vfio-pci /bin/sh \303\274 \\");
	free(card->candidates[0].name);
	card->candidates[0].name = memory_string("x\ninstall y");
	tick(&scene, 1);
	tick(&scene, 2);
	choose(&scene);
	holds(&scene.binding.softdeps, "nvidia snd_hda_intel");
	binding_modprobe(scene.host, &scene.binding, &text);
	name = strstr(text_string(&text), "#   0000:02:00.0 ");
	assert_non_null(name);
	assert_non_null(strstr(name, "Evil?install vfio-pci /bin/sh ?? ?"));
	for (; *name && strncmp(name, "\noptions ", 9) != 0; name++)
		assert_in_range(*name, '\n', '~');
	assert_null(strchr(strstr(text_string(&text), "\nsoftdep"), '\\'));
	assert_null(strstr(text_string(&text), "\ninstall y"));
	text_done(&text);
	scene_done(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_graphics_card_is_bound_by_ids_before_its_drivers),
		cmocka_unit_test(a_twin_that_stays_is_never_taken_along),
		cmocka_unit_test(twins_of_different_makers_are_told_by_their_subsystem),
		cmocka_unit_test(a_bridge_with_the_same_ids_is_no_twin),
		cmocka_unit_test(what_changed_since_it_was_ticked_is_not_bound),
		cmocka_unit_test(a_device_is_bound_by_its_address_where_that_is_asked_for),
		cmocka_unit_test(a_built_in_driver_must_let_go),
		cmocka_unit_test(a_built_in_driver_of_a_screen_or_a_disk_is_warned_of),
		cmocka_unit_test(a_built_in_vfio_knows_no_addresses),
		cmocka_unit_test(a_built_in_vfio_gets_its_ids_on_the_command_line),
		cmocka_unit_test(only_modules_that_nobody_else_needs_are_blacklisted),
		cmocka_unit_test(what_the_kernels_buffer_for_ids_cannot_hold_goes_by_address),
		cmocka_unit_test(a_virtual_function_goes_by_ids_or_not_at_boot),
		cmocka_unit_test(names_from_outside_cannot_write_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
