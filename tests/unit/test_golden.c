/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Golden plans: tests/golden/MACHINE/CASE. The first line of a case says what is ticked and set ("$ 02:00.0 06:00.0
 * iommu"), the rest is the whole plan as text: findings, parameters, diffs, commands and what must be true after them
 * ("findings-only": without the files and commands). Names are left out, since every pci.ids has others.
 * "$ each group" instead gives one line for every group of the machine, "$ evidence" what every boot loader and every
 * generator has for itself there. GENERATE=1 writes all of them anew, and gives a machine that has no plans yet its
 * first three.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "apply/preview.h"
#include "host/gather.h"
#include "plan/member.h"
#include "plan/plan.h"
#include "support/machine.h"

#define GOLDEN "tests/golden"
#define GROUPS_SHOWN 40u
#define FINDINGS_ONLY "findings-only"

struct stage {
	const char *name;
	struct machine *machine;
	struct host *host;
	struct applied applied;
};

static bool generating(void)
{
	const char *value = getenv("GENERATE");

	return value && *value;
}

static bool read_all(const char *path, struct text *ret)
{
	FILE *file = fopen(path, "re");
	char buffer[4096];
	size_t got;

	if (!file)
		return false;
	while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
		text_append_n(ret, buffer, got);
	fclose(file);
	return true;
}

static void write_all(const char *path, const struct text *text)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(text_string(text), 1, text->length, file) != text->length || fclose(file))
		fail_msg("cannot write %s: %s", path, strerror(errno));
}

static void set_one(const struct stage *stage, const char *word, struct selection *selection)
{
	struct address address;

	if (!strcmp(word, "iommu"))
		selection->iommu = true;
	else if (!strcmp(word, "blacklist"))
		selection->blacklist = true;
	else if (!strcmp(word, "no-passthrough"))
		selection->iommu_passthrough = false;
	else if (!strcmp(word, "bind=address"))
		selection->bind = BIND_ADDRESS;
	else if (text_starts_with(word, "acs="))
		selection->acs_override = memory_string(word + 4);
	else if (text_starts_with(word, "loader="))
		selection->loader = memory_string(word + 7);
	else if (text_starts_with(word, "generator="))
		selection->generator = memory_string(word + 10);
	else if (!address_parse(word, &address) || !host_find(stage->host, address))
		fail_msg("%s: \"%s\" is nothing that can be ticked or set there", stage->name, word);
	else
		selection_tick(selection, stage->host, host_find(stage->host, address));
}

static struct plan *make(const struct stage *stage, const struct selection *selection)
{
	struct fault fault = { 0 };
	struct plan *plan = NULL;

	if (!plan_make(stage->machine->root, stage->host, &stage->applied, selection, NULL, &plan, &fault))
		fail_msg("%s: %s", stage->name, fault.sentence);
	return plan;
}

static void show_finding(const struct finding *finding, struct text *text)
{
	char address[ADDRESS_SIZE];

	text_printf(text, "\n%s %s", severity_word(finding->severity), finding_code_word(finding->code));
	for (size_t i = 0; i < finding->function_count; i++)
		text_printf(text, " %s", address_format(finding->functions[i], address));
	text_printf(text, "\n    %s\n", finding->message);
	if (finding->remedy)
		text_printf(text, "    -> %s\n", finding->remedy);
	if (finding->paste)
		text_printf(text, "%s\n", finding->paste);
}

static void show_list(const char *what, const struct strlist *list, struct text *text)
{
	for (size_t i = 0; i < list->count; i++)
		text_printf(text, "%s %s\n", what, list->items[i]);
}

static void show_command(const struct command *command, struct text *text)
{
	static const char *const kinds[] = { [EXPECT_WORDS] = "words", [EXPECT_LISTING] = "listing",
					    [EXPECT_FILE] = "file", [EXPECT_BESIDE] = "beside",
					    [EXPECT_SECTION] = "section", [EXPECT_COPY] = "copy" };
	cleanup_free char *line = preview_command(command);

	text_printf(text, "\n# %s\n# (%s)\n", line, command->why);
	show_list("  rewrites", &command->artefacts, text);
	for (size_t i = 0; i < command->expectation_count; i++) {
		const struct expectation *expectation = &command->expectations[i];

		text_printf(text, "  then %s of %s\n", kinds[expectation->kind], expectation->path);
		if (expectation->kind == EXPECT_COPY)
			show_list("    of", &expectation->keys, text);
		show_list("    in each but", &expectation->others, text);
		show_list("    has", &expectation->present, text);
		show_list("    has not", &expectation->absent, text);
	}
}

