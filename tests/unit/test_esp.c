/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/esp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "boot/entries.h"
#include "boot/loaders.h"
#include "boot/uki.h"
#include "support/machine.h"
#include "support/peimage.h"
#include "support/pieces.h"
#include "support/proposal.h"

#define ROOT_MOUNT "27 1 8:2 / / rw shared:1 - ext4 /dev/sda2 rw\n"
#define MOUNTINFO "/proc/self/mountinfo"
#define IMAGE "EFI/Linux/0c8f1e6b2d9a4f35b7c4e1d2a3f60918-6.12.22-amd64.efi"

/* The places besides the usual ones, with blanks between them, where mountinfo has these LINES; the caller frees. */
static char *other_places(const char *lines)
{
	struct machine *machine = machine_open_text("");
	cleanup_strlist struct strlist mounts = { 0 };
	char *joined;

	machine_write(machine, MOUNTINFO, lines);
	esp_mounts(machine->root, &mounts);
	assert_true(mounts.count >= 4);
	assert_string_equal(mounts.items[0], "/boot");
	for (size_t i = 0; i < 4; i++)
		strlist_remove(&mounts, 0);
	joined = strlist_join(&mounts, " ");
	machine_close(machine);
	return joined;
}

static void assert_places(const char *lines, const char *places)
{
	cleanup_free char *found = other_places(lines);

	assert_string_equal(found, places);
}

static void other_places_are_those_of_mounted_fat_file_systems(void **state)
{
	(void)state;
	assert_places("", "");
	assert_places(ROOT_MOUNT "93 27 8:1 / /system/esp rw shared:43 - vfat /dev/sda1 rw\n", "/system/esp");
	/* At a usual place already, on the one line or on the other. */
	assert_places("93 27 8:1 / /boot/efi rw - vfat /dev/sda1 rw\n94 27 8:1 / /system/esp rw - vfat /dev/sda1 rw\n", "");
	assert_places("94 27 8:1 / /system/esp rw - vfat /dev/sda1 rw\n93 27 8:1 / /boot/efi rw - vfat /dev/sda1 rw\n", "");
	assert_places("93 27 8:1 / /a rw - vfat /dev/sda1 rw\n94 27 8:1 / /b rw - vfat /dev/sda1 rw\n"
		      "95 27 8:3 / /c rw - vfat /dev/sda3 rw\n", "/a /c");
	/* A directory of one, a stick, another system, a name with a blank; and no FAT at all. */
	assert_places("93 27 8:1 /EFI/arch /kernels rw - vfat /dev/sda1 rw\n94 27 8:17 / /media/stick rw - vfat /dev/sdb1 rw\n"
		      "95 27 8:18 / /mnt/boot rw - vfat /dev/sdb2 rw\n96 27 8:19 / /my\\040esp rw - vfat /dev/sdb3 rw\n"
		      "97 27 8:20 / /data rw - ext4 /dev/sdb4 rw\n98 27 8:21 / /run/media/a rw - vfat /dev/sdb5 rw\n"
		      "99 - vfat\n", "");
}

/* Debian with its image at PLACE, where MOUNTED is what is mounted. */
static struct machine *debian_at(const char *place, const char *mounted)
{
	struct machine *machine = machine_open("debian-uki");
	cleanup_text struct text image = { 0 };
	cleanup_text struct text path = { 0 };
	cleanup_text struct text lines = { 0 };

	peimage(&image, "root=UUID=5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20 ro quiet");
	machine_remove(machine, "/boot/efi");
	text_printf(&path, "%s/" IMAGE, place);
	machine_write_n(machine, text_string(&path), text_string(&image), image.length);
	text_printf(&lines, ROOT_MOUNT "93 27 8:1 / %s rw shared:43 - vfat /dev/sda1 rw\n", mounted);
	machine_write(machine, MOUNTINFO, text_string(&lines));
	return machine;
}

