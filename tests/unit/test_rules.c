/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/member.h"
#include "plan/rule_acs.h"
#include "plan/rule_iommu.h"
#include "plan/rules.h"
#include "support/handmade.h"

/* One machine, what is ticked on it, and what the rules say. */
struct scene {
	struct host *host;
	struct selection selection;
	struct findings findings;
};

/* Group 10 of a chipset: ISA bridge and memory controller without drivers, audio and SMBus with; and a card. */
static struct scene chipset(void)
{
	struct scene scene = { .host = handmade_host() };
	struct host *host = scene.host;

	selection_init(&scene.selection);
	handmade_function(host, "00:01.0", 0x060400, 0x8086, 0x1901, 2, "pcieport", "+pcieport");
	handmade_function(host, "00:1f.0", 0x060100, 0x8086, 0xa145, 10, NULL, "");
	handmade_function(host, "00:1f.2", 0x058000, 0x8086, 0xa121, 10, NULL, "");
	handmade_function(host, "00:1f.3", 0x040300, 0x8086, 0xa170, 10, "snd_hda_intel", "snd_hda_intel");
	handmade_function(host, "00:1f.4", 0x0c0500, 0x8086, 0xa123, 10, "i801_smbus", "i2c_i801");
	handmade_function(host, "02:00.0", 0x030000, 0x10de, 0x13c2, 2, "nouveau", "nouveau");
	handmade_function(host, "02:00.1", 0x040300, 0x10de, 0x0fbb, 2, NULL, "snd_hda_intel");
	return scene;
}

static void tick(struct scene *scene, const char *address)
{
	struct address parsed;

	assert_true(address_parse(address, &parsed));
	assert_non_null(host_find(scene->host, parsed));
	selection_tick(&scene->selection, scene->host, host_find(scene->host, parsed));
}

static void check(struct scene *scene)
{
	findings_done(&scene->findings);
	rules_check(scene->host, &scene->selection, &scene->findings);
}

static const struct finding *find(const struct scene *scene, enum finding_code code)
{
	for (size_t i = 0; i < scene->findings.count; i++)
		if (scene->findings.items[i].code == code)
			return &scene->findings.items[i];
	return NULL;
}

static void says(const struct finding *finding, const char *what)
{
	if (!finding)
		fail_msg("no finding that says \"%s\"", what);
	else if (!strstr(finding->message, what) && !(finding->remedy && strstr(finding->remedy, what)))
		fail_msg("\"%s\" is not said by: %s -> %s", what, finding->message, finding->remedy);
}

static void scene_done(struct scene *scene)
{
	host_free(scene->host);
	selection_done(&scene->selection);
	findings_done(&scene->findings);
}

static void a_group_is_whole_when_nobody_left_has_or_gets_a_driver(void **state)
{
	struct scene scene = chipset();

	(void)state;
	tick(&scene, "02:00.0");
	check(&scene);
	says(find(&scene, FINDING_GROUP_INCOMPLETE), "0000:02:00.1 Maker Thing [10de:0fbb] (no driver now, but at the "
						     "next boot snd_hda_intel would claim it)");
	says(find(&scene, FINDING_GROUP_INCOMPLETE),
	     "Not in the way: 0000:00:01.0 Maker Thing [8086:1901] (a bridge).");
	says(find(&scene, FINDING_GROUP_INCOMPLETE), "Tick 0000:02:00.1 too");
	tick(&scene, "02:00.1");
	check(&scene);
	assert_int_equal(scene.findings.count, 0);
	scene_done(&scene);
}

static void a_group_finding_names_everyone_and_who_is_in_the_way(void **state)
{
	struct scene scene = chipset();
	const struct finding *finding;

	(void)state;
	tick(&scene, "00:1f.3");
	check(&scene);
	finding = find(&scene, FINDING_GROUP_INCOMPLETE);
	says(finding, "In the way: 0000:00:1f.4 Maker Thing [8086:a123] (driver i801_smbus). ");
	says(finding, "Ticked: 0000:00:1f.3 ");
	says(finding, "Not in the way: 0000:00:1f.0 Maker Thing [8086:a145] (no driver); 0000:00:1f.2 ");
	assert_int_equal(finding->function_count, 4);
	assert_int_equal(finding->severity, SEVERITY_ERROR);
	scene_done(&scene);
}

