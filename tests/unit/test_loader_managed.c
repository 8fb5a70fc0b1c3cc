/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "support/machine.h"
#include "support/pieces.h"
#include "support/proposal.h"

static const char cachyos[] = "machine 1\n" SYSTEMD_BOOT RUNNING("root=UUID=0a1b rw quiet")
	PROGRAM("/usr/bin/sdboot-manage")
	"file /etc/sdboot-manage.conf\n\t|LINUX_OPTIONS=\"quiet splash\"\n\t|#LINUX_FALLBACK_OPTIONS=\"quiet\"\n"
	"file /boot/loader/entries/linux-cachyos.conf\n"
	"\t|title Linux\n\t|linux /vmlinuz-linux-cachyos\n\t|options root=UUID=0a1b rw quiet splash\n"
	"file /boot/loader/entries/linux-cachyos-fallback.conf\n"
	"\t|title Linux\n\t|linux /vmlinuz-linux-cachyos\n\t|options root=UUID=0a1b rw\n";

static const char tumbleweed[] = "machine 1\n" GRUB RUNNING("root=UUID=0a1b quiet")
	PROGRAM("/usr/bin/sdbootutil") PROGRAM("/usr/sbin/grub2-mkconfig")
	"file /boot/grub2/grub.cfg\n\t|# old\nfile /etc/default/grub\n\t|GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
	"file /etc/kernel/cmdline\n\t|root=UUID=0a1b quiet\n"
	ENTRY("/boot/efi/loader/entries/opensuse-tumbleweed-6.13.conf", "root=UUID=0a1b quiet");

static const char solus[] = "machine 1\n" SYSTEMD_BOOT RUNNING("root=PARTUUID=0a1b quiet")
	PROGRAM("/usr/bin/clr-boot-manager")
	"file /etc/kernel/cmdline.d/10_mine.conf\n\t|# mine\n\t|quiet splash\n"
	ENTRY("/boot/loader/entries/Solus-current-6.9.conf", "root=PARTUUID=0a1b quiet splash");

static const char popos[] = "machine 1\n" SYSTEMD_BOOT RUNNING("root=UUID=0a1b ro quiet")
	PROGRAM("/usr/bin/kernelstub")
	"file /etc/kernelstub/configuration\n\t|{ \"user\": { \"kernel_options\": [ \"quiet\" ] } }\n"
	ENTRY("/boot/efi/loader/entries/Pop_OS-current.conf", "root=UUID=0a1b ro quiet iommu=pt")
	ENTRY("/boot/efi/loader/entries/Pop_OS-oldkern.conf", "root=UUID=0a1b ro quiet");

static const char cachyos_limine[] = "machine 1\n" LIMINE RUNNING("root=UUID=0a1b rw quiet")
	PROGRAM("/usr/bin/limine-update")
	"file /boot/limine.conf\n\t|/Linux\n\t|    path: boot():/vmlinuz\n\t|    cmdline: root=UUID=0a1b rw quiet\n";

static const char alpine[] = "machine 1\n" RUNNING("BOOT_IMAGE=vmlinuz-lts root=UUID=0a1b quiet")
	PROGRAM("/sbin/update-extlinux")
	"file /etc/update-extlinux.conf\n\t|overwrite=1\n\t|default_kernel_opts=\"quiet rootfstype=ext4\"\n\t|modules=ext4\n"
	"file /boot/extlinux.conf\n\t|LABEL lts\n\t|  LINUX vmlinuz-lts\n\t|  APPEND root=UUID=0a1b modules=ext4 quiet rootfstype=ext4\n";

static const char debian_arm[] = "machine 1\n" RUNNING("root=UUID=0a1b ro quiet")
	"file /usr/sbin/u-boot-update 0755\n\t|for file in /etc/u-boot-menu/conf.d/*.conf\n"
	"file /etc/default/u-boot\n\t|#U_BOOT_PARAMETERS=\"ro quiet\"\n"
	"file /boot/extlinux/extlinux.conf\n\t|# u-boot-update\n\t|label l0\n\t|\tappend root=UUID=0a1b ro quiet\n";

