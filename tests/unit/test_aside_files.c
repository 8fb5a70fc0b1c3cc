/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words set aside where the words of a loader come from several files. */
#include "boot/aside_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loaders.h"
#include "plan/foreign.h"
#include "plan/rule_iommu.h"
#include "support/handmade.h"
#include "support/machine.h"
#include "support/proposal.h"

#define ASIDE "iommu=off vfio-pci.ids=10de:13c2"
/* With an entry and images that would get the words. */
#define RUNNING                                                                                                        \
	"machine 1\nfile /proc/cmdline\n\t|root=UUID=0a1b rw iommu=off quiet\n"                                     \
	"file /boot/loader/entries/a.conf\n\t|linux /a/6.1/linux\n\t|options root=UUID=0a1b rw iommu=off quiet\n"      \
	"file /etc/mkinitcpio.d/linux.preset\n\t|default_uki=/efi/EFI/Linux/linux-6.1.efi\n"                           \
	"file /efi/EFI/Linux/linux-6.1.efi\n\t\\kernel\ndir /lib/modules/6.1\n"
#define MARK "vfioconf.aside="

struct file {
	const char *path, *before, *after; /* NULL: it is not there */
};

static void holds(struct machine *machine, const char *path, const char *wanted)
{
	cleanup_text struct text now = { 0 };
	bool there = root_read(machine->root, path, ROOT_LIMIT_TEXT, &now, NULL);

	if (there != (wanted != NULL) || (there && strcmp(text_string(&now), wanted) != 0))
		fail_msg("%s: wanted <%s>, got <%s>", path, wanted ? wanted : "nothing", text_string(&now));
}

static void write_files(struct machine *machine, const struct file *files)
{
	for (size_t i = 0; files[i].path; i++)
		if (files[i].before)
			machine_write(machine, files[i].path, files[i].before);
}

/* Set aside and given back: each file has the bytes that it shall have, both times. */
static void goes_there_and_back(const struct loader *loader, const char *text, const struct file *files)
{
	struct machine *machine = machine_open_text(text);
	cleanup_free char *ours = NULL;
	struct proposal there, back;

	assert_true(loader->sets_aside);
	write_files(machine, files);
	propose_aside(&there, loader, machine, "a=1", "", ASIDE);
	assert_false(findings_refuse(&there.findings));
	proposal_apply(&there, machine);
	for (size_t i = 0; files[i].path; i++)
		holds(machine, files[i].path, files[i].after);
	ours = proposal_added(&there);
	assert_string_equal(ours, "a=1");
	propose(&back, loader, machine, "", ours);
	proposal_apply(&back, machine);
	for (size_t i = 0; files[i].path; i++)
		holds(machine, files[i].path, files[i].before);
	proposal_done(&there);
	proposal_done(&back);
	machine_close(machine);
}

/* A finding says WORDS of it, and of what to do, and nothing is changed. */
static void is_refused(const struct loader *loader, const char *text, const struct file *files, const char *words)
{
	struct machine *machine = machine_open_text(text);
	struct proposal proposal;

	write_files(machine, files);
	propose_aside(&proposal, loader, machine, "a=1", "", ASIDE);
	assert_true(findings_refuse(&proposal.findings));
	if (!strstr(proposal.findings.items[0].message, words))
		fail_msg("<%s> does not say <%s>", proposal.findings.items[0].message, words);
	assert_non_null(proposal.findings.items[0].remedy);
	proposal_done(&proposal);
	machine_close(machine);
}

static void words_of_drop_in_directories_are_set_aside_in_every_file(void **state)
{
	const struct file files[] = {
		{ "/etc/kernel/cmdline", "root=UUID=0a1b  iommu=off quiet\n",
		  "root=UUID=0a1b  " MARK "iommu=off quiet\n" },
		{ "/etc/kernel/cmdline.d/10-mine.conf",
		  "# iommu=off\n\tiommu=off  x=iommu=off\r\nvfio-pci.ids=10de:13c2",
		  "# iommu=off\n\t" MARK "iommu=off  x=iommu=off\r\n" MARK "vfio-pci.ids=10de:13c2" },
		{ "/etc/kernel/cmdline.d/20-other", "iommu=offf\n", "iommu=offf\n" },
		{ NULL, NULL, NULL },
	};
	const struct file arch[] = {
		{ "/etc/kernel/cmdline", "root=UUID=0a1b\niommu=off\n", "root=UUID=0a1b\n" MARK "iommu=off\n" },
		{ "/etc/cmdline.d/x.conf", "iommu=off\n", MARK "iommu=off\n" },
		{ NULL, NULL, NULL },
	};

	(void)state;
	goes_there_and_back(&loader_sdbootutil, RUNNING, files);
	goes_there_and_back(&loader_clr_boot_manager, RUNNING, files + 1);
	goes_there_and_back(&loader_uki_mkinitcpio, RUNNING, arch);
}

