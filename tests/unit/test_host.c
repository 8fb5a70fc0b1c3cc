/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/detail.h"
#include "host/gather.h"
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

static bool is_incomplete(const struct host *host, const char *part)
{
	for (size_t i = 0; i < host->incomplete.count; i++)
		if (strstr(host->incomplete.items[i], part))
			return true;
	return false;
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

/* The function at ADDRESS has a use of the kind whose words have PART in them, and it is as vital as said. */
static void has_use(struct machine *machine, const char *address, enum use_kind kind, bool vital, const char *part)
{
	const struct function *function = machine_function(machine, address);

	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].kind == kind && function->uses[i].vital == vital &&
		    strstr(function->uses[i].what, part))
			return;
	fail_msg("%s is not told to be in use: %s", address, part);
}

static void has_no_use(struct machine *machine, const char *address)
{
	const struct function *function = machine_function(machine, address);

	if (function->use_count)
		fail_msg("%s: %s", address, function->uses[0].what);
}

static void the_z170a_needs_its_disk_network_screen_and_keyboard(void **state)
{
	struct machine *machine = machine_open("z170a");

	(void)state;
	has_use(machine, "00:17.0", USE_STORAGE, true, "root file system on /dev/sda2");
	has_use(machine, "00:17.0", USE_STORAGE, true, "/boot/efi on /dev/sda1");
	has_use(machine, "00:17.0", USE_STORAGE, true, "swap space on /dev/sda3");
	has_use(machine, "00:1f.6", USE_NETWORK, true, "default route through enp0s31f6");
	has_use(machine, "01:00.0", USE_DISPLAY, true, "boot display");
	has_use(machine, "00:14.0", USE_INPUT, false, "the only keyboard");
	has_no_use(machine, "02:00.0");
	has_no_use(machine, "02:00.1");
	has_no_use(machine, "06:00.0");
	has_no_use(machine, "03:00.0");
	machine_close(machine);
}

#define DISKS                                                                                     \
	"function 0000:00:17.0 010601 8086:a102\n"                                                \
	"function 0000:00:1d.0 060400 8086:a118\n"                                                \
	"function 0000:03:00.0 010802 144d:a808\n\tunder 0000:00:1d.0\n"                          \
	"function 0000:04:00.0 010802 144d:a808\n"                                                \
	"function 0000:00:14.0 0c0330 8086:a12f\n"                                                \
	"device block 0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda\n\tdev = 8:0\n"       \
	"device block 0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1\n\tdev = 8:1\n\tpartition = 1\n" \
	"device block 0000:03:00.0/nvme/nvme0/nvme0n1\n\tdev = 259:0\n"                           \
	"device block 0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p2\n\tdev = 259:2\n\tpartition = 2\n" \
	"device block 0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block/sdb\n\tdev = 8:16\n"

static void mounted(const char *more, const char *mountinfo, struct machine **ret)
{
	struct text text = { 0 };

	text_printf(&text, "machine 1\n" DISKS "%sfile /proc/self/mountinfo\n%s", more, mountinfo);
	*ret = machine_open_text(text.bytes);
	text_done(&text);
}

static void a_root_on_lvm_on_luks_on_nvme_is_found(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("device block virtual/block/dm-0\n\tdev = 253:0\n\tdm/name = crypt\n\tdm/uuid = CRYPT-LUKS2-0\n"
		"\tslave nvme0n1p2\n"
		"device block virtual/block/dm-1\n\tdev = 253:1\n\tdm/name = vg-root\n\tdm/uuid = LVM-0\n\tslave "
		"dm-0\n",
		"\t|28 1 253:1 / / rw - ext4 /dev/mapper/vg-root rw\n", &machine);
	has_use(machine, "03:00.0", USE_STORAGE, true, "root file system on /dev/mapper/vg-root (LVM, LUKS)");
	has_no_use(machine, "00:17.0");
	has_no_use(machine, "00:1d.0");
	machine_close(machine);
}

