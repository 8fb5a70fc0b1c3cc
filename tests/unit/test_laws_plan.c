/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The laws of planning, over every machine file: the same plan twice; nothing to do on an applied machine; and nothing
 * ticked gives back the bytes that were there before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/gather.h"
#include "plan/member.h"
#include "plan/plan.h"
#include "support/pretend.h"

#define SAMPLES 24u /* of the functions and of the groups of a large machine */

/* A machine, and what its files were before anything was applied. */
struct lab {
	const char *name;
	struct machine *machine;
	struct host *host;
	struct strlist allow; /* every code that can be overridden: so that more gets through to the files */
	struct changeset first; /* its `before` bytes are those that must come back */
};

/* Numbers that are the same in every run (Knuth's constants). */
static uint32_t draw(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static struct plan *make(const struct lab *lab, const struct selection *selection)
{
	struct applied applied;
	struct plan *plan = NULL;
	struct fault fault = { 0 };

	if (!applied_read(lab->machine->root, &applied, &fault) ||
	    !plan_make(lab->machine->root, lab->host, &applied, selection, &lab->allow, &plan, &fault))
		fail_msg("%s: %s", lab->name, fault.sentence);
	applied_done(&applied);
	return plan;
}

/* The bytes at PATH are those that were there before the first change of it. */
static void came_back(const struct lab *lab, const struct file_change *first)
{
	struct text now = { 0 };
	struct fault fault;
	bool there = root_read(lab->machine->root, first->path, ROOT_LIMIT_GENERATED, &now, &fault);

	if (there != (first->kind != CHANGE_CREATE))
		fail_msg("%s: %s is %s afterwards", lab->name, first->path, there ? "there" : "not there");
	if (there && !text_equal(&now, &first->before))
		fail_msg("%s: %s is \n%s\nafterwards instead of\n%s", lab->name, first->path, text_string(&now),
			 text_string(&first->before));
	text_done(&now);
}

/* What is applied on top of something else keeps the bytes that were there before anything was. */
static void remember(struct lab *lab, const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->file_count; i++) {
		const struct file_change *change = &changeset->files[i];

		if (!changeset_find(&lab->first, change->path))
			changeset_file(&lab->first, change->path,
				       change->kind == CHANGE_CREATE ? NULL : &change->before,
				       change->kind == CHANGE_DELETE ? NULL : &change->after, change->mode, "");
	}
}

static void print_diff(const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->file_count; i++)
		print_message("%s %s\n%s", change_kind_word(changeset->files[i].kind), changeset->files[i].path,
			      text_string(&changeset->files[i].after));
	for (size_t i = 0; i < changeset->command_count; i++)
		print_message("# %s\n", changeset->commands[i].argv.items[0]);
}

static void nothing_to_do(const struct lab *lab, const struct selection *selection, const char *when)
{
	struct plan *plan = make(lab, selection);

	if (plan->changed) {
		print_diff(&plan->changeset);
		fail_msg("%s: %s there is something left to do", lab->name, when);
	}
	plan_free(plan);
}

/* Applies what is planned; false where it is refused. */
static bool apply(struct lab *lab, const struct selection *selection)
{
	struct plan *plan = make(lab, selection);
	struct plan *again = make(lab, selection);
	char digest[65], second[65];
	bool refused = plan->refused;

	changeset_digest(&plan->changeset, digest);
	changeset_digest(&again->changeset, second);
	assert_string_equal(digest, second);
	assert_int_equal(plan->findings.count, again->findings.count);
	for (size_t i = 0; i < plan->findings.count; i++)
		assert_string_equal(plan->findings.items[i].message, again->findings.items[i].message);
	plan_free(again);
	if (!refused) {
		remember(lab, &plan->changeset);
		pretend_applied(lab->machine, &plan->changeset);
	}
	plan_free(plan);
	if (!refused)
		nothing_to_do(lab, selection, "after applying");
	return !refused;
}

static void take_back(struct lab *lab)
{
	struct selection nothing;

	selection_init(&nothing);
	if (!apply(lab, &nothing))
		fail_msg("%s: taking everything back is refused", lab->name);
	for (size_t i = 0; i < lab->first.file_count; i++)
		came_back(lab, &lab->first.files[i]);
	changeset_done(&lab->first);
	lab->first = (struct changeset){ 0 };
}

static void there_and_back(struct lab *lab, const struct selection *selection)
{
	if (apply(lab, selection))
		take_back(lab);
}

static void every_function(struct lab *lab)
{
	size_t step = lab->host->function_count / SAMPLES + 1;

	for (size_t i = 0; i < lab->host->function_count; i += step) {
		struct selection selection;

		selection_init(&selection);
		selection_tick(&selection, lab->host, &lab->host->functions[i]);
		there_and_back(lab, &selection);
		selection_done(&selection);
	}
}