static const char silverblue[] = "machine 1\n" RUNNING("BOOT_IMAGE=(hd0,gpt2)/ostree/x/vmlinuz root=UUID=0a1b rhgb")
	"file /run/ostree-booted\n\t|\n" PROGRAM("/usr/bin/rpm-ostree") PROGRAM("/usr/sbin/grub2-mkconfig")
	"file /boot/grub2/grub.cfg\n\t|insmod blscfg\n\t|blscfg\n"
	ENTRY("/boot/loader/entries/ostree-1.conf", "root=UUID=0a1b rhgb iommu=pt")
	ENTRY("/boot/loader/entries/ostree-2.conf", "root=UUID=0a1b rhgb");

static void each_tool_is_told_by_its_traces(void **state)
{
	(void)state;
	loader_of_text_is(cachyos, &loader_sdboot_manage);
	loader_of_text_is(tumbleweed, &loader_sdbootutil);
	loader_of_text_is(solus, &loader_clr_boot_manager);
	loader_of_text_is(popos, &loader_kernelstub);
	loader_of_text_is(cachyos_limine, &loader_limine_entry_tool);
	loader_of_text_is(alpine, &loader_update_extlinux);
	loader_of_text_is(debian_arm, &loader_u_boot_menu);
	loader_of_text_is(silverblue, &loader_rpm_ostree);
}

/* The first file change holds TEXT, the only command is ARGV, and the laws hold. */
static void changes(const char *machine_text, const struct loader *loader, const char *words, const char *path,
		    const char *text, const char *argv)
{
	struct machine *machine = machine_open_text(machine_text);
	struct proposal proposal;
	const struct file_change *change;
	char *joined;

	propose(&proposal, loader, machine, words, "");
	change = changeset_find(&proposal.changeset, path);
	if (!change || !strstr(text_string(&change->after), text))
		fail_msg("%s: <%s> is not in <%s>", loader->name, text, change ? text_string(&change->after) : "nothing");
	assert_int_equal(proposal.changeset.command_count, 1);
	joined = strlist_join(&proposal.changeset.commands[0].argv, " ");
	assert_string_equal(joined, argv);
	free(joined);
	proposal_done(&proposal);
	proposal_keeps_laws(loader, machine, words);
	machine_close(machine);
}

static void settings_are_changed_and_the_tool_is_run(void **state)
{
	(void)state;
	changes(cachyos, &loader_sdboot_manage, "a=1 quiet", "/etc/sdboot-manage.conf", "LINUX_OPTIONS=\"quiet splash a=1\"\n",
		"sdboot-manage gen");
	changes(tumbleweed, &loader_sdbootutil, "a=1 quiet", "/etc/kernel/cmdline.d/vfioconf.conf", "\na=1\n",
		"sdbootutil update-all-entries");
	changes(solus, &loader_clr_boot_manager, "a=1 splash", "/etc/kernel/cmdline.d/vfioconf.conf", "\na=1\n",
		"clr-boot-manager update");
	changes(alpine, &loader_update_extlinux, "a=1", "/etc/update-extlinux.conf",
		"default_kernel_opts=\"quiet rootfstype=ext4 a=1\"\n", "update-extlinux");
	changes("machine 1\n" PROXMOX RUNNING("root=ZFS=rpool"), &loader_proxmox, "a=1", KERNEL_CMDLINE,
		"root=ZFS=rpool/ROOT/pve-1 boot=zfs a=1\n", "proxmox-boot-tool refresh");
}

static void entries_are_looked_at_afterwards(void **state)
{
	struct machine *machine = machine_open_text(cachyos);
	struct proposal proposal;
	struct command *command;

	(void)state;
	propose(&proposal, &loader_sdboot_manage, machine, "a=1", "");
	command = &proposal.changeset.commands[0];
	assert_int_equal(command->expectation_count, 1);
	assert_string_equal(command->expectations[0].path, "/boot/loader/entries/linux-cachyos.conf");
	assert_true(strlist_has(&command->expectations[0].present, "a=1"));
	assert_int_equal(command->artefacts.count, 2);
	proposal_done(&proposal);
	propose(&proposal, &loader_sdboot_manage, machine, "", "quiet");
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[0].absent, "quiet"));
	proposal_done(&proposal);
	machine_close(machine);
}

