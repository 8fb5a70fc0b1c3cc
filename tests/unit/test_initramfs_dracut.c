/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "initramfs/generators.h"
#include "initramfs/image.h"
#include "support/early.h"
#include "support/machine.h"
#include "support/pieces.h"

#define DROPIN "/etc/dracut.conf.d/vfioconf.conf"
#define MODPROBE "/etc/modprobe.d/00-vfioconf.conf"

static const char fedora[] =
	"machine 1\n"
	"file /etc/os-release\n\t|ID=fedora\n"
	"file /proc/sys/kernel/osrelease\n\t|6.9.0-1.fc40.x86_64\n"
	"file /usr/bin/dracut 0755\n\t|#!/bin/bash\n"
	"file /boot/initramfs-6.9.0-1.fc40.x86_64.img\n\t|image\n"
	"file /boot/initramfs-6.8.0-1.fc40.x86_64.img\n\t|image\n"
	"file /boot/initramfs-0-rescue-0a1b.img\n\t|image\n";

/* One entry of a "newc" archive. */
static void add_entry(struct text *archive, const char *name, const char *content)
{
	text_printf(archive, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 1, 0100644, 0, 0, 1, 0,
		    strlen(content), 0, 0, 0, 0, strlen(name) + 1, 0);
	text_append_n(archive, name, strlen(name) + 1);
	while (archive->length % 4)
		text_append_char(archive, '\0');
	text_append(archive, content);
	while (archive->length % 4)
		text_append_char(archive, '\0');
}

static void propose(struct early_proposal *proposal, struct machine *machine, bool wanted, bool contents)
{
	struct text content = { 0 };

	early_begin(proposal, wanted);
	text_append(&content, "options vfio-pci ids=1:2\n# [x]*\n");
	if (wanted)
		changeset_file(&proposal->changeset, MODPROBE, NULL, &content, 0644, "");
	strlist_add(&proposal->kernels, "6.8.0-1.fc40.x86_64");
	strlist_add(&proposal->kernels, "6.9.0-1.fc40.x86_64");
	early_propose(proposal, &initramfs_dracut, machine, contents);
	text_done(&content);
}

/* The words of the command that writes the IMAGE of 6.9. */
static void is_written_by(struct machine *machine, const char *image, const char *wanted)
{
	struct early_proposal proposal;
	cleanup_free char *words = NULL;

	propose(&proposal, machine, true, true);
	for (size_t i = 0; i < proposal.changeset.command_count && !words; i++)
		if (strlist_has(&proposal.changeset.commands[i].argv, image))
			words = strlist_join(&proposal.changeset.commands[i].argv, " ");
	assert_non_null(words);
	assert_string_equal(words, wanted);
	early_done(&proposal);
}

static void images_stay_made_for_this_host_where_pacmans_scripts_have_it(void **state)
{
	static const char image[] = "/boot/initramfs-linux.img";
	static const char plain[] = "dracut -f /boot/initramfs-linux.img 6.9.0-1.fc40.x86_64";
	struct machine *machine = machine_open_text(
		"machine 1\nfile /etc/os-release\n\t|ID=arch\nfile /usr/bin/dracut 0755\n\t|case $1 in --hostonly) ;; esac\n"
		"file /usr/lib/modules/6.9.0-1.fc40.x86_64/pkgbase\n\t|linux\ndir /usr/share/libalpm/hooks\n"
		"file /boot/initramfs-linux.img\n\t|image\n");

	(void)state;
	is_written_by(machine, image, plain);
	machine_write(machine, "/usr/share/libalpm/scripts/dracut-install",
		      "# dracut --hostonly\nwhile read -r line; do\n\tdracut --force \"$image\"\ndone\n");
	is_written_by(machine, image, plain);
	machine_write(machine, "/usr/share/libalpm/scripts/dracut-install",
		      "dracut --force --hostonly --no-hostonly-cmdline \"/boot/initramfs-$base.img\" \"$kver\"\n");
	is_written_by(machine, image, "dracut -f --hostonly --no-hostonly-cmdline /boot/initramfs-linux.img 6.9.0-1.fc40.x86_64");
	machine_remove(machine, "/usr/share/libalpm/scripts/dracut-install");
	machine_write(machine, "/usr/local/bin/dracut-install.sh", "dracut \"--hostonly\" --force $1\n");
	is_written_by(machine, image, "dracut -f --hostonly /boot/initramfs-linux.img 6.9.0-1.fc40.x86_64");
	machine_close(machine);
}

