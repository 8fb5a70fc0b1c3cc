/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <libkmod.h>

#include "host/machinefile.h"
#include "host/moduleindex.h"
#include "support/machine.h"

/* The names that libkmod finds for ALIAS, with commas between them. */
static void looked_up(struct machine *machine, const char *release, const char *alias, const char *wanted)
{
	static const char *const no_configuration[] = { NULL };
	cleanup_strlist struct strlist names = { 0 };
	cleanup_text struct text directory = { 0 };
	struct kmod_list *list = NULL, *item;
	struct kmod_ctx *context;
	cleanup_free char *joined = NULL;

	text_printf(&directory, "%s/lib/modules/%s", machine->directory, release);
	context = kmod_new(directory.bytes, no_configuration);
	assert_non_null(context);
	assert_int_equal(kmod_load_resources(context), 0);
	kmod_module_new_from_lookup(context, alias, &list);
	kmod_list_foreach(item, list)
	{
		struct kmod_module *module = kmod_module_get_module(item);

		strlist_add(&names, kmod_module_get_name(module));
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	kmod_unref(context);
	joined = strlist_join(&names, ",");
	assert_string_equal(joined, wanted);
}

static void modprobe_finds_modules_by_the_aliases_of_a_machine_file(void **state)
{
	struct machine *machine = machine_open_text(
		"kernel 6.1 running\n"
		"\tmodule kernel/b-two.ko\n"
		"\tmodule kernel/a.ko.xz b-two\n"
		"\tmodule kernel/c.ko\n"
		"\tbuiltin kernel/d.ko\n"
		"\talias pci:v00001234d*sv*sd*bc03sc*i* c\n"
		"\talias pci:v00001234d00000001sv*sd*bc*sc*i* a\n"
		"\talias pci:v00001234d0000000[2-3]sv*sd*bc*sc*i* b_two\n"
		"\talias with-dash a\n"
		"\tbuiltin-alias pci:v00009999d*sv*sd*bc*sc*i* d\n");

	(void)state;
	looked_up(machine, "6.1", "pci:v00001234d00000001sv00000000sd00000000bc03sc00i00", "c,a");
	looked_up(machine, "6.1", "pci:v00001234d00000001sv00000000sd00000000bc02sc00i00", "a");
	looked_up(machine, "6.1", "pci:v00001234d00000002sv00000000sd00000000bc02sc00i00", "b_two");
	looked_up(machine, "6.1", "pci:v00001234d00000003sv00000000sd00000000bc03sc00i00", "c,b_two");
	looked_up(machine, "6.1", "pci:v00001234d00000004sv00000000sd00000000bc02sc00i00", "");
	looked_up(machine, "6.1", "with_dash", "a");
	looked_up(machine, "6.1", "b-two", "b_two");
	looked_up(machine, "6.1", "pci:v00009999d00000004sv00000000sd00000000bc02sc00i00", "d");
	machine_close(machine);
}

static void reads(struct machine *machine, const char *path, const char *wanted)
{
	cleanup_free char *bytes = machine_read(machine, path);

	assert_string_equal(bytes, wanted);
}

static void points(struct machine *machine, const char *path, const char *wanted)
{
	char target[1024];

	assert_true(root_link(machine->root, path, target, sizeof(target)));
	assert_string_equal(target, wanted);
}

static void a_function_looks_as_in_sysfs(void **state)
{
	struct machine *machine = machine_open_text(
		"function 0000:01:00.0 030000 10de:13c2\n"
		"\tunder 00:01.0\n\tsubsystem 1458:367a\n\trevision a1\n\tdriver nouveau\n\tgroup 7\n\tboot_vga = 1\n"
		"function 0000:00:01.0 060400 8086:1901\n\twithout modalias\n\trevision = \\xff\\c\n");

	(void)state;
	points(machine, "/sys/bus/pci/devices/0000:01:00.0", "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	reads(machine, "/sys/bus/pci/devices/0000:01:00.0/modalias",
	      "pci:v000010DEd000013C2sv00001458sd0000367Abc03sc00i00\n");
	reads(machine, "/sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n");
	reads(machine, "/sys/bus/pci/devices/0000:01:00.0/revision", "0xa1\n");
	points(machine, "/sys/bus/pci/devices/0000:01:00.0/driver", "../../../../bus/pci/drivers/nouveau");
	points(machine, "/sys/bus/pci/devices/0000:01:00.0/iommu_group", "../../../../kernel/iommu_groups/7");
	assert_true(root_exists(machine->root, "/sys/kernel/iommu_groups/7/devices/0000:01:00.0/boot_vga"));
	assert_true(root_exists(machine->root, "/sys/bus/pci/drivers/nouveau/0000:01:00.0/vendor"));
	reads(machine, "/sys/bus/pci/devices/0000:00:01.0/revision", "\xff");
	assert_false(root_exists(machine->root, "/sys/bus/pci/devices/0000:00:01.0/modalias"));
	machine_close(machine);
}

static void a_file_can_be_older_than_the_others(void **state)
{
	struct machine *machine = machine_open_text("file /old 0644 old\nfile /a\nfile /b 0600\n");
	struct stat old, a, b;

	(void)state;
	assert_true(root_stat(machine->root, "/old", &old) && root_stat(machine->root, "/a", &a) &&
		    root_stat(machine->root, "/b", &b));
	assert_true(old.st_mtime < a.st_mtime && a.st_mtime == b.st_mtime);
	machine_close(machine);
}

static void any_bytes_can_stand_in_a_file(void **state)
{
	struct machine *machine = machine_open_text("link /lib usr/lib\n"
						    "file /lib/x 0755\n\t| two  blanks\\n\n\t|\n\t\\caf\\xe9\\r\\n\n"
						    "\t\\no end\n"
						    "file /etc/with\\sblank\n"
						    "link /absolute /etc/with\\sblank\n"
						    "link /masked /dev/null\n");
	struct stat status;

	(void)state;
	reads(machine, "/usr/lib/x", " two  blanks\\n\n\ncaf\xe9\r\nno end");
	assert_true(root_stat(machine->root, "/lib/x", &status));
	assert_int_equal(status.st_mode & 07777, 0755);
	reads(machine, "/etc/with blank", "");
	points(machine, "/absolute", "etc/with blank");
	points(machine, "/masked", "/dev/null");
	machine_close(machine);
}

static void refused(const char *bytes, size_t length, const char *wanted)
{
	char directory[] = "/tmp/vfioconf-test-XXXXXX";
	struct text text = { 0 };
	struct fault fault = { 0 };

	assert_non_null(mkdtemp(directory));
	text_append_n(&text, bytes, length);
	if (machinefile_materialise(&text, "m", directory, &fault))
		fail_msg("accepted: %s", bytes);
	if (!strstr(fault.sentence, wanted))
		fail_msg("\"%s\" is not in \"%s\"", wanted, fault.sentence);
	text_done(&text);
	/* Nothing was written before the whole file was understood. */
	assert_int_equal(remove(directory), 0);
}

static void a_mistake_is_named_with_its_line(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "", "empty" },
		{ "function 00:00.0 060000 8086:0000\n", "m:1: this is no machine file" },
		{ "machine 2\n", "m:1:" },
		{ "machine 1\n\n# c\nnonsense\n", "m:4: unknown statement" },
		{ "machine 1\n\tdriver x\n", "m:2:" },
		{ "machine 1\nfunction 00:00.0 60000 8086:0000\n", "m:2:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:000\n", "m:2:" },
		{ "machine 1\nfunction 00:20.0 060000 8086:0000\n", "m:2:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\tgroup x\n", "m:3:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\tgroup 99999999999999\n", "m:3:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\tbanana 1\n", "m:3:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\tx = \\q\n", "m:3:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\tvendor = 1\n\tvendor = 2\n", "m:4:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\t../x = 2\n", "m:3:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\tdriver ..\n", "m:2:" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\nfunction 00:00.0 060000 8086:0000\n",
		  "m:3: a second function at 0000:00:00.0" },
		{ "machine 1\nfunction 00:00.0 060000 8086:0000\n\tunder 00:01.0\n", "m:2:" },
		{ "machine 1\nfunction 00:00.0 060400 8086:0000\n\tunder 00:01.0\n"
		  "function 00:01.0 060400 8086:0000\n\tunder 00:00.0\n", "circle" },
		{ "machine 1\nfile /../etc/x\n", "m:2:" },
		{ "machine 1\nfile /\n", "m:2:" },
		{ "machine 1\nfile /x\nfile /x\n", "m:3:" },
		{ "machine 1\nfile /x 999\n", "m:2:" },
		{ "machine 1\nfile /x\n\tno mark\n", "m:3:" },
		{ "machine 1\nlink /x ../../etc\n", "m:2:" },
		{ "machine 1\nlink /a b\nlink /b a\nfile /a/x\n", "m:4:" },
		{ "machine 1\nkernel a/b\n", "m:2:" },
		{ "machine 1\nkernel 6 running\nkernel 7 running\n", "m:3:" },
		{ "machine 1\nkernel 6\n\tmodule kernel/a.ko b\n", "needs b" },
		{ "machine 1\nkernel 6\n\talias caf\\xe9 b\n", "m:3:" },
		{ "machine 1\nfile /x 0644 new\n", "m:2: a file is written" },
		{ "machine 1\ndevice block 00:00.0/block/sda\n", "m:2:" },
		{ "machine 1\ndevice block virtual/block/dm-0\n\tslave sda\n", "m:3:" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refused(cases[i].text, strlen(cases[i].text), cases[i].wanted);
	refused("machine 1\nfile /x\n\t|a\0b\n", 24, "m:3: a NUL byte");
}

static void every_machine_file_can_be_made(void **state)
{
	struct strlist names = { 0 };

	(void)state;
	machine_names(&names);
	assert_true(names.count >= 1);
	for (size_t i = 0; i < names.count; i++)
		machine_close(machine_open(names.items[i]));
	strlist_done(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modprobe_finds_modules_by_the_aliases_of_a_machine_file),
		cmocka_unit_test(a_function_looks_as_in_sysfs),
		cmocka_unit_test(a_file_can_be_older_than_the_others),
		cmocka_unit_test(any_bytes_can_stand_in_a_file),
		cmocka_unit_test(a_mistake_is_named_with_its_line),
		cmocka_unit_test(every_machine_file_can_be_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
