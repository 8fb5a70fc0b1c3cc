/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/settings_change.h"

#include <string.h>

#include "tui/nav.h"
#include "tui/settings.h"
#include "tui/tick.h"

void settings_choose(struct model *model, enum choice_kind kind)
{
	const struct selection *selection = &model->session->selection;
	const char *now = kind == CHOICE_LOADER ? selection->loader : selection->generator;

	choices_done(&model->choices);
	model->choices.kind = kind;
	choices_add(&model->choices, NULL, "Whichever the evidence speaks for");
	model->backend->choices(model->session, kind, &model->choices);
	nav_open(model, VIEW_CHOICE);
	for (size_t i = 0; i < model->choices.count; i++)
		if (now && model->choices.items[i].name && !strcmp(now, model->choices.items[i].name))
			model_place(model)->cursor = i;
}

static void say_choice(struct model *model, const struct choice *choice)
{
	const struct findings *findings = &model_plan(model)->findings;
	cleanup_text struct text text = { 0 };
	enum choice_kind kind;

	for (size_t i = 0; !choice->name && i < findings->count; i++)
		if (setting_is_asked(findings->items[i].code, &kind) && kind == model->choices.kind) {
			model_say(model, STYLE_WARNING,
				  "The evidence does not decide it: the question stays open, W asks again.");
			return;
		}
	text_printf(&text, "Chosen: %s.", choice->label);
	if (model_plan(model)->refused)
		tick_say(model, text_string(&text));
	else
		model_say(model, STYLE_MESSAGE, "%s", text_string(&text));
}

static void take_choice(struct model *model)
{
	struct selection *selection = &model->session->selection;
	size_t at = model_place(model)->cursor;
	char **to = model->choices.kind == CHOICE_LOADER ? &selection->loader : &selection->generator;

	if (at >= model->choices.count)
		return;
	free(*to);
	*to = memory_string(model->choices.items[at].name);
	tick_changed(model);
	nav_back(model);
	if (tick_plan(model))
		say_choice(model, &model->choices.items[at]);
}

/* The value is on the screen; what is not is that it cannot be applied like that. */
static void say_refused(struct model *model, const char *what)
{
	cleanup_text struct text text = { 0 };

	if (!model_plan(model)->refused)
		return;
	text_printf(&text, "%s changed.", what);
	tick_say(model, text_string(&text));
}

/* One after the other; a list of ids, which only a profile or --acs can give, is followed by none. */
static const char *next_acs(const char *now)
{
	static const char *const values[] = { ACS_OVERRIDE_NONE, "downstream", "multifunction",
					      "downstream,multifunction" };

	for (size_t i = 0; i + 1 < array_size(values); i++)
		if (!strcmp(values[i], now ? now : ACS_OVERRIDE_NONE))
			return values[i + 1];
	return values[0];
}

/* A kernel without the patch gets nothing of it: the choice is not left standing, and the reason is told. */
static void change_acs(struct model *model)
{
	struct selection *selection = &model->session->selection;
	bool iommu = selection->iommu;
	const struct plan *plan;

	selection_set_acs(selection, next_acs(selection->acs_override));
	tick_changed(model);
	if (!tick_plan(model))
		return;
	plan = model_plan(model);
	for (size_t i = 0; i < plan->findings.count; i++) {
		const struct finding *finding = &plan->findings.items[i];

		if (finding->code != FINDING_ACS_UNPATCHED)
			continue;
		model_say(model, STYLE_ERROR, "%s %s", finding->message, finding->remedy);
		selection_set_acs(selection, NULL);
		selection->iommu = iommu;
		tick_changed(model);
		tick_plan(model);
		return;
	}
	say_refused(model, setting_label(SETTING_ACS));
}

static void change(struct model *model, enum setting setting)
{
	struct selection *selection = &model->session->selection;

	if (setting == SETTING_LOADER || setting == SETTING_GENERATOR) {
		settings_choose(model, setting == SETTING_LOADER ? CHOICE_LOADER : CHOICE_GENERATOR);
		return;
	}
	if (setting == SETTING_IOMMU) {
		tick_iommu(model);
		return;
	}
	if (setting == SETTING_ACS) {
		change_acs(model);
		return;
	}
	if (setting == SETTING_BIND)
		selection->bind = selection->bind == BIND_ADDRESS ? BIND_AUTO : selection->bind + 1;
	else if (setting == SETTING_ADOPT)
		selection->adopt = !selection->adopt;
	else if (setting == SETTING_BLACKLIST)
		selection->blacklist = !selection->blacklist;
	else if (setting == SETTING_MENU_ENTRY)
		selection->menu_entry = !selection->menu_entry;
	else
		selection->iommu_passthrough = !selection->iommu_passthrough;
	tick_changed(model);
	if (tick_plan(model))
		say_refused(model, setting_label(setting));
}

void settings_change(struct model *model)
{
	size_t cursor = model_place(model)->cursor;

	if (model_view(model) == VIEW_CHOICE)
		take_choice(model);
	else if (cursor < SETTING_COUNT)
		change(model, (enum setting)cursor);
}
