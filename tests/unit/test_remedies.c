/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who types what a refusal says is not refused again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/words.h"
#include "support/machine.h"
#include "support/pieces.h"
#include "support/proposal.h"

static const struct {
	const struct loader *loader;
	const char *path, *before, *refused, *after; /* the file, in three parts */
	const char *words;                           /* what the user has for the dots */
} cases[] = {
	{ &loader_refind, "/boot/refind_linux.conf", "# mine\n", "'Boot' 'root=UUID=0a1b quiet'", "\n", "root=UUID=0a1b" },
	{ &loader_proxmox, KERNEL_CMDLINE, "", "# mine", "\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs\n", "ZFS=rpool/ROOT/pve-1" },
	{ &loader_sdboot_manage, "/etc/sdboot-manage.conf", "", "LINUX_OPTIONS+=\" quiet\"", "\n", "quiet" },
	{ &loader_limine_entry_tool, "/etc/default/limine", "ESP_PATH=/boot\n", "KERNEL_CMDLINE[default]='root=UUID=0a1b'", "\n",
	  "root=UUID=0a1b" },
	{ &loader_update_extlinux, "/etc/update-extlinux.conf", "overwrite=1\n", "default_kernel_opts=\"$X quiet\"", "\n", "quiet" },
	{ &loader_systemd_boot, "/boot/loader/entries/a.conf", "linux /vmlinuz\n", "options \"root=UUID=0a1b quiet\"", "\n",
	  "root=UUID=0a1b" },
	{ &loader_syslinux, "/boot/syslinux/syslinux.cfg", "LABEL x\nLINUX /vmlinuz\n", "APPEND root=UUID=0a1b x=\"y", "\n",
	  "root=UUID=0a1b" },
	{ &loader_limine, "/boot/limine.conf", "/Arch\npath: boot():/x\n", "cmdline: root=UUID=0a1b x=\"y", "\n", "root=UUID=0a1b" },
};

static void write_parts(struct machine *machine, size_t number, const char *line)
{
	cleanup_text struct text all = { 0 };

	text_printf(&all, "%s%s%s", cases[number].before, line, cases[number].after);
	machine_write(machine, cases[number].path, text_string(&all));
}

/* The line that the remedy tells, with the user's words for its dots. */
static void follow(const struct finding *finding, const char *words, struct text *ret)
{
	const char *form = finding->paste, *dots = form ? strstr(form, WORDS_DOTS) : NULL;

	if (!dots)
		fail_msg("%s: %s", finding->message, finding->remedy);
	text_printf(ret, "%.*s%s%s", (int)(dots - form), form, words, dots + strlen(WORDS_DOTS));
}

static void a_line_as_the_remedy_tells_it_is_not_refused_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		struct machine *machine = machine_open_text("machine 1\n" PROXMOX RUNNING("root=UUID=0a1b ro quiet")
			"file /boot/limine.conf\n\t|/Linux\n\t|path: boot():/x\n\t|cmdline: root=UUID=0a1b\n");
		cleanup_text struct text line = { 0 };
		struct proposal proposal;

		/* What sdboot-manage writes from its settings. */
		if (cases[i].loader == &loader_sdboot_manage)
			machine_write(machine, "/boot/loader/entries/linux.conf",
				      "linux /vmlinuz-linux\noptions root=UUID=0a1b ro quiet\n");
		write_parts(machine, i, cases[i].refused);
		propose(&proposal, cases[i].loader, machine, "a=1", "");
		assert_true(changeset_empty(&proposal.changeset));
		if (proposal.findings.items[0].code != FINDING_SYNTAX_NOT_UNDERSTOOD)
			fail_msg("%s: %s", cases[i].path, proposal.findings.items[0].message);
		follow(&proposal.findings.items[0], cases[i].words, &line);
		proposal_done(&proposal);
		write_parts(machine, i, text_string(&line));
		propose(&proposal, cases[i].loader, machine, "a=1", "");
		if (findings_refuse(&proposal.findings) || changeset_find(&proposal.changeset, cases[i].path))
			fail_msg("%s: <%s> is not right yet", cases[i].path, text_string(&line));
		proposal_done(&proposal);
		machine_close(machine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_as_the_remedy_tells_it_is_not_refused_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