static void tick_group(struct selection *selection, const struct host *host, const struct group *group)
{
	for (size_t i = 0; i < group->function_count; i++)
		if (member_tickable(&host->functions[group->functions[i]]))
			selection_tick(selection, host, &host->functions[group->functions[i]]);
}

static void every_group(struct lab *lab)
{
	size_t step = lab->host->group_count / SAMPLES + 1;

	for (size_t i = 0; i < lab->host->group_count; i += step) {
		struct selection selection;

		selection_init(&selection);
		tick_group(&selection, lab->host, &lab->host->groups[i]);
		there_and_back(lab, &selection);
		selection_done(&selection);
	}
}

/* One selection on top of the other, and only then everything back. */
static void at_random(struct lab *lab)
{
	uint64_t seed = 20261122;

	for (unsigned round = 0; round < 4; round++) {
		for (unsigned layer = 0; layer < 3; layer++) {
			struct selection selection;

			selection_init(&selection);
			selection.iommu = draw(&seed) & 1;
			selection.blacklist = draw(&seed) & 1;
			selection.iommu_passthrough = draw(&seed) & 1;
			selection.menu_entry = draw(&seed) & 1;
			for (uint32_t ticks = draw(&seed) % 4; ticks && lab->host->group_count; ticks--)
				tick_group(&selection, lab->host,
					   &lab->host->groups[draw(&seed) % lab->host->group_count]);
			apply(lab, &selection);
			selection_done(&selection);
		}
		take_back(lab);
	}
}

static void the_iommu_alone(struct lab *lab)
{
	struct selection selection;

	selection_init(&selection);
	selection.iommu = true;
	there_and_back(lab, &selection);
}

/* What guides and other tools leave on a machine; it is set aside with consent, and all of it must come back. */
static void among_others(struct lab *lab)
{
	static const char *const files[][2] = {
		{ "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:13c2 disable_vga=1\n\nsoftdep vfio-pci pre: x" },
		{ "/etc/udev/rules.d/10-vfio.rules", "KERNEL==\"0000:01:00.0\", ATTR{driver_override}=\"vfio-pci\"\n" },
		{ "/etc/driverctl.d/pci-0000:01:00.0", "vfio-pci\n" },
		{ "/etc/modules", "loop\nvfio-pci ids=10de:13c2\n" },
	};
	uint64_t seed = 20261122;

	for (size_t i = 0; i < array_size(files); i++)
		machine_write(lab->machine, files[i][0], files[i][1]);
	for (unsigned round = 0; round < 4 && lab->host->group_count; round++) {
		struct selection selection;

		selection_init(&selection);
		selection.adopt = true;
		selection.iommu = round == 0;
		for (unsigned ticks = 0; ticks < round; ticks++)
			tick_group(&selection, lab->host, &lab->host->groups[draw(&seed) % lab->host->group_count]);
		there_and_back(lab, &selection);
		selection_done(&selection);
	}
}

static void on_every_machine(void (*law)(struct lab *lab))
{
	struct strlist names = { 0 };

	machine_names(&names);
	assert_in_range(names.count, 1, 1000);
	for (size_t i = 0; i < names.count; i++) {
		struct lab lab = { .name = names.items[i], .machine = machine_open(names.items[i]) };
		struct fault fault = { 0 };

		if (!host_gather(lab.machine->root, NULL, &lab.host, &fault))
			fail_msg("%s: %s", names.items[i], fault.sentence);
		for (int code = 0; code < FINDING_CODE_COUNT; code++)
			strlist_add(&lab.allow, finding_code_word((enum finding_code)code));
		law(&lab);
		strlist_done(&lab.allow);
		host_free(lab.host);
		machine_close(lab.machine);
	}
	strlist_done(&names);
}

static void a_single_function_goes_there_and_back(void **state)
{
	(void)state;
	on_every_machine(every_function);
}

static void a_whole_group_goes_there_and_back(void **state)
{
	(void)state;
	on_every_machine(every_group);
}

static void selections_on_top_of_each_other_go_there_and_back(void **state)
{
	(void)state;
	on_every_machine(at_random);
}

static void what_others_set_up_goes_aside_and_back(void **state)
{
	(void)state;
	on_every_machine(among_others);
}

static void the_iommu_goes_on_and_back(void **state)
{
	(void)state;
	on_every_machine(the_iommu_alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_single_function_goes_there_and_back),
		cmocka_unit_test(a_whole_group_goes_there_and_back),
		cmocka_unit_test(selections_on_top_of_each_other_go_there_and_back),
		cmocka_unit_test(what_others_set_up_goes_aside_and_back),
		cmocka_unit_test(the_iommu_goes_on_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