static void an_isa_bridge_with_a_driver_cannot_be_ticked_out_of_the_way(void **state)
{
	struct scene scene = chipset();

	(void)state;
	scene.host->functions[1].driver = memory_string("lpc_ich");
	tick(&scene, "00:1f.3");
	tick(&scene, "00:1f.4");
	check(&scene);
	says(find(&scene, FINDING_GROUP_INCOMPLETE), "The host cannot do without 0000:00:1f.0");
	tick(&scene, "00:1f.0");
	check(&scene);
	assert_null(find(&scene, FINDING_GROUP_INCOMPLETE));
	says(find(&scene, FINDING_BRIDGE_TICKED), "a part of the chipset");
	scene_done(&scene);
}

static void members_at_vfio_or_a_stub_are_no_obstacle(void **state)
{
	struct scene scene = chipset();

	(void)state;
	scene.host->functions[6].driver = memory_string("vfio-pci");
	tick(&scene, "02:00.0");
	check(&scene);
	assert_int_equal(scene.findings.count, 0);
	assert_true(driver_passes_on("mlx5_vfio_pci"));
	assert_true(driver_passes_on("pci-stub"));
	assert_false(driver_passes_on("nouveau"));
	scene_done(&scene);
}

static void the_offer_holds_those_in_the_way_and_no_others(void **state)
{
	struct scene scene = chipset();
	size_t *mates, count;

	(void)state;
	count = member_mates(&scene.host->functions[5], scene.host, &scene.selection, &mates);
	assert_int_equal(count, 1);
	assert_int_equal(mates[0], 6);
	free(mates);
	tick(&scene, "02:00.1");
	count = member_mates(&scene.host->functions[5], scene.host, &scene.selection, &mates);
	assert_int_equal(count, 0);
	free(mates);
	scene_done(&scene);
}

static void a_bridge_is_refused(void **state)
{
	struct scene scene = chipset();

	(void)state;
	tick(&scene, "00:01.0");
	check(&scene);
	says(find(&scene, FINDING_BRIDGE_TICKED), "0000:00:01.0 Maker Thing [8086:1901] is a bridge");
	scene_done(&scene);
}

static void an_iommu_that_is_off_is_told_from_none_at_all(void **state)
{
	struct scene scene = chipset();

	(void)state;
	tick(&scene, "02:00.0");
	scene.host->iommu.enabled = false;
	for (size_t i = 0; i < scene.host->function_count; i++)
		scene.host->functions[i].group = -1;
	check(&scene);
	says(find(&scene, FINDING_IOMMU_OFF), "First have only the IOMMU switched on, with nothing ticked (key i");
	scene.host->iommu.kind = IOMMU_NONE;
	check(&scene);
	assert_null(find(&scene, FINDING_IOMMU_OFF));
	says(find(&scene, FINDING_IOMMU_ABSENT), "\"Intel VT-d\" in the firmware setup");
	scene.host->cpu = CPU_AMD;
	check(&scene);
	says(find(&scene, FINDING_IOMMU_ABSENT), "not the same as \"SVM\"");
	assert_false(finding_code_overridable(FINDING_IOMMU_ABSENT));
	scene_done(&scene);
}

static void wanting_only_the_iommu_is_fine_while_it_is_off(void **state)
{
	struct scene scene = chipset();

	(void)state;
	scene.selection.iommu = true;
	scene.host->iommu.enabled = false;
	check(&scene);
	assert_int_equal(scene.findings.count, 0);
	scene_done(&scene);
}

static void a_function_without_a_group_is_refused_while_the_iommu_is_on(void **state)
{
	struct scene scene = chipset();

	(void)state;
	scene.host->functions[5].group = -1;
	tick(&scene, "02:00.0");
	check(&scene);
	says(find(&scene, FINDING_IOMMU_OFF), "is in no IOMMU group although the IOMMU is on");
	scene_done(&scene);
}

static enum severity words(enum cpu_vendor cpu, const char *line)
{
	struct host *host = handmade_host();
	struct strlist list = { 0 };
	struct findings findings = { 0 };
	enum severity severity = SEVERITY_NOTE;

	host->cpu = cpu;
	host->iommu.kind = cpu == CPU_INTEL ? IOMMU_DMAR : IOMMU_IVHD;
	host->iommu.table_dmar = cpu == CPU_INTEL;
	strlist_split(&list, line, " ");
	iommu_check_words(host, &list, "of the running kernel", NULL, &findings);
	if (findings.count)
		severity = findings.items[0].severity;
	findings_done(&findings);
	strlist_done(&list);
	host_free(host);
	return severity;
}

