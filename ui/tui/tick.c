/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/tick.h"

#include <string.h>

#include "plan/member.h"
#include "tui/ask.h"
#include "tui/nav.h"

void tick_changed(struct model *model)
{
	model->planned = false;
	model->diffed = false;
}

bool tick_plan(struct model *model)
{
	if (!model->planned) {
		model->plan_fault = (struct fault){ 0 };
		if (!model->backend->plan(model->session, &model->plan_fault) && model->plan_fault.kind == FAULT_NONE)
			model->plan_fault.kind = FAULT_INPUT;
		model->planned = true;
		model->diffed = false;
	}
	if (model_plan(model))
		return true;
	model_say(model, STYLE_ERROR, "Cannot plan: %s", model->plan_fault.sentence);
	return false;
}

/* Why the plan would change nothing. */
static const char *unchanged(const struct model *model)
{
	if (model->session->applied.present)
		return "That is how it is applied now: nothing to do.";
	return model->session->selection.count || model->session->selection.iommu
		       ? "The machine is set up like that already: nothing to do."
		       : "Nothing is ticked now: nothing to apply.";
}

/* What follows from the change that WHAT tells of. */
void tick_say(struct model *model, const char *what)
{
	const struct plan *plan;
	const char *applies = model->session->read_only ? "" : " W applies.";
	bool shown = model_view(model) == VIEW_FINDINGS; /* f would lead nowhere */
	size_t errors, warnings;

	tick_changed(model);
	if (!tick_plan(model))
		return;
	plan = model_plan(model);
	errors = findings_count(&plan->findings, SEVERITY_ERROR);
	warnings = findings_count(&plan->findings, SEVERITY_WARNING);
	if (plan->refused)
		model_say(model, STYLE_ERROR, "%s %zu thing%s in the way of applying%s.", what, errors,
			  errors == 1 ? "" : "s", shown ? "" : errors == 1 ? ": f shows it" : ": f shows them");
	else if (!plan->changed)
		model_say(model, STYLE_MESSAGE, "%s %s", what, unchanged(model));
	else if (warnings)
		model_say(model, STYLE_WARNING, "%s %zu warning%s%s.%s", what, warnings, warnings == 1 ? "" : "s",
			  shown ? "" : warnings == 1 ? ": f shows it" : ": f shows them", applies);
	else
		model_say(model, STYLE_MESSAGE, "%s d shows the changes.%s", what, applies);
}

void tick_function(struct model *model, size_t index, bool mates)
{
	const struct host *host = model_host(model);
	const struct function *function = &host->functions[index];
	struct selection *selection = &model->session->selection;
	cleanup_free size_t *others = NULL;
	size_t count = mates ? member_mates(function, host, selection, &others) : 0;
	cleanup_free char *name = model_name(model, function);
	cleanup_text struct text what = { 0 };

	selection_tick(selection, host, function);
	for (size_t i = 0; i < count; i++)
		selection_tick(selection, host, &host->functions[others[i]]);
	if (count)
		text_printf(&what, "Ticked %s and %zu more of its group.", name, count);
	else
		text_printf(&what, "Ticked %s.", name);
	tick_say(model, text_string(&what));
}

/* The ticked others of its group, which no guest gets without it; none where it is in nobody's way. The caller frees. */
static size_t left_ticked(const struct model *model, const struct function *function, size_t **ret)
{
	const struct host *host = model_host(model);
	const struct group *group = host_group_of(host, function);
	struct selection without;
	enum member_bearing bearing;
	size_t count = 0;

	*ret = NULL;
	selection_init(&without);
	selection_copy(&without, &model->session->selection);
	selection_untick(&without, function->address);
	bearing = member_bearing(function, &without);
	if (group && (bearing == MEMBER_DRIVEN || bearing == MEMBER_CLAIMABLE)) {
		*ret = memory_zero(group->function_count, sizeof(**ret));
		for (size_t i = 0; i < group->function_count; i++)
			if (selection_find(&without, host->functions[group->functions[i]].address))
				(*ret)[count++] = group->functions[i];
	}
	selection_done(&without);
	return count;
}

void tick_untick(struct model *model, size_t index, bool mates)
{
	const struct host *host = model_host(model);
	const struct function *function = &host->functions[index];
	cleanup_free char *name = model_name(model, function);
	cleanup_text struct text what = { 0 };
	cleanup_free size_t *others = NULL;
	size_t count = mates ? left_ticked(model, function, &others) : 0;

	selection_untick(&model->session->selection, function->address);
	for (size_t i = 0; i < count; i++)
		selection_untick(&model->session->selection, host->functions[others[i]].address);
	text_printf(&what, "Unticked %s", name);
	if (count)
		text_printf(&what, " and %zu more of its group", count);
	text_append_char(&what, '.');
	tick_say(model, text_string(&what));
}

static void toggle_function(struct model *model, size_t index)
{
	const struct host *host = model_host(model);
	const struct function *function = &host->functions[index];
	cleanup_free char *name = model_name(model, function);
	cleanup_free size_t *mates = NULL;
	size_t count;

	if (selection_find(&model->session->selection, function->address)) {
		count = left_ticked(model, function, &mates);
		if (count)
			ask_unticked(model, function, mates, count);
		else
			tick_untick(model, index, false);
		return;
	}
	if (!member_tickable(function)) {
		model_say(model, STYLE_WARNING, "%s cannot be ticked: %s", name, rows_refusal(function));
		return;
	}
	count = member_mates(function, host, &model->session->selection, &mates);
	if (count)
		ask_mates(model, function, mates, count);
	else
		tick_function(model, index, false);
}

