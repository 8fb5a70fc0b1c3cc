/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Presets of mkinitcpio: with which configuration it makes which image, and what cannot be known without running it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/preset.h"
#include "edit/block.h"
#include "initramfs/generators.h"
#include "support/early.h"
#include "support/machine.h"

#define PRESET "/etc/mkinitcpio.d/linux.preset"
#define OTHER "/etc/mkinitcpio-vm.conf"

static const char arch[] =
	"machine 1\n"
	"file /usr/bin/mkinitcpio 0755\n\t|#!/bin/bash\n"
	"file /usr/share/libalpm/hooks/90-mkinitcpio-install.hook\n\t|[Trigger]\n"
	"file /usr/lib/modules/6.12.1-arch1-1/pkgbase\n\t|linux\n"
	"file /usr/lib/modules/6.12.1-arch1-1/modules.dep\n\t|kernel/drivers/vfio/pci/vfio-pci.ko.zst:\n"
	"file /etc/mkinitcpio.conf\n\t|MODULES=()\n\t|HOOKS=(base udev)\n"
	"dir /etc/mkinitcpio.conf.d\n"
	"file " OTHER "\n\t|MODULES=()\n\t|HOOKS=(base udev)\n"
	"file /boot/initramfs-linux.img\n\t|image\n";

static void propose(struct early_proposal *proposal, struct machine *machine)
{
	early_begin(proposal, true);
	early_add_kernels(proposal, machine);
	early_propose(proposal, &initramfs_mkinitcpio, machine, true);
}

/* The configuration that is given with -c, "" for none, and "?" where the preset is refused. */
static void config_is(const char *lines, const char *wanted)
{
	struct machine *machine = machine_open_text(arch);
	cleanup_presets struct presets presets = { 0 };
	cleanup_text struct text preset = { 0 };

	text_printf(&preset, "PRESETS=('default')\ndefault_image=\"/boot/initramfs-linux.img\"\n%s", lines);
	machine_write(machine, PRESET, text_string(&preset));
	presets_read(machine->root, &presets);
	assert_int_equal(presets.count, 1);
	if (presets.refused_count) {
		assert_string_equal("?", wanted);
	} else {
		const struct strlist *configs = &presets.items[0].configs;

		assert_string_equal(configs->count ? configs->items[0] : "", wanted);
		assert_int_equal(configs->count, *wanted ? 1 : 0);
		assert_int_equal(presets.items[0].plain, !*wanted);
	}
	machine_close(machine);
}

static void a_configuration_may_be_named_in_every_way_that_mkinitcpio_knows(void **state)
{
	(void)state;
	config_is("", "");
	config_is("default_config=\"/a\"\n", "/a");
	config_is("ALL_config=/a\n", "/a");
	config_is("ALL_config=/a\ndefault_config=/b\n", "/b");
	config_is("default_options=\"-c /a\"\n", "/a");
	config_is("default_options=(-S autodetect -c /a)\n", "/a");
	config_is("default_options=\"-S autodetect -c/a\"\n", "/a");
	config_is("default_options=\"-vc /a\"\n", "/a");
	config_is("default_options=\"--config /a\"\n", "/a");
	config_is("default_options=\"--conf=/a --splash /b\"\n", "/a");
	config_is("ALL_options=\"--config=/a\"\n", "/a");
	config_is("default_config=/b\ndefault_options=\"-c /a\"\n", "/a");
	/* It is another option, or the value of one. */
	config_is("default_options=\"-S crypt --cmdline /a\"\n", "");
	config_is("default_options=\"-Scrypt\"\n", "");
	config_is("fallback_options=\"-c /a\"\n", "");
	config_is("#default_config=/a\ndefault_config=\"\"\n", "");
}

static void what_is_not_known_is_refused(void **state)
{
	(void)state;
	config_is("default_config=$CONF\n", "?");
	config_is("default_config=mkinitcpio.conf\n", "?");
	config_is("default_options=\"-c $CONF\"\n", "?");
	config_is("default_options=\"-c\"\n", "?");
	config_is("default_options=(-c \"${CONF}\")\n", "?");
	config_is("default_uki=\"$(esp)/linux.efi\"\n", "?");
}

static void a_configuration_in_the_options_gets_our_line(void **state)
{
	struct machine *machine = machine_open_text(arch);
	const struct file_change *change;
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, PRESET, "PRESETS=('default')\ndefault_image=\"/boot/initramfs-linux.img\"\n"
				       "default_options=\"-c " OTHER "\"\n");
	propose(&proposal, machine);
	change = changeset_find(&proposal.changeset, OTHER);
	assert_non_null(change);
	assert_non_null(strstr(text_string(&change->after), BLOCK_MARK));
	assert_int_equal(proposal.changeset.command_count, 1);
	early_done(&proposal);
	machine_close(machine);
}

/* It was passed over without a word, and the image was made but never looked into. */
static void an_image_whose_name_is_not_known_is_a_finding_that_shows_the_line(void **state)
{
	static const char line[] = "default_image=\"$IMG/initramfs-linux.img\"";
	struct machine *machine = machine_open_text(arch);
	cleanup_findings struct findings findings = { 0 };
	cleanup_text struct text preset = { 0 };
	struct early_proposal proposal;

	(void)state;
	text_printf(&preset, "IMG=/boot\nPRESETS=('default' 'fallback')\n%s\nfallback_image=/boot/initramfs-linux.img\n",
		    line);
	machine_write(machine, PRESET, text_string(&preset));
	propose(&proposal, machine);
	assert_int_equal(proposal.changeset.command_count, 0);
	assert_int_equal(proposal.findings.count, 1);
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].message, PRESET ", line 3: "));
	assert_non_null(strstr(proposal.findings.items[0].message, line));
	early_done(&proposal);
	/* It is recognised all the same, so that this is said. */
	machine_write(machine, PRESET, "PRESETS=('default')\ndefault_image=$IMG\n");
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_mkinitcpio);
	machine_close(machine);
}

static void names_that_are_made_by_a_program_are_refused(void **state)
{
	struct machine *machine = machine_open_text(arch);
	cleanup_presets struct presets presets = { 0 };
	cleanup_findings struct findings findings = { 0 };

	(void)state;
	machine_write(machine, PRESET, "PRESETS=($(ls))\ndefault_image=/boot/initramfs-linux.img\n");
	presets_read(machine->root, &presets);
	assert_false(presets_are_known(&presets, &findings));
	assert_false(presets_are_known(&presets, &findings));
	assert_int_equal(findings.count, 1);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_configuration_may_be_named_in_every_way_that_mkinitcpio_knows),
		cmocka_unit_test(what_is_not_known_is_refused),
		cmocka_unit_test(a_configuration_in_the_options_gets_our_line),
		cmocka_unit_test(an_image_whose_name_is_not_known_is_a_finding_that_shows_the_line),
		cmocka_unit_test(names_that_are_made_by_a_program_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
