/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/today.h"

#include "edit/cmdline.h"
#include "plan/foreign.h"
#include "plan/foreign_line.h"
#include "plan/member.h"

static bool is_bound(const struct function *function)
{
	return function->driver && foreign_is_vfio(function->driver) && member_tickable(function);
}

static void tick_bound(const struct host *host, struct selection *selection)
{
	for (size_t i = 0; i < host->function_count; i++)
		if (is_bound(&host->functions[i]))
			selection_tick(selection, host, &host->functions[i]);
}

/* With the words that the running kernel got: nothing says yet which boot loader gave them. */
static void read_all(const struct root *root, const struct host *host, struct foreign *ret)
{
	cleanup_strlist struct strlist words = { 0 };

	foreign_read(root, ret);
	cmdline_split(host->kernel_cmdline, &words);
	foreign_add_words(&words, ret);
}

void today_read(const struct root *root, const struct host *host, const struct applied *applied, struct today *ret)
{
	today_done(ret);
	if (applied->present && applied_is_ours(&applied->bytes)) {
		ret->origin = TODAY_APPLIED;
		selection_copy(&ret->selection, &applied->selection);
		return;
	}
	tick_bound(host, &ret->selection);
	ret->origin = ret->selection.count ? TODAY_BOUND : TODAY_NOTHING;
	if (!ret->selection.count) {
		cleanup_foreign struct foreign foreign = { 0 };

		read_all(root, host, &foreign);
		foreign_tick(&foreign, host, &ret->selection);
		ret->origin = ret->selection.count ? TODAY_CONFIGURED : TODAY_NOTHING;
	}
}

void today_done(struct today *today)
{
	if (!today)
		return;
	selection_done(&today->selection);
	today->origin = TODAY_NOTHING;
}

/* At vfio-pci, and nothing that was found would bring it there at the next boot. */
static void note_bound(const struct host *host, const struct foreign *foreign, const struct function *function,
		       struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct selection configured;
	struct finding *finding;

	selection_init(&configured);
	foreign_tick(foreign, host, &configured);
	finding = findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_NOTE, "%s is at vfio-pci now.%s", name,
			       selection_find(&configured, function->address) ? "" :
			       " Nothing that vfioconf knows would bring it there at the next boot: it was bound by hand, "
			       "or a guest that runs has it.");
	finding_function(finding, function->address);
	selection_done(&configured);
}

struct plan *today_plan(const struct root *root, const struct host *host, const struct today *today)
{
	struct plan *plan = memory_zero(1, sizeof(*plan));
	cleanup_foreign struct foreign foreign = { 0 };

	selection_init(&plan->selection);
	selection_copy(&plan->selection, &today->selection);
	read_all(root, host, &foreign);
	for (size_t i = 0; i < host->function_count; i++)
		if (is_bound(&host->functions[i]))
			note_bound(host, &foreign, &host->functions[i], &plan->findings);
	foreign_show(&foreign, &plan->findings);
	if (plan->findings.count)
		finding_remedy(&plan->findings.items[0],
			       "It stays like that as long as nothing is changed here. To have vfioconf take it over: "
			       "--adopt, or \"Take over\" among the options.");
	return plan;
}