static void a_fedora_machine_is_told_as_dracut(void **state)
{
	struct machine *machine = machine_open_text(fedora);
	struct findings findings = { 0 };

	(void)state;
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_dracut);
	machine_close(machine);
}

static void each_image_is_made_under_its_own_name_and_the_rescue_image_is_left_alone(void **state)
{
	struct machine *machine = machine_open_text(fedora);
	struct early_proposal proposal;
	const struct file_change *dropin;
	struct command *command;

	(void)state;
	propose(&proposal, machine, true, true);
	dropin = changeset_find(&proposal.changeset, DROPIN);
	assert_non_null(strstr(text_string(&dropin->after), "\nforce_drivers+=\" vfio-pci \"\n"));
	assert_non_null(strstr(text_string(&dropin->after), "\ninstall_items+=\" " MODPROBE " \"\n"));
	assert_int_equal(proposal.changeset.command_count, 2);
	command = &proposal.changeset.commands[1];
	assert_string_equal(command->argv.items[2], "/boot/initramfs-6.9.0-1.fc40.x86_64.img");
	assert_string_equal(command->argv.items[3], "6.9.0-1.fc40.x86_64");
	assert_true(strlist_has(&command->artefacts, "/boot/initramfs-6.9.0-1.fc40.x86_64.img"));
	early_done(&proposal);
	machine_close(machine);
}

static void images_of_boot_entries_are_made_by_sdbootutil(void **state)
{
	static const char entry[] = "title openSUSE\noptions root=UUID=0a1b rootflags=subvol=@/.snapshots/%u/snapshot\n"
				    "linux /suse/6.9.0-1-default/linux-1\ninitrd /suse/6.9.0-1-default/initrd-1\n";
	struct machine *machine = machine_open_text(
		"machine 1\nfile /usr/bin/dracut 0755\n\t|#!/bin/bash\nfile /usr/bin/sdbootutil 0755\n\t|#!/bin/bash\n"
		"file /proc/cmdline\n\t|root=UUID=0a1b rootflags=subvol=@/.snapshots/2/snapshot\n"
		"file /boot/efi/suse/6.9.0-1-default/initrd-1\n\t|image\n");
	struct findings findings = { 0 };
	struct early_proposal proposal;
	struct command *command;
	char text[512];

	(void)state;
	for (unsigned snapshot = 1; snapshot <= 2; snapshot++) {
		char path[64];

		snprintf(path, sizeof(path), "/boot/efi/loader/entries/suse-%u.conf", snapshot);
		snprintf(text, sizeof(text), entry, snapshot);
		machine_write(machine, path, text);
	}
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_dracut);
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 1);
	command = &proposal.changeset.commands[0];
	assert_string_equal(command->argv.items[0], "sdbootutil");
	assert_string_equal(command->argv.items[1], "mkinitrd");
	/* Each new one is beside its old one until all are made. */
	assert_true(command->artefacts.count && strlist_has(&command->beside, command->artefacts.items[0]));
	/* It makes those of the running snapshot; the others stay what they are. */
	assert_int_equal(command->expectation_count, 2);
	assert_string_equal(command->expectations[0].path, "/boot/efi/loader/entries/suse-2.conf");
	assert_string_equal(command->expectations[0].argv.items[1], ENTRY_INITRD);
	early_done(&proposal);
	machine_close(machine);
}

static void unified_images_are_made_anew_and_nothing_else(void **state)
{
	struct machine *machine = machine_open_text(fedora);
	struct findings findings = { 0 };
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/etc/dracut.conf.d/uki.conf", "uefi=\"yes\"\n");
	machine_write(machine, "/efi/EFI/Linux/linux-6.9.0-1.fc40.x86_64-0a1b.efi", "image");
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_dracut);
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 1);
	assert_string_equal(proposal.changeset.commands[0].argv.items[2],
			    "/efi/EFI/Linux/linux-6.9.0-1.fc40.x86_64-0a1b.efi");
	early_done(&proposal);
	machine_close(machine);
}

