/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/detail.h"
#include "host/host.h"
#include "support/machine.h"

#define PCI "/sys/bus/pci/devices/"

/* "xhci_pci*,other": candidates in order, built-in ones with a star. */
static void candidates_are(const struct function *function, const char *wanted)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_free char *joined = NULL;

	for (size_t i = 0; i < function->candidate_count; i++)
		strlist_printf(&names, "%s%s", function->candidates[i].name,
			       function->candidates[i].builtin ? "*" : "");
	joined = strlist_join(&names, ",");
	assert_string_equal(joined, wanted);
}

static void the_z170a_is_read_as_it_is(void **state)
{
	struct machine *machine = machine_open("z170a");
	const struct host *host = machine_host(machine);
	const struct function *gpu = machine_function(machine, "02:00.0");
	const struct function *fury = machine_function(machine, "01:00.0");
	const struct group *group = host_group_of(host, machine_function(machine, "00:1f.3"));

	(void)state;
	assert_int_equal(host->function_count, 22);
	assert_int_equal(host->group_count, 17);
	assert_int_equal(host->incomplete.count, 0);
	assert_string_equal(host->kernel_release, "6.12.9-1-liquorix-amd64");
	assert_non_null(strstr(host->kernel_cmdline, "pcie_acs_override=downstream"));
	assert_string_equal(host->distribution, "Debian GNU/Linux 12 (bookworm)");
	assert_int_equal(host->cpu, CPU_INTEL);
	assert_int_equal(host->vfio_pci, MODULE_LOADABLE);
	assert_true(host->iommu.enabled);
	assert_int_equal(host->iommu.kind, IOMMU_DMAR);
	assert_int_equal(gpu->vendor, 0x10de);
	assert_int_equal(gpu->device, 0x13c2);
	assert_int_equal(gpu->subvendor, 0x1458);
	assert_int_equal(gpu->subdevice, 0x367a);
	assert_int_equal(gpu->class, 0x030000);
	assert_int_equal(gpu->revision, 0xa1);
	assert_string_equal(gpu->driver, "nouveau");
	assert_int_equal(gpu->boot_vga, 0);
	assert_int_equal(fury->boot_vga, 1);
	assert_ptr_equal(&host->functions[gpu->parent], machine_function(machine, "00:1b.0"));
	assert_true(host->functions[gpu->parent].bridge);
	candidates_are(gpu, "nouveau");
	candidates_are(machine_function(machine, "02:00.1"), "snd_hda_intel");
	candidates_are(machine_function(machine, "06:00.0"), "xhci_pci");
	candidates_are(machine_function(machine, "00:1f.2"), "");
	assert_int_equal(group->number, 10);
	assert_int_equal(group->function_count, 4);
	group = host_group_of(host, machine_function(machine, "00:14.0"));
	assert_int_equal(group->region_count, 2);
	assert_int_equal(group->regions[0].type, REGION_DIRECT_RELAXABLE);
	assert_int_equal(group->regions[0].start, 0x7b800000);
	assert_string_equal(group->type, "DMA-FQ");
	machine_close(machine);
}

static void a_built_in_driver_is_a_candidate_even_where_modules_are_too(void **state)
{
	struct machine *machine = machine_open_text(
		"function 0000:00:14.0 0c0330 8086:a12f\n"
		"function 0000:00:15.0 0c0330 8086:a12f\n"
		"kernel 6.1 running\n\tmodule kernel/a/xhci-pci-renesas.ko\n"
		"\tbuiltin kernel/drivers/usb/host/xhci-pci.ko\n\tbuiltin kernel/drivers/vfio/pci/vfio-pci.ko\n"
		"\talias pci:v*d*sv*sd*bc0Csc03i30* xhci_pci_renesas\n"
		"\tbuiltin-alias pci:v*d*sv*sd*bc0Csc03i30* xhci_pci\n"
		"kernel 5.10\n"
		"dir /lib/modules/removed\n");

	(void)state;
	candidates_are(machine_function(machine, "00:14.0"), "xhci_pci_renesas,xhci_pci*");
	candidates_are(machine_function(machine, "00:15.0"), "xhci_pci_renesas,xhci_pci*");
	assert_int_equal(machine_host(machine)->vfio_pci, MODULE_BUILTIN);
	assert_int_equal(machine_host(machine)->kernels.count, 2);
	assert_string_equal(machine_host(machine)->kernels.items[0], "5.10");
	machine_close(machine);
}

