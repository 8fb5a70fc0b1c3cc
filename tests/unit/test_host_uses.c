/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For what the host needs a function: disks, networks, screens, keyboards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/gather.h"
#include "host/host.h"
#include "support/machine.h"

static void the_z170a_needs_its_disk_network_screen_and_keyboard(void **state)
{
	struct machine *machine = machine_open("z170a");

	(void)state;
	machine_has_use(machine, "00:17.0", USE_STORAGE, true, "root file system on /dev/sda2");
	machine_has_use(machine, "00:17.0", USE_STORAGE, true, "/boot/efi on /dev/sda1");
	machine_has_use(machine, "00:17.0", USE_STORAGE, true, "swap space on /dev/sda3");
	machine_has_use(machine, "00:1f.6", USE_NETWORK, true, "default route through enp0s31f6");
	machine_has_use(machine, "01:00.0", USE_DISPLAY, true, "boot display");
	machine_has_use(machine, "00:14.0", USE_INPUT, true, "the only keyboard");
	machine_has_no_use(machine, "02:00.0");
	machine_has_no_use(machine, "02:00.1");
	machine_has_no_use(machine, "06:00.0");
	machine_has_no_use(machine, "03:00.0");
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
	machine_has_use(machine, "03:00.0", USE_STORAGE, true, "root file system on /dev/mapper/vg-root (LVM, LUKS)");
	machine_has_no_use(machine, "00:17.0");
	machine_has_no_use(machine, "00:1d.0");
	machine_close(machine);
}

static void all_disks_of_a_raid_are_in_use(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("device block virtual/block/md0\n\tdev = 9:0\n\tslave sda1\n\tslave nvme0n1p2\n"
		"device block virtual/block/md0/md0p1\n\tdev = 259:9\n\tpartition = 1\n",
		"\t|28 1 259:9 / /var rw - xfs /dev/md0p1 rw\n", &machine);
	machine_has_use(machine, "00:17.0", USE_STORAGE, true, "/var on /dev/md0p1 (RAID)");
	machine_has_use(machine, "03:00.0", USE_STORAGE, true, "/var on /dev/md0p1 (RAID)");
	machine_has_no_use(machine, "00:14.0");
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
	machine_has_use(machine, "03:00.0", USE_STORAGE, true, "root file system");
	machine_has_use(machine, "04:00.0", USE_STORAGE, true, "root file system");
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
	machine_has_use(machine, "00:17.0", USE_STORAGE, true, "root file system on /dev/sda1");
	machine_has_use(machine, "00:14.0", USE_STORAGE, true, "root file system on /dev/sda1");
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
	machine_has_use(machine, "00:14.0", USE_STORAGE, true, "swap space on /data/swap");
	assert_int_equal(machine_function(machine, "03:00.0")->use_count, 1);
	assert_false(machine_is_incomplete(machine_host(machine), "zram"));
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
	assert_false(machine_is_incomplete(machine_host(machine), "snap"));
	machine_close(machine);
}

static void all_disks_of_a_zfs_pool_are_in_use(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("file /run/udev/data/b8:1\n\t|S:disk/by-id/ata-1-part1\n\t|E:ID_FS_TYPE=zfs_member\n"
		"\t|E:ID_FS_LABEL=rpool\n"
		"file /run/udev/data/b259:2\n\t|E:ID_FS_LABEL=rpool\n\t|E:ID_FS_TYPE=zfs_member\n"
		"file /run/udev/data/b8:16\n\t|E:ID_FS_TYPE=zfs_member\n\t|E:ID_FS_LABEL=rpool2\n"
		"file /run/udev/data/b8:0\n\t|E:ID_FS_TYPE=ext4\n\t|E:ID_FS_LABEL=rpool\n",
		"\t|28 1 0:28 / / rw - zfs rpool/ROOT/debian rw\n", &machine);
	machine_has_use(machine, "00:17.0", USE_STORAGE, true, "root file system on rpool");
	machine_has_use(machine, "03:00.0", USE_STORAGE, true, "root file system on rpool");
	machine_has_no_use(machine, "00:14.0");
	assert_int_equal(machine_host(machine)->untraced_storage.count, 0);
	machine_close(machine);
}

/* Live systems, images of bootc, overlayroot: below it lies what is mounted too. */
static void a_root_laid_over_others_is_no_riddle(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("", "\t|28 1 0:28 / / rw - overlay composefs rw\n\t|29 1 259:2 / /sysroot rw - ext4 /dev/nvme0n1p2 rw\n",
		&machine);
	machine_has_use(machine, "03:00.0", USE_STORAGE, true, "/sysroot on /dev/nvme0n1p2");
	assert_int_equal(machine_host(machine)->untraced_storage.count, 0);
	machine_close(machine);
	mounted("", "\t|28 1 0:28 / / rw - overlay overlay rw\n", &machine);
	assert_int_equal(machine_host(machine)->untraced_storage.count, 1);
	machine_close(machine);
}

static void a_disk_of_the_board_itself_needs_no_function(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("device block platform/soc/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0\n\tdev = 179:0\n",
		"\t|28 1 179:0 / / rw - ext4 /dev/mmcblk0 rw\n", &machine);
	assert_int_equal(machine_host(machine)->untraced_storage.count, 0);
	machine_close(machine);
	mounted("device block platform/host6/session1/target6:0:0/6:0:0:0/block/sdz\n\tdev = 65:0\n",
		"\t|28 1 65:0 / / rw - ext4 /dev/sdz rw\n", &machine);
	assert_int_equal(machine_host(machine)->untraced_storage.count, 1);
	machine_close(machine);
}