static void alpine_without_overwrite_is_told(void **state)
{
	struct machine *machine = machine_open_text(alpine);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/update-extlinux.conf", "overwrite=0\ndefault_kernel_opts=quiet\n");
	propose(&proposal, &loader_update_extlinux, machine, "a=1", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_LOADER_MANUAL);
	proposal_done(&proposal);
	machine_close(machine);
}

static void u_boot_menus_default_is_written_out_and_a_setting_is_taken_up(void **state)
{
	struct machine *machine = machine_open_text(debian_arm);
	struct proposal proposal;

	(void)state;
	changes(debian_arm, &loader_u_boot_menu, "a=1 quiet", "/etc/u-boot-menu/conf.d/zz-vfioconf.conf",
		"\nU_BOOT_PARAMETERS=\"ro quiet a=1\"\n", "u-boot-update");
	machine_write(machine, "/etc/default/u-boot", "U_BOOT_PARAMETERS=\"ro a=1\"\n");
	propose(&proposal, &loader_u_boot_menu, machine, "a=1 b=2", "");
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after),
			       "\nU_BOOT_PARAMETERS=\"$U_BOOT_PARAMETERS b=2\"\n"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_u_boot_menu, machine, "a=1 b=2");
	/* With neither, /etc/kernel/cmdline is what counts. */
	machine_write(machine, "/etc/default/u-boot", "");
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b ro\n");
	propose(&proposal, &loader_u_boot_menu, machine, "a=1", "");
	assert_string_equal(proposal.changeset.files[0].path, KERNEL_CMDLINE);
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_u_boot_menu, machine, "a=1");
	machine_close(machine);
}

/* The drop-in of ours on a board whose /etc/default/u-boot says SETTINGS. */
static void u_boot_drop_in_is(struct machine *machine, const char *settings, const char *line)
{
	struct proposal proposal;

	machine_write(machine, "/etc/default/u-boot", settings);
	propose(&proposal, &loader_u_boot_menu, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_string_equal(proposal.changeset.files[0].path, "/etc/u-boot-menu/conf.d/zz-vfioconf.conf");
	if (!strstr(text_string(&proposal.changeset.files[0].after), line))
		fail_msg("<%s> is not in <%s>", line, text_string(&proposal.changeset.files[0].after));
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[0].present, "a=1"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_u_boot_menu, machine, "a=1");
}

