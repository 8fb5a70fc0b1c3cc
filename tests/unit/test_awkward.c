/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Awkward files that are not edited as one command line (those are in test_laws_edit): mkinitcpio.conf, booster.yaml,
 * extlinux.conf with its sections, and GRUB's settings over several files. Each through the whole proposal, forth and
 * back: NAME is the file as people have it, NAME.after what it has to become, NAME.refused the finding. For GRUB a
 * directory with "grub" and "grub.d", and beside them "zz-vfioconf.cfg" or "refused"; tests/fuzz/check-shell asks real
 * shells what those and mkinitcpio's come to. GENERATE=1 writes the results anew.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "boot/loaders.h"
#include "initramfs/generators.h"
#include "support/machine.h"
#include "support/proposal.h"

#define AWKWARD "tests/awkward"
#define WORDS "intel_iommu=on iommu=pt"
#define MODPROBE "/etc/modprobe.d/00-vfioconf.conf"
#define GRUB_DROPIN_PATH "/etc/default/grub.d/zz-vfioconf.cfg"

static struct root *here;

/* Where the files of a directory of tests/awkward go, and who edits them. */
struct corpus {
	const char *name, *path, *machine;
	const struct loader *loader;       /* one of the two */
	const struct initramfs *generator;
};

static const struct corpus corpora[] = {
	{ "mkinitcpio", "/etc/mkinitcpio.conf",
	  "machine 1\nfile /usr/bin/mkinitcpio 0755\n\t|#!/bin/bash\nfile /boot/initramfs-linux.img\n\t|image\n"
	  "file /etc/mkinitcpio.d/linux.preset\n\t|PRESETS=('default')\n\t|default_image=\"/boot/initramfs-linux.img\"\n",
	  NULL, &initramfs_mkinitcpio },
	{ "booster", "/etc/booster.yaml",
	  "machine 1\nkernel 6.12.1-arch1-1 running\n\tmodule kernel/drivers/vfio/pci/vfio-pci.ko.zst\n"
	  "file /usr/lib/modules/6.12.1-arch1-1/pkgbase\n\t|linux\nlink /lib usr/lib\n"
	  "file /usr/bin/booster 0755\n\t|\nfile /boot/booster-linux.img\n\t|image\n",
	  NULL, &initramfs_booster },
	{ "extlinux", "/boot/extlinux/extlinux.conf",
	  "machine 1\nfile /proc/cmdline\n\t|BOOT_IMAGE=/vmlinuz root=/dev/sda2 ro\n", &loader_syslinux, NULL },
};

static bool read_if_there(const struct root *root, const char *path, struct text *ret)
{
	return root_read(root, path, ROOT_LIMIT_TEXT, ret, NULL);
}

static void write_result(const char *path, const struct text *content)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(text_string(content), 1, content->length, file) != content->length || fclose(file))
		fail_msg("cannot write %s: %s", path, strerror(errno));
}

/* One of the two is there, and says this; GENERATE=1 has it be so. */
static void check_result(const char *path, const char *good, const char *bad, bool refused, const struct text *content)
{
	cleanup_text struct text wanted = { 0 }, right = { 0 }, wrong = { 0 };

	text_printf(&right, "%s%s", path, refused ? bad : good);
	text_printf(&wrong, "%s%s", path, refused ? good : bad);
	if (getenv("GENERATE")) {
		unlink(text_string(&wrong));
		write_result(text_string(&right), content);
		return;
	}
	if (root_exists(here, text_string(&wrong)))
		fail_msg("%s is not what came out: %s", text_string(&wrong), text_string(content));
	if (!read_if_there(here, text_string(&right), &wanted) || !text_equal(&wanted, content))
		fail_msg("%s: wanted <%s>, got <%s>", text_string(&right), text_string(&wanted), text_string(content));
}

static void generate(const struct initramfs *generator, struct machine *machine, bool wanted,
		     struct changeset *changeset, struct findings *findings)
{
	struct strlist modules = { 0 }, files = { 0 }, kernels = { 0 };
	struct early_request request = { wanted, &modules, &files, &kernels, wanted ? "0123" : "", true };
	struct fault fault = { 0 };