/* How many members of a group that can be ticked are not on the screen. */
static size_t hidden_of(const struct model *model, const size_t *members, size_t count)
{
	const struct host *host = model_host(model);
	size_t hidden = 0;

	for (size_t i = 0; i < count; i++)
		hidden += member_tickable(&host->functions[members[i]]) && !rows_match(host, members[i], model->filter);
	return hidden;
}

/* All members of a group that can be ticked; where they all are already, none of them. */
static void toggle_group(struct model *model, size_t group)
{
	const struct host *host = model_host(model);
	struct selection *selection = &model->session->selection;
	cleanup_text struct text what = { 0 };
	cleanup_free size_t *members = NULL;
	size_t tickable, hidden, count = rows_members(host, group, &members);
	bool untick = model_ticked_in(model, group, &tickable) >= tickable;

	if (!tickable || group == host->group_count) {
		model_say(model, STYLE_WARNING,
			  tickable ? "These functions are in no group: tick them one by one."
				   : "Nothing here can be ticked: it stays with the host.");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct function *function = &host->functions[members[i]];

		if (untick)
			selection_untick(selection, function->address);
		else if (member_tickable(function) && !selection_find(selection, function->address))
			selection_tick(selection, host, function);
	}
	text_printf(&what, "Group %u %s", host->groups[group].number, untick ? "unticked" : "ticked");
	hidden = *model->filter ? hidden_of(model, members, count) : 0;
	if (hidden)
		text_printf(&what, ", with %zu that the filter hides", hidden);
	text_append_char(&what, '.');
	tick_say(model, text_string(&what));
}

void tick_toggle(struct model *model)
{
	const struct row *row = model_row(model);

	if (!row)
		return;
	if (row->kind == ROW_FUNCTION)
		toggle_function(model, row->function);
	else
		toggle_group(model, row->group);
}

void tick_none(struct model *model)
{
	struct selection *selection = &model->session->selection;

	while (selection->count)
		selection_untick(selection, selection->ticks[0].address);
	tick_say(model, "Everything unticked.");
}

void tick_iommu(struct model *model)
{
	struct selection *selection = &model->session->selection;

	/* Before there are groups, what is ticked keeps it from being turned on. */
	if (selection->count && !model_host(model)->iommu.enabled) {
		ask_enable(model);
		return;
	}
	if (selection->count) {
		model_say(model, STYLE_MESSAGE,
			  "The IOMMU is enabled with what is ticked: untick everything to leave it off.");
		return;
	}
	selection->iommu = !selection->iommu;
	tick_say(model, selection->iommu ? "The IOMMU will be on at the next boot." : "The IOMMU stays as it is.");
}

void tick_iommu_alone(struct model *model)
{
	struct selection *selection = &model->session->selection;

	while (selection->count)
		selection_untick(selection, selection->ticks[0].address);
	selection->iommu = true;
	tick_say(model, "Only the IOMMU will be on at the next boot.");
}

/* An override puts the findings in another order: the cursor stays with the one that says MESSAGE. */
static void stay_with(struct model *model, const char *message)
{
	const struct plan *plan = model_plan(model);

	for (size_t i = 0; plan && i < plan->findings.count; i++)
		if (!strcmp(plan->findings.items[i].message, message))
			model_place(model)->cursor = i;
}

void tick_allow(struct model *model, const char *code, bool allow)
{
	struct strlist *list = &model->session->allow;
	const struct finding *finding = model_finding(model);
	cleanup_free char *message = finding ? memory_string(finding->message) : NULL;
	cleanup_text struct text what = { 0 };

	if (allow)
		strlist_add_once(list, code);
	for (size_t i = 0; !allow && i < list->count; i++)
		if (!strcmp(list->items[i], code))
			strlist_remove(list, i--);
	text_printf(&what, allow ? "%s is overridden." : "%s counts again.", code);
	tick_say(model, text_string(&what));
	if (message)
		stay_with(model, message);
}

void tick_rescan(struct model *model)
{
	struct session *session = model->session;
	const struct function *function = model_function(model);
	struct address at = function ? function->address : (struct address){ 0 };
	bool known = function != NULL;
	cleanup_free unsigned *folded = NULL;
	size_t folded_count = rows_folded(&model->tree, session->host, &folded);
	bool planned = model->planned;
	struct fault fault = { 0 };

	if (!model->backend->rescan(session, model->ssh, &fault)) {
		model_say(model, STYLE_ERROR, "Cannot read the machine again: %s", fault.sentence);
		return;
	}
	tick_changed(model);
	if (model->detail_known)
		detail_done(&model->detail);
	model->detail_known = false;
	model_look(model);
	rows_fold_numbers(&model->tree, session->host, folded, folded_count);
	rows_build(&model->tree, session->host, model->filter);
	function = known ? host_find(session->host, at) : NULL;
	if (function)
		nav_show(model, function);
	/* Where a plan was seen it is that of the machine as it is now. */
	if (!planned || tick_plan(model))
		model_say(model, STYLE_MESSAGE, "The machine was read again: %zu functions in %zu groups.",
			  session->host->function_count, session->host->group_count);
}