static void what_u_boot_menus_files_set_is_kept_even_where_it_is_not_known(void **state)
{
	struct machine *machine = machine_open_text(debian_arm);
	struct proposal proposal;

	(void)state;
	u_boot_drop_in_is(machine, "CONSOLE=ttyAMA0\nU_BOOT_PARAMETERS=\"ro console=$CONSOLE\"\n",
			  "\nU_BOOT_PARAMETERS=\"${U_BOOT_PARAMETERS:-ro quiet} a=1\"\n");
	u_boot_drop_in_is(machine, "U_BOOT_PARAMETERS=\"ro a=1\"\nU_BOOT_PARAMETERS=\"$U_BOOT_PARAMETERS b=2\"\n",
			  "\nU_BOOT_PARAMETERS=\"${U_BOOT_PARAMETERS:-ro quiet} a=1\"\n");
	/* A file that comes later says it plainly. */
	machine_write(machine, "/etc/u-boot-menu/conf.d/mine.conf", "U_BOOT_PARAMETERS=\"ro splash\"\n");
	u_boot_drop_in_is(machine, "U_BOOT_PARAMETERS=\"ro $CONSOLE\"\n",
			  "\nU_BOOT_PARAMETERS=\"$U_BOOT_PARAMETERS a=1\"\n");
	machine_remove(machine, "/etc/u-boot-menu/conf.d/mine.conf");
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b ro\n");
	u_boot_drop_in_is(machine, "U_BOOT_PARAMETERS=\"$(cat /etc/kernel/cmdline) console=tty0\"\n",
			  "\nU_BOOT_PARAMETERS=\"${U_BOOT_PARAMETERS:-$(cat /etc/kernel/cmdline)} a=1\"\n");
	/* What is not known may hold a word that was ours as well. */
	propose(&proposal, &loader_u_boot_menu, machine, "a=1", "console=tty0");
	assert_int_equal(proposal.changeset.commands[0].expectations[0].absent.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void what_keeps_u_boot_update_from_our_words_is_told(void **state)
{
	static const struct {
		const char *path, *content, *message;
	} cases[] = {
		{ "zzz.conf", "U_BOOT_PARAMETERS=\"ro\"\n", "zzz.conf, line 1: this file is read after that of vfioconf" },
		{ "zzz.conf", "U_BOOT_PARAMETERS=\"$X\"\n", "zzz.conf, line 1: another variable is substituted" },
		{ "zzz.conf", "U_BOOT_PARAMETERS=\"$U_BOOT_PARAMETERS b=2\"\n", NULL },
		{ "a.conf", "U_BOOT_UPDATE=\"false\"\n", "conf.d/a.conf says U_BOOT_UPDATE, but not \"true\"" },
		{ "a.conf", "U_BOOT_UPDATE=true\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		struct machine *machine = machine_open_text(debian_arm);
		cleanup_text struct text path = { 0 };
		struct proposal proposal;

		text_printf(&path, "/etc/u-boot-menu/conf.d/%s", cases[i].path);
		machine_write(machine, text_string(&path), cases[i].content);
		propose(&proposal, &loader_u_boot_menu, machine, "a=1", "");
		assert_int_equal(changeset_empty(&proposal.changeset), cases[i].message != NULL);
		if (cases[i].message && !strstr(proposal.findings.items[0].message, cases[i].message))
			fail_msg("%s", proposal.findings.items[0].message);
		proposal_done(&proposal);
		machine_close(machine);
	}
}

static void limine_entry_tool_never_gets_our_words_alone(void **state)
{
	struct machine *machine = machine_open_text(cachyos_limine);
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_limine_entry_tool, machine, "a=1", "");
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b rw quiet\na=1\n");
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[0].keys, "cmdline:"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_limine_entry_tool, machine, "a=1");
	machine_write(machine, "/etc/default/limine", "KERNEL_CMDLINE[default]+=\"root=UUID=0a1b rw iommu=pt\"\n");
	propose(&proposal, &loader_limine_entry_tool, machine, "a=1 iommu=pt", "");
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after), "\nKERNEL_CMDLINE[default]+=\" a=1 \"\n"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_limine_entry_tool, machine, "a=1 iommu=pt");
	machine_close(machine);
}

#define LIMINE_DROPIN "/etc/limine-entry-tool.d/zz-vfioconf.conf"

/* With CONTENT as the settings file PATH, what becomes of CHANGED holds LINE; the laws hold. */
static void limine_entry_tool_gets(const char *path, const char *content, const char *changed, const char *line)
{
	struct machine *machine = machine_open_text(cachyos_limine);
	const struct file_change *change;
	struct proposal proposal;

	machine_write(machine, path, content);
	propose(&proposal, &loader_limine_entry_tool, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	assert_int_equal(proposal.changeset.file_count, 1);
	change = changeset_find(&proposal.changeset, changed);
	if (!change || !strstr(text_string(&change->after), line))
		fail_msg("<%s> is not in <%s>", line, change ? text_string(&change->after) : proposal.changeset.files[0].path);
	assert_int_equal(proposal.changeset.command_count, 1);
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_limine_entry_tool, machine, "a=1");
	machine_close(machine);
}

