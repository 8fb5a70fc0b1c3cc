/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edit/array.h"
#include "edit/block.h"
#include "initramfs/generators.h"
#include "support/early.h"
#include "support/machine.h"
#include "system/run.h"

#define HOOK "/etc/initcpio/install/vfioconf"
#define DROPIN "/etc/mkinitcpio.conf.d/zz-vfioconf.conf"
#define LINE "MODULES=('vfio-pci?' ${MODULES[@]}); HOOKS=(${HOOKS[@]} vfioconf)"

static const char arch[] =
	"machine 1\n"
	"file /usr/bin/mkinitcpio 0755\n\t|#!/bin/bash\n"
	"file /usr/lib/modules/6.12.1-arch1-1/pkgbase\n\t|linux\n"
	"file /usr/lib/modules/6.12.1-arch1-1/modules.dep\n\t|kernel/drivers/vfio/pci/vfio-pci.ko.zst:\n"
	"file /etc/mkinitcpio.conf\n\t|MODULES=(\n\t|  amdgpu\n\t|  'btrfs'\n\t|)\n\t|HOOKS=(base udev block filesystems)\n"
	"file /etc/mkinitcpio.d/linux.preset\n"
	"\t|ALL_kver=\"/boot/vmlinuz-linux\"\n\t|PRESETS=('default' 'fallback')\n"
	"\t|default_image=\"/boot/initramfs-linux.img\"\n\t|fallback_image=\"/boot/initramfs-linux-fallback.img\"\n"
	"\t|fallback_options=\"-S autodetect\"\n"
	"file /boot/initramfs-linux.img\n\t|image\n"
	"file /boot/initramfs-linux-fallback.img\n\t|image\n";

static void propose(struct early_proposal *proposal, struct machine *machine, bool wanted)
{
	early_begin(proposal, wanted);
	early_add_kernels(proposal, machine);
	early_propose(proposal, &initramfs_mkinitcpio, machine, true);
}

static void file_has(const struct early_proposal *proposal, const char *path, const char *text)
{
	const struct file_change *change = changeset_find(&proposal->changeset, path);

	if (!change || !strstr(text_string(&change->after), text))
		fail_msg("%s has no <%s>: <%s>", path, text, change ? text_string(&change->after) : "no change");
}

static void an_arch_machine_is_told_as_mkinitcpio(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct findings findings = { 0 };

	(void)state;
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_mkinitcpio);
	machine_write(machine, "/usr/share/libalpm/hooks/90-mkinitcpio-install.hook", "[Trigger]\n");
	machine_write(machine, "/usr/bin/dracut", "#!/bin/bash\n");
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_mkinitcpio);
	machine_write(machine, "/usr/share/libalpm/hooks/90-dracut-install.hook", "[Trigger]\n");
	assert_null(initramfs_choose(machine->root, NULL, &findings));
	machine_link(machine, "/etc/pacman.d/hooks/90-mkinitcpio-install.hook", "/dev/null");
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_dracut);
	findings_done(&findings);
	machine_close(machine);
}

static void before_version_36_a_line_is_put_at_the_end_of_the_configuration(void **state)
{
	struct machine *machine = machine_open_text(arch);
	char *before = machine_read(machine, "/etc/mkinitcpio.conf"), *after;
	struct early_proposal proposal;

	(void)state;
	propose(&proposal, machine, true);
	file_has(&proposal, "/etc/mkinitcpio.conf", "filesystems)\n" BLOCK_MARK "\n" LINE "\n");
	file_has(&proposal, HOOK, "\tadd_module 'vfio-pci?'\n");
	file_has(&proposal, HOOK, "\tadd_file '/etc/modprobe.d/00-vfioconf.conf'\n");
	file_has(&proposal, HOOK, "'/usr/lib/vfioconf/0123abcd'\n");
	assert_null(changeset_find(&proposal.changeset, DROPIN));
	assert_int_equal(proposal.changeset.command_count, 1);
	assert_int_equal(proposal.changeset.commands[0].artefacts.count, 2);
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[1].present, "*/vfio[-_]pci.ko*"));
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[1].present, "*bin/sh"));
	early_apply(&proposal, machine);
	early_done(&proposal);
	propose(&proposal, machine, true);
	assert_int_equal(proposal.changeset.file_count, 0);
	early_done(&proposal);
	propose(&proposal, machine, false);
	early_apply(&proposal, machine);
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[1].absent, "*usr/lib/vfioconf/*"));
	early_done(&proposal);
	after = machine_read(machine, "/etc/mkinitcpio.conf");
	assert_string_equal(after, before);
	free(after);
	free(before);
	machine_close(machine);
}