static void show_bindings(const struct binding *binding, struct text *text)
{
	char address[ADDRESS_SIZE];

	for (size_t i = 0; i < binding->count; i++)
		text_printf(text, "%s by %s: %s\n", address_format(binding->functions[i].address, address),
			    bind_mode_word(binding->functions[i].mode), binding->functions[i].reason);
}

static void show_decisions(const struct plan *plan, struct text *text)
{
	text_printf(text, "%s, %s, %s\n", plan->refused ? "refused" : "not refused",
		    plan->changed ? "something to do" : "nothing to do", plan->reboot ? "reboot" : "no reboot");
	if (plan->loader)
		text_printf(text, "loader %s\n", plan->loader->name);
	if (plan->generator)
		text_printf(text, "generator %s\n", plan->generator->name);
	show_list("parameter", &plan->parameters, text);
	show_bindings(&plan->binding, text);
	for (size_t i = 0; i < plan->findings.count; i++)
		show_finding(&plan->findings.items[i], text);
}

static void show_changes(const struct plan *plan, struct text *text)
{
	struct fault fault = { 0 };

	for (size_t i = 0; i < plan->changeset.file_count; i++) {
		text_append(text, "\n");
		if (!preview_file(&plan->changeset.files[i], text, &fault))
			fail_msg("%s", fault.sentence);
		text_printf(text, "(%s)\n", plan->changeset.files[i].why);
	}
	for (size_t i = 0; i < plan->changeset.command_count; i++)
		show_command(&plan->changeset.commands[i], text);
}

static void show_case(const struct stage *stage, const char *words, struct text *text)
{
	cleanup_strlist struct strlist list = { 0 };
	struct selection selection;
	struct plan *plan;

	selection_init(&selection);
	strlist_split(&list, words, " ");
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.items[i], FINDINGS_ONLY) != 0)
			set_one(stage, list.items[i], &selection);
	plan = make(stage, &selection);
	show_decisions(plan, text);
	if (!strlist_has(&list, FINDINGS_ONLY))
		show_changes(plan, text);
	plan_free(plan);
	selection_done(&selection);
}

/* Each finding once, the gravest first, as it bears on a group that is ticked as a whole. */
static void show_codes(const struct plan *plan, struct text *text)
{
	cleanup_strlist struct strlist seen = { 0 };

	for (size_t i = 0; i < plan->findings.count; i++) {
		const struct finding *finding = &plan->findings.items[i];
		cleanup_text struct text word = { 0 };

		text_printf(&word, "%s %s", severity_word(finding->severity), finding_code_word(finding->code));
		if (strlist_add_once(&seen, text_string(&word)))
			text_printf(text, "; %s", text_string(&word));
	}
	for (size_t i = 0; i < plan->binding.ids.count; i++)
		text_printf(text, "%s%s", i ? "," : "; ids=", plan->binding.ids.items[i]);
	text_append(text, "\n");
}

static void show_group(const struct stage *stage, const struct group *group, struct text *text)
{
	struct selection selection;
	struct plan *plan;

	selection_init(&selection);
	text_printf(text, "group %u:", group->number);
	for (size_t i = 0; i < group->function_count; i++) {
		const struct function *function = &stage->host->functions[group->functions[i]];
		char address[ADDRESS_SIZE];

		text_printf(text, member_tickable(function) ? " %s" : " (%s)", address_format(function->address, address));
		if (member_tickable(function))
			selection_tick(&selection, stage->host, function);
	}
	plan = make(stage, &selection);
	text_append(text, selection.count ? plan->refused ? " refused" : " can go" : " stays with the host");
	if (selection.count)
		show_codes(plan, text);
	else
		text_append(text, "\n");
	plan_free(plan);
	selection_done(&selection);
}

static void show_groups(const struct stage *stage, struct text *text)
{
	size_t step = stage->host->group_count / GROUPS_SHOWN + 1;

	if (!stage->host->group_count)
		text_append(text, "no groups\n");
	for (size_t i = 0; i < stage->host->group_count; i += step)
		show_group(stage, &stage->host->groups[i], text);
}

static void show_evidence(const char *kind, const char *name, bool chosen, struct evidence *evidence,
			  struct text *text)
{
	if (evidence->score)
		text_printf(text, "%s %s %d%s\n", kind, name, evidence->score, chosen ? " in use" : "");
	show_list("   ", &evidence->reasons, text);
	evidence_done(evidence);
}

