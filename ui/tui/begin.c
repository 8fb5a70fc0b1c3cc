/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/begin.h"

#include "tui/ask.h"
#include "tui/entry.h"
#include "tui/nav.h"
#include "tui/settings.h"
#include "tui/settings_change.h"
#include "tui/tick.h"
#include "tui/update.h"

bool begin_choice(struct model *model, const struct finding *finding)
{
	enum choice_kind kind;

	if (!setting_is_asked(finding->code, &kind))
		return false;
	settings_choose(model, kind);
	return true;
}

/* Where loader or generator are a question, the question is asked rather than refused. */
static bool ask_choice(struct model *model)
{
	const struct findings *findings = &model_plan(model)->findings;

	for (size_t i = 0; i < findings->count; i++)
		if (begin_choice(model, &findings->items[i]))
			return true;
	return false;
}

/* What another run left, or is at, may have come about since the machine was read. */
static bool is_free(struct model *model)
{
	bool busy = model->busy, interrupted = model->interrupted;

	model_look_runs(model);
	if (busy != model->busy || interrupted != model->interrupted)
		tick_rescan(model);
	if (model->busy)
		model_say(model, STYLE_WARNING,
			  "Another vfioconf is at work here: wait until it has ended, then W again.");
	else if (model->interrupted)
		ask_recover(model);
	return !model->busy && !model->interrupted;
}

static void refuse(struct model *model, const struct plan *plan)
{
	size_t errors = findings_count(&plan->findings, SEVERITY_ERROR);

	nav_open(model, VIEW_FINDINGS);
	model_place(model)->cursor = model_place(model)->top = 0;
	model_say(model, STYLE_ERROR,
		  "Not applied: %zu error%s in the way. Untick, or a overrides where that is possible.", errors,
		  errors == 1 ? " stands" : "s stand");
}

unsigned begin_apply(struct model *model)
{
	const struct plan *plan;

	if (model->session->read_only) {
		model_say(model, STYLE_WARNING, "This is a machine file: nothing can be applied. s saves a profile.");
		return 0;
	}
	if (!is_free(model) || !tick_plan(model) || ask_choice(model))
		return 0;
	plan = model_plan(model);
	if (plan->refused) {
		refuse(model, plan);
		return 0;
	}
	if (!plan->changed) {
		model_say(model, STYLE_MESSAGE,
			  selection_empty(&plan->selection)
				  ? "Nothing is ticked, so there is nothing to apply. Space ticks a device."
				  : "Nothing to apply: everything is as it is ticked.");
		return 0;
	}
	nav_open(model, VIEW_CONFIRM);
	entry_open(model, ENTRY_YES, "");
	return REACT_FLUSH;
}

unsigned begin_again(struct model *model)
{
	if (model_view(model) != VIEW_CONFIRM) {
		if (model->entry == ENTRY_YES)
			model->entry = ENTRY_NONE;
		return 0;
	}
	if (model->entry != ENTRY_NONE)
		return 0;
	entry_open(model, ENTRY_YES, "");
	return REACT_FLUSH;
}
