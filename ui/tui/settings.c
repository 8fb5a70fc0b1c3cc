/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/settings.h"

#include <string.h>

#include "boot/way_back.h"
#include "tui/nav.h"
#include "tui/tick.h"

static const struct {
	const char *label, *explain;
} settings[SETTING_COUNT] = {
	[SETTING_BIND] = { "Binding", "How a ticked function reaches vfio-pci. auto: by its ids where every function "
				      "with these ids is "
				      "ticked, else by its address. ids and address force one of them." },
	[SETTING_BLACKLIST] = { "Blacklist", "safe: blacklists the native module as well, but only where no function "
					     "that stays with the "
					     "host needs it. Seldom needed." },
	[SETTING_PASSTHROUGH] = { "IOMMU pass-through", "yes: adds iommu=pt, so that the host's own devices are not "
							"slowed down by translation." },
	[SETTING_IOMMU] = { "Enable the IOMMU",
			    "Turns the IOMMU on at the next boot, even with nothing ticked. A tick implies it." },
	[SETTING_ACS] = { "ACS override", "Splits groups that the hardware does not keep apart, on a kernel with the "
					  "patch for it. Dangerous: a guest could reach into the host or another guest "
					  "behind the IOMMU's back." },
	[SETTING_MENU_ENTRY] = { "Boot menu entry", "yes: the boot menu gets an entry \"" WAY_BACK_TITLE "\", the way "
						    "back from a black screen, where the boot loader has room for one." },
	[SETTING_ADOPT] = { "Take over", "yes: what others have set up for vfio-pci, and words that switch the IOMMU off, "
					 "are set aside where they stand. Unticking everything gives them back." },
	[SETTING_LOADER] = { "Boot loader", "Whose configuration gets the kernel parameters." },
	[SETTING_GENERATOR] = { "Initramfs generator", "Which program builds the images that the kernels start from." },
};

const char *setting_label(enum setting setting)
{
	return settings[setting].label;
}

const char *setting_explain(enum setting setting)
{
	return settings[setting].explain;
}

static char *chosen(const char *name, const char *found)
{
	struct text text = { 0 };

	if (name)
		text_printf(&text, "%s (your choice)", name);
	else if (found)
		text_printf(&text, "%s, as found", found);
	else
		text_append(&text, "not looked for yet");
	return text_take(&text);
}

char *setting_value(const struct model *model, enum setting setting)
{
	const struct selection *selection = &model->session->selection;
	const struct plan *plan = model_plan(model);

	switch (setting) {
	case SETTING_BIND:
		return memory_string(bind_mode_word(selection->bind));
	case SETTING_BLACKLIST:
		return memory_string(selection->blacklist ? "safe" : "no");
	case SETTING_PASSTHROUGH:
		return memory_string(selection->iommu_passthrough ? "yes" : "no");
	case SETTING_IOMMU:
		if (selection->count)
			return memory_string("yes (implied by what is ticked)");
		return memory_string(selection->iommu ? "yes" : "no");
	case SETTING_ACS:
		return memory_string(selection->acs_override ? selection->acs_override : "no");
	case SETTING_MENU_ENTRY:
		return memory_string(selection->menu_entry ? "yes" : "no");
	case SETTING_ADOPT:
		return memory_string(selection->adopt ? "yes" : "no");
	case SETTING_LOADER:
		return chosen(selection->loader, plan && plan->loader ? plan->loader->label : NULL);
	case SETTING_GENERATOR:
		return chosen(selection->generator, plan && plan->generator ? plan->generator->label : NULL);
	case SETTING_COUNT:
		break;
	}
	return memory_string("");
}

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
		model_say(model, STYLE_MESSAGE, "Chosen: %s.", model->choices.items[at].label);
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
	tick_plan(model);
}

void settings_change(struct model *model)
{
	size_t cursor = model_place(model)->cursor;

	if (model_view(model) == VIEW_CHOICE)
		take_choice(model);
	else if (cursor < SETTING_COUNT)
		change(model, (enum setting)cursor);
}