/* kernel-install has dracut make an initrd that is kept nowhere but in the unified image. */
static void an_initrd_that_is_only_in_a_unified_image_is_made_by_its_maker(void **state)
{
#define UNIFIED "/efi/EFI/Linux/0a1b-6.9.0-1.fc40.x86_64.efi"
	struct machine *machine = machine_open_text(fedora);
	struct findings findings = { 0 };
	struct early_proposal proposal;
	struct command *command;
	char *joined;

	(void)state;
	machine_remove(machine, "/boot/initramfs-6.8.0-1.fc40.x86_64.img");
	machine_remove(machine, "/boot/initramfs-6.9.0-1.fc40.x86_64.img");
	machine_write(machine, "/etc/kernel/install.conf", "layout=uki\ninitrd_generator=dracut\nuki_generator=ukify\n");
	machine_write(machine, "/usr/lib/modules/6.9.0-1.fc40.x86_64/vmlinuz", "kernel");
	machine_write(machine, UNIFIED, "image");
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_dracut);
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 1);
	command = &proposal.changeset.commands[0];
	joined = strlist_join(&command->argv, " ");
	assert_string_equal(joined, "kernel-install add 6.9.0-1.fc40.x86_64 "
				    "/usr/lib/modules/6.9.0-1.fc40.x86_64/vmlinuz");
	free(joined);
	assert_string_equal(command->artefacts.items[0], UNIFIED);
	assert_string_equal(command->expectations[1].argv.items[1], UNIFIED);
	assert_true(strlist_has(&command->expectations[1].present, "*/vfio[-_]pci.ko*"));
	assert_string_equal(command->expectations[2].argv.items[3], UNIFIED);
	early_done(&proposal);
	/* lsinitrd of today takes such an image apart with a tool of binutils. */
	machine_write(machine, "/usr/bin/lsinitrd", "objcopy --dump-section .initrd\n");
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 0);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_non_null(strstr(proposal.findings.items[0].remedy, "binutils"));
	early_done(&proposal);
	machine_write(machine, "/usr/bin/objcopy", "");
	/* Someone else makes it. */
	machine_write(machine, "/etc/kernel/install.conf", "layout=uki\ninitrd_generator=booster\n");
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 0);
	assert_int_equal(proposal.findings.items[0].code, FINDING_IMAGE_MISSING);
	early_done(&proposal);
	/* Where there is one under Debian's name kernel-install is given that. */
	machine_write(machine, "/etc/kernel/install.conf", "layout=uki\n");
	machine_write(machine, "/boot/initramfs-6.9.0-1.fc40.x86_64.img", "image");
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 2);
	assert_string_equal(proposal.changeset.commands[0].argv.items[0], "dracut");
	assert_string_equal(proposal.changeset.commands[1].argv.items[0], "kernel-install");
	early_done(&proposal);
	machine_write(machine, "/boot/initrd.img-6.9.0-1.fc40.x86_64", "image");
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 2);
	assert_string_equal(proposal.changeset.commands[0].argv.items[2], "/boot/initrd.img-6.9.0-1.fc40.x86_64");
	assert_string_equal(proposal.changeset.commands[1].argv.items[0], "dracut");
	early_done(&proposal);
	machine_close(machine);
}

static void what_stands_in_the_image_is_compared_line_by_line(void **state)
{
	struct machine *machine = machine_open_text(fedora);
	struct early_proposal proposal;
	struct expectation *content;

	(void)state;
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.commands[0].expectation_count, 3);
	content = &proposal.changeset.commands[0].expectations[2];
	assert_string_equal(content->argv.items[2], "etc/modprobe.d/00-vfioconf.conf");
	assert_true(strlist_has(&content->present, "options vfio-pci ids=1:2"));
	assert_true(strlist_has(&content->present, "# \\[x]\\*"));
	early_done(&proposal);
	machine_close(machine);
}