static void from_version_36_on_it_is_a_drop_in(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/etc/mkinitcpio.conf.d/archiso.conf", "HOOKS=(base)\n");
	propose(&proposal, machine, true);
	file_has(&proposal, DROPIN, "\n" LINE "\n");
	assert_null(changeset_find(&proposal.changeset, "/etc/mkinitcpio.conf"));
	early_done(&proposal);
	machine_close(machine);
}

/* -c given by a preset: drop-ins are not read then. */
static void a_configuration_that_a_preset_names_gets_the_line_too(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/etc/mkinitcpio.conf.d/archiso.conf", "HOOKS=(base)\n");
	machine_write(machine, "/etc/mkinitcpio-lts.conf", "MODULES=\"a b\"\nHOOKS=\"base udev\"");
	machine_write(machine, "/etc/mkinitcpio.d/linux-lts.preset",
		      "ALL_config=\"/etc/mkinitcpio-lts.conf\"\nPRESETS=('default')\ndefault_image=\"/boot/initramfs-linux.img\"\n");
	propose(&proposal, machine, true);
	file_has(&proposal, "/etc/mkinitcpio-lts.conf", "udev\"\n" BLOCK_MARK "\n" LINE);
	assert_null(changeset_find(&proposal.changeset, "/etc/mkinitcpio.conf"));
	early_apply(&proposal, machine);
	early_done(&proposal);
	machine_remove(machine, "/etc/mkinitcpio.d/linux-lts.preset");
	propose(&proposal, machine, false);
	assert_string_equal(text_string(&changeset_find(&proposal.changeset, "/etc/mkinitcpio-lts.conf")->after),
			    "MODULES=\"a b\"\nHOOKS=\"base udev\"");
	early_done(&proposal);
	machine_close(machine);
}

static void images_that_limines_tool_copies_are_made_by_it(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct evidence evidence = { 0 };
	struct early_proposal proposal;
	struct command *command;

	(void)state;
	machine_remove(machine, "/etc/mkinitcpio.d/linux.preset");
	machine_write(machine, "/boot/limine.conf", "/+Arch\n  //linux\n  protocol: linux\n"
						    "  module_path: boot():/0a1b/linux/initramfs-linux#6a09e667\n"
						    "  module_path: boot():/0a1b/linux/initramfs-gone#bb67ae85\n"
						    "  path: boot():/0a1b/linux/vmlinuz-linux#3c6ef372\n");
	machine_write(machine, "/boot/0a1b/linux/initramfs-linux", "image");
	initramfs_mkinitcpio.probe(machine->root, &evidence);
	assert_in_range(evidence.score, 0, SCORE_TRACE);
	evidence_done(&evidence);
	machine_write(machine, "/usr/bin/limine-mkinitcpio", "");
	initramfs_mkinitcpio.probe(machine->root, &evidence);
	assert_int_equal(evidence.score, SCORE_USED);
	evidence_done(&evidence);
	propose(&proposal, machine, true);
	assert_int_equal(proposal.changeset.command_count, 1);
	command = &proposal.changeset.commands[0];
	assert_string_equal(command->argv.items[0], "limine-mkinitcpio");
	/* Its checksums stand in limine.conf: the old images need the old file. */
	assert_true(strlist_has(&command->artefacts, "/boot/limine.conf"));
	assert_true(strlist_has(&command->artefacts, "/boot/0a1b/linux/initramfs-linux"));
	assert_false(strlist_has(&command->artefacts, "/boot/0a1b/linux/initramfs-gone"));
	assert_string_equal(command->expectations[1].present.items[1], "*/vfio[-_]pci.ko*");
	early_done(&proposal);
	machine_close(machine);
}

