/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/uki.h"
#include "support/machine.h"
#include "support/peimage.h"
#include "support/proposal.h"

#define GUID "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define BOOTED_FROM_UKI                                                                                   \
	"file /sys/firmware/efi/efivars/LoaderInfo" GUID "\n"                                             \
	"\t\\\\x06\\x00\\x00\\x00s\\x00y\\x00s\\x00t\\x00e\\x00m\\x00d\\x00-\\x00b\\x00o\\x00o\\x00t\\x00\n" \
	"file /sys/firmware/efi/efivars/StubInfo" GUID "\n"                                               \
	"\t\\\\x06\\x00\\x00\\x00s\\x00t\\x00u\\x00b\\x00\n"                                             \
	"file /proc/cmdline\n\t|root=UUID=0a1b rw quiet\n"

#define MKINITCPIO                                                                                    \
	"file /usr/bin/mkinitcpio 0755\n\t|_d_cmdline=/etc/cmdline.d\n"                               \
	"file /etc/mkinitcpio.d/linux.preset\n\t|PRESETS=('default')\n"                               \
	"\t|default_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n"                                          \
	"file /efi/EFI/Linux/arch-linux.efi\n\t|image\n"

#define V "6.12.9-amd64"
#define KERNEL_INSTALL                                                \
	"kernel " V " running\n"                                      \
	"file /etc/kernel/install.conf\n\t|layout=uki\n"              \
	"file /usr/bin/kernel-install 0755\n\t|#!/bin/sh\n"           \
	"file /boot/vmlinuz-" V "\n\t|kernel\n"                       \
	"file /boot/efi/EFI/Linux/0a1b-" V ".efi\n\t|image\n"         \
	"file /boot/efi/EFI/Linux/0a1b-6.1.0.efi\n\t|image\n"

#define DRACUT                                                        \
	"kernel " V " running\n"                                      \
	"file /usr/bin/dracut 0755\n\t|#!/bin/sh\n"                   \
	"file /etc/dracut.conf.d/uki.conf\n\t|uefi=\"yes\"\n"         \
	"file /efi/EFI/Linux/linux-" V "-0a1b.efi\n\t|image\n"

static struct machine *machine_of(const char *maker)
{
	struct text text = { 0 };
	struct machine *machine;

	text_printf(&text, "machine 1\n%s%s", maker, BOOTED_FROM_UKI);
	machine = machine_open_text(text_string(&text));
	text_done(&text);
	return machine;
}

static void chosen_is(const char *maker, const struct loader *wanted)
{
	struct machine *machine = machine_of(maker);

	loader_chosen_is(machine, wanted);
	machine_close(machine);
}

static void the_maker_of_the_image_is_told(void **state)
{
	(void)state;
	chosen_is(MKINITCPIO, &loader_uki_mkinitcpio);
	chosen_is(KERNEL_INSTALL, &loader_uki_kernel_install);
	chosen_is(DRACUT, &loader_uki_dracut);
}

static void mkinitcpio_gets_a_drop_in_beside_the_users_words(void **state)
{
	struct machine *machine = machine_of(MKINITCPIO);
	struct proposal proposal;
	struct command *command;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b rw iommu=pt\n");
	propose(&proposal, &loader_uki_mkinitcpio, machine, "iommu=pt a=1", "");
	assert_string_equal(proposal.changeset.files[0].path, "/etc/cmdline.d/vfioconf.conf");
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after), "\na=1\n"));
	assert_int_equal(proposal.added.count, 1);
	command = &proposal.changeset.commands[0];
	assert_string_equal(command->artefacts.items[0], "/efi/EFI/Linux/arch-linux.efi");
	assert_int_equal(command->expectations[1].kind, EXPECT_SECTION);
	assert_string_equal(command->expectations[1].keys.items[0], ".cmdline");
	assert_true(strlist_has(&command->expectations[1].present, "a=1"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_uki_mkinitcpio, machine, "iommu=pt a=1");
	machine_close(machine);
}

