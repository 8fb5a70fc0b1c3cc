/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loader.h"
#include "host/detail.h"
#include "host/machinefile.h"
#include "host/redact.h"
#include "host/secret.h"
#include "initramfs/initramfs.h"
#include "support/machine.h"

/* Everything that the host is, as lines. */
static void write_function(const struct host *host, const struct function *f, struct text *out)
{
	cleanup_free char *name = function_describe(f);

	text_printf(out, "%s %06x %04x:%04x %02x %s driver %s group %d parent %d physical %d vfs %u vga %d bridge %d\n",
		    name, f->class, f->subvendor, f->subdevice, f->revision, f->class_name, f->driver ? f->driver : "-",
		    f->group < 0 ? -1 : (int)host->groups[f->group].number, f->parent, f->physical, f->virtual_now,
		    f->boot_vga, f->bridge);
	for (size_t i = 0; i < f->candidate_count; i++)
		text_printf(out, "  module %s %d\n", f->candidates[i].name, f->candidates[i].builtin);
	for (size_t i = 0; i < f->use_count; i++)
		text_printf(out, "  %s %d %s\n", use_word(f->uses[i].kind), f->uses[i].vital, f->uses[i].what);
}

static void write_host(const struct host *host, struct text *out)
{
	for (size_t i = 0; i < host->function_count; i++)
		write_function(host, &host->functions[i], out);
	for (size_t i = 0; i < host->group_count; i++) {
		const struct group *group = &host->groups[i];

		text_printf(out, "group %u %s %zu\n", group->number, group->type, group->function_count);
		for (size_t j = 0; j < group->region_count; j++)
			text_printf(out, "  %llx-%llx %d\n", (unsigned long long)group->regions[j].start,
				    (unsigned long long)group->regions[j].end, group->regions[j].type);
	}
	text_printf(out, "iommu %d %s %d%d%d\n", host->iommu.enabled, iommu_kind_word(host->iommu.kind),
		    host->iommu.table_dmar, host->iommu.table_ivrs, host->iommu.table_iort);
	text_printf(out, "%s\n%s\n%s\n%d %d\n", host->kernel_release, host->kernel_cmdline, host->distribution,
		    host->cpu, host->vfio_pci);
	for (size_t i = 0; i < host->kernels.count; i++)
		text_printf(out, "kernel %s\n", host->kernels.items[i]);
	for (size_t i = 0; i < host->incomplete.count; i++)
		text_printf(out, "incomplete %s\n", host->incomplete.items[i]);
}

static void write_details(struct machine *machine, struct text *out)
{
	const struct host *host = machine_host(machine);

	for (size_t i = 0; i < host->function_count; i++) {
		cleanup_free char *resets = NULL;
		struct detail d;

		detail_read(machine->root, host->functions[i].address, &d);
		resets = strlist_join(&d.reset_methods, ",");
		text_printf(out, "detail %zu %s %s %u %u %s %d %d %s %d %u %u %llu %d %s\n", i, d.link_speed,
			    d.link_speed_max, d.link_width, d.link_width_max, resets, d.reset_known, d.numa_node,
			    d.power_state, d.d3cold_allowed, d.virtual_total, d.virtual_now, d.memory, d.rom,
			    d.driver_override);
		detail_done(&d);
	}
}

static void write_evidence(const char *name, struct evidence *evidence, struct text *out)
{
	text_printf(out, "%s %d\n", name, evidence->score);
	for (size_t i = 0; i < evidence->reasons.count; i++)
		text_printf(out, "  %s\n", evidence->reasons.items[i]);
	evidence_done(evidence);
}

/* What every boot loader and every generator says of itself. */
static void write_probes(const struct machine *machine, struct text *out)
{
	for (const struct loader *const *loader = loaders; *loader; loader++) {
		struct evidence evidence = { 0 };

		(*loader)->probe(machine->root, &evidence);
		write_evidence((*loader)->name, &evidence, out);
	}
	for (const struct initramfs *const *generator = generators; *generator; generator++) {
		struct evidence evidence = { 0 };

		(*generator)->probe(machine->root, &evidence);
		write_evidence((*generator)->name, &evidence, out);
	}
}