static void an_open_quote_in_such_a_file_is_refused(void **state)
{
	const struct file files[] = {
		{ "/etc/kernel/cmdline", "root=UUID=0a1b\n", NULL },
		{ "/etc/kernel/cmdline.d/x.conf", "note=\"a iommu=off\n", NULL },
		{ NULL, NULL, NULL },
	};

	(void)state;
	is_refused(&loader_sdbootutil, RUNNING, files, "/etc/kernel/cmdline.d/x.conf");
}

static void words_of_dracuts_settings_are_set_aside_in_every_assignment(void **state)
{
	const struct file files[] = {
		{ "/etc/dracut.conf", "kernel_cmdline=\"root=UUID=0a1b iommu=off\" # iommu=off\nuefi=yes\n",
		  "kernel_cmdline=\"root=UUID=0a1b " MARK "iommu=off\" # iommu=off\nuefi=yes\n" },
		{ "/etc/dracut.conf.d/x.conf", "a=1; kernel_cmdline+=' iommu=off '\nkernel_cmdline+=\" vfio-pci.ids=10de:13c2 \"",
		  "a=1; kernel_cmdline+=' " MARK "iommu=off '\nkernel_cmdline+=\" " MARK "vfio-pci.ids=10de:13c2 \"" },
		{ NULL, NULL, NULL },
	};
	const struct file unquoted[] = {
		{ "/etc/dracut.conf.d/x.conf", "kernel_cmdline=\"root=UUID=0a1b\"\nkernel_cmdline+=\\ iommu=off\n", NULL },
		{ NULL, NULL, NULL },
	};

	(void)state;
	goes_there_and_back(&loader_uki_dracut, RUNNING, files);
	is_refused(&loader_uki_dracut, RUNNING, unquoted, "/etc/dracut.conf.d/x.conf");
}

/* Then dracut takes the words of the running kernel, and the first to name any has to begin with those. */
static void of_the_running_kernels_words_those_that_shall_not_count_are_set_aside(void **state)
{
	struct machine *machine = machine_open_text(RUNNING);
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *joined = NULL;
	struct proposal proposal;

	(void)state;
	propose_aside(&proposal, &loader_uki_dracut, machine, "a=1", "", ASIDE);
	proposal_apply(&proposal, machine);
	assert_true(loader_uki_dracut.read(machine->root, &words, NULL));
	joined = strlist_join(&words, " ");
	assert_string_equal(joined, "root=UUID=0a1b rw " MARK "iommu=off quiet a=1");
	proposal_done(&proposal);
	machine_close(machine);
}

static void words_of_limine_entry_tool_are_set_aside_in_every_line(void **state)
{
	const struct file files[] = {
		{ "/boot/limine.conf", "cmdline: root=UUID=0a1b\n", "cmdline: root=UUID=0a1b\n" },
		{ "/etc/default/limine",
		  "#KERNEL_CMDLINE[default]+=\"iommu=off\"\nKERNEL_CMDLINE[default]=\"root=UUID=0a1b iommu=off\"\n"
		  "  KERNEL_CMDLINE[linux-lts]+=\" iommu=off\"\n",
		  "#KERNEL_CMDLINE[default]+=\"iommu=off\"\nKERNEL_CMDLINE[default]=\"root=UUID=0a1b " MARK
		  "iommu=off a=1\"\n  KERNEL_CMDLINE[linux-lts]+=\" " MARK "iommu=off\"\n" },
		{ "/etc/limine-entry-tool.d/x.conf", "KERNEL_CMDLINE[default]+=\"vfio-pci.ids=10de:13c2\"\n",
		  "KERNEL_CMDLINE[default]+=\"" MARK "vfio-pci.ids=10de:13c2\"\n" },
		{ NULL, NULL, NULL },
	};
	const struct file single[] = {
		{ "/boot/limine.conf", "cmdline: root=UUID=0a1b\n", NULL },
		{ "/etc/default/limine", "KERNEL_CMDLINE[default]=\"root=UUID=0a1b\"\n", NULL },
		{ "/etc/limine-entry-tool.d/x.conf", "KERNEL_CMDLINE[default]+='iommu=off'\n", NULL },
		{ NULL, NULL, NULL },
	};

	(void)state;
	goes_there_and_back(&loader_limine_entry_tool, RUNNING, files);
	is_refused(&loader_limine_entry_tool, RUNNING, single, "/etc/limine-entry-tool.d/x.conf");
}