static void virtual_functions_and_foreign_domains_know_where_they_belong(void **state)
{
	struct machine *machine = machine_open_text(
		"function 0000:00:0e.0 010400 8086:467f\n"
		"function 10000:e0:06.0 060400 8086:464d\n\tunder 0000:00:0e.0\n"
		"function 10000:e1:00.0 010802 144d:a80a\n\tunder 10000:e0:06.0\n"
		"function 0000:03:00.0 020000 8086:1572\n\tsriov_numvfs = 2\n"
		"function 0000:03:02.0 020000 8086:154c\n\tphysical 0000:03:00.0\n"
		"function 0000:03:02.1 020000 8086:154c\n\tphysical 0000:03:00.0\n"
		"device block 10000:e1:00.0/nvme/nvme0/nvme0n1\n\tdev = 259:0\n"
		"file /proc/self/mountinfo\n\t|1 1 259:0 / / rw - ext4 /dev/nvme0n1 rw\n");
	const struct host *host = machine_host(machine);

	(void)state;
	assert_ptr_equal(&host->functions[machine_function(machine, "10000:e1:00.0")->parent],
			 machine_function(machine, "10000:e0:06.0"));
	assert_int_equal(machine_function(machine, "10000:e0:06.0")->parent, -1);
	assert_ptr_equal(host_find(host, host->functions[host->function_count - 1].address),
			 machine_function(machine, "10000:e1:00.0"));
	/* Both the disk and the controller that it is behind. */
	machine_has_use(machine, "10000:e1:00.0", USE_STORAGE, true, "root file system");
	machine_has_use(machine, "00:0e.0", USE_STORAGE, true, "root file system");
	assert_int_equal(machine_function(machine, "03:00.0")->virtual_now, 2);
	assert_ptr_equal(&host->functions[machine_function(machine, "03:02.1")->physical],
			 machine_function(machine, "03:00.0"));
	machine_close(machine);
}

static void the_kinds_of_iommu_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		bool enabled;
		enum iommu_kind kind;
	} cases[] = {
		{ "", false, IOMMU_NONE },
		{ "file /sys/firmware/acpi/tables/DMAR\n", false, IOMMU_DMAR },
		{ "file /sys/firmware/acpi/tables/IVRS\n", false, IOMMU_IVHD },
		{ "iommu ivhd0\ngroup 0\n", true, IOMMU_IVHD },
		{ "iommu smmu3.0x0000000009050000\ngroup 0\n", true, IOMMU_SMMU3 },
		{ "iommu smmu.0x0000000009050000\ngroup 0\n", true, IOMMU_SMMU },
		{ "iommu apple-dart.38\ngroup 0\n", true, IOMMU_OTHER },
		/* vfio's groups without an IOMMU are no sign of one */
		{ "group 0\n\tname = vfio-noiommu\n", false, IOMMU_NONE },
		{ "group 0\n\tname = vfio-noiommu\ngroup 1\n", true, IOMMU_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine *machine = machine_open_text(cases[i].text);

		assert_int_equal(machine_host(machine)->iommu.enabled, cases[i].enabled);
		assert_int_equal(machine_host(machine)->iommu.kind, cases[i].kind);
		machine_close(machine);
	}
}