/* mkinitcpio reads *.conf alone there, and passes over lines that begin with '#', in /etc/kernel/cmdline too. */
static void only_what_mkinitcpio_reads_counts(void **state)
{
	struct machine *machine = machine_of(MKINITCPIO);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "# iommu=off was for the old board\nroot=UUID=0a1b rw c=3\n");
	machine_write(machine, "/etc/cmdline.d/iommu.conf", "# a=1\nb=2\n");
	machine_write(machine, "/etc/cmdline.d/iommu.conf.bak", "iommu=off a=1\n");
	machine_write(machine, "/etc/cmdline.d/vfio.disabled", "a=1\n");
	propose(&proposal, &loader_uki_mkinitcpio, machine, "a=1 b=2 c=3", "");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after), "\na=1\n"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_uki_mkinitcpio, machine, "a=1 b=2");
	/* what stands in a comment stays, what counts is set aside */
	machine_write(machine, KERNEL_CMDLINE, "# iommu=off\nroot=UUID=0a1b rw iommu=off\n");
	propose_aside(&proposal, &loader_uki_mkinitcpio, machine, "a=1", "", "iommu=off");
	assert_int_equal(proposal.findings.count, 0);
	assert_string_equal(text_string(&changeset_find(&proposal.changeset, KERNEL_CMDLINE)->after),
			    "# iommu=off\nroot=UUID=0a1b rw vfioconf.aside=iommu=off\n");
	assert_null(changeset_find(&proposal.changeset, "/etc/cmdline.d/iommu.conf.bak"));
	proposal_done(&proposal);
	machine_close(machine);
}

/* A drop-in alone would be all that mkinitcpio reads: root= would be gone. */
static void without_any_words_of_the_users_the_running_ones_come_first(void **state)
{
	struct machine *machine = machine_of(MKINITCPIO);
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_uki_mkinitcpio, machine, "a=1", "");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_string_equal(proposal.changeset.files[0].path, KERNEL_CMDLINE);
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b rw quiet\na=1\n");
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_uki_mkinitcpio, machine, "a=1");
	machine_close(machine);
}

static void kernel_install_makes_only_the_images_of_kernels_that_are_there(void **state)
{
	struct machine *machine = machine_of(KERNEL_INSTALL);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b rw\n");
	propose(&proposal, &loader_uki_kernel_install, machine, "a=1", "");
	assert_int_equal(proposal.changeset.command_count, 1);
	assert_string_equal(proposal.changeset.commands[0].argv.items[2], V);
	assert_string_equal(proposal.changeset.commands[0].artefacts.items[0], "/boot/efi/EFI/Linux/0a1b-" V ".efi");
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_uki_kernel_install, machine, "a=1");
	machine_close(machine);
}

static void put_image(struct machine *machine, const char *path, const char *cmdline)
{
	cleanup_text struct text image = { 0 };

	peimage(&image, cmdline);
	machine_write_n(machine, path, text_string(&image), image.length);
}

static size_t commands_with_image(struct machine *machine, const char *cmdline, const char *ours)
{
	struct proposal proposal;
	size_t count;

	put_image(machine, "/boot/efi/EFI/Linux/0a1b-" V ".efi", cmdline);
	propose(&proposal, &loader_uki_kernel_install, machine, "a=1", ours);
	count = proposal.changeset.command_count;
	proposal_done(&proposal);
	return count;
}

/* The settings are right already: an interrupted run, or a hand that edited them, left the image behind. */
static void an_image_that_does_not_say_what_the_settings_say_is_made_anew(void **state)
{
	struct machine *machine = machine_of(KERNEL_INSTALL);

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b rw a=1\n");
	assert_int_equal(commands_with_image(machine, "root=UUID=0a1b rw", ""), 1);
	assert_int_equal(commands_with_image(machine, "root=UUID=0a1b rw a=1", ""), 0);
	assert_int_equal(commands_with_image(machine, "root=UUID=0a1b rw a=1 b=2", "a=1 b=2"), 1);
	machine_close(machine);
}