static void limine_entry_tools_files_are_read_in_their_order(void **state)
{
	(void)state;
	limine_entry_tool_gets("/etc/limine-entry-tool.conf", "KERNEL_CMDLINE[default]=\"root=UUID=0a1b rw\"\n", LIMINE_DROPIN,
			       "\nKERNEL_CMDLINE[default]+=\" a=1 \"\n");
	limine_entry_tool_gets("/usr/share/limine-entry-tool.d/x.conf", "KERNEL_CMDLINE[default] = \"root=UUID=0a1b rw\"\n",
			       LIMINE_DROPIN, "\nKERNEL_CMDLINE[default]+=\" a=1 \"\n");
	/* What says the words whole after our file takes them itself, in the last line of the key. */
	limine_entry_tool_gets("/etc/default/limine", "KERNEL_CMDLINE[default]=\"root=UUID=0a1b rw\"\nX=1\n",
			       "/etc/default/limine", "KERNEL_CMDLINE[default]=\"root=UUID=0a1b rw a=1\"\nX=1\n");
	limine_entry_tool_gets("/etc/default/limine",
			       "KERNEL_CMDLINE[default]=\"root=UUID=0a1b\"\r\nKERNEL_CMDLINE[default]+=\" b=2\" # \r\n"
			       "KERNEL_CMDLINE[fallback]=\"root=UUID=0a1b\"\r\n",
			       "/etc/default/limine",
			       "KERNEL_CMDLINE[default]=\"root=UUID=0a1b\"\r\nKERNEL_CMDLINE[default]+=\" b=2 a=1\" # \r\n"
			       "KERNEL_CMDLINE[fallback]=\"root=UUID=0a1b\"\r\n");
	/* A kernel with words of its own does not get the default's. */
	limine_entry_tool_gets("/etc/default/limine", "KERNEL_CMDLINE[\"linux-lts\"]+=\"root=UUID=0a1b rw\"\n", LIMINE_DROPIN,
			       "\nKERNEL_CMDLINE[\"linux-lts\"]+=\" a=1 \"\n");
	limine_entry_tool_gets("/etc/default/limine",
			       "KERNEL_CMDLINE[default]=\"root=UUID=0a1b a=1\"\nKERNEL_CMDLINE[\"linux-lts\"]=\"root=UUID=0a1b\"\n",
			       "/etc/default/limine",
			       "root=UUID=0a1b a=1 a=1\"\nKERNEL_CMDLINE[\"linux-lts\"]=\"root=UUID=0a1b a=1\"\n");
	/* A key without a word is none. */
	limine_entry_tool_gets("/etc/default/limine", "KERNEL_CMDLINE[default]=\"\"\n", KERNEL_CMDLINE, "root=UUID=0a1b rw quiet");
}

static void limine_entry_tool_refuses(const char *path, const char *content, enum finding_code code, const char *message)
{
	struct machine *machine = machine_open_text(cachyos_limine);
	struct proposal proposal;

	machine_write(machine, path, content);
	propose(&proposal, &loader_limine_entry_tool, machine, "a=1", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, code);
	if (!strstr(proposal.findings.items[0].message, message))
		fail_msg("%s", proposal.findings.items[0].message);
	proposal_done(&proposal);
	machine_close(machine);
}

static void limine_entry_tools_settings_that_cannot_be_added_to_are_refused(void **state)
{
	struct machine *machine = machine_open_text(cachyos_limine);
	struct proposal proposal;

	(void)state;
	limine_entry_tool_refuses("/etc/default/limine", "X=1\nKERNEL_CMDLINE[default]=quiet\n", FINDING_SYNTAX_NOT_UNDERSTOOD,
				  "/etc/default/limine, line 2: an assignment in a form");
	limine_entry_tool_refuses("/etc/limine-entry-tool.d/zzz.conf", "KERNEL_CMDLINE[default]=\"root=UUID=0a1b\"\n",
				  FINDING_SYNTAX_NOT_UNDERSTOOD, "this file comes after that of vfioconf");
	limine_entry_tool_refuses("/etc/default/limine", "KERNEL_CMDLINE[default]=\"root=UUID=0a1b\"\nENABLE_UKI=\"yes\"\n",
				  FINDING_LOADER_MANUAL, "unified kernel images");
	/* A file of ours that is left alone would put /etc/kernel/cmdline out of force, root= and all. */
	machine_write(machine, LIMINE_DROPIN, "# Written by vfioconf\nKERNEL_CMDLINE[default]+=\" a=1 \"\n");
	propose(&proposal, &loader_limine_entry_tool, machine, "a=1", "a=1");
	assert_int_equal(changeset_find(&proposal.changeset, LIMINE_DROPIN)->kind, CHANGE_DELETE);
	assert_non_null(changeset_find(&proposal.changeset, KERNEL_CMDLINE));
	proposal_done(&proposal);
	machine_close(machine);
}