static char *captured(struct machine *machine)
{
	struct text text = { 0 };
	struct fault fault = { 0 };

	if (!machinefile_capture(machine->root, &text, &fault))
		fail_msg("%s", fault.sentence);
	return text_take(&text);
}

static void a_captured_machine_is_the_same_machine(void **state)
{
	cleanup_strlist struct strlist names = { 0 };

	(void)state;
	machine_names(&names);
	for (size_t i = 0; i < names.count; i++) {
		struct machine *original = machine_open(names.items[i]), *copy;
		cleanup_free char *first = captured(original), *second = NULL;
		cleanup_text struct text before = { 0 }, after = { 0 };

		copy = machine_open_text(first);
		second = captured(copy);
		write_host(machine_host(original), &before);
		write_details(original, &before);
		write_probes(original, &before);
		write_host(machine_host(copy), &after);
		write_details(copy, &after);
		write_probes(copy, &after);
		/* Evidence names files by their owner's machine-id. */
		redact(&before);
		redact(&after);
		assert_string_equal(before.bytes, after.bytes);
		/* And nothing is lost or added when it is done again. */
		assert_string_equal(first, second);
		machine_close(original);
		machine_close(copy);
	}
}

static void redacted(const char *text, const char *wanted)
{
	struct text bytes = { 0 };

	text_append(&bytes, text);
	redact(&bytes);
	assert_string_equal(text_string(&bytes), wanted);
	text_done(&bytes);
}

static void what_tells_one_computer_from_another_is_taken_out(void **state)
{
	(void)state;
	redacted("root=UUID=1b2c3d4e-0000-4abc-9def-001122334455 x=1b2c3d4e-0000-4abc-9def-001122334455",
		 "root=UUID=00000000-0000-4000-8000-000000000001 x=00000000-0000-4000-8000-000000000001");
	redacted("/dev/mapper/luks-1b2c3d4e-0000-4abc-9def-001122334455",
		 "/dev/mapper/luks-00000000-0000-4000-8000-000000000001");
	redacted("UUID=1A2B-3C4D --set=root 1A2B-3C4D", "UUID=0000-0001 --set=root 0000-0001");
	redacted("file /etc/kernel/proxmox-boot-uuids\n\t|1A2B-3C4D\n", "file /etc/kernel/proxmox-boot-uuids\n\t|0000-0001\n");
	redacted("BOOTIF=01-52-54-00-ab-cd-ef 52:54:00:ab:cd:ef enx525400abcdef",
		 "BOOTIF=01-02:00:00:00:00:01 02:00:00:00:00:02 enx000000000003");
	redacted("/boot/0123456789abcdef0123456789abcdef/6.1", "/boot/00000000000000000000000000000001/6.1");
	redacted("/dev/disk/by-id/ata-Disk_S3ZNX0J123456-part1 /home/alice/x /run/media/bob/USB",
		 "/dev/disk/by-id/placeholder-1 /home/user/x /run/media/user/USB");
	redacted("root=PARTUUID=1234abcd-02", "root=PARTUUID=0-1");
	redacted("'osprober-efi-1A2B-3C4D' uuid(1A2B-3C4D) 'gnulinux-simple-5E6F-7A8B'",
		 "'osprober-efi-0000-0001' uuid(0000-0001) 'gnulinux-simple-0000-0002'");
	redacted("--fs-uuid --set=root 9A0B1C2D3E4F5061 'osprober-chain-9A0B1C2D3E4F5061' UUID=1234567890123456",
		 "--fs-uuid --set=root A000000000000001 'osprober-chain-A000000000000001' UUID=A000000000000002");
	redacted("net/wwx001122334455 enx001122334455.5", "net/wwx000000000001 enx000000000001.5");
	redacted("rd.md.uuid=8f0c1d2e:01234567:89abcdef:0a1b2c3d root='lvmid/iJ8aBc-DeFg-HiJk/lMnOpQ'",
		 "rd.md.uuid=00000000:00000000:00000000:00000001 root='lvmid/placeholder-2'");
	redacted("\tdm/uuid = LVM-iJ8aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefghijklmnopqrstuvwx\n",
		 "\tdm/uuid = LVM-1\n");
}