/* A second device: the words stay, what vfio-pci is told in the initramfs does not, and that is in the image. */
static void an_image_is_made_anew_after_the_initramfs_in_it(void **state)
{
	struct machine *machine = machine_of(KERNEL_INSTALL);
	struct proposal proposal;
	const struct command *command;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b rw a=1\n");
	machine_write(machine, "/boot/initrd.img-" V, "image");
	propose_after_image(&proposal, &loader_uki_kernel_install, machine, "a=1", "/boot/initrd.img-" V);
	assert_int_equal(proposal.changeset.command_count, 2);
	command = &proposal.changeset.commands[1];
	assert_string_equal(command->argv.items[0], "kernel-install");
	assert_string_equal(command->argv.items[4], "/boot/initrd.img-" V);
	/* and what is then in it is that very one */
	assert_int_equal(command->expectation_count, 3);
	assert_int_equal(command->expectations[2].kind, EXPECT_COPY);
	assert_string_equal(command->expectations[2].path, "/boot/efi/EFI/Linux/0a1b-" V ".efi");
	assert_string_equal(command->expectations[2].keys.items[0], "/boot/initrd.img-" V);
	assert_string_equal(command->expectations[2].keys.items[1], ".initrd");
	proposal_done(&proposal);
	machine_close(machine);
}

/* Proposes for dracut: its setting adds WORDS. */
static void dracut_adds(struct machine *machine, const char *wanted, const char *ours, const char *words)
{
	cleanup_text struct text line = { 0 };
	struct proposal proposal;
	const char *after;

	propose(&proposal, &loader_uki_dracut, machine, wanted, ours);
	text_printf(&line, "\nkernel_cmdline+=\" %s \"\n", words);
	after = text_string(&proposal.changeset.files[0].after);
	if (!strstr(after, text_string(&line)))
		fail_msg("\"%s\" is not added by: %s", words, after);
	proposal_done(&proposal);
}

/* WORDS are ours already, and there is nothing to do. */
static void dracut_lacks_nothing(struct machine *machine, const char *words)
{
	struct proposal proposal;

	propose(&proposal, &loader_uki_dracut, machine, words, words);
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
}

static void dracuts_first_setting_begins_with_the_running_words(void **state)
{
	struct machine *machine = machine_of(DRACUT);
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_uki_dracut, machine, "a=1", "");
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after),
			       "\nkernel_cmdline+=\" root=UUID=0a1b rw quiet a=1 \"\n"));
	assert_string_equal(proposal.changeset.commands[0].argv.items[2], "/efi/EFI/Linux/linux-" V "-0a1b.efi");
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
	/* After the reboot the running kernel has our word, and dracut would take it over. */
	machine_write(machine, "/proc/cmdline", "root=UUID=0a1b rw quiet a=1\n");
	dracut_lacks_nothing(machine, "a=1");
	dracut_adds(machine, "", "a=1", "root=UUID=0a1b rw quiet");
	machine_close(machine);
}

#define SELECTED "/sys/firmware/efi/efivars/LoaderEntrySelected" GUID

/* Later the running words may be those of a live system, or have one that was typed at the menu. */
static void dracuts_setting_keeps_the_words_that_it_began_with(void **state)
{
	struct machine *machine = machine_of(DRACUT);

	(void)state;
	propose_and_apply(&loader_uki_dracut, machine, "a=1");
	machine_write(machine, "/proc/cmdline", "root=live:CDLABEL=x rd.live.image quiet a=1 nomodeset\n");
	dracut_lacks_nothing(machine, "a=1");
	dracut_adds(machine, "a=1 b=2", "a=1", "root=UUID=0a1b rw quiet a=1 b=2");
	dracut_adds(machine, "", "a=1", "root=UUID=0a1b rw quiet");
	machine_close(machine);
}