static void words_that_switch_the_iommu_off_are_found(void **state)
{
	(void)state;
	assert_int_equal(words(CPU_AMD, "quiet amd_iommu=off"), SEVERITY_ERROR);
	assert_int_equal(words(CPU_AMD, "iommu=soft"), SEVERITY_ERROR);
	assert_int_equal(words(CPU_INTEL, "iommu=pt,off"), SEVERITY_ERROR);
	assert_int_equal(words(CPU_INTEL, "intel_iommu=off"), SEVERITY_WARNING);
	assert_int_equal(words(CPU_INTEL, "amd_iommu=off"), SEVERITY_NOTE);
	assert_int_equal(words(CPU_INTEL, "iommu=pt intel_iommu=on,sm_on"), SEVERITY_NOTE);
	assert_int_equal(words(CPU_AMD, "intel_iommu=off"), SEVERITY_NOTE);
}

static void what_the_host_uses_is_refused_or_asked_about(void **state)
{
	struct scene scene = chipset();
	struct function *card = &scene.host->functions[5];

	(void)state;
	handmade_use(card, USE_STORAGE, true, "root file system on /dev/sda2");
	handmade_use(card, USE_STORAGE, false, "/srv on /dev/sda3");
	handmade_use(card, USE_NETWORK, false, "address on enp2s0");
	handmade_use(card, USE_DISPLAY, true, "the only display");
	handmade_use(card, USE_INPUT, false, "a mouse");
	tick(&scene, "02:00.0");
	tick(&scene, "02:00.1");
	check(&scene);
	says(find(&scene, FINDING_STORAGE_IN_USE), "0000:02:00.0 Maker Thing [10de:13c2] holds storage of the host: "
						   "root file system on /dev/sda2; /srv on /dev/sda3. Without it");
	assert_int_equal(find(&scene, FINDING_STORAGE_IN_USE)->severity, SEVERITY_ERROR);
	assert_int_equal(find(&scene, FINDING_NETWORK_IN_USE)->severity, SEVERITY_WARNING);
	assert_int_equal(find(&scene, FINDING_DISPLAY_IN_USE)->severity, SEVERITY_ERROR);
	assert_int_equal(find(&scene, FINDING_INPUT_IN_USE)->severity, SEVERITY_WARNING);
	scene_done(&scene);
}

/* A root on a pool that nobody knows the disks of; and no card was seen to carry the session. */
static void what_the_host_may_use_for_all_that_is_known_is_refused(void **state)
{
	struct scene scene = chipset();
	struct function *card = &scene.host->functions[5], *other = &scene.host->functions[6];

	(void)state;
	tick(&scene, "02:00.0");
	tick(&scene, "02:00.1");
	strlist_add(&scene.host->untraced_storage, "root file system on rpool");
	strlist_add(&scene.host->untraced_network, "this SSH session");
	check(&scene);
	assert_null(find(&scene, FINDING_STORAGE_IN_USE)); /* a display and its sound are no disk controllers */
	card->class = 0x010601;
	other->class = 0x020000;
	check(&scene);
	says(find(&scene, FINDING_STORAGE_IN_USE), "Whether 0000:02:00.0 Maker Thing [10de:13c2] holds storage of the host "
						   "cannot be told, since it is not known what this needs: root file system "
						   "on rpool.");
	assert_int_equal(find(&scene, FINDING_STORAGE_IN_USE)->severity, SEVERITY_ERROR);
	assert_int_equal(find(&scene, FINDING_NETWORK_IN_USE)->severity, SEVERITY_ERROR);
	/* A session through a tunnel is carried by the card with the default route. */
	handmade_use(&scene.host->functions[0], USE_NETWORK, true, "default route through eth0");
	check(&scene);
	assert_null(find(&scene, FINDING_NETWORK_IN_USE));
	scene_done(&scene);
}

static void another_device_at_the_address_is_named(void **state)
{
	struct scene scene = chipset();

	(void)state;
	tick(&scene, "02:00.0");
	tick(&scene, "02:00.1");
	scene.host->functions[5].device = 0x0fbc;
	check(&scene);
	says(find(&scene, FINDING_PROFILE_MISMATCH), "At 0000:02:00.0 there was 10de:13c2 when it was ticked. Now "
						     "there is something else: 0000:02:00.0 Maker Thing [10de:0fbc]");
	scene_done(&scene);
}