/* Whether each entry of the menu that LOADER has written must have the words. */
static bool each_entry_counts(struct machine *machine, const struct loader *loader)
{
	struct proposal proposal;
	bool each;

	propose(&proposal, loader, machine, "a=1", "");
	each = proposal.changeset.commands[0].expectations[0].others.count > 0;
	proposal_done(&proposal);
	return each;
}

static void a_menu_that_is_written_whole_is_looked_into_as_a_whole(void **state)
{
	struct machine *machine = machine_open_text(alpine);
	struct machine *debian = machine_open("debian-u-boot-menu");

	(void)state;
	assert_true(each_entry_counts(debian, &loader_u_boot_menu));
	assert_true(each_entry_counts(machine, &loader_update_extlinux));
	/* Entries by hand are among them, and need not have any. */
	machine_write(machine, "/etc/update-extlinux.d/windows", "LABEL windows\n  APPEND hd0 1\n");
	assert_false(each_entry_counts(machine, &loader_update_extlinux));
	machine_close(machine);
	machine_close(debian);
}

static void kernelstub_is_told_what_is_missing_and_what_goes(void **state)
{
	struct machine *machine = machine_open_text(popos);
	struct proposal proposal;
	char *joined;

	(void)state;
	propose(&proposal, &loader_kernelstub, machine, "iommu=pt a=1 b=2", "");
	assert_int_equal(proposal.changeset.command_count, 1);
	joined = strlist_join(&proposal.changeset.commands[0].argv, "|");
	assert_string_equal(joined, "kernelstub|-a|a=1 b=2");
	free(joined);
	joined = strlist_join(&proposal.changeset.commands[0].undo, "|");
	assert_string_equal(joined, "kernelstub|-d|a=1 b=2");
	free(joined);
	assert_string_equal(proposal.changeset.commands[0].expectations[0].path, "/boot/efi/loader/entries/Pop_OS-current.conf");
	proposal_done(&proposal);
	propose(&proposal, &loader_kernelstub, machine, "", "iommu=pt gone=1");
	joined = strlist_join(&proposal.changeset.commands[0].argv, "|");
	assert_string_equal(joined, "kernelstub|-d|iommu=pt");
	free(joined);
	proposal_done(&proposal);
	propose(&proposal, &loader_kernelstub, machine, "iommu=pt", "");
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
	machine_close(machine);
}

static void rpm_ostree_makes_one_deployment_of_it_all(void **state)
{
	struct machine *machine = machine_open_text(silverblue);
	struct proposal proposal;
	char *joined;

	(void)state;
	propose(&proposal, &loader_rpm_ostree, machine, "iommu=pt rhgb", "root=UUID=0a1b");
	joined = strlist_join(&proposal.changeset.commands[0].argv, " ");
	assert_string_equal(joined, "rpm-ostree kargs --append-if-missing=iommu=pt --delete-if-present=root=UUID=0a1b");
	free(joined);
	joined = strlist_join(&proposal.changeset.commands[0].undo, " ");
	assert_string_equal(joined, "rpm-ostree kargs --delete-if-present=iommu=pt --append-if-missing=root=UUID=0a1b");
	free(joined);
	assert_int_equal(proposal.added.count, 1);
	proposal_done(&proposal);
	machine_close(machine);
}

/* It joins *.conf of the vendor, /etc/kernel/cmdline and *.conf of the administrator, who masks the first by name. */
static void only_what_clr_boot_manager_reads_counts(void **state)
{
	struct machine *machine = machine_open_text(solus);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "# mine\niommu=off\n");
	machine_write(machine, "/usr/share/kernel/cmdline.d/a.conf", "a=1\n");
	machine_write(machine, "/usr/share/kernel/cmdline.d/b.conf", "b=2\n");
	machine_write(machine, "/etc/kernel/cmdline.d/b.conf", "");
	machine_write(machine, "/etc/kernel/cmdline.d/c.conf.old", "c=3\n");
	propose_aside(&proposal, &loader_clr_boot_manager, machine, "a=1 b=2 c=3", "", "iommu=off");
	assert_int_equal(proposal.findings.count, 0);
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after), "\nb=2 c=3\n"));
	assert_string_equal(text_string(&changeset_find(&proposal.changeset, KERNEL_CMDLINE)->after),
			    "# mine\nvfioconf.aside=iommu=off\n");
	proposal_done(&proposal);
	machine_close(machine);
}