static void taking_back_rebuilds_the_images_without_our_files(void **state)
{
	struct machine *machine = machine_open_text(fedora);
	struct early_proposal proposal;

	(void)state;
	propose(&proposal, machine, false, false);
	assert_true(changeset_empty(&proposal.changeset));
	early_done(&proposal);
	propose(&proposal, machine, true, true);
	machine_write(machine, DROPIN, text_string(&changeset_find(&proposal.changeset, DROPIN)->after));
	early_done(&proposal);
	propose(&proposal, machine, true, false);
	assert_int_equal(proposal.changeset.command_count, 0);
	early_done(&proposal);
	propose(&proposal, machine, false, true);
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	assert_int_equal(proposal.changeset.command_count, 2);
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[1].absent, "*etc/modprobe.d/00-vfioconf.conf"));
	early_done(&proposal);
	machine_close(machine);
}

static void no_image_at_all_is_said(void **state)
{
	struct machine *machine = machine_open_text("machine 1\nfile /usr/bin/dracut\n\t|x\n");
	struct early_proposal proposal;

	(void)state;
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.command_count, 0);
	assert_int_equal(proposal.findings.items[0].code, FINDING_IMAGE_MISSING);
	early_done(&proposal);
	machine_close(machine);
}

/* Ubuntu from 25.10 on: dracut makes the images, and mkinitramfs is still there. */
static void the_image_itself_says_who_made_it(void **state)
{
	struct machine *machine = machine_open_text(
		"machine 1\n"
		"file /proc/sys/kernel/osrelease\n\t|6.17.0-8-generic\n"
		"file /usr/bin/dracut 0755\n\t|#!/bin/bash\n"
		"file /usr/sbin/mkinitramfs 0755\n\t|#!/bin/sh\n"
		"file /etc/initramfs-tools/initramfs.conf\n\t|MODULES=most\n"
		"file /var/lib/dpkg/info/initramfs-tools.list\n\t|/usr/sbin/update-initramfs\n");
	struct findings findings = { 0 };
	struct text archive = { 0 };

	(void)state;
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_initramfs_tools);
	add_entry(&archive, ".", "");
	add_entry(&archive, "early_cpio", "1\n");
	add_entry(&archive, "kernel/x86/microcode/GenuineIntel.bin", "microcode");
	add_entry(&archive, "TRAILER!!!", "");
	text_append(&archive, "\x28\xb5\x2f\xfd compressed");
	machine_write_n(machine, "/boot/initrd.img-6.17.0-8-generic", archive.bytes, archive.length);
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_dracut);
	machine_write(machine, "/boot/initrd.img-6.17.0-8-generic", "something else");
	machine_write(machine, "/var/lib/dpkg/info/dracut.list", "/usr/share/doc/dracut\n");
	assert_null(initramfs_choose(machine->root, NULL, &findings));
	assert_int_equal(findings.items[0].code, FINDING_GENERATOR_AMBIGUOUS);
	assert_string_equal(findings.items[0].remedy,
			    "Say which one makes the images: --generator initramfs-tools or --generator dracut.");
	findings_done(&findings);
	text_done(&archive);
	machine_close(machine);
}

static void a_cut_or_false_archive_gives_what_can_be_read_and_no_more(void **state)
{
	struct text archive = { 0 };
	uint32_t seed = 2463534242u;

	(void)state;
	add_entry(&archive, "one", "content");
	add_entry(&archive, "two", "content");
	for (size_t length = 0; length <= archive.length; length++) {
		struct strlist names = { 0 };
		struct text cut = { 0 };

		text_append_n(&cut, archive.bytes, length);
		image_head_names(&cut, &names);
		assert_true(names.count <= 2);
		assert_true(length < archive.length || names.count == 2);
		strlist_done(&names);
		text_done(&cut);
	}
	for (int round = 0; round < 20000; round++) {
		struct strlist names = { 0 };
		struct text other = { 0 };

		text_append_n(&other, archive.bytes, archive.length);
		for (int i = 0; i < 3; i++) {
			seed = seed * 1664525u + 1013904223u;
			other.bytes[(seed >> 8) % other.length] = (char)(seed >> 24);
		}
		image_head_names(&other, &names);
		strlist_done(&names);
		text_done(&other);
	}
	text_done(&archive);
}