static void a_configuration_whose_end_is_not_safe_is_shown(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/etc/mkinitcpio.conf", "HOOKS=(base\nMODULES=()\n");
	propose(&proposal, machine, true);
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].paste, LINE));
	assert_null(changeset_find(&proposal.changeset, "/etc/mkinitcpio.conf"));
	assert_int_equal(proposal.changeset.command_count, 0);
	early_done(&proposal);
	machine_close(machine);
}

/*
 * Runs the hook as mkinitcpio does, on the image below /build. RET gets what it adds besides modules and files. It
 * looks for our file in /etc: for that of the machine, here.
 */
static void run_hook(struct machine *machine, bool has_module, struct text *ret)
{
	static const char script[] = "add_module() { :; }; add_file() { :; }; add_binary() { echo \"$1 $2\"; }\n"
				     "modinfo() { [[ $* = '-k 6.12.1 vfio-pci' ]] && $found; }\n"
				     "KERNELVERSION=6.12.1; BUILDROOT=$2; found=$3\n"
				     "hook=$(<\"$1\"); in_etc=\"-e '/etc\"; here=\"-e '${BUILDROOT%/build}/etc\"\n"
				     "eval \"${hook//$in_etc/$here}\"; build; exit 0";
	cleanup_free char *hook = root_join(machine->root, HOOK), *build = root_join(machine->root, "/build");
	cleanup_strlist struct strlist argv = { 0 };
	const struct run_request request = { .argv = &argv, .timeout = 60 };
	struct run_result result = { 0 };

	strlist_split(&argv, "bash -c", " ");
	strlist_add(&argv, script);
	strlist_add(&argv, "bash");
	strlist_add(&argv, hook);
	strlist_add(&argv, build);
	strlist_add(&argv, has_module ? "true" : "false");
	assert_true(run_command(&request, &result, NULL));
	assert_int_equal(result.status, 0);
	text_reset(ret);
	text_append_n(ret, text_string(&result.output), result.output.length);
	run_result_done(&result);
}

static void list_is(struct machine *machine, const char *content)
{
	cleanup_free char *list = machine_read(machine, "/build/etc/modules-load.d/MODULES.conf");

	assert_string_equal(list, content);
}

/* mkinitcpio's hook systemd brings no shell, and copies MODULES with their question marks. */
static void what_the_hook_systemd_leaves_undone_ours_does(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;
	cleanup_text struct text said = { 0 };

	(void)state;
	if (!run_available(NULL, "bash")) {
		machine_close(machine);
		skip();
	}
	propose(&proposal, machine, true);
	early_apply(&proposal, machine);
	early_done(&proposal);
	machine_write(machine, "/build/etc/modules-load.d/MODULES.conf", "vfio-pci?\nvfio-pci?x\nbtrfs?\n");
	machine_write(machine, "/build/usr/bin/mount", "");
	machine_link(machine, "/build/bin", "usr/bin");
	run_hook(machine, true, &said);
	assert_string_equal(text_string(&said), ""); /* our file was deleted by hand */
	machine_write(machine, "/etc/modprobe.d/00-vfioconf.conf", "");
	run_hook(machine, true, &said);
	assert_string_equal(text_string(&said), "/usr/lib/initcpio/busybox /usr/bin/sh\n");
	list_is(machine, "vfio-pci\nvfio-pci?x\nbtrfs?\n");
	/* A kernel without the module: nothing is to be loaded. */
	machine_write(machine, "/build/etc/modules-load.d/MODULES.conf", "vfio-pci?\nbtrfs\n");
	machine_write(machine, "/build/usr/bin/bash", "");
	machine_link(machine, "/build/usr/bin/sh", "bash");
	run_hook(machine, false, &said);
	assert_string_equal(text_string(&said), "");
	list_is(machine, "btrfs\n");
	/* The hook udev makes no such list. */
	machine_remove(machine, "/build/etc/modules-load.d/MODULES.conf");
	run_hook(machine, true, &said);
	assert_string_equal(text_string(&said), "");
	machine_close(machine);
}