/* Until the reboot the entries have none of the words that a staged deployment will have. */
static void rpm_ostree_takes_back_what_waits_for_the_reboot(void **state)
{
	struct machine *machine = machine_open_text(silverblue);
	struct proposal proposal;
	char *joined;

	(void)state;
	propose(&proposal, &loader_rpm_ostree, machine, "", "a=1");
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
	machine_write(machine, "/run/ostree/staged-deployment", "");
	propose(&proposal, &loader_rpm_ostree, machine, "", "a=1");
	joined = strlist_join(&proposal.changeset.commands[0].argv, " ");
	assert_string_equal(joined, "rpm-ostree kargs --delete-if-present=a=1");
	free(joined);
	proposal_done(&proposal);
	propose(&proposal, &loader_rpm_ostree, machine, "a=1", "a=1");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.added.count, 1);
	proposal_done(&proposal);
	machine_close(machine);
}

static const char snapshots[] = "machine 1\n" SYSTEMD_BOOT
	RUNNING("root=UUID=0a1b rootflags=subvol=@/.snapshots/3/snapshot quiet")
	PROGRAM("/usr/bin/sdbootutil") "file /etc/kernel/cmdline\n\t|root=UUID=0a1b quiet\n"
	ENTRY("/boot/efi/loader/entries/opensuse-6.13-2.conf", "root=UUID=0a1b rootflags=subvol=@/.snapshots/2/snapshot quiet")
	ENTRY("/boot/efi/loader/entries/opensuse-6.13-3.conf", "root=UUID=0a1b rootflags=subvol=@/.snapshots/3/snapshot quiet");

/* sdbootutil writes those of the snapshot that runs. */
static void entries_of_other_snapshots_are_not_looked_at(void **state)
{
	struct machine *machine = machine_open_text(snapshots);
	struct proposal proposal;
	struct command *command;

	(void)state;
	propose(&proposal, &loader_sdbootutil, machine, "a=1", "");
	command = &proposal.changeset.commands[0];
	assert_int_equal(command->expectation_count, 1);
	assert_string_equal(command->expectations[0].path, "/boot/efi/loader/entries/opensuse-6.13-3.conf");
	assert_int_equal(command->artefacts.count, 2);
	proposal_done(&proposal);
	machine_close(machine);
}