static void what_cannot_be_traced_is_told(void **state)
{
	struct machine *machine;

	(void)state;
	mounted("", "\t|28 1 0:28 / / rw - zfs rpool/ROOT/debian rw\n\t|29 1 0:29 / /home rw - zfs rpool/home rw\n",
		&machine);
	assert_true(machine_is_incomplete(machine_host(machine), "root file system on rpool"));
	assert_string_equal(machine_host(machine)->untraced_storage.items[0], "root file system on rpool");
	/* + the modules, which this machine does not have */
	assert_int_equal(machine_host(machine)->incomplete.count, 2);
	machine_close(machine);
	machine = machine_open_text(DISKS);
	assert_true(machine_is_incomplete(machine_host(machine), "mountinfo"));
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
	machine_has_use(machine, "05:00.0", USE_NETWORK, true, "default route through br0");
	machine_has_use(machine, "06:00.0", USE_NETWORK, true, "default route through br0");
	machine_has_no_use(machine, "07:00.0");
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
	machine_has_use(machine, "07:00.0", USE_NETWORK, true, "this SSH session through eth2");
	machine_has_use(machine, "05:00.0", USE_NETWORK, true, "default route through eth0");
	machine_has_no_use(machine, "06:00.0");
	machine_close(machine);
	/* The most specific network wins, and the way back counts as well. */
	connected(routes, "10.200.0.1 40000 10.1.4.5 22", &machine);
	machine_has_use(machine, "06:00.0", USE_NETWORK, true, "this SSH session through eth1");
	machine_has_use(machine, "07:00.0", USE_NETWORK, true, "answers of this SSH session through eth2");
	machine_close(machine);
	connected(routes, "2001:db8::9 40000 2001:db8::5 22", &machine);
	machine_has_use(machine, "06:00.0", USE_NETWORK, true, "this SSH session through eth1");
	machine_has_use(machine, "07:00.0", USE_NETWORK, true, "default route through eth2");
	machine_close(machine);
	connected(routes, "fe80::2%eth1 40000 fe80::3%eth1 22", &machine);
	machine_has_use(machine, "06:00.0", USE_NETWORK, true, "this SSH session through eth1");
	machine_close(machine);
	assert_true(machine_is_incomplete(connected(routes, "nonsense", &machine), "SSH_CONNECTION"));
	machine_close(machine);
	assert_true(machine_is_incomplete(connected("\t|wg0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n", NULL,
					    &machine), "wg0"));
	assert_string_equal(machine_host(machine)->untraced_network.items[0], "default route through wg0");
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
	machine_has_use(machine, "00:02.0", USE_DISPLAY, false, "a screen is connected to it (DP-1)");
	machine_has_use(machine, "00:02.0", USE_DISPLAY, false, "fb0");
	machine_has_use(machine, "02:00.0", USE_DISPLAY, false, "a screen is connected to it (DP-3)");
	machine_has_no_use(machine, "01:00.0"); /* given away already */
	machine_close(machine);
	machine = machine_open_text("function 0000:00:02.0 030000 1234:1111\n");
	machine_has_use(machine, "00:02.0", USE_DISPLAY, true, "the only display controller");
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
	machine_has_use(machine, "00:14.0", USE_INPUT, true, "the only keyboard hangs on it (a^[b)");
	machine_close(machine);
	text_printf(&more, "%sdevice input virtual/input/input7\n\tcapabilities/key = fffffffffffffffe\n", keyboards);
	machine = machine_open_text(more.bytes);
	machine_has_use(machine, "00:14.0", USE_INPUT, true, "the only keyboard hangs on it (a^[b)");
	machine_close(machine);
	text_reset(&more);
	text_printf(&more, "%sfunction 0000:05:00.0 030000 1a03:2000\n", keyboards);
	machine = machine_open_text(more.bytes);
	machine_has_use(machine, "00:14.0", USE_INPUT, false, "the only keyboard hangs on it (a^[b)");
	machine_close(machine);
	text_reset(&more);
	text_printf(&more, "%sdevice input platform/i8042/serio0/input/input0\n\tcapabilities/key = fffffffffffffffe\n",
		    keyboards);
	machine = machine_open_text(more.bytes);
	machine_has_no_use(machine, "00:14.0");
	machine_close(machine);
	text_done(&more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_z170a_needs_its_disk_network_screen_and_keyboard),
		cmocka_unit_test(a_root_on_lvm_on_luks_on_nvme_is_found),
		cmocka_unit_test(all_disks_of_a_raid_are_in_use),
		cmocka_unit_test(every_path_to_a_multipath_namespace_is_in_use),
		cmocka_unit_test(a_btrfs_is_on_all_its_disks),
		cmocka_unit_test(a_swap_file_is_on_the_disk_of_its_file_system),
		cmocka_unit_test(a_package_in_a_loop_file_adds_no_noise),
		cmocka_unit_test(all_disks_of_a_zfs_pool_are_in_use),
		cmocka_unit_test(a_root_laid_over_others_is_no_riddle),
		cmocka_unit_test(a_disk_of_the_board_itself_needs_no_function),
		cmocka_unit_test(what_cannot_be_traced_is_told),
		cmocka_unit_test(the_default_route_is_followed_through_bridge_vlan_and_bond),
		cmocka_unit_test(an_ssh_session_is_found_by_its_addresses),
		cmocka_unit_test(a_display_is_in_use_where_the_host_shows_something),
		cmocka_unit_test(a_keyboard_elsewhere_frees_the_usb_controller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
