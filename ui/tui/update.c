/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/update.h"

#include "tui/answer.h"
#include "tui/ask.h"
#include "tui/begin.h"
#include "tui/entry.h"
#include "tui/leave.h"
#include "tui/nav.h"
#include "tui/settings_change.h"
#include "tui/tick.h"
#include "tui/tiny.h"

/* A page that shows the plan needs one; the findings say themselves why there is none. */
static void open_planned(struct model *model, enum view view)
{
	model->came_from_finding = false;
	if (tick_plan(model) || view == VIEW_FINDINGS)
		nav_open(model, view);
}

static void open_diff(struct model *model)
{
	struct fault fault = { 0 };

	if (!tick_plan(model))
		return;
	if (!model->diffed) {
		text_reset(&model->diff);
		if (!model->backend->diff(model->session, &model->diff, &fault)) {
			model_say(model, STYLE_ERROR, "Cannot show the changes: %s", fault.sentence);
			return;
		}
		model->diffed = true;
	}
	nav_open(model, VIEW_DIFF);
}

/* From the page of the last apply to the tree. That everything arrived is seen now, and remembered by whoever may. */
static void go_on(struct model *model)
{
	struct fault fault = { 0 };

	model->verdict_first = false;
	nav_back(model);
	if (!model->unconfirmed || !model->verification.arrived)
		return;
	if (model->backend->confirm(model->session, &fault))
		model->unconfirmed = false;
	else
		model_say(model, STYLE_WARNING, "That this is seen cannot be remembered: %s", fault.sentence);
}

static void confirm(struct model *model)
{
	struct fault fault = { 0 };

	if (!model_can(model, ACTION_CONFIRM)) {
		model_say(model, STYLE_MESSAGE,
			  model->unconfirmed && model_verdict_waits(model)
				  ? "This waits for a reboot: there is nothing to leave as it is yet."
				  : "This is seen already: vfioconf does not begin with it.");
		return;
	}
	if (!model->backend->confirm(model->session, &fault)) {
		model_say(model, STYLE_ERROR, "Not remembered: %s", fault.sentence);
		return;
	}
	model->unconfirmed = model->verdict_first = false;
	nav_back(model);
	model_say(model, STYLE_MESSAGE, "Left as it is. v shows it again.");
}

/* Where it takes a person to say which device is meant: to the first that it might be. */
static void show_candidate(struct model *model)
{
	const struct verdict *verdict = model->verification.items;

	while (!verdict->found || verdict->moved)
		verdict++;
	selection_untick(&model->session->selection, verdict->address);
	tick_changed(model);
	model->depth = 1;
	if (*model->filter)
		nav_filter(model, "");
	nav_show(model, host_find(model_host(model), verdict->moved_to));
	model_say(model, STYLE_WARNING, "Is this the one that was ticked? Then Space ticks it here, and W applies.");
}

static void follow(struct model *model)
{
	size_t moved;

	if (!model_can(model, ACTION_FOLLOW)) {
		model_say(model, STYLE_MESSAGE, "No device has moved.");
		return;
	}
	model->verdict_first = false;
	moved = model->backend->follow(model->session);
	tick_changed(model);
	if (!moved) {
		show_candidate(model);
		return;
	}
	if (!tick_plan(model))
		return;
	if (model_plan(model)->refused) {
		nav_open(model, VIEW_FINDINGS);
		model_say(model, STYLE_ERROR, "Ticked where it is now, but something stands in the way of applying.");
		return;
	}
	open_diff(model);
	model_say(model, STYLE_MESSAGE, "%zu device%s ticked where %s now: these would be the changes. W applies.", moved,
		  moved == 1 ? "" : "s", moved == 1 ? "it is" : "they are");
}

static void open_tree_row(struct model *model)
{
	const struct row *row = model_row(model);

	if (row && row->kind == ROW_GROUP)
		nav_fold(model, !model->tree.folded[row->group]);
	else if (row)
		nav_open(model, VIEW_DETAIL);
}

/* From a finding to the first function that it is about, or to the choice that it asks for. */
static void open_finding(struct model *model)
{
	const struct finding *finding = model_finding(model);
	const struct function *function;

	if (!finding || begin_choice(model, finding))
		return;
	function = finding->function_count ? host_find(model_host(model), finding->functions[0]) : NULL;
	if (!function) {
		model_say(model, STYLE_MESSAGE, "This is about the machine, not about one device.");
		return;
	}
	model->finding = *model_place(model);
	model->came_from_finding = true;
	model->depth = 1;
	if (*model->filter)
		nav_filter(model, "");
	nav_show(model, function);
}

/* To the findings again, at the one that led to the tree. */
static void back_to_finding(struct model *model)
{
	model->came_from_finding = false;
	if (!tick_plan(model))
		return;
	nav_open(model, VIEW_FINDINGS);
	*model_place(model) = model->finding;
}