static void a_block_is_put_replaced_and_taken_away_without_a_trace(void **state)
{
	static const char *const files[] = { "", "A=1", "A=1\n", "A=1\n\n\n", "A=(a\n 'b' \"c\"\n)\n# x", "A=\"x\ny\"\r\n" };

	(void)state;
	for (size_t i = 0; i < array_size(files); i++) {
		struct text before = { 0 }, with = { 0 }, other = { 0 }, back = { 0 };
		struct refusal refusal = { 0 };

		text_append(&before, files[i]);
		assert_true(block_edit(&before, "B=1 # vfioconf", &with, &refusal));
		assert_true(block_edit(&with, "B=22 # vfioconf", &other, &refusal));
		assert_non_null(strstr(text_string(&other), "\nB=22"));
		assert_null(strstr(text_string(&other), "B=1"));
		assert_true(block_edit(&other, NULL, &back, &refusal));
		assert_string_equal(text_string(&back), files[i]);
		text_done(&before);
		text_done(&with);
		text_done(&other);
		text_done(&back);
	}
}

/* Who deletes our line by hand may leave the comment before it: the line that is behind it then is not ours. */
static void what_stands_behind_the_mark_without_our_line_stays(void **state)
{
	static const struct {
		const char *now, *without;
	} files[] = {
		{ "A=1\n" BLOCK_MARK "\nCOMPRESSION=\"zstd\"\n", "A=1\nCOMPRESSION=\"zstd\"\n" },
		{ "A=1\n" BLOCK_MARK "\n", "A=1\n" },
		{ BLOCK_MARK "\n# vfioconf was here\nB=2", "# vfioconf was here\nB=2" },
		{ BLOCK_MARK "\nA=1\n" BLOCK_MARK "\n" BLOCK_MARK "\n" LINE "\n", "A=1\n" },
	};

	(void)state;
	for (size_t i = 0; i < array_size(files); i++) {
		cleanup_text struct text before = { 0 }, with = { 0 }, back = { 0 }, at_once = { 0 };
		struct refusal refusal = { 0 };

		text_append(&before, files[i].now);
		assert_true(block_edit(&before, NULL, &at_once, &refusal));
		assert_string_equal(text_string(&at_once), files[i].without);
		assert_true(block_edit(&before, LINE, &with, &refusal));
		assert_true(block_edit(&with, NULL, &back, &refusal));
		assert_string_equal(text_string(&back), files[i].without);
	}
}

static void arrays_are_read_however_they_are_laid_out(void **state)
{
	struct text bytes = { 0 };
	struct strlist words = { 0 };
	char *joined;

	(void)state;
	text_append(&bytes, "#A=(x)\nB=(x)\nA=(\n  one # comment\n  'two' \"three\"\n)\n");
	assert_true(array_words(&bytes, "A", &words));
	joined = strlist_join(&words, "|");
	assert_string_equal(joined, "one|two|three");
	free(joined);
	strlist_done(&words);
	text_reset(&bytes);
	text_append(&bytes, "A=($(ls))\n");
	assert_false(array_words(&bytes, "A", &words));
	text_reset(&bytes);
	text_append(&bytes, "A=(x\n");
	assert_false(array_words(&bytes, "A", &words));
	assert_int_equal(words.count, 0);
	text_done(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arch_machine_is_told_as_mkinitcpio),
		cmocka_unit_test(before_version_36_a_line_is_put_at_the_end_of_the_configuration),
		cmocka_unit_test(from_version_36_on_it_is_a_drop_in),
		cmocka_unit_test(a_configuration_that_a_preset_names_gets_the_line_too),
		cmocka_unit_test(images_that_limines_tool_copies_are_made_by_it),
		cmocka_unit_test(a_configuration_whose_end_is_not_safe_is_shown),
		cmocka_unit_test(what_the_hook_systemd_leaves_undone_ours_does),
		cmocka_unit_test(a_block_is_put_replaced_and_taken_away_without_a_trace),
		cmocka_unit_test(what_stands_behind_the_mark_without_our_line_stays),
		cmocka_unit_test(arrays_are_read_however_they_are_laid_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