/* A setting of the user's that came later and says no root= does not make ours lose it. */
static void dracuts_setting_stays_whole_beside_a_later_one_of_the_users(void **state)
{
	struct machine *machine = machine_of(DRACUT);
	struct proposal proposal;

	(void)state;
	propose_and_apply(&loader_uki_dracut, machine, "a=1");
	machine_write(machine, "/etc/dracut.conf.d/mine.conf", "kernel_cmdline+=\" nosmt \"\n");
	propose(&proposal, &loader_uki_dracut, machine, "a=1", "a=1");
	assert_int_equal(proposal.changeset.file_count, 0);
	proposal_done(&proposal);
	dracut_adds(machine, "", "a=1", "root=UUID=0a1b rw quiet");
	machine_write(machine, "/etc/dracut.conf.d/mine.conf", "kernel_cmdline=\"root=UUID=0a1b nosmt\"\n");
	propose(&proposal, &loader_uki_dracut, machine, "", "a=1");
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	proposal_done(&proposal);
	machine_close(machine);
}

/* What was typed at the boot menu is for one boot; what the image says is for all of them. */
static void the_first_setting_begins_with_the_words_of_the_image_that_was_booted(void **state)
{
	struct machine *machine = machine_of(DRACUT);

	(void)state;
	machine_write(machine, "/proc/cmdline", "root=UUID=0a1b rw quiet single vfioconf.bind=no\n");
	dracut_adds(machine, "a=1", "", "root=UUID=0a1b rw quiet single a=1");
	put_image(machine, "/efi/EFI/Linux/u+2-1.efi", "root=UUID=0a1b rw quiet");
	machine_write_n(machine, SELECTED, "\6\0\0\0u\0.\0e\0f\0i\0\0", 15);
	dracut_adds(machine, "a=1", "", "root=UUID=0a1b rw quiet a=1");
	machine_close(machine);
}

static void dracuts_own_setting_is_only_added_to(void **state)
{
	struct machine *machine = machine_of(DRACUT);

	(void)state;
	machine_write(machine, "/etc/dracut.conf.d/cmdline.conf", "kernel_cmdline=\"root=UUID=0a1b ro iommu=pt\"\n");
	dracut_adds(machine, "iommu=pt a=1", "", "a=1");
	proposal_keeps_laws(&loader_uki_dracut, machine, "iommu=pt a=1");
	machine_close(machine);
}

#define OUR_ID "0123456789abcdef0123456789abcdef"
#define OTHER_ID "fedcba9876543210fedcba9876543210"

/* Two systems with the same kernel, and one ESP: the other's is told by the id in its name, or by its root=. */
static void images_of_another_system_are_left_alone(void **state)
{
	static const char *const makers[] = { KERNEL_INSTALL, DRACUT };
	const struct loader *const tools[] = { &loader_uki_kernel_install, &loader_uki_dracut };

	(void)state;
	for (size_t i = 0; i < array_size(makers); i++) {
		struct machine *machine = machine_of(makers[i]);
		struct proposal proposal;

		machine_write(machine, "/etc/machine-id", OUR_ID "\n");
		machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b rw\n");
		machine_remove(machine, "/efi/EFI/Linux/linux-" V "-0a1b.efi");
		machine_remove(machine, "/boot/efi/EFI/Linux/0a1b-" V ".efi");
		machine_write(machine, "/efi/EFI/Linux/linux-" V "-" OTHER_ID ".efi", "image");
		put_image(machine, "/efi/EFI/Linux/other-" V ".efi", "root=UUID=ffff rw");
		put_image(machine, "/efi/EFI/Linux/" OUR_ID "-" V ".efi", "root=UUID=0a1b rw");
		propose(&proposal, tools[i], machine, "a=1", "");
		assert_int_equal(proposal.changeset.command_count, 1);
		assert_string_equal(proposal.changeset.commands[0].artefacts.items[0],
				    "/efi/EFI/Linux/" OUR_ID "-" V ".efi");
		proposal_done(&proposal);
		machine_close(machine);
	}
}