/* TEXT as a machine file has it where the firmware keeps it in UTF-16LE behind the attributes of a variable. */
static void append_wide(struct text *out, const char *text)
{
	text_append(out, "\\x06\\x00\\x00\\x00");
	for (; *text; text++)
		text_printf(out, "%s%c\\x00", *text == '\\' ? "\\" : "", *text);
	text_append(out, "\\x00\\x00");
}

static void the_same_number_has_the_same_placeholder_in_utf_16(void **state)
{
	cleanup_text struct text text = { 0 }, wanted = { 0 };

	(void)state;
	text_append(&text, "0123456789abcdef0123456789abcdef/6.1 ");
	append_wide(&text, "\\EFI\\Linux\\0123456789abcdef0123456789abcdef-6.1.efi");
	append_wide(&text, "fedcba9876543210fedcba9876543210-6.1.conf");
	text_append(&wanted, "00000000000000000000000000000001/6.1 ");
	append_wide(&wanted, "\\EFI\\Linux\\00000000000000000000000000000001-6.1.efi");
	append_wide(&wanted, "00000000000000000000000000000002-6.1.conf");
	redacted(text_string(&text), text_string(&wanted));
}

static void what_belongs_to_no_one_is_left(void **state)
{
	static const char *const kept[] = {
		"function 0000:02:00.0 030000 10de:13c2",
		"alias pci:v000010DEd000013C2sv00001458sd0000367Abc03sc00i00 nouveau",
		"/boot/vmlinuz-6.1.0-32-amd64 /boot/initrd.img-5.10.0-0001",
		"0x00000000fee00000 0x00000000feefffff msi",
		"capabilities/key = 1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe",
		"HOME_URL=\"https://www.debian.org/\" /home /media",
		"0003:046D:C31C.0001 smmu3.0x0000000024000000",
		"efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
		"vmlinuz-2024-0101 linux-next-2024-0101 (hd0,gpt2) nvme0n1p2 ff9f207ac14057ff 0000000000000000 T x",
		"\t\\\\x06\\x00\\x00\\x00s\\x00y\\x00s\\x00t\\x00e\\x00m\\x00d\\x00\\x00\\x00",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		redacted(kept[i], kept[i]);
}

static void a_capture_tells_nothing_about_its_owner(void **state)
{
	struct machine *machine = machine_open("z170a");
	static const char *const secrets[] = { "alice",	"S3ZNX0J",	    "192.168.1", "0101A8C0",
					      "pbkdf2", "deadbeefdeadbeef", "52:54:00",  "525400",
					      "serial", "1b2c3d4e", "iscsi-pw", "0x1234abcd" };
	cleanup_free char *text = NULL;
	char *host;

	(void)state;
	machine_write(machine, "/proc/cmdline", "BOOT_IMAGE=/x root=UUID=1b2c3d4e-0000-4abc-9def-001122334455 "
						"resume=/dev/disk/by-id/ata-S3ZNX0J rd.iscsi.password=iscsi-pw "
						"vc.boardrev=0x1234abcd\n");
	machine_write(machine, "/etc/machine-id", "deadbeefdeadbeefdeadbeefdeadbeef\n");
	machine_write(machine, "/boot/grub/grub.cfg", "set superusers=\"alice\"\npassword_pbkdf2 alice grub.pbkdf2.1\n"
						      "linux /boot/x root=UUID=1b2c3d4e-0000-4abc-9def-001122334455 "
						      "rd.iscsi.password=iscsi-pw last\n");
	machine_write(machine, "/sys/class/net/enp0s31f6/address", "52:54:00:ab:cd:ef\n");
	machine_write(machine, "/sys/class/block/sda/device/serial", "S3ZNX0J\n");
	machine_write(machine, "/proc/self/mountinfo",
		      "28 1 8:2 / / rw - ext4 /dev/sda2 rw\n29 28 8:3 / /home/alice/disk rw - ext4 /dev/sda3 rw\n"
		      "30 28 0:50 / /mnt rw - cifs //192.168.1.2/alice rw,username=alice\n");
	text = captured(machine);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (strstr(text, secrets[i]))
			fail_msg("\"%s\" is in the capture", secrets[i]);
	/* Of a line that starts a kernel only the secret is missing. */
	assert_non_null(strstr(text, "rd.iscsi.password=hidden last\n"));
	/* The same file system has the same placeholder in the command line and in grub.cfg. */
	host = strstr(text, "root=UUID=00000000-0000-4000-8000-");
	assert_non_null(host);
	assert_non_null(strstr(host + 1, "root=UUID=00000000-0000-4000-8000-"));
	machine_close(machine);
}

static void hides(const char *text, const char *wanted, bool all)
{
	struct text shown = { 0 };

	assert_int_equal(secret_hide(text, strlen(text), &shown), all);
	assert_string_equal(text_string(&shown), wanted);
	text_done(&shown);
}

static void of_a_secret_parameter_only_the_name_is_left(void **state)
{
	static const char *const kept[] = {
		"root=/dev/sda2 ro quiet ip=dhcp console=ttyS0,115200 rd.luks.uuid=x a=\"b c\" d='e' =f g= =",
		"GRUB_SERIAL_COMMAND=\"serial --speed=115200\" zip=1.2 intel_iommu=on vfio-pci.ids=10de:13c2 root=ZFS=r/o",
		"X=\"a=http://x b=c@d\"", "", "\n", "password=",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		hides(kept[i], kept[i], true);
	hides("ro rd.iscsi.password=pw1 rd.iscsi.in.password=\"p w\" rd.iscsi.username=alice quiet\n",
	      "ro rd.iscsi.password=hidden rd.iscsi.in.password=hidden rd.iscsi.username=hidden quiet\n", true);
	hides("X=\"a rd.iscsi.password=\\\"p w\\\" b\"", "X=\"a rd.iscsi.password=hidden b\"", true);
	hides("X='a rd.iscsi.password=pw b'", "X='a rd.iscsi.password=hidden b'", true);
	hides("systemd.set_credential=passwd.plaintext-password.root:pw ro", "systemd.set_credential=hidden ro", true);
	hides("netroot=iscsi:alice:pw@192.168.1.2::::x ip=192.168.1.5::192.168.1.1:255.255.255.0 ro",
	      "netroot=hidden ip=hidden ro", true);
	hides("root=cifs://alice:pw@server/x root=nfs:192.168.1.2:/x", "root=hidden root=hidden", true);
	hides("bcm2708.boardrev=0xa020d3 bcm2708.serial=0x1234abcd androidboot.serialno=1234",
	      "bcm2708.boardrev=hidden bcm2708.serial=hidden androidboot.serialno=hidden", true);
	hides("password_pbkdf2 alice grub.pbkdf2.1", "password_pbkdf2 alice grub.pbkdf2.1", false);
	hides("MENU MASTER PASSWD $1$x", "MENU MASTER PASSWD $1$x", false);
}

static void of_the_memory_is_told_who_has_that_of_a_function(void **state)
{
	struct machine *machine = machine_open("z170a"), *copy;
	cleanup_free char *text = NULL, *bytes = NULL;

	(void)state;
	machine_write(machine, "/proc/iomem", "00001000-0009ffff : System RAM\n  00002000-00003000 : Kernel code\n"
					      "c0000000-dfffffff : PCI Bus 0000:00\n  c0000000-c1ffffff : 0000:02:00.0\n"
					      "    c0000000-c02fffff : efifb\n  d0000000-d1ffffff : other\n"
					      "    d0000000-d02fffff : BOOTFB\n");
	text = captured(machine);
	copy = machine_open_text(text);
	bytes = machine_read(copy, "/proc/iomem");
	assert_string_equal(bytes, "  00000000-00000000 : 0000:02:00.0\n    00000000-00000000 : efifb\n");
	machine_close(machine);
	machine_close(copy);
}

static void an_entry_that_is_named_like_a_kernel_has_its_content(void **state)
{
	struct machine *machine = machine_open_text("file /boot/loader/entries/linux.conf\n\t|linux /vmlinuz-linux\n"
						    "file /boot/token/6.1/linux\n\t|kernel\n"), *copy;
	cleanup_free char *text = captured(machine), *entry = NULL, *kernel = NULL;

	(void)state;
	copy = machine_open_text(text);
	entry = machine_read(copy, "/boot/loader/entries/linux.conf");
	assert_string_equal(entry, "linux /vmlinuz-linux\n");
	kernel = machine_read(copy, "/boot/token/6.1/linux");
	assert_string_equal(kernel, "there\n");
	machine_close(machine);
	machine_close(copy);
}

static void odd_names_and_bytes_come_back(void **state)
{
	struct machine *machine =
		machine_open_text("function 0000:00:14.0 0c0330 8086:a12f\n\tclass = 0xzz\\xff\\c\n"
				  "\trevision = \\c\n\tdriver a\\sb\\\\c\n\twithout subsystem_vendor\n"
				  "bus 0001:00 platform/4000000000.pcie\n"
				  "function 0001:00:00.0 060400 1b36:000c\n"
				  "function 0001:01:00.0 020000 8086:10d3\n\tunder 0001:00:00.0\n"
				  "function 0000:00:0e.0 010400 8086:467f\n"
				  "function 10000:e0:06.0 060400 8086:464d\n\tunder 0000:00:0e.0\n"
				  "file /etc/default/grub\n\t\\A='\\xff\\r\\n\n\t\\end\n"
				  "file /etc/modprobe.d/a\\sb.conf\n\t|# x\n"
				  "link /etc/modprobe.d/masked.conf /dev/null\n");
	cleanup_free char *first = captured(machine), *second = NULL;
	struct machine *copy = machine_open_text(first);
	char target[64], *bytes;

	(void)state;
	second = captured(copy);
	assert_string_equal(first, second);
	bytes = machine_read(copy, "/etc/default/grub");
	assert_string_equal(bytes, "A='\xff\r\nend");
	free(bytes);
	bytes = machine_read(copy, "/sys/bus/pci/devices/0000:00:14.0/class");
	assert_string_equal(bytes, "0xzz\xff");
	free(bytes);
	assert_true(root_link_name(copy->root, "/sys/bus/pci/devices/0000:00:14.0/driver", target, sizeof(target)));
	assert_string_equal(target, "a b\\c");
	assert_true(root_link(copy->root, "/etc/modprobe.d/masked.conf", target, sizeof(target)));
	assert_string_equal(target, "/dev/null");
	assert_true(
		root_exists(copy->root, "/sys/devices/platform/4000000000.pcie/pci0001:00/0001:00:00.0/0001:01:00.0"));
	assert_true(root_exists(copy->root, "/sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0"));
	machine_close(machine);
	machine_close(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_captured_machine_is_the_same_machine),
		cmocka_unit_test(what_tells_one_computer_from_another_is_taken_out),
		cmocka_unit_test(the_same_number_has_the_same_placeholder_in_utf_16),
		cmocka_unit_test(what_belongs_to_no_one_is_left),
		cmocka_unit_test(a_capture_tells_nothing_about_its_owner),
		cmocka_unit_test(of_a_secret_parameter_only_the_name_is_left),
		cmocka_unit_test(of_the_memory_is_told_who_has_that_of_a_function),
		cmocka_unit_test(an_entry_that_is_named_like_a_kernel_has_its_content),
		cmocka_unit_test(odd_names_and_bytes_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