static void a_device_that_is_gone_and_one_that_moved_are_told_apart(void **state)
{
	struct scene scene = chipset();

	(void)state;
	tick(&scene, "02:00.0");
	tick(&scene, "02:00.1");
	scene.host->functions[6].address.bus = 3;
	check(&scene);
	says(find(&scene, FINDING_PROFILE_MISMATCH), "Now there is nothing at that address");
	says(find(&scene, FINDING_PROFILE_MISMATCH), "The same device is at 0000:03:00.1 now: tick that one instead "
						     "of 0000:02:00.1.");
	scene.host->functions[6].subdevice = 7;
	scene.selection.ticks[1].subdevice = 8;
	check(&scene);
	says(find(&scene, FINDING_PROFILE_MISMATCH), "Untick 0000:02:00.1, and tick anew");
	scene_done(&scene);
}

static void another_group_number_alone_is_only_a_warning(void **state)
{
	struct scene scene = chipset();

	(void)state;
	tick(&scene, "02:00.0");
	tick(&scene, "02:00.1");
	scene.selection.ticks[0].group = 17;
	check(&scene);
	assert_int_equal(scene.findings.count, 1);
	says(&scene.findings.items[0], "is in group 2 now; it was in group 17");
	assert_int_equal(scene.findings.items[0].severity, SEVERITY_WARNING);
	scene_done(&scene);
}

static void firmware_memory_virtual_functions_and_a_lacking_module_refuse(void **state)
{
	struct scene scene = chipset();

	(void)state;
	handmade_region(scene.host, 2, REGION_MSI);
	handmade_region(scene.host, 2, REGION_DIRECT_RELAXABLE);
	tick(&scene, "02:00.0");
	tick(&scene, "02:00.1");
	check(&scene);
	assert_int_equal(scene.findings.count, 0);
	handmade_region(scene.host, 2, REGION_DIRECT);
	scene.host->functions[5].virtual_now = 3;
	scene.host->vfio_pci = MODULE_ABSENT;
	check(&scene);
	says(find(&scene, FINDING_RESERVED_REGION), "is in group 2, in which the firmware keeps memory");
	says(find(&scene, FINDING_SRIOV_ACTIVE), "has 3 virtual functions enabled");
	says(find(&scene, FINDING_VFIO_MISSING), "kernel 6.1.0-44-amd64 has no vfio-pci");
	scene_done(&scene);
}

static void the_acs_override_is_never_silent(void **state)
{
	struct scene scene = chipset();

	(void)state;
	scene.selection.acs_override = memory_string("downstream");
	acs_check_request(scene.host, &scene.selection, false, &scene.findings);
	says(find(&scene, FINDING_ACS_UNPATCHED), "does not know this parameter");
	acs_check_request(scene.host, &scene.selection, true, &scene.findings);
	says(find(&scene, FINDING_ACS_UNSAFE), "You ask for pcie_acs_override=downstream. ");
	free(scene.selection.acs_override);
	scene.selection.acs_override = NULL;
	tick(&scene, "02:00.0");
	tick(&scene, "02:00.1");
	check(&scene);
	assert_int_equal(scene.findings.count, 0);
	free(scene.host->kernel_cmdline);
	scene.host->kernel_cmdline = memory_string("quiet pcie_acs_override=multifunction");
	check(&scene);
	says(find(&scene, FINDING_ACS_UNSAFE), "was given pcie_acs_override=multifunction. ");
	scene_done(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_is_whole_when_nobody_left_has_or_gets_a_driver),
		cmocka_unit_test(a_group_finding_names_everyone_and_who_is_in_the_way),
		cmocka_unit_test(an_isa_bridge_with_a_driver_cannot_be_ticked_out_of_the_way),
		cmocka_unit_test(members_at_vfio_or_a_stub_are_no_obstacle),
		cmocka_unit_test(the_offer_holds_those_in_the_way_and_no_others),
		cmocka_unit_test(a_bridge_is_refused),
		cmocka_unit_test(an_iommu_that_is_off_is_told_from_none_at_all),
		cmocka_unit_test(wanting_only_the_iommu_is_fine_while_it_is_off),
		cmocka_unit_test(a_function_without_a_group_is_refused_while_the_iommu_is_on),
		cmocka_unit_test(words_that_switch_the_iommu_off_are_found),
		cmocka_unit_test(what_the_host_uses_is_refused_or_asked_about),
		cmocka_unit_test(what_the_host_may_use_for_all_that_is_known_is_refused),
		cmocka_unit_test(another_device_at_the_address_is_named),
		cmocka_unit_test(a_device_that_is_gone_and_one_that_moved_are_told_apart),
		cmocka_unit_test(another_group_number_alone_is_only_a_warning),
		cmocka_unit_test(firmware_memory_virtual_functions_and_a_lacking_module_refuse),
		cmocka_unit_test(the_acs_override_is_never_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