/* Drop-ins come after the one file, in the order of their names; the administrator's hide the vendor's. */
static void the_maker_is_told_by_all_that_it_reads(void **state)
{
	struct machine *machine = machine_of(KERNEL_INSTALL);
	struct machine *gentoo = machine_of(DRACUT);

	(void)state;
	assert_int_equal(uki_way(machine->root), UKI_KERNEL_INSTALL);
	machine_write(machine, "/usr/lib/kernel/install.conf.d/50-layout.conf", "layout=bls\n");
	assert_int_equal(uki_way(machine->root), UKI_ABSENT);
	machine_write(machine, "/run/kernel/install.conf.d/60-layout.conf", "layout=uki\n");
	assert_int_equal(uki_way(machine->root), UKI_KERNEL_INSTALL);
	machine_write(machine, "/etc/kernel/install.conf.d/60-layout.conf", "");
	assert_int_equal(uki_way(machine->root), UKI_ABSENT);
	machine_close(machine);
	machine_remove(gentoo, "/etc/dracut.conf.d/uki.conf");
	assert_int_equal(uki_way(gentoo->root), UKI_ABSENT);
	machine_write(gentoo, "/usr/lib/dracut/dracut.conf.d/10-uki.conf", "uefi=\"yes\"\n");
	assert_int_equal(uki_way(gentoo->root), UKI_DRACUT);
	machine_write(gentoo, "/etc/dracut.conf.d/9-uki.conf", "uefi=\"no\"\n");
	assert_int_equal(uki_way(gentoo->root), UKI_DRACUT);
	machine_write(gentoo, "/etc/dracut.conf.d/10-uki.conf", "");
	assert_int_equal(uki_way(gentoo->root), UKI_ABSENT);
	machine_close(gentoo);
}

static void dracuts_settings_of_the_vendor_count(void **state)
{
	struct machine *machine = machine_of(DRACUT);

	(void)state;
	machine_write(machine, "/usr/lib/dracut/dracut.conf.d/a.conf", "kernel_cmdline=\"root=UUID=0a1b ro a=1\"\n");
	dracut_adds(machine, "a=1 b=2", "", "b=2");
	/* what a later assignment undoes does not count */
	machine_write(machine, "/etc/dracut.conf.d/b.conf", "kernel_cmdline=\"root=UUID=0a1b ro\"\n");
	dracut_adds(machine, "a=1 b=2", "", "a=1 b=2");
	machine_close(machine);
}