static void the_processor_is_told_by_its_maker(void **state)
{
	struct machine *machine = machine_open_text("file /proc/cpuinfo\n\t|vendor_id\t: AuthenticAMD\n");

	(void)state;
	assert_int_equal(machine_host(machine)->cpu, CPU_AMD);
	machine_close(machine);
	machine = machine_open_text("file /proc/cpuinfo\n\t|processor\t: 0\n\t|CPU implementer\t: 0x41\n");
	assert_int_equal(machine_host(machine)->cpu, CPU_ARM);
	machine_close(machine);
}

static void names_come_from_the_machine_and_are_made_visible(void **state)
{
	struct machine *machine = machine_open_text(
		"function 0000:00:14.0 0c0330 8086:a12f\nfunction 0000:00:15.0 0c0330 8086:a130\n"
		"file /usr/share/misc/pci.ids\n\t|8086  Inte\033l\n\t\\\\ta12f  Card\\xff\\n\n"
		"\t|C 0c  Serial\n\t\\\\t03  USB\\n\n");
	cleanup_free char *named = function_describe(machine_function(machine, "00:14.0"));
	cleanup_free char *unnamed = function_short_name(machine_function(machine, "00:15.0"));
	cleanup_free char *short_name = function_short_name(machine_function(machine, "00:14.0"));

	(void)state;
	assert_string_equal(named, "0000:00:14.0 Inte^[l Card\\xff [8086:a12f]");
	assert_string_equal(unnamed, "Inte^[l Device a130");
	assert_string_equal(short_name, "Card\\xff");
	assert_string_equal(machine_function(machine, "00:14.0")->class_name, "USB");
	machine_close(machine);
}

/* A file is taken away, made empty, huge, binary, a link to its own directory, a link that tries to lead outside. */
static void spoil(const char *path)
{
	static const char binary[] = "\0\377\376\033[31m\n\0\n%n%s";
	struct text huge = { 0 };
	struct machine *machine = machine_open("z170a");

	for (size_t i = 0; i < 200000; i++)
		text_append(&huge, "f ");
	machine_remove(machine, path);
	for (int kind = 0; kind < 6; kind++) {
		if (kind == 1)
			machine_write(machine, path, "");
		else if (kind == 2)
			machine_write_n(machine, path, huge.bytes, huge.length);
		else if (kind == 3)
			machine_write_n(machine, path, binary, sizeof(binary) - 1);
		else if (kind == 4)
			machine_link(machine, path, ".");
		else if (kind == 5)
			machine_link(machine, path, "/proc/self/fd/../../../../etc/shadow");
		assert_true(machine_host(machine)->function_count <= 22);
		if (strstr(path, "02:00.0"))
			assert_int_equal(machine_host(machine)->function_count, 22);
		host_free(machine->host);
		machine->host = NULL;
	}
	machine_close(machine);
	text_done(&huge);
}