/* tests/cli/check-systems finds all of it again in what --check says. */
static void show_all_evidence(const struct stage *stage, struct text *text)
{
	const struct root *root = stage->machine->root;
	struct findings findings = { 0 };
	const struct loader *loader = loader_choose(root, NULL, &findings);
	const struct initramfs *generator = initramfs_choose(root, NULL, &findings);

	for (size_t i = 0; loaders[i]; i++) {
		struct evidence evidence = { 0 };

		loaders[i]->probe(root, &evidence);
		show_evidence("loader", loaders[i]->name, loaders[i] == loader, &evidence, text);
	}
	for (size_t i = 0; generators[i]; i++) {
		struct evidence evidence = { 0 };

		generators[i]->probe(root, &evidence);
		show_evidence("generator", generators[i]->name, generators[i] == generator, &evidence, text);
	}
	for (size_t i = 0; i < findings.count; i++)
		show_finding(&findings.items[i], text);
	findings_done(&findings);
}

/* The whole of a case: its first line, and what comes of that. */
static void run_case(const struct stage *stage, const char *first, size_t length, struct text *ret)
{
	cleanup_free char *words = memory_string_n(first + 2, length < 2 ? 0 : length - 2);

	text_printf(ret, "$ %s\n", words);
	if (!strcmp(words, "each group"))
		show_groups(stage, ret);
	else if (!strcmp(words, "evidence"))
		show_all_evidence(stage, ret);
	else
		show_case(stage, words, ret);
}

static void check_case(const struct stage *stage, const char *path)
{
	cleanup_text struct text wanted = { 0 };
	cleanup_text struct text got = { 0 };

	if (!read_all(path, &wanted))
		fail_msg("cannot read %s: %s", path, strerror(errno));
	run_case(stage, text_string(&wanted), strcspn(text_string(&wanted), "\n"), &got);
	if (text_equal(&wanted, &got))
		return;
	if (!generating())
		fail_msg("%s is not what comes out (GENERATE=1 writes it anew):\n%s", path, text_string(&got));
	write_all(path, &got);
}

static void add_case(const char *directory, const char *name, const char *words)
{
	cleanup_text struct text path = { 0 };
	cleanup_text struct text first = { 0 };

	text_printf(&path, "%s/%s", directory, name);
	text_printf(&first, "$ %s\n", words);
	mkdir(directory, 0755);
	write_all(text_string(&path), &first);
}

static void check_machine(const struct stage *stage)
{
	cleanup_text struct text directory = { 0 };
	cleanup_strlist struct strlist cases = { 0 };
	struct fault fault = { 0 };
	struct root *here;

	text_printf(&directory, GOLDEN "/%s", stage->name);
	assert_true(root_open(".", &here, &fault));
	if (generating() && !root_exists(here, text_string(&directory))) {
		add_case(text_string(&directory), "evidence", "evidence");
		add_case(text_string(&directory), "groups", "each group");
		add_case(text_string(&directory), "iommu", "iommu");
	}
	if (!root_list(here, text_string(&directory), &cases, &fault) || !cases.count)
		fail_msg("%s has no golden plans: GENERATE=1 makes them", stage->name);
	for (size_t i = 0; i < cases.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", text_string(&directory), cases.items[i]);
		check_case(stage, text_string(&path));
	}
	root_free(here);
}

static void forget_names(struct host *host)
{
	for (size_t i = 0; i < host->function_count; i++) {
		struct function *function = &host->functions[i];

		free(function->vendor_name);
		free(function->device_name);
		function->vendor_name = memory_string("Vendor");
		function->device_name = memory_string("Device");
	}
}

static void every_machine_has_the_plans_that_were_agreed_on(void **state)
{
	struct strlist names = { 0 };

	(void)state;
	machine_names(&names);
	for (size_t i = 0; i < names.count; i++) {
		struct stage stage = { .name = names.items[i], .machine = machine_open(names.items[i]) };
		struct fault fault = { 0 };

		if (!host_gather(stage.machine->root, NULL, &stage.host, &fault) ||
		    !applied_read(stage.machine->root, &stage.applied, &fault))
			fail_msg("%s: %s", stage.name, fault.sentence);
		forget_names(stage.host);
		check_machine(&stage);
		applied_done(&stage.applied);
		host_free(stage.host);
		machine_close(stage.machine);
	}
	strlist_done(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_machine_has_the_plans_that_were_agreed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