static void tells(const char *machine_text, const struct loader *loader, const char *what)
{
	struct machine *machine = machine_open_text(machine_text);
	struct proposal proposal;

	assert_false(loader->applies);
	propose(&proposal, loader, machine, "iommu=pt a=1", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.added.count, 0);
	assert_int_equal(proposal.findings.items[0].code, FINDING_LOADER_MANUAL);
	if (!text_ends_with(proposal.findings.items[0].paste, what))
		fail_msg("<%s> does not end with <%s>", proposal.findings.items[0].paste, what);
	assert_non_null(strstr(proposal.findings.items[0].remedy, "reboot"));
	proposal_done(&proposal);
	machine_write(machine, "/proc/cmdline", "root=x iommu=pt a=1\n");
	propose(&proposal, loader, machine, "iommu=pt a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void shows(const char *machine_text, const struct loader *loader, const char *what)
{
	loader_of_text_is(machine_text, loader);
	tells(machine_text, loader, what);
}

static void what_no_row_fits_is_told_by_the_row_that_is_only_named(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" RUNNING("root=LABEL=x"));
	struct findings findings = { 0 };

	(void)state;
	assert_null(loader_choose(machine->root, NULL, &findings));
	assert_non_null(strstr(findings.items[0].remedy, "If it is none of these, by-hand tells"));
	findings_done(&findings);
	assert_ptr_equal(loader_choose(machine->root, "by-hand", &findings), &loader_by_hand);
	assert_int_equal(findings.count, 0);
	machine_close(machine);
	tells("machine 1\n" RUNNING("root=LABEL=x"), &loader_by_hand, "iommu=pt a=1");
}

static void what_is_not_applied_is_shown_until_the_running_kernel_has_it(void **state)
{
	(void)state;
	shows("machine 1\n" SYSTEMD_BOOT RUNNING("init=/nix/store/x/init root=fstab") "file /etc/NIXOS\n\t|\n"
	      ENTRY("/boot/loader/entries/nixos-generation-3.conf", "init=/nix/store/x/init root=fstab"),
	      &loader_nixos, "boot.kernelParams = [ \"iommu=pt\" \"a=1\" ];");
	shows("machine 1\n" RUNNING("root=UUID=0a1b") "file /run/ostree-booted\n\t|\n" PROGRAM("/usr/bin/bootc"),
	      &loader_bootc, "bootc loader-entries set-options-for-source --source vfioconf --options 'iommu=pt a=1'");
	shows("machine 1\n" RUNNING("root=zfs:zroot/ROOT/void spl.spl_hostid=0x00bab10c quiet"), &loader_zfsbootmenu,
	      "zfs get org.zfsbootmenu:commandline zroot/ROOT/void\n"
	      "zfs set org.zfsbootmenu:commandline='quiet iommu=pt a=1' zroot/ROOT/void");
	shows("machine 1\ndir /sys/firmware/efi\n" RUNNING("root=UUID=0a1b rw initrd=\\initramfs-linux.img"),
	      &loader_efistub, "--unicode 'root=UUID=0a1b rw initrd=\\initramfs-linux.img iommu=pt a=1'");
	/* words of the running kernel are shown as they are, whatever they hold */
	shows("machine 1\ndir /sys/firmware/efi\n" RUNNING("root=UUID=0a1b initrd=\\i.img name=%s.core"),
	      &loader_efistub, "--unicode 'root=UUID=0a1b initrd=\\i.img name=%s.core iommu=pt a=1'");
	/* but that a quote among them does not end the argument that the shell is to make of them */
	shows("machine 1\ndir /sys/firmware/efi\n" RUNNING("root=UUID=0a1b initrd=\\i.img note='it s'"),
	      &loader_efistub, "--unicode 'root=UUID=0a1b initrd=\\i.img note='\\''it s'\\'' iommu=pt a=1'");
}

static void what_is_written_where_nobody_can_look_is_said(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" RUNNING("root=PARTUUID=0a1b quiet")
						    PROGRAM("/usr/bin/clr-boot-manager"));
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_clr_boot_manager, machine, "a=1", "");
	proposal_says_not_proven(&proposal, "of clr-boot-manager only its exit status");
	proposal_done(&proposal);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_tool_is_told_by_its_traces),
		cmocka_unit_test(settings_are_changed_and_the_tool_is_run),
		cmocka_unit_test(entries_are_looked_at_afterwards),
		cmocka_unit_test(alpine_without_overwrite_is_told),
		cmocka_unit_test(u_boot_menus_default_is_written_out_and_a_setting_is_taken_up),
		cmocka_unit_test(what_u_boot_menus_files_set_is_kept_even_where_it_is_not_known),
		cmocka_unit_test(what_keeps_u_boot_update_from_our_words_is_told),
		cmocka_unit_test(limine_entry_tool_never_gets_our_words_alone),
		cmocka_unit_test(limine_entry_tools_files_are_read_in_their_order),
		cmocka_unit_test(limine_entry_tools_settings_that_cannot_be_added_to_are_refused),
		cmocka_unit_test(a_menu_that_is_written_whole_is_looked_into_as_a_whole),
		cmocka_unit_test(kernelstub_is_told_what_is_missing_and_what_goes),
		cmocka_unit_test(rpm_ostree_makes_one_deployment_of_it_all),
		cmocka_unit_test(only_what_clr_boot_manager_reads_counts),
		cmocka_unit_test(rpm_ostree_takes_back_what_waits_for_the_reboot),
		cmocka_unit_test(entries_of_other_snapshots_are_not_looked_at),
		cmocka_unit_test(what_is_written_where_nobody_can_look_is_said),
		cmocka_unit_test(what_no_row_fits_is_told_by_the_row_that_is_only_named),
		cmocka_unit_test(what_is_not_applied_is_shown_until_the_running_kernel_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