static void a_setting_of_dracut_that_would_undo_ours_is_refused(void **state)
{
	struct machine *machine = machine_of(DRACUT);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/dracut.conf.d/z-uki.conf", "# mine\nkernel_cmdline=\"root=UUID=0a1b ro b=2\"\n");
	propose(&proposal, &loader_uki_dracut, machine, "a=1", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].message, "z-uki.conf, line 2"));
	proposal_done(&proposal);
	propose(&proposal, &loader_uki_dracut, machine, "b=2", "");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_write(machine, "/etc/dracut.conf.d/z-uki.conf", "kernel_cmdline+=\" root=UUID=0a1b ro \"\n");
	propose(&proposal, &loader_uki_dracut, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

/* A preset may give an image a command line of its own: a fallback's stays without ours, another one's is refused. */
static void an_image_of_mkinitcpio_with_a_command_line_of_its_own_is_told(void **state)
{
	struct machine *machine = machine_of(MKINITCPIO);
	struct proposal proposal;
	struct command *command;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b rw\n");
	machine_write(machine, "/efi/EFI/Linux/rescue.efi", "image");
	machine_write(machine, "/etc/mkinitcpio.d/linux.preset",
		      "PRESETS=('default' 'fallback')\ndefault_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n"
		      "fallback_uki=\"/efi/EFI/Linux/rescue.efi\"\n"
		      "fallback_options=\"-S autodetect --cmdline /etc/kernel/cmdline_fallback\"\n");
	propose(&proposal, &loader_uki_mkinitcpio, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	command = &proposal.changeset.commands[0];
	assert_int_equal(command->artefacts.count, 2);
	assert_int_equal(command->expectation_count, 3);
	assert_int_equal(command->expectations[1].kind, EXPECT_SECTION);
	assert_int_equal(command->expectations[2].kind, EXPECT_FILE);
	proposal_done(&proposal);
	machine_write(machine, "/etc/mkinitcpio.d/linux.preset",
		      "PRESETS=('default')\ndefault_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n"
		      "default_options=(--cmdline=/etc/mine)\n");
	propose(&proposal, &loader_uki_mkinitcpio, machine, "a=1", "");
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_non_null(strstr(proposal.findings.items[0].message, "default_options"));
	proposal_done(&proposal);
	machine_close(machine);
}

/* kernel-install would put an image with tries left beside the one of now, or in its place. */
static void an_image_whose_tries_would_be_counted_is_not_written(void **state)
{
	struct machine *machine = machine_of(KERNEL_INSTALL);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b rw\n");
	machine_write(machine, "/etc/kernel/tries", "3\n");
	propose(&proposal, &loader_uki_kernel_install, machine, "a=1", "");
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_non_null(strstr(proposal.findings.items[0].message, "0a1b-" V "+3.efi"));
	assert_int_equal(proposal.changeset.command_count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void the_kernel_of_an_image_is_told_by_its_whole_name(void **state)
{
	static const struct {
		const char *image, *release;
	} cases[] = {
		{ "/efi/EFI/Linux/0a1b-6.12.1.efi", "6.12.1" },
		{ "/efi/EFI/Linux/0a1b-6.12.1+3.efi", "6.12.1" },
		{ "/efi/EFI/Linux/0a1b-6.12.10.efi", NULL },
		{ "/efi/EFI/Linux/0a1b-6.12.1.2.efi", NULL },
		{ "/efi/EFI/Linux/linux-6.12.1-rt-0a1b.efi", "6.12.1-rt" },
		{ "/efi/EFI/Linux/6.12.1-0a1b.efi", "6.12.1" },
		{ "/efi/6.12.1/other.efi", NULL },
	};
	struct strlist kernels = { 0 };

	(void)state;
	strlist_split(&kernels, "6.12.1 6.12.1-rt", " ");
	for (size_t i = 0; i < array_size(cases); i++) {
		const char *release = uki_release(cases[i].image, &kernels);

		if (!release || !cases[i].release)
			assert_ptr_equal(release, cases[i].release);
		else
			assert_string_equal(release, cases[i].release);
	}
	strlist_done(&kernels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_of_an_image_is_told_by_its_whole_name),
		cmocka_unit_test(the_maker_of_the_image_is_told),
		cmocka_unit_test(mkinitcpio_gets_a_drop_in_beside_the_users_words),
		cmocka_unit_test(only_what_mkinitcpio_reads_counts),
		cmocka_unit_test(without_any_words_of_the_users_the_running_ones_come_first),
		cmocka_unit_test(kernel_install_makes_only_the_images_of_kernels_that_are_there),
		cmocka_unit_test(an_image_that_does_not_say_what_the_settings_say_is_made_anew),
		cmocka_unit_test(an_image_is_made_anew_after_the_initramfs_in_it),
		cmocka_unit_test(dracuts_first_setting_begins_with_the_running_words),
		cmocka_unit_test(dracuts_setting_keeps_the_words_that_it_began_with),
		cmocka_unit_test(dracuts_setting_stays_whole_beside_a_later_one_of_the_users),
		cmocka_unit_test(the_first_setting_begins_with_the_words_of_the_image_that_was_booted),
		cmocka_unit_test(dracuts_own_setting_is_only_added_to),
		cmocka_unit_test(the_maker_is_told_by_all_that_it_reads),
		cmocka_unit_test(dracuts_settings_of_the_vendor_count),
		cmocka_unit_test(a_setting_of_dracut_that_would_undo_ours_is_refused),
		cmocka_unit_test(an_image_of_mkinitcpio_with_a_command_line_of_its_own_is_told),
		cmocka_unit_test(images_of_another_system_are_left_alone),
		cmocka_unit_test(an_image_whose_tries_would_be_counted_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