static void images_are_found_under_the_names_of_each_distribution(void **state)
{
	static const char *const names[] = { "/boot/initrd.img-6.1.0", "/boot/initramfs-6.1.0.img", "/boot/initrd-6.1.0",
					     "/boot/initramfs-linux-lts.img", "/efi/0a1b/6.1.0/initrd",
					     "/boot/efi/opensuse-tumbleweed/6.1.0/initrd" };
	struct machine *machine = machine_open_text("machine 1\n"
						    "file /etc/machine-id\n\t|0a1b\n"
						    "file /etc/kernel/entry-token\n\t|opensuse-tumbleweed\n"
						    "file /usr/lib/modules/6.1.0/pkgbase\n\t|linux-lts\n");

	(void)state;
	for (size_t i = 0; i < array_size(names); i++) {
		struct strlist images = { 0 };

		machine_write(machine, names[i], "image");
		image_find(machine->root, "6.1.0", &images);
		assert_int_equal(images.count, i + 1);
		assert_true(strlist_has(&images, names[i]));
		strlist_done(&images);
	}
	machine_close(machine);
}

#define V "6.9.0-1.fc40.x86_64"
#define ESP "/boot/efi/0a1b/" V
#define ENTRY_DIRECTORY "/boot/efi/loader/entries/"

static void boots_by(struct machine *machine, const char *loader)
{
	cleanup_text struct text variable = { 0 };

	text_append_n(&variable, "\6\0\0\0", 4);
	for (; *loader; loader++)
		text_append_n(&variable, (const char[]){ *loader, '\0' }, 2);
	machine_write_n(machine, LOADER_INFO, text_string(&variable), variable.length);
}

/*
 * Debian 13 as it was found: kernel-install had dracut make 0a1b/VERSION/initrd, was then given that of /boot, whose
 * copy the entry names.
 */
static struct machine *machine_with_stray(void)
{
	struct machine *machine = machine_open_text("machine 1\n"
						    "file /etc/machine-id\n\t|0a1b\n"
						    "file /usr/bin/dracut 0755\n\t|#!/bin/bash\n"
						    "file /proc/cmdline\n\t|root=LABEL=root ro quiet\n");

	boots_by(machine, "systemd-boot 257.13-1~deb13u1");
	machine_write(machine, "/boot/initrd.img-" V, "image");
	machine_write(machine, ESP "/linux", "kernel");
	machine_write(machine, ESP "/initrd.img-" V, "image");
	machine_write(machine, ESP "/initrd", "image");
	machine_write(machine, ENTRY_DIRECTORY "0a1b-" V ".conf",
		      "title      Debian GNU/Linux 13 (trixie)\n"
		      "options    root=LABEL=root ro quiet\n"
		      "linux      /0a1b/" V "/linux\n"
		      "initrd     /0a1b/" V "/initrd.img-" V "\n");
	return machine;
}

/*
 * How many images are made anew, that of /boot always being one: a distribution's hooks take it from there. RET_NOTE
 * gets what is said of one that is not, "" where nothing is.
 */
static size_t rebuilt(struct machine *machine, char *ret_note, size_t size)
{
	struct early_proposal proposal;
	size_t count;

	propose(&proposal, machine, true, false);
	count = proposal.changeset.command_count;
	*ret_note = '\0';
	for (size_t i = 0; i < proposal.findings.count; i++) {
		assert_int_equal(proposal.findings.items[i].code, FINDING_IMAGE_UNUSED);
		assert_int_equal(proposal.findings.items[i].severity, SEVERITY_NOTE);
		snprintf(ret_note, size, "%s", proposal.findings.items[i].message);
	}
	for (size_t i = 0; i < count; i++)
		if (!strcmp(proposal.changeset.commands[i].argv.items[2], "/boot/initrd.img-" V)) {
			early_done(&proposal);
			return count;
		}
	fail_msg("the image of /boot was not made anew");
	return 0;
}