	if (wanted) {
		strlist_add(&modules, "vfio-pci");
		strlist_add(&files, MODPROBE);
	}
	root_list(machine->root, "/usr/lib/modules", &kernels, NULL);
	if (!generator->propose(machine->root, &request, changeset, findings, &fault))
		fail_msg("%s", fault.sentence);
	strlist_done(&modules);
	strlist_done(&files);
	strlist_done(&kernels);
}

static void put(struct machine *machine, const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->file_count; i++)
		if (changeset->files[i].kind == CHANGE_DELETE)
			machine_remove(machine, changeset->files[i].path);
		else
			machine_write_n(machine, changeset->files[i].path, text_string(&changeset->files[i].after),
					changeset->files[i].after.length);
}

static const struct finding *refusal_in(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].code == FINDING_SYNTAX_NOT_UNDERSTOOD)
			return &findings->items[i];
	return NULL;
}

static void say(const struct finding *finding, struct text *ret)
{
	if (finding)
		text_printf(ret, "%s\n-> %s\n%s%s", finding->message, finding->remedy, finding->paste ? finding->paste : "",
			    finding->paste ? "\n" : "");
}

/* What is refused adds the finding to RET, and nothing of it may be planned. */
static void forth_by_generator(const struct corpus *corpus, struct machine *machine, struct text *ret)
{
	struct changeset changeset = { 0 };
	struct findings findings = { 0 };
	const struct finding *finding;

	generate(corpus->generator, machine, true, &changeset, &findings);
	finding = refusal_in(&findings);
	if (finding && changeset_find(&changeset, corpus->path))
		fail_msg("%s: refused, and changed", corpus->name);
	say(finding, ret);
	if (!finding)
		put(machine, &changeset);
	changeset_done(&changeset);
	findings_done(&findings);
}

static void forth_by_loader(const struct corpus *corpus, struct machine *machine, struct text *ret)
{
	struct proposal proposal;
	bool refused;

	propose_or_fault(&proposal, corpus->loader, machine, WORDS, "");
	say(refusal_in(&proposal.findings), ret);
	if (!proposal.ok)
		text_printf(ret, "%s\n", proposal.fault.sentence);
	refused = ret->length;
	if (refused && !changeset_empty(&proposal.changeset))
		fail_msg("%s: refused, and changed", corpus->name);
	proposal_done(&proposal);
	if (refused)
		return;
	proposal_keeps_laws(corpus->loader, machine, WORDS);
	propose_and_apply(corpus->loader, machine, WORDS);
}

/* Forth; *RET is the file then, or why not. True where it is refused. */
static bool forth(const struct corpus *corpus, struct machine *machine, struct text *ret)
{
	if (corpus->generator)
		forth_by_generator(corpus, machine, ret);
	else
		forth_by_loader(corpus, machine, ret);
	if (ret->length)
		return true;
	read_if_there(machine->root, corpus->path, ret);
	return false;
}

/* What loaders do is held to the laws in forth(). */
static void back(const struct corpus *corpus, struct machine *machine, const struct text *before, const char *name)
{
	struct changeset changeset = { 0 };
	struct findings findings = { 0 };
	cleanup_text struct text now = { 0 };

	if (!corpus->generator)
		return;
	generate(corpus->generator, machine, true, &changeset, &findings);
	if (changeset.file_count)
		fail_msg("%s: applied, and there is something left to do to %s", name, changeset.files[0].path);
	changeset_done(&changeset);
	changeset = (struct changeset){ 0 };
	generate(corpus->generator, machine, false, &changeset, &findings);
	put(machine, &changeset);
	if (!read_if_there(machine->root, corpus->path, &now) || !text_equal(&now, before))
		fail_msg("%s came back as <%s>", name, text_string(&now));
	changeset_done(&changeset);
	findings_done(&findings);
}

static void check_file(const struct corpus *corpus, const char *name)
{
	struct machine *machine = machine_open_text(corpus->machine);
	cleanup_text struct text path = { 0 }, before = { 0 }, outcome = { 0 };
	bool refused;

	text_printf(&path, AWKWARD "/%s/%s", corpus->name, name);
	if (!read_if_there(here, text_string(&path), &before))
		fail_msg("cannot read %s", text_string(&path));
	machine_write_n(machine, corpus->path, text_string(&before), before.length);
	refused = forth(corpus, machine, &outcome);
	check_result(text_string(&path), ".after", ".refused", refused, &outcome);
	if (!refused)
		back(corpus, machine, &before, text_string(&path));
	machine_close(machine);
}

