/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/model.h"

#include <stdarg.h>
#include <string.h>

#include "plan/member.h"
#include "plan/rule_iommu.h"

void choices_done(struct choices *choices)
{
	for (size_t i = 0; i < choices->count; i++)
		strlist_done(&choices->items[i].reasons);
	free(choices->items);
	*choices = (struct choices){ 0 };
}

struct choice *choices_add(struct choices *choices, const char *name, const char *label)
{
	choices->items = memory_grow(choices->items, choices->count, &choices->capacity, sizeof(*choices->items));
	choices->items[choices->count] = (struct choice){ .name = name, .label = label };
	return &choices->items[choices->count++];
}

void model_init(struct model *model, struct session *session, const struct backend *backend)
{
	*model = (struct model){ .session = session, .backend = backend, .rows = 24, .cols = 80, .depth = 1 };
	selection_init(&model->saved);
	selection_copy(&model->saved, &session->selection);
	rows_build(&model->tree, session->host, "");
	model_look(model);
}

void model_look_runs(struct model *model)
{
	model->busy = model->backend->busy(model->session);
	model->interrupted = !model->busy && model->backend->interrupted(model->session);
}

void model_look(struct model *model)
{
	bool known = true;

	verification_done(&model->verification);
	model->verification = (struct verification){ 0 };
	model_look_runs(model);
	/* What only a part of is done is nothing that could have arrived. */
	model->verified = model->session->applied.present && !model->busy && !model->interrupted;
	if (model->verified)
		model->backend->verify(model->session, &model->verification);
	model->unconfirmed = model->backend->unconfirmed(model->session, &known);
	/* Who may not read the history is shown what is not as it should be, and spared what is. */
	if (!known)
		model->unconfirmed = model->verified && !model->verification.arrived;
}

bool model_verdict_first(const struct model *model)
{
	return model->verified && model->unconfirmed && model->verification.count > 0;
}

bool model_verdict_waits(const struct model *model)
{
	for (size_t i = 0; i < model->verification.count; i++)
		if (model->verification.items[i].kind == VERDICT_NOT_REBOOTED ||
		    model->verification.items[i].kind == VERDICT_WAY_BACK)
			return true;
	return false;
}

void model_done(struct model *model)
{
	rows_done(&model->tree);
	page_done(&model->page);
	page_done(&model->pane);
	free(model->dialog.title);
	free(model->dialog.subject);
	strlist_done(&model->dialog.body);
	free(model->message);
	text_done(&model->diff);
	if (model->detail_known)
		detail_done(&model->detail);
	verification_done(&model->verification);
	choices_done(&model->choices);
	feed_done(&model->feed);
	selection_done(&model->saved);
	*model = (struct model){ 0 };
}

const char *model_reboot(const struct model *model)
{
	return model->systemd ? "systemctl reboot" : "reboot";
}

struct place *model_place(struct model *model)
{
	return &model->places[model->depth - 1];
}

enum view model_view(const struct model *model)
{
	return model->places[model->depth - 1].view;
}

const struct host *model_host(const struct model *model)
{
	return model->session->host;
}

const struct row *model_row(const struct model *model)
{
	size_t cursor = model->places[0].cursor;

	return cursor < model->tree.count ? &model->tree.items[cursor] : NULL;
}

const struct function *model_function(const struct model *model)
{
	const struct row *row = model_row(model);

	return row && row->kind == ROW_FUNCTION ? &model_host(model)->functions[row->function] : NULL;
}

const struct plan *model_plan(const struct model *model)
{
	return model->planned && model->plan_fault.kind == FAULT_NONE ? model->session->plan : NULL;
}

bool model_unsaved(const struct model *model)
{
	return !selection_equal(&model->session->selection, &model->saved);
}