static void spoiled_files_never_stop_the_reading(void **state)
{
	static const char *const paths[] = {
		PCI "0000:02:00.0/vendor", PCI "0000:02:00.0/device", PCI "0000:02:00.0/class",
		PCI "0000:02:00.0/revision", PCI "0000:02:00.0/subsystem_vendor", PCI "0000:02:00.0/driver",
		PCI "0000:02:00.0/iommu_group", PCI "0000:02:00.0/boot_vga", PCI "0000:02:00.0/sriov_numvfs",
		"/sys/bus/pci", "/sys/kernel/iommu_groups", "/sys/kernel/iommu_groups/13/reserved_regions",
		"/sys/kernel/iommu_groups/13/type", "/sys/class/iommu", "/sys/class/block", "/sys/dev/block/8:2",
		"/sys/class/net", "/sys/class/drm", "/sys/class/drm/card0-DP-1/status", "/sys/class/input/input3/name",
		"/sys/class/input/input3/capabilities/key", "/proc/self/mountinfo", "/proc/swaps", "/proc/net/route",
		"/proc/cpuinfo", "/proc/cmdline", "/proc/sys/kernel/osrelease", "/etc/os-release", "/usr/lib/modules",
		"/usr/lib/modules/6.12.9-1-liquorix-amd64/modules.builtin.modinfo",
		"/usr/lib/modules/6.12.9-1-liquorix-amd64/modules.softdep",
		"/usr/share/misc/pci.ids",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		spoil(paths[i]);
}

static void a_function_that_cannot_be_identified_is_told(void **state)
{
	struct machine *machine =
		machine_open_text("function 0000:00:14.0 0c0330 8086:a12f\n\twithout vendor\n\tgroup 1\n"
				  "function 0000:00:15.0 0c0330 8086:a12f\n\tvendor = \n\tgroup 1\n"
				  "dir /sys/bus/pci/devices/nonsense\n");
	const struct host *host = machine_host(machine);

	(void)state;
	assert_int_equal(host->function_count, 2);
	assert_true(machine_is_incomplete(host, "0000:00:14.0"));
	assert_true(machine_is_incomplete(host, "0000:00:15.0"));
	assert_true(machine_is_incomplete(host, "1 entries"));
	assert_int_equal(host_group_of(host, &host->functions[0])->function_count, 2);
	machine_close(machine);
}

static void the_detail_pane_has_its_facts(void **state)
{
	struct machine *machine = machine_open("z170a");
	const struct function *gpu = machine_function(machine, "02:00.0");
	struct detail detail;
	unsigned char config[4096] = { 0 };

	(void)state;
	detail_read(machine->root, gpu->address, &detail);
	assert_string_equal(detail.link_speed, "2.5 GT/s PCIe");
	assert_int_equal(detail.link_width, 4);
	assert_int_equal(detail.link_width_max, 16);
	assert_true(detail.reset_known);
	assert_int_equal(detail.reset_methods.count, 2);
	assert_int_equal(detail.memory, (16 + 256 + 32) * 1024 * 1024);
	assert_true(detail.rom);
	assert_true(detail.d3cold_allowed);
	assert_string_equal(detail.acs, "");
	detail_done(&detail);
	/* Access Control Services behind another extended capability, some of it on. */
	config[0x100] = 0x01;
	config[0x103] = 0x15; /* next at 0x150 */
	config[0x150] = 0x0d;
	config[0x154] = 0x1d;
	config[0x156] = 0x01;
	machine_write_n(machine, PCI "0000:02:00.0/config", config, sizeof(config));
	machine_write(machine, PCI "0000:02:00.0/driver_override", "(null)\n");
	detail_read(machine->root, gpu->address, &detail);
	assert_string_equal(detail.acs, "SrcValid+ ReqRedir- CmpltRedir- UpstreamFwd-");
	assert_string_equal(detail.driver_override, "");
	detail_done(&detail);
	/* A list of capabilities that goes round in circles ends. */
	config[0x150] = 0x02;
	config[0x153] = 0x10;
	machine_write_n(machine, PCI "0000:02:00.0/config", config, sizeof(config));
	detail_read(machine->root, gpu->address, &detail);
	assert_string_equal(detail.acs, "");
	detail_done(&detail);
	/* Others have reset_method, this one does not: it cannot be reset. */
	detail_read(machine->root, machine_function(machine, "00:1f.4")->address, &detail);
	assert_true(detail.reset_known);
	assert_int_equal(detail.reset_methods.count, 0);
	assert_int_equal(detail.numa_node, -1);
	detail_done(&detail);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_z170a_is_read_as_it_is),
		cmocka_unit_test(a_built_in_driver_is_a_candidate_even_where_modules_are_too),
		cmocka_unit_test(virtual_functions_and_foreign_domains_know_where_they_belong),
		cmocka_unit_test(the_kinds_of_iommu_are_told_apart),
		cmocka_unit_test(the_processor_is_told_by_its_maker),
		cmocka_unit_test(names_come_from_the_machine_and_are_made_visible),
		cmocka_unit_test(spoiled_files_never_stop_the_reading),
		cmocka_unit_test(a_function_that_cannot_be_identified_is_told),
		cmocka_unit_test(the_detail_pane_has_its_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