static void awkward_files_are_edited_right_or_refused_and_come_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_size(corpora); i++) {
		cleanup_strlist struct strlist names = { 0 };
		cleanup_text struct text directory = { 0 };
		size_t count = 0;

		text_printf(&directory, AWKWARD "/%s", corpora[i].name);
		root_list(here, text_string(&directory), &names, NULL);
		for (size_t j = 0; j < names.count; j++)
			if (!text_ends_with(names.items[j], ".after") && !text_ends_with(names.items[j], ".refused")) {
				check_file(&corpora[i], names.items[j]);
				count++;
			}
		assert_in_range(count, 8, 1000);
	}
}

/* Copies the files below DIRECTORY/grub.d, and DIRECTORY/grub, into the machine. */
static void lay_out(struct machine *machine, const char *directory)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_text struct text from = { 0 }, main_file = { 0 }, path = { 0 };

	text_printf(&path, "%s/grub", directory);
	if (!read_if_there(here, text_string(&path), &main_file))
		fail_msg("cannot read %s", text_string(&path));
	machine_write_n(machine, "/etc/default/grub", text_string(&main_file), main_file.length);
	text_printf(&from, "%s/grub.d", directory);
	root_list(here, text_string(&from), &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text bytes = { 0 }, source = { 0 }, target = { 0 };

		text_printf(&source, "%s/%s", text_string(&from), names.items[i]);
		text_printf(&target, "/etc/default/grub.d/%s", names.items[i]);
		read_if_there(here, text_string(&source), &bytes);
		machine_write_n(machine, text_string(&target), text_string(&bytes), bytes.length);
	}
}

static void check_directory(const char *name)
{
	struct machine *machine = machine_open_text(
		"machine 1\nfile /usr/sbin/grub-mkconfig 0755\n\t|for x in ${sysconfdir}/default/grub.d/*.cfg ; do\n"
		"file /boot/grub/grub.cfg\n\t|### BEGIN /etc/grub.d/10_linux ###\n\t|linux /vmlinuz root=/dev/sda2 ro quiet\n");
	cleanup_text struct text directory = { 0 }, outcome = { 0 }, prefix = { 0 };
	const struct finding *finding;
	const struct file_change *dropin;
	struct proposal proposal;
	bool refused;

	text_printf(&directory, AWKWARD "/grub.d/%s", name);
	lay_out(machine, text_string(&directory));
	propose(&proposal, &loader_grub_dropin, machine, WORDS, "");
	finding = refusal_in(&proposal.findings);
	refused = finding;
	if (refused) {
		assert_true(changeset_empty(&proposal.changeset));
		say(finding, &outcome);
	}
	/* Whatever there is to do, it is done by our own file alone. */
	dropin = changeset_find(&proposal.changeset, GRUB_DROPIN_PATH);
	assert_int_equal(proposal.changeset.file_count, dropin ? 1 : 0);
	if (dropin)
		text_append_n(&outcome, text_string(&dropin->after), dropin->after.length);
	proposal_done(&proposal);
	if (!refused)
		proposal_keeps_laws(&loader_grub_dropin, machine, WORDS);
	text_printf(&prefix, "%s/", text_string(&directory));
	check_result(text_string(&prefix), "zz-vfioconf.cfg", "refused", refused, &outcome);
	machine_close(machine);
}

static void settings_over_several_files_are_added_to_or_refused(void **state)
{
	cleanup_strlist struct strlist names = { 0 };

	(void)state;
	root_list(here, AWKWARD "/grub.d", &names, NULL);
	assert_in_range(names.count, 12, 1000);
	for (size_t i = 0; i < names.count; i++)
		check_directory(names.items[i]);
}

static int open_here(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	return root_open(".", &here, &fault) ? 0 : -1;
}

static int close_here(void **state)
{
	(void)state;
	root_free(here);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(awkward_files_are_edited_right_or_refused_and_come_back),
		cmocka_unit_test(settings_over_several_files_are_added_to_or_refused),
	};

	return cmocka_run_group_tests(tests, open_here, close_here);
}
