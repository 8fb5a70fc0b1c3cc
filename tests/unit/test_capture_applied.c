/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine that was captured after something was applied is the same machine to whoever plans on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/gather.h"
#include "host/machinefile.h"
#include "host/redact.h"
#include "plan/member.h"
#include "plan/plan.h"
#include "support/pretend.h"

#define SAMPLES 3u /* of the groups of a machine */

static struct plan *make(const struct root *root, const struct selection *selection)
{
	cleanup_strlist struct strlist allow = { 0 };
	struct host *host = NULL;
	struct applied applied;
	struct plan *plan = NULL;
	struct fault fault = { 0 };

	for (int code = 0; code < FINDING_CODE_COUNT; code++)
		strlist_add(&allow, finding_code_word((enum finding_code)code));
	if (!host_gather(root, NULL, &host, &fault) || !applied_read(root, &applied, &fault) ||
	    !plan_make(root, host, &applied, selection, &allow, &plan, &fault))
		fail_msg("%s", fault.sentence);
	applied_done(&applied);
	host_free(host);
	return plan;
}

/* All that a plan says and does, without what a capture takes out. */
static void write_plan(const struct plan *plan, struct text *out)
{
	text_printf(out, "refused %d changed %d\n", plan->refused, plan->changed);
	for (size_t i = 0; i < plan->findings.count; i++)
		text_printf(out, "%s\n", plan->findings.items[i].message);
	for (size_t i = 0; i < plan->changeset.file_count; i++)
		text_printf(out, "%s %s\n%s", change_kind_word(plan->changeset.files[i].kind),
			    plan->changeset.files[i].path, text_string(&plan->changeset.files[i].after));
	for (size_t i = 0; i < plan->changeset.command_count; i++)
		text_printf(out, "# %s\n", plan->changeset.commands[i].argv.items[0]);
	redact(out);
}

static void same_plan(const char *name, const struct root *root, const struct root *copy,
		      const struct selection *selection, bool applied)
{
	cleanup_text struct text here = { 0 }, there = { 0 };
	struct plan *plan = make(root, selection), *again = make(copy, selection);

	write_plan(plan, &here);
	write_plan(again, &there);
	if (strcmp(text_string(&here), text_string(&there)) != 0)
		fail_msg("%s: on the spot\n%s\nfrom the capture\n%s", name, text_string(&here), text_string(&there));
	if (applied && again->changed)
		fail_msg("%s: there is something to do\n%s", name, text_string(&there));
	plan_free(plan);
	plan_free(again);
}

static struct machine *captured(struct machine *machine)
{
	cleanup_text struct text text = { 0 };
	struct fault fault = { 0 };

	if (!machinefile_capture(machine->root, &text, &fault))
		fail_msg("%s", fault.sentence);
	return machine_open_text(text_string(&text));
}

/* The same choice is nothing to do, and nothing ticked takes the same away. */
static void apply_and_capture(const char *name, const struct selection *selection)
{
	struct machine *machine = machine_open(name), *copy;
	struct plan *plan = make(machine->root, selection);
	struct selection nothing;

	selection_init(&nothing);
	if (!plan->refused) {
		pretend_applied(machine, &plan->changeset);
		copy = captured(machine);
		same_plan(name, machine->root, copy->root, selection, true);
		same_plan(name, machine->root, copy->root, &nothing, false);
		machine_close(copy);
	}
	plan_free(plan);
	machine_close(machine);
}

static void what_was_applied_is_applied_in_the_capture(void **state)
{
	cleanup_strlist struct strlist names = { 0 };

	(void)state;
	machine_names(&names);
	for (size_t i = 0; i < names.count; i++) {
		struct machine *machine = machine_open(names.items[i]);
		const struct host *host = machine_host(machine);
		size_t step = host->group_count / SAMPLES + 1;

		for (size_t at = 0; at < host->group_count; at += step) {
			const struct group *group = &host->groups[at];
			struct selection selection;

			selection_init(&selection);
			for (size_t j = 0; j < group->function_count; j++)
				if (member_tickable(&host->functions[group->functions[j]]))
					selection_tick(&selection, host, &host->functions[group->functions[j]]);
			apply_and_capture(names.items[i], &selection);
			selection_done(&selection);
		}
		machine_close(machine);
	}
}

static void what_others_set_up_is_in_the_capture(void **state)
{
	struct machine *machine = machine_open("z170a"), *copy;
	struct selection selection;

	(void)state;
	selection_init(&selection);
	selection.adopt = true;
	machine_write(machine, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:13c2\n");
	machine_write(machine, "/etc/udev/rules.d/10-vfio.rules",
		      "KERNEL==\"0000:01:00.0\", ATTR{driver_override}=\"vfio-pci\"\n");
	machine_write(machine, "/etc/udev/rules.d/20-own.rules", "ATTRS{serial}==\"S3ZNX0J\", NAME=\"alice\"\n");
	machine_write(machine, "/etc/driverctl.d/pci-0000:01:00.0", "vfio-pci\n");
	machine_write(machine, "/etc/initcpio/hooks/vfio", "run_hook() {\n\techo vfio-pci > /sys/bus/pci/devices/"
							   "0000:02:00.0/driver_override\n}\n");
	copy = captured(machine);
	same_plan("z170a", machine->root, copy->root, &selection, false);
	assert_false(root_exists(copy->root, "/etc/vfioconf.ini"));
	free(machine_read(copy, "/etc/udev/rules.d/10-vfio.rules"));
	{
		char *other = machine_read(copy, "/etc/udev/rules.d/20-own.rules");

		assert_string_equal(other, "there\n");
		free(other);
	}
	machine_close(machine);
	machine_close(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_applied_is_applied_in_the_capture),
		cmocka_unit_test(what_others_set_up_is_in_the_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