static void words_of_u_boot_menu_are_set_aside_but_in_a_packages_file(void **state)
{
	const struct file files[] = {
		{ "/etc/default/u-boot", "U_BOOT_PARAMETERS=\"ro iommu=off\"\n", "U_BOOT_PARAMETERS=\"ro " MARK "iommu=off\"\n" },
		{ "/etc/u-boot-menu/conf.d/x.conf", "U_BOOT_TIMEOUT=1\n", "U_BOOT_TIMEOUT=1\n" },
		{ NULL, NULL, NULL },
	};
	const struct file vendor[] = {
		{ "/etc/u-boot-menu/conf.d/x.conf", "U_BOOT_TIMEOUT=1\n", NULL },
		{ "/usr/share/u-boot-menu/conf.d/board.conf", "U_BOOT_PARAMETERS=\"ro iommu=off\"\n", NULL },
		{ NULL, NULL, NULL },
	};

	(void)state;
	goes_there_and_back(&loader_u_boot_menu, RUNNING, files);
	is_refused(&loader_u_boot_menu, RUNNING, vendor, "/usr/share/u-boot-menu/conf.d/board.conf");
}

/* Every loader either does it or says how a person does. */
static void who_cannot_set_a_word_aside_says_how_to_take_it_out(void **state)
{
	(void)state;
	for (size_t i = 0; loaders[i]; i++) {
		cleanup_text struct text how = { 0 };

		if (loaders[i]->sets_aside != !loaders[i]->take_out)
			fail_msg("%s", loaders[i]->name);
		loader_take_out(loaders[i], "iommu=off", &how);
		assert_non_null(strstr(text_string(&how), "iommu=off"));
	}
}

/* What is said of a word that switches the IOMMU off, and of one that gives vfio-pci ids, on a system of LOADER. */
static void advice(const struct loader *loader, char *ret, size_t size)
{
	struct host *host = handmade_host();
	struct selection selection;
	struct binding binding = { 0 };
	cleanup_foreign struct foreign foreign = { 0 };
	cleanup_findings struct findings findings = { 0 };
	cleanup_strlist struct strlist words = { 0 };

	selection_init(&selection);
	selection.iommu = true;
	strlist_split(&words, ASIDE, " ");
	host->cpu = CPU_AMD;
	iommu_check_words(host, &words, "of this boot", loader, &findings);
	foreign_add_words(&words, &foreign);
	foreign_report(&foreign, &selection, &binding, loader, &findings);
	assert_int_equal(findings.count, 2);
	snprintf(ret, size, "%s | %s", findings.items[0].remedy, findings.items[1].remedy);
	selection_done(&selection);
	host_free(host);
}

/* Nobody is sent to an option that his boot loader cannot fulfil. */
static void the_command_to_type_is_named_where_taking_over_is_impossible(void **state)
{
	char said[1024];

	(void)state;
	advice(&loader_rpm_ostree, said, sizeof(said));
	assert_non_null(strstr(said, "rpm-ostree kargs --delete=iommu=off "));
	assert_non_null(strstr(said, "rpm-ostree kargs --delete=vfio-pci.ids=10de:13c2 "));
	assert_null(strstr(said, "--adopt"));
	advice(&loader_kernelstub, said, sizeof(said));
	assert_non_null(strstr(said, "kernelstub --delete-options \"iommu=off\""));
	assert_non_null(strstr(said, "kernelstub --delete-options \"vfio-pci.ids=10de:13c2\""));
	assert_null(strstr(said, "--adopt"));
	advice(&loader_sdbootutil, said, sizeof(said));
	assert_non_null(strstr(strstr(said, "--adopt"), " | "));
	assert_non_null(strstr(strstr(said, " | "), "--adopt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_drop_in_directories_are_set_aside_in_every_file),
		cmocka_unit_test(an_open_quote_in_such_a_file_is_refused),
		cmocka_unit_test(words_of_dracuts_settings_are_set_aside_in_every_assignment),
		cmocka_unit_test(of_the_running_kernels_words_those_that_shall_not_count_are_set_aside),
		cmocka_unit_test(words_of_limine_entry_tool_are_set_aside_in_every_line),
		cmocka_unit_test(words_of_u_boot_menu_are_set_aside_but_in_a_packages_file),
		cmocka_unit_test(who_cannot_set_a_word_aside_says_how_to_take_it_out),
		cmocka_unit_test(the_command_to_type_is_named_where_taking_over_is_impossible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