static void all_disks_of_a_raid_are_in_use(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("device block virtual/block/md0\n\tdev = 9:0\n\tslave sda1\n\tslave nvme0n1p2\n"
		"device block virtual/block/md0/md0p1\n\tdev = 259:9\n\tpartition = 1\n",
		"\t|28 1 259:9 / /var rw - xfs /dev/md0p1 rw\n", &machine);
	has_use(machine, "00:17.0", USE_STORAGE, true, "/var on /dev/md0p1 (RAID)");
	has_use(machine, "03:00.0", USE_STORAGE, true, "/var on /dev/md0p1 (RAID)");
	has_no_use(machine, "00:14.0");
	machine_close(machine);
}

static void every_path_to_a_multipath_namespace_is_in_use(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("device nvme 0000:04:00.0/nvme/nvme1\n"
		"device nvme 0000:03:00.0/nvme/nvme0\n"
		"device nvme-subsystem virtual/nvme-subsystem/nvme-subsys1\n"
		"\tlink nvme0 0000:03:00.0/nvme/nvme0\n\tlink nvme1 0000:04:00.0/nvme/nvme1\n"
		"device block virtual/nvme-subsystem/nvme-subsys1/nvme1n1\n\tdev = 259:5\n",
		"\t|28 1 259:5 / / rw - ext4 /dev/nvme1n1 rw\n", &machine);
	has_use(machine, "03:00.0", USE_STORAGE, true, "root file system");
	has_use(machine, "04:00.0", USE_STORAGE, true, "root file system");
	machine_close(machine);
}

static void a_btrfs_is_on_all_its_disks(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("link /sys/fs/btrfs/u/devices/sda1 ../../../../class/block/sda1\n"
		"link /sys/fs/btrfs/u/devices/sdb ../../../../class/block/sdb\n",
		"\t|28 1 0:30 /@ / rw - btrfs /dev/sda1 rw\n\t|29 1 0:30 /@home /home rw - btrfs /dev/sda1 rw\n",
		&machine);
	has_use(machine, "00:17.0", USE_STORAGE, true, "root file system on /dev/sda1");
	has_use(machine, "00:14.0", USE_STORAGE, true, "root file system on /dev/sda1");
	assert_int_equal(machine_function(machine, "00:17.0")->use_count, 1);
	machine_close(machine);
}

static void a_swap_file_is_on_the_disk_of_its_file_system(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("file /proc/swaps\n\t|Filename\tType\tSize\tUsed\tPriority\n\t|/data/swap\tfile\t8\t0\t-2\n"
		"\t|/dev/zram0\tpartition\t8\t0\t100\n"
		"device block virtual/block/zram0\n\tdev = 251:0\n",
		"\t|28 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw\n\t|29 1 8:16 / /data rw - ext4 /dev/sdb rw\n",
		&machine);
	has_use(machine, "00:14.0", USE_STORAGE, true, "swap space on /data/swap");
	assert_int_equal(machine_function(machine, "03:00.0")->use_count, 1);
	assert_false(is_incomplete(machine_host(machine), "zram"));
	machine_close(machine);
}

static void a_package_in_a_loop_file_adds_no_noise(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("device block virtual/block/loop0\n\tdev = 7:0\n\tloop/backing_file = "
		"/var/lib/snapd/snaps/core_1.snap\n",
		"\t|28 1 8:1 / / rw - ext4 /dev/sda1 rw\n\t|29 1 7:0 / /snap/core/1 ro - squashfs /dev/loop0 ro\n",
		&machine);
	assert_int_equal(machine_function(machine, "00:17.0")->use_count, 1);
	assert_false(is_incomplete(machine_host(machine), "snap"));
	machine_close(machine);
}

static void what_cannot_be_traced_is_told(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("", "\t|28 1 0:28 / / rw - zfs rpool/ROOT/debian rw\n\t|29 1 0:29 / /home rw - zfs rpool/home rw\n",
		&machine);
	assert_true(is_incomplete(machine_host(machine), "root file system on rpool"));
	/* + the modules, which this machine does not have */
	assert_int_equal(machine_host(machine)->incomplete.count, 2);
	machine_close(machine);
	machine = machine_open_text(DISKS);
	assert_true(is_incomplete(machine_host(machine), "mountinfo"));
	machine_close(machine);
}

