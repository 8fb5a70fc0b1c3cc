/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the last apply, function by function, and what happens next. */
#include "tui/pages.h"

/* Not as wanted, but not wrong either. */
static bool is_open(enum verdict_kind kind)
{
	return kind == VERDICT_NOT_REBOOTED || kind == VERDICT_WAY_BACK || kind == VERDICT_UNREADABLE;
}

static enum style verdict_style(enum verdict_kind kind)
{
	if (kind == VERDICT_ARRIVED)
		return STYLE_GOOD;
	return is_open(kind) ? STYLE_WARNING : STYLE_ERROR;
}

static const char *verdict_sign(enum verdict_kind kind)
{
	if (kind == VERDICT_ARRIVED)
		return "ok  ";
	return is_open(kind) ? "..  " : "!!  ";
}

/* How many of the functions came to such a verdict. */
static size_t count_of(const struct verification *verification, enum verdict_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < verification->count; i++)
		count += !verification->items[i].general && verification->items[i].kind == kind;
	return count;
}

/* Whether it was come to for anything: a function, or the machine as a whole, as where only the IOMMU is turned on. */
static bool has(const struct verification *verification, enum verdict_kind kind)
{
	for (size_t i = 0; i < verification->count; i++)
		if (verification->items[i].kind == kind)
			return true;
	return false;
}

static size_t functions(const struct verification *verification)
{
	size_t count = 0;

	for (size_t i = 0; i < verification->count; i++)
		count += !verification->items[i].general;
	return count;
}

static void head_of_failure(size_t count, size_t arrived, struct page *page)
{
	if (!count)
		page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "What was applied is not in effect.");
	else if (count == 1)
		page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "The function did not arrive as wanted.");
	else if (!arrived)
		page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "None of the %zu functions arrived as wanted.", count);
	else
		page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "%zu of %zu functions did not arrive as wanted.",
			  count - arrived, count);
}

static void head(const struct verification *verification, struct page *page)
{
	size_t count = functions(verification), arrived = count_of(verification, VERDICT_ARRIVED);

	if (verification->arrived && count == 1)
		page_line(page, STYLE_GOOD, PAGE_NO_ITEM, "The function arrived at vfio-pci.");
	else if (verification->arrived && count)
		page_line(page, STYLE_GOOD, PAGE_NO_ITEM, "All %zu functions arrived at vfio-pci.", count);
	else if (verification->arrived)
		page_line(page, STYLE_GOOD, PAGE_NO_ITEM, "Everything that was applied is in effect.");
	else if (has(verification, VERDICT_NOT_REBOOTED))
		page_line(page, STYLE_WARNING, PAGE_NO_ITEM, "Applied, and not in effect before a reboot.");
	else if (has(verification, VERDICT_WAY_BACK))
		page_line(page, STYLE_WARNING, PAGE_NO_ITEM, "This boot was started without device passthrough.");
	else if (count_of(verification, VERDICT_UNREADABLE))
		page_line(page, STYLE_WARNING, PAGE_NO_ITEM, "Only root can tell what became of the last apply.");
	else
		head_of_failure(count, arrived, page);
}

static const char *next_step(const struct model *model)
{
	const struct verification *verification = &model->verification;

	if (verification->arrived && !functions(verification))
		return model->session->applied.selection.iommu
			       ? "The IOMMU is on: tick in the tree what a guest shall own."
			       : "There is nothing left to do.";
	if (verification->arrived)
		return "Give what is at vfio-pci to a guest:  vfioconf --print libvirt  (or qemu) writes what it needs.";
	if (has(verification, VERDICT_NOT_REBOOTED))
		return model->systemd ? "Leave, and reboot:  systemctl reboot  . Then start vfioconf again: it begins with "
					"what arrived."
				      : "Leave, and reboot:  reboot  . Then start vfioconf again: it begins with what "
					"arrived.";
	if (has(verification, VERDICT_WAY_BACK))
		return "Reboot by the usual entry of the boot menu to have them at vfio-pci. If that is what does "
		       "not work:  vfioconf --undo  takes the last apply back.";
	if (count_of(verification, VERDICT_UNREADABLE))
		return "Start vfioconf as root, for example by  sudo vfioconf  : it begins with what arrived.";
	return "Do what is said above, or change in the tree what is ticked, and apply again.  vfioconf --undo  takes the "
	       "last apply back.";
}

static void key_line(struct page *page, enum action action, const char *what)
{
	cleanup_text struct text first = { 0 };

	text_printf(&first, "  %-6s ", keys_first(action));
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, text_string(&first), 0, what);
}

static void keys(const struct model *model, struct page *page)
{
	const char *go_on = model->verification.arrived ? "goes on to the tree; this page does not come again" :
							  "goes on to the tree, where everything can be changed";

	if (model_can(model, ACTION_FOLLOW) || model_can(model, ACTION_CONTINUE) || model_can(model, ACTION_CONFIRM))
		page_blank(page);
	if (model_can(model, ACTION_FOLLOW))
		key_line(page, ACTION_FOLLOW, "follows what has moved: ticks it where it is now, and shows the changes");
	if (model_can(model, ACTION_CONTINUE))
		key_line(page, ACTION_CONTINUE, go_on);
	if (model_can(model, ACTION_CONFIRM))
		key_line(page, ACTION_CONFIRM, "leaves it so: vfioconf does not begin with this page again");
}

void page_of_verdict(const struct model *model, struct page *page)
{
	const struct verification *verification = &model->verification;

	head(verification, page);
	for (size_t i = 0; i < verification->count; i++) {
		const struct verdict *verdict = &verification->items[i];

		page_blank(page);
		page_wrap(page, verdict_style(verdict->kind), PAGE_NO_ITEM, verdict_sign(verdict->kind), 0,
			  verdict->sentence);
		if (verdict->next)
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "    What to do: ", -12, verdict->next);
	}
	page_blank(page);
	page_wrap(page, STYLE_TITLE, PAGE_NO_ITEM, "Next: ", 0, next_step(model));
	keys(model, page);
}