static void banner(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void banner(struct page *page, const char *format, ...)
{
	cleanup_text struct text text = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	page_wrap(page, STYLE_BANNER, PAGE_NO_ITEM, "! ", 0, text_string(&text));
}

/* What is true of an IOMMU that is off and could be on. */
static const char *iommu_prospect(const struct model *model)
{
	const struct session *session = model->session;
	const struct selection *selection = &session->selection, *applied = &session->applied.selection;
	const struct plan *plan = model_plan(model);

	if (selection->count && (!plan || plan->refused) && !selection_equal(selection, applied))
		return session->read_only ? ": the ticks need it first. i plans it alone." :
					    ": the ticks need it first. i enables it alone.";
	if (session->read_only)
		return selection_empty(selection) ? ": no groups. i plans to turn it on." :
						    ": no groups. It is turned on in the plan.";
	if (!selection_empty(selection) && selection_equal(selection, applied))
		return model_verdict_waits(model) ? " until the reboot: no groups yet." : " still: no groups yet.";
	if (!selection_empty(selection))
		return "; after W (apply) and a reboot it is on.";
	return selection_empty(applied) ? ": no groups yet. i enables it at the next boot." : "; after W it stays off.";
}

static void iommu_banner(const struct model *model, struct page *page)
{
	const struct host *host = model_host(model);

	if (host->iommu.enabled || !host->function_count)
		return;
	if (host->iommu.kind == IOMMU_NONE)
		banner(page, "No IOMMU found; without it no device can go to a guest. %s",
		       iommu_where_in_firmware(host->cpu));
	else
		banner(page, "The IOMMU (%s) is off%s", iommu_kind_label(host->iommu.kind), iommu_prospect(model));
}

static void verdict_banner(const struct model *model, struct page *page)
{
	const struct verification *verification = &model->verification;
	size_t arrived = 0;

	if (!model->verified || verification->arrived || model_view(model) == VIEW_VERDICT)
		return;
	for (size_t i = 0; i < verification->count; i++) {
		if (verification->items[i].kind == VERDICT_NOT_REBOOTED) {
			banner(page,
			       "Applied, but not in effect before a reboot. Start vfioconf again after it (v: more).");
			return;
		}
		if (verification->items[i].kind == VERDICT_UNREADABLE) {
			banner(page, "Only root can tell what became of the last apply: sudo vfioconf (v: more).");
			return;
		}
		arrived += verification->items[i].kind == VERDICT_ARRIVED;
	}
	if (verification->count)
		banner(page, "The last apply is not in effect as wanted: %zu of %zu in order. v tells why.", arrived,
		       verification->count);
}

void model_banner(const struct model *model, struct page *page)
{
	*page = (struct page){ .cols = model->cols - 1, .ascii = model->ascii };
	if (model->interrupted)
		banner(page, model->session->read_only ? "An apply was cut off on that machine." :
							 "An apply was cut off: W puts that right. Do it before you reboot.");
	if (model->busy)
		banner(page, "Another vfioconf is changing this machine right now. Wait until it has ended, then press R.");
	verdict_banner(model, page);
	iommu_banner(model, page);
	if (model->session->read_only)
		banner(page, "A machine file: nothing can be applied here.");
}

void model_bottom(const struct model *model, struct page *page)
{
	*page = (struct page){ .cols = model->cols - MODEL_SIGN_COLS, .ascii = model->ascii };
	if (model->message)
		page_wrap(page, model->message_style, PAGE_NO_ITEM, "", 0, model->message);
	if (model->entry != ENTRY_NONE)
		page_blank(page);
}

struct layout model_layout(const struct model *model)
{
	struct page banner_page, bottom;
	struct layout layout;

	model_banner(model, &banner_page);
	model_bottom(model, &bottom);
	layout = layout_compute(model->rows, model->cols, (int)banner_page.count, (int)bottom.count);
	page_done(&banner_page);
	page_done(&bottom);
	return layout;
}

void model_say(struct model *model, enum style style, const char *format, ...)
{
	struct text text = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	free(model->message);
	model->message = text_take(&text);
	model->message_style = style;
}

size_t model_ticked_in(const struct model *model, size_t group, size_t *ret_tickable)
{
	const struct host *host = model_host(model);
	cleanup_free size_t *members = NULL;
	size_t count = rows_members(host, group, &members), ticked = 0, tickable = 0;

	for (size_t i = 0; i < count; i++) {
		const struct function *function = &host->functions[members[i]];

		tickable += member_tickable(function);
		ticked += selection_find(&model->session->selection, function->address) != NULL;
	}
	if (ret_tickable)
		*ret_tickable = tickable;
	return ticked;
}

char *model_name(const struct model *model, const struct function *function)
{
	cleanup_free char *name = function_short_name(function);
	char address[ADDRESS_SIZE];
	struct text text = { 0 };

	text_printf(&text, "%s (%s)", name, rows_address(model_host(model), function->address, address));
	return text_take(&text);
}

const struct finding *model_finding(const struct model *model)
{
	const struct plan *plan = model_plan(model);
	const struct place *place = &model->places[model->depth - 1];

	if (place->view != VIEW_FINDINGS || !plan || place->cursor >= plan->findings.count)
		return NULL;
	return &plan->findings.items[place->cursor];
}

static bool can_tick(const struct model *model)
{
	const struct row *row = model_row(model);
	size_t tickable = 0;

	if (!row)
		return false;
	if (row->kind == ROW_FUNCTION)
		return member_tickable(model_function(model)) ||
		       selection_find(&model->session->selection, model_function(model)->address);
	model_ticked_in(model, row->group, &tickable);
	return tickable > 0;
}

static bool can_enable(const struct model *model)
{
	const struct iommu *iommu = &model_host(model)->iommu;

	return !iommu->enabled && iommu->kind != IOMMU_NONE;
}

static bool can_follow(const struct model *model)
{
	for (size_t i = 0; model->verified && i < model->verification.count; i++)
		if (model->verification.items[i].found)
			return true;
	return false;
}

/* Whether a line of the page goes on to the right of what is seen. */
static bool goes_on(const struct model *model)
{
	return page_width(&model->page) > model->page.cols + model->places[model->depth - 1].side;
}

bool model_in_pane(const struct model *model)
{
	return model->pane_focus && model->cols >= LAYOUT_TWO_PANES && model_view(model) == VIEW_TREE;
}

const char *model_word(const struct model *model, enum action action)
{
	if (action == ACTION_PANE && model_in_pane(model))
		return "Tree";
	if (action == ACTION_ENABLE && model->session->selection.iommu && !model->session->selection.count)
		return "Leave off";
	return action_word(action);
}

bool model_can(const struct model *model, enum action action)
{
	enum view view = model_view(model);

	if (!action_in(action, view))
		return false;
	switch (action) {
	case ACTION_TICK:
		return can_tick(model);
	case ACTION_OPEN:
		return view == VIEW_TREE ? model_row(model) != NULL : model_finding(model) != NULL;
	case ACTION_ENABLE:
		return can_enable(model);
	case ACTION_ALLOW:
		return model_finding(model) && model_finding(model)->severity == SEVERITY_ERROR &&
		       finding_code_overridable(model_finding(model)->code);
	case ACTION_VERDICT:
		return model->verified;
	case ACTION_SIDE_RIGHT:
		return goes_on(model);
	case ACTION_CONTINUE:
		return model->verdict_first;
	case ACTION_CONFIRM:
		return model->unconfirmed && !model->verification.arrived && !model_verdict_waits(model);
	case ACTION_FOLLOW:
		return can_follow(model);
	case ACTION_BACK:
		return view == VIEW_TREE ? *model->filter || model->came_from_finding : view != VIEW_VERDICT || !model->verdict_first;
	case ACTION_APPLY:
		return !model->session->read_only && !model->running;
	case ACTION_STOP:
		return model->running && model->root && !model->recovering && !model->feed.stopping;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		return *model->search;
	case ACTION_FOLD:
	case ACTION_UNFOLD:
	case ACTION_FOLD_ALL:
		return rows_grouped(model_host(model)) && !*model->filter;
	case ACTION_UNTICK_ALL:
		return model->session->selection.count > 0;
	case ACTION_PANE:
		return model->cols >= LAYOUT_TWO_PANES;
	default:
		return true;
	}
}