#define NETWORK                                                                     \
	"function 0000:05:00.0 020000 8086:10d3\n"                                  \
	"function 0000:06:00.0 020000 8086:10d3\n"                                  \
	"function 0000:07:00.0 020000 1af4:1041\n"                                  \
	"device net 0000:05:00.0/net/eth0\n"                                        \
	"device net 0000:06:00.0/net/eth1\n"                                        \
	"device net 0000:07:00.0/virtio3/net/eth2\n"                                \
	"device net virtual/net/bond0\n\tlower eth0\n\tlower eth1\n"                \
	"device net virtual/net/bond0.7\n\tlower bond0\n"                           \
	"device net virtual/net/br0\n\tlower bond0.7\n"                             \
	"device net virtual/net/wg0\n"                                              \
	"file /proc/net/route\n\t|Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"

static const struct host *connected(const char *more, const char *ssh, struct machine **ret)
{
	struct text text = { 0 };
	struct fault fault = { 0 };

	text_printf(&text, "machine 1\n" NETWORK "%s", more);
	*ret = machine_open_text(text.bytes);
	text_done(&text);
	assert_true(host_gather((*ret)->root, ssh, &(*ret)->host, &fault));
	return (*ret)->host;
}

static void the_default_route_is_followed_through_bridge_vlan_and_bond(void **state)
{
	struct machine *machine;

	(void)state;
	connected("\t|br0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL, &machine);
	has_use(machine, "05:00.0", USE_NETWORK, true, "default route through br0");
	has_use(machine, "06:00.0", USE_NETWORK, true, "default route through br0");
	has_no_use(machine, "07:00.0");
	machine_close(machine);
}

static void an_ssh_session_is_found_by_its_addresses(void **state)
{
	const char *routes = "\t|eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
			     "\t|eth2\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n"
			     "\t|eth1\t0000010A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
			     "file /proc/net/if_inet6\n\t|20010db8000000000000000000000005 02 40 00 80     eth1\n"
			     "\t|fe800000000000000000000000000001 03 40 20 80     eth2\n"
			     "file /proc/net/ipv6_route\n\t|00000000000000000000000000000000 00 "
			     "00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 "
			     "00000000 00000003    eth2\n";
	struct machine *machine;

	(void)state;
	connected(routes, "10.200.0.1 40000 10.3.4.5 22", &machine);
	has_use(machine, "07:00.0", USE_NETWORK, true, "this SSH session through eth2");
	has_use(machine, "05:00.0", USE_NETWORK, true, "default route through eth0");
	has_no_use(machine, "06:00.0");
	machine_close(machine);
	/* The most specific network wins, and the way back counts as well. */
	connected(routes, "10.200.0.1 40000 10.1.4.5 22", &machine);
	has_use(machine, "06:00.0", USE_NETWORK, true, "this SSH session through eth1");
	has_use(machine, "07:00.0", USE_NETWORK, true, "answers of this SSH session through eth2");
	machine_close(machine);
	connected(routes, "2001:db8::9 40000 2001:db8::5 22", &machine);
	has_use(machine, "06:00.0", USE_NETWORK, true, "this SSH session through eth1");
	has_use(machine, "07:00.0", USE_NETWORK, true, "default route through eth2");
	machine_close(machine);
	connected(routes, "fe80::2%eth1 40000 fe80::3%eth1 22", &machine);
	has_use(machine, "06:00.0", USE_NETWORK, true, "this SSH session through eth1");
	machine_close(machine);
	assert_true(is_incomplete(connected(routes, "nonsense", &machine), "SSH_CONNECTION"));
	machine_close(machine);
	assert_true(is_incomplete(connected("\t|wg0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n", NULL,
					    &machine), "wg0"));
	machine_close(machine);
}

static void a_display_is_in_use_where_the_host_shows_something(void **state)
{
	struct machine *machine = machine_open_text(
		"function 0000:00:02.0 030000 8086:3e98\n\tboot_vga = 0\n\tdriver i915\n"
		"function 0000:01:00.0 030000 10de:1b80\n\tboot_vga = 1\n\tdriver vfio-pci\n"
		"function 0000:02:00.0 030000 10de:1b80\n\tboot_vga = 0\n"
		"device drm 0000:00:02.0/drm/card0/card0-DP-1\n\tstatus = connected\n"
		"device drm 0000:02:00.0/drm/card1/card1-DP-3\n\tstatus = connected\n"
		"device graphics 0000:00:02.0/graphics/fb0\n");

	(void)state;
	has_use(machine, "00:02.0", USE_DISPLAY, false, "a screen is connected to it (DP-1)");
	has_use(machine, "00:02.0", USE_DISPLAY, false, "fb0");
	has_use(machine, "02:00.0", USE_DISPLAY, false, "a screen is connected to it (DP-3)");
	has_no_use(machine, "01:00.0"); /* given away already */
	machine_close(machine);
	machine = machine_open_text("function 0000:00:02.0 030000 1234:1111\n");
	has_use(machine, "00:02.0", USE_DISPLAY, true, "the only display controller");
	machine_close(machine);
}

static void a_keyboard_elsewhere_frees_the_usb_controller(void **state)
{
	static const char keyboards[] = "function 0000:00:14.0 0c0330 8086:a12f\n"
					"device input 0000:00:14.0/usb1/1-3/1-3:1.0/input/input3\n\tname = a\033b\n"
					"\tcapabilities/key = 1000000000007 fffffffffffffffe\n"
					"device input 0000:00:14.0/usb1/1-3/1-3:1.1/input/input4\n\tname = second\n"
					"\tcapabilities/key = fffffffffffffffe\n"
					"device input 0000:00:14.0/usb1/1-4/1-4:1.0/input/input5\n\tname = "
					"mouse\n\tcapabilities/key = ff0000 0 0 0 0\n";
	struct machine *machine = machine_open_text(keyboards);
	struct text more = { 0 };

	(void)state;
	has_use(machine, "00:14.0", USE_INPUT, false, "the only keyboard hangs on it (a^[b)");
	machine_close(machine);
	text_printf(&more, "%sdevice input platform/i8042/serio0/input/input0\n\tcapabilities/key = fffffffffffffffe\n",
		    keyboards);
	machine = machine_open_text(more.bytes);
	has_no_use(machine, "00:14.0");
	machine_close(machine);
	text_done(&more);
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
	has_use(machine, "10000:e1:00.0", USE_STORAGE, true, "root file system");
	has_use(machine, "00:0e.0", USE_STORAGE, true, "root file system");
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
	assert_true(is_incomplete(host, "0000:00:14.0"));
	assert_true(is_incomplete(host, "0000:00:15.0"));
	assert_true(is_incomplete(host, "1 entries"));
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
		cmocka_unit_test(the_z170a_needs_its_disk_network_screen_and_keyboard),
		cmocka_unit_test(a_root_on_lvm_on_luks_on_nvme_is_found),
		cmocka_unit_test(all_disks_of_a_raid_are_in_use),
		cmocka_unit_test(every_path_to_a_multipath_namespace_is_in_use),
		cmocka_unit_test(a_btrfs_is_on_all_its_disks),
		cmocka_unit_test(a_swap_file_is_on_the_disk_of_its_file_system),
		cmocka_unit_test(a_package_in_a_loop_file_adds_no_noise),
		cmocka_unit_test(what_cannot_be_traced_is_told),
		cmocka_unit_test(the_default_route_is_followed_through_bridge_vlan_and_bond),
		cmocka_unit_test(an_ssh_session_is_found_by_its_addresses),
		cmocka_unit_test(a_display_is_in_use_where_the_host_shows_something),
		cmocka_unit_test(a_keyboard_elsewhere_frees_the_usb_controller),
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