static void open_here(struct model *model)
{
	switch (model_view(model)) {
	case VIEW_TREE:
		open_tree_row(model);
		break;
	case VIEW_FINDINGS:
		open_finding(model);
		break;
	case VIEW_OPTIONS:
	case VIEW_CHOICE:
		settings_change(model);
		break;
	default:
		break;
	}
}

static void allow(struct model *model)
{
	const struct finding *finding = model_finding(model);

	if (!finding || finding->severity != SEVERITY_ERROR)
		model_say(model, STYLE_MESSAGE, "This does not stand in the way: nothing to override.");
	else if (!finding_code_overridable(finding->code))
		model_say(model, STYLE_WARNING, "%s cannot be overridden.", finding_code_word(finding->code));
	else if (finding->allowed)
		tick_allow(model, finding_code_word(finding->code), false);
	else
		ask_allow(model, finding);
}

static void back(struct model *model)
{
	if (model_view(model) == VIEW_TREE && *model->filter)
		nav_filter(model, "");
	else if (model_view(model) == VIEW_TREE && model->came_from_finding)
		back_to_finding(model);
	else if (model_view(model) == VIEW_VERDICT && model->verdict_first)
		go_on(model);
	else if (!model->running)
		nav_back(model);
}

static void side(struct model *model, int by)
{
	struct place *place = model_place(model);

	/* How far it goes to the right is for nav_refresh() to say. */
	place->side = place->side + by > 0 ? place->side + by : 0;
}

/* To the pane and back. */
static void pane(struct model *model)
{
	struct layout layout = model_layout(model);

	if (model_in_pane(model)) {
		model->pane_focus = false;
		return;
	}
	if (!model_can(model, ACTION_PANE)) {
		model_say(model, STYLE_MESSAGE, "Enter shows the details; from 100 columns on they stand beside the tree.");
		return;
	}
	if (model->pane.count <= (size_t)layout.detail.rows) {
		model_say(model, STYLE_MESSAGE, "All of the details are on the screen.");
		return;
	}
	model->pane_focus = true;
	model_say(model, STYLE_MESSAGE, "The arrows scroll the details now; Tab goes back to the tree.");
}

static bool move_action(struct model *model, enum action action)
{
	switch (action) {
	case ACTION_UP:
		nav_move(model, -1);
		return true;
	case ACTION_DOWN:
		nav_move(model, 1);
		return true;
	case ACTION_PAGE_UP:
		nav_page(model, -1);
		return true;
	case ACTION_PAGE_DOWN:
		nav_page(model, 1);
		return true;
	case ACTION_HOME:
	case ACTION_END:
		nav_end(model, action == ACTION_HOME);
		return true;
	case ACTION_FOLD:
	case ACTION_UNFOLD:
		nav_fold(model, action == ACTION_FOLD);
		return true;
	case ACTION_FOLD_ALL:
		nav_fold_all(model);
		return true;
	case ACTION_SIDE_LEFT:
	case ACTION_SIDE_RIGHT:
		side(model, action == ACTION_SIDE_LEFT ? -NAV_SIDE : NAV_SIDE);
		return true;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		nav_search(model, action == ACTION_NEXT ? 1 : -1, false);
		return true;
	case ACTION_PANE:
		pane(model);
		return true;
	default:
		return false;
	}
}

static bool page_action(struct model *model, enum action action)
{
	switch (action) {
	case ACTION_HELP:
		nav_open(model, VIEW_HELP);
		return true;
	case ACTION_FINDINGS:
		open_planned(model, VIEW_FINDINGS);
		return true;
	case ACTION_DIFF:
		open_diff(model);
		return true;
	case ACTION_OPTIONS:
		nav_open(model, VIEW_OPTIONS);
		return true;
	case ACTION_VERDICT:
		if (model->verified)
			nav_open(model, VIEW_VERDICT);
		else if (model->busy || model->interrupted)
			model_say(model, STYLE_MESSAGE, model->busy ?
				  "Another vfioconf is at it: what becomes of that can be told when it has ended." :
				  "The last apply was cut off: before that is put right there is nothing to tell of.");
		else
			model_say(model, STYLE_MESSAGE, "Nothing is applied on this machine now: there is nothing to tell of.");
		return true;
	case ACTION_OPEN:
		open_here(model);
		return true;
	case ACTION_BACK:
		back(model);
		return true;
	case ACTION_SEARCH:
		entry_open(model, ENTRY_SEARCH, "");
		return true;
	case ACTION_FILTER:
		entry_open(model, ENTRY_FILTER, model->filter);
		return true;
	case ACTION_SAVE:
		entry_open(model, ENTRY_SAVE, "");
		return true;
	default:
		return false;
	}
}

static void enable(struct model *model)
{
	if (model_can(model, ACTION_ENABLE))
		tick_iommu(model);
	else if (model_host(model)->iommu.enabled)
		model_say(model, STYLE_MESSAGE, "The IOMMU is on already.");
	else
		model_say(model, STYLE_WARNING, "There is no IOMMU to turn on: the first lines say what to do.");
}