static void an_image_on_the_esp_that_no_entry_names_is_left_alone_and_said(void **state)
{
	struct machine *machine = machine_with_stray();
	char note[512];

	(void)state;
	assert_int_equal(rebuilt(machine, note, sizeof(note)), 1);
	assert_non_null(strstr(note, ESP "/initrd stays as it is"));
	machine_close(machine);
}

/* The machine after CHANGE has both images made anew, and nothing is said. */
static void both_are_rebuilt_after(void (*change)(struct machine *machine))
{
	struct machine *machine = machine_with_stray();
	char note[512];

	change(machine);
	assert_int_equal(rebuilt(machine, note, sizeof(note)), 2);
	assert_string_equal(note, "");
	machine_close(machine);
}

static void add_second_initrd(struct machine *machine)
{
	machine_write(machine, ENTRY_DIRECTORY "0a1b-" V ".conf",
		      "linux /0a1b/" V "/linux\noptions root=LABEL=root\n"
		      "initrd /0a1b/" V "/initrd.img-" V "\ninitrd /0A1B//" V "/INITRD\r\n");
}

static void add_rescue_entry(struct machine *machine)
{
	machine_write(machine, "/boot/loader/entries/rescue.conf",
		      "title rescue\nlinux /vmlinuz\noptions root=other\ninitrd\t/0a1b/" V "/initrd\n");
}

static void start_with_it(struct machine *machine)
{
	machine_write(machine, "/proc/cmdline", "initrd=\\0a1b\\" V "\\initrd root=LABEL=root\n");
}

static void boot_by_grub(struct machine *machine)
{
	boots_by(machine, "GRUB 2.12");
}

static void forget_the_loader(struct machine *machine)
{
	machine_remove(machine, LOADER_INFO);
}

static void leave_no_entry_for_the_kernel(struct machine *machine)
{
	machine_write(machine, ENTRY_DIRECTORY "0a1b-" V ".conf",
		      "linux /0a1b/6.8.0/linux\noptions root=LABEL=root\ninitrd /0a1b/6.8.0/initrd\n");
}

static void an_image_that_may_be_started_is_made_anew(void **state)
{
	(void)state;
	both_are_rebuilt_after(add_second_initrd);
	both_are_rebuilt_after(add_rescue_entry);
	both_are_rebuilt_after(start_with_it);
	both_are_rebuilt_after(boot_by_grub);
	both_are_rebuilt_after(forget_the_loader);
	both_are_rebuilt_after(leave_no_entry_for_the_kernel);
}

static void the_only_image_of_a_kernel_is_made_anew_whoever_starts_it(void **state)
{
	struct machine *machine = machine_with_stray();
	struct early_proposal proposal;

	(void)state;
	machine_remove(machine, "/boot/initrd.img-" V);
	propose(&proposal, machine, true, false);
	assert_int_equal(proposal.changeset.command_count, 1);
	assert_string_equal(proposal.changeset.commands[0].argv.items[2], ESP "/initrd");
	early_done(&proposal);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_stay_made_for_this_host_where_pacmans_scripts_have_it),
		cmocka_unit_test(a_fedora_machine_is_told_as_dracut),
		cmocka_unit_test(each_image_is_made_under_its_own_name_and_the_rescue_image_is_left_alone),
		cmocka_unit_test(images_of_boot_entries_are_made_by_sdbootutil),
		cmocka_unit_test(unified_images_are_made_anew_and_nothing_else),
		cmocka_unit_test(an_initrd_that_is_only_in_a_unified_image_is_made_by_its_maker),
		cmocka_unit_test(what_stands_in_the_image_is_compared_line_by_line),
		cmocka_unit_test(taking_back_rebuilds_the_images_without_our_files),
		cmocka_unit_test(no_image_at_all_is_said),
		cmocka_unit_test(the_image_itself_says_who_made_it),
		cmocka_unit_test(a_cut_or_false_archive_gives_what_can_be_read_and_no_more),
		cmocka_unit_test(images_are_found_under_the_names_of_each_distribution),
		cmocka_unit_test(an_image_on_the_esp_that_no_entry_names_is_left_alone_and_said),
		cmocka_unit_test(an_image_that_may_be_started_is_made_anew),
		cmocka_unit_test(the_only_image_of_a_kernel_is_made_anew_whoever_starts_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