static void an_image_is_found_wherever_its_file_system_is_mounted(void **state)
{
	static const char *const places[] = { "/esp", "/boot/efi", "/system/esp" };

	(void)state;
	for (size_t i = 0; i < array_size(places); i++) {
		struct machine *machine = debian_at(places[i], places[i]);
		cleanup_text struct text path = { 0 };
		struct proposal proposal;

		text_printf(&path, "%s/" IMAGE, places[i]);
		propose(&proposal, &loader_uki_kernel_install, machine, "iommu=pt", "");
		assert_int_equal(proposal.findings.count, 0);
		assert_int_equal(proposal.changeset.command_count, 1);
		assert_string_equal(proposal.changeset.commands[0].artefacts.items[0], text_string(&path));
		proposal_done(&proposal);
		machine_close(machine);
	}
}

static void entries_are_found_wherever_their_file_system_is_mounted(void **state)
{
	struct machine *machine = machine_open_text(RUNNING("root=/dev/sda2") ENTRY("/system/esp/loader/entries/a.conf",
										    "root=/dev/sda2"));
	cleanup_entries struct entries entries = { 0 };

	(void)state;
	machine_write(machine, MOUNTINFO, "93 27 8:1 / /system/esp rw - vfat /dev/sda1 rw\n");
	entries_read(machine->root, &entries);
	assert_int_equal(entries.count, 1);
	assert_string_equal(entries.items[0].path, "/system/esp/loader/entries/a.conf");
	machine_close(machine);
}

/* Whether LOADER refuses to give the words to nobody on MACHINE; and takes words back there all the same. */
static void assert_absent(struct machine *machine, const struct loader *loader)
{
	struct proposal proposal;

	propose(&proposal, loader, machine, "iommu=pt", "");
	if (!proposal.findings.count || proposal.findings.items[0].code != FINDING_LOADER_ABSENT)
		fail_msg("%s says nothing of it", loader->name);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
	propose(&proposal, loader, machine, "", "iommu=pt");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
}

static void without_anything_that_would_get_the_words_there_is_no_success(void **state)
{
	static const struct loader *const all[] = { &loader_kernel_install, &loader_uki_kernel_install,
						    &loader_uki_mkinitcpio, &loader_uki_dracut, &loader_sdbootutil };
	struct machine *machine = machine_open("arch-efistub");
	struct machine *debian = debian_at("/not/mounted", "/home");

	(void)state;
	for (size_t i = 0; i < array_size(all); i++)
		assert_absent(machine, all[i]);
	assert_absent(debian, &loader_uki_kernel_install);
	machine_close(debian);
	machine_close(machine);
	machine = machine_open("cachyos-sdboot-manage");
	machine_remove(machine, "/boot/loader/entries");
	assert_absent(machine, &loader_sdboot_manage);
	machine_close(machine);
	machine = machine_open("pop-os");
	machine_remove(machine, "/boot/efi/loader/entries/Pop_OS-current.conf");
	assert_absent(machine, &loader_kernelstub);
	machine_close(machine);
}

/* Who may not look into the ESP cannot say that nothing is there. */
static void what_may_not_be_looked_into_is_for_root(void **state)
{
	struct machine *machine = debian_at("/boot/efi", "/boot/efi");
	cleanup_free char *path = root_join(machine->root, "/boot/efi");
	struct fault fault = { 0 };
	bool readable;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_true(esp_is_readable(machine->root, "/EFI/Linux", &fault));
	assert_int_equal(chmod(machine->directory, 0755) + chmod(path, 0700), 0);
	assert_int_equal(seteuid(65534), 0);
	readable = esp_is_readable(machine->root, "/EFI/Linux", &fault);
	assert_int_equal(seteuid(0), 0);
	assert_false(readable);
	assert_int_equal(fault.error, EACCES);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_places_are_those_of_mounted_fat_file_systems),
		cmocka_unit_test(an_image_is_found_wherever_its_file_system_is_mounted),
		cmocka_unit_test(entries_are_found_wherever_their_file_system_is_mounted),
		cmocka_unit_test(without_anything_that_would_get_the_words_there_is_no_success),
		cmocka_unit_test(what_may_not_be_looked_into_is_for_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