static void change_action(struct model *model, enum action action)
{
	switch (action) {
	case ACTION_TICK:
		tick_toggle(model);
		break;
	case ACTION_CHANGE:
	case ACTION_TAKE:
		settings_change(model);
		break;
	case ACTION_ALLOW:
		allow(model);
		break;
	case ACTION_CONTINUE:
		back(model);
		break;
	case ACTION_CONFIRM:
		confirm(model);
		break;
	case ACTION_FOLLOW:
		follow(model);
		break;
	case ACTION_ENABLE:
		enable(model);
		break;
	case ACTION_UNTICK_ALL:
		tick_none(model);
		break;
	case ACTION_RESCAN:
		tick_rescan(model);
		if (model_view(model) == VIEW_DIFF && model->planned)
			open_diff(model);
		break;
	case ACTION_STOP:
		leave_stop(model);
		break;
	default:
		break;
	}
}

static unsigned act(struct model *model, enum action action)
{
	switch (action) {
	case ACTION_NONE:
		if (model->running)
			leave_refuse(model);
		return 0;
	case ACTION_APPLY:
		return begin_apply(model);
	case ACTION_QUIT:
	case ACTION_LEAVE:
		return leave_now(model);
	case ACTION_REDRAW:
		return REACT_CLEAR;
	case ACTION_SUSPEND:
		return REACT_SUSPEND;
	case ACTION_MOUSE:
		model->mouse = !model->mouse;
		model_say(model, STYLE_MESSAGE,
			  model->mouse ? "The mouse works here again."
				       : "The mouse is the terminal's: mark and copy; m takes it back.");
		return REACT_MOUSE;
	default:
		break;
	}
	if (!move_action(model, action) && !page_action(model, action))
		change_action(model, action);
	return 0;
}

/* What was said belongs to what was done last. */
static void forget_message(struct model *model)
{
	free(model->message);
	model->message = NULL;
}

static unsigned key_event(struct model *model, int key)
{
	unsigned reactions = 0;
	enum action action;

	if (model->dialog.question != QUESTION_NONE && key != CONTROL('L') && key != CONTROL('Z'))
		return answer_key(model, key);
	forget_message(model);
	if (model->entry != ENTRY_NONE && entry_key(model, key, &reactions))
		return reactions;
	action = keys_action(key, model_view(model));
	if (model->entry != ENTRY_NONE && model->entry != ENTRY_YES && action != ACTION_REDRAW &&
	    action != ACTION_SUSPEND)
		return 0;
	return act(model, action);
}

static void select_event(struct model *model, const struct event *event)
{
	if (model->dialog.question != QUESTION_NONE)
		return;
	forget_message(model);
	nav_select(model, event->item);
	if (event->kind == EVENT_MARK && model_view(model) == VIEW_TREE)
		tick_toggle(model);
	else if (event->kind == EVENT_DOUBLE)
		open_here(model);
}

unsigned update(struct model *model, const struct event *event)
{
	bool tiny = model_layout(model).tiny; /* what cannot be seen must not happen */
	unsigned reactions = 0;

	if (tiny && event->kind != EVENT_KEY && event->kind != EVENT_RESIZE)
		return 0;
	switch (event->kind) {
	case EVENT_KEY:
		reactions = tiny ? tiny_key(model, event->key) : key_event(model, event->key);
		break;
	case EVENT_SELECT:
	case EVENT_MARK:
	case EVENT_DOUBLE:
		select_event(model, event);
		break;
	case EVENT_WHEEL:
		if (model->dialog.question != QUESTION_NONE)
			nav_box(model, event->lines);
		else
			nav_move(model, event->lines);
		break;
	case EVENT_RESIZE:
		model->rows = event->rows;
		model->cols = event->cols;
		reactions = REACT_CLEAR;
		break;
	}
	if (!(reactions & (REACT_QUIT | REACT_APPLY)))
		reactions |= begin_again(model);
	nav_refresh(model);
	return reactions;
}

void update_applied(struct model *model)
{
	bool changed = model->feed.outcome == OUTCOME_DONE, recovered = model->recovering;
	struct selection *selection = &model->session->selection;
	struct selection kept;

	selection_init(&kept);
	selection_copy(&kept, selection);
	model->running = model->recovering = false;
	model->entry = ENTRY_NONE;
	ask_close(model);
	model->depth = 1;
	tick_rescan(model);
	forget_message(model);
	/* What was put back is no longer what is found there, and yet it is what the user wants. */
	if (!changed)
		selection_copy(selection, &kept);
	if (changed || recovered)
		selection_copy(&model->saved, changed ? selection : &model->session->today.selection);
	selection_done(&kept);
	tick_changed(model);
	nav_open(model, VIEW_RESULT);
	nav_refresh(model);
}

void update_begin(struct model *model)
{
	model->verdict_first = model_verdict_first(model);
	if (model->verdict_first)
		nav_open(model, VIEW_VERDICT);
	else if (!model->session->selection.count)
		model_say(model, STYLE_MESSAGE,
			  model->session->read_only ? "Space ticks what a guest shall own; d shows what would change."
						    : "Space ticks what a guest shall own; d shows, W applies it.");
}
