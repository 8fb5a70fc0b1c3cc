/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Applying: what will be done, what is being done, what came of it. */
#include <ctype.h>
#include <string.h>

#include "apply/preview.h"
#include "tui/pages.h"

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void list_functions(const struct model *model, const struct plan *plan, struct page *page)
{
	const struct host *host = model_host(model);
	const struct selection *applied = &model->session->applied.selection;

	if (plan->selection.count)
		page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "At vfio-pci after the next boot, for a guest:");
	for (size_t i = 0; i < plan->selection.count; i++) {
		const struct function *function = host_find(host, plan->selection.ticks[i].address);
		cleanup_free char *name = function ? model_name(model, function) : NULL;

		if (name)
			page_wrap(page, STYLE_TICKED, PAGE_NO_ITEM, "  [x] ", 0, name);
	}
	for (size_t i = 0; i < applied->count; i++) {
		const struct function *function = host_find(host, applied->ticks[i].address);
		cleanup_free char *name = function ? model_name(model, function) : NULL;

		if (!selection_find(&plan->selection, applied->ticks[i].address) && name)
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "  [ ] back to the host: ", 0, name);
	}
	if (!plan->selection.count && plan->selection.iommu)
		page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "The IOMMU is turned on. No device is taken from the host.");
	if (selection_empty(&plan->selection) && applied->iommu && !applied->count)
		page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "The IOMMU is no longer turned on by vfioconf.");
}

static void list_changes(const struct plan *plan, struct page *page)
{
	const struct changeset *changes = &plan->changeset;

	page_blank(page);
	page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "%zu file%s to change (d shows every line):", changes->file_count,
		  plural(changes->file_count));
	for (size_t i = 0; i < changes->file_count; i++)
		page_line(page, STYLE_PLAIN, PAGE_NO_ITEM, "  %-6s %s", change_kind_word(changes->files[i].kind),
			  changes->files[i].path);
	if (!changes->command_count)
		return;
	page_blank(page);
	page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "%zu command%s to run:", changes->command_count,
		  plural(changes->command_count));
	for (size_t i = 0; i < changes->command_count; i++) {
		cleanup_free char *command = preview_command(&changes->commands[i]);

		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "  ", 2, command);
	}
}

void page_of_confirm(const struct model *model, struct page *page)
{
	const struct plan *plan = model_plan(model);

	if (!plan)
		return;
	list_functions(model, plan, page);
	list_changes(plan, page);
	page_blank(page);
	for (size_t i = 0; i < plan->findings.count; i++)
		if (plan->findings.items[i].severity != SEVERITY_NOTE)
			page_finding(page, &plan->findings.items[i], PAGE_NO_ITEM);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0,
		  "If a step fails, everything is put back. Nothing takes effect before you reboot; vfioconf never "
		  "reboots "
		  "by itself.");
	if (!model->root)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0,
			  "Applying needs root: you may be asked for a password.");
}

void page_of_progress(const struct model *model, struct page *page)
{
	const struct feed *feed = &model->feed;
	size_t first = feed->lines.count > 200 ? feed->lines.count - 200 : 0;

	for (size_t i = 0; i < feed->done.count; i++)
		page_wrap(page, STYLE_GOOD, PAGE_NO_ITEM, "done  ", 0, feed->done.items[i]);
	if (feed->step) {
		cleanup_text struct text now = { 0 };

		text_printf(&now, "%s %s",
			    feed->recovery && !strcmp(feed->step, "rollback") ? "Putting everything back"
									     : feed_label(feed->step),
			    feed->what ? feed->what : "");
		if (feed->total > 1)
			text_printf(&now, " (%zu of %zu)", feed->number, feed->total);
		page_wrap(page, STYLE_TITLE, PAGE_NO_ITEM, "now   ", 0, text_string(&now));
	} else {
		page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "now   Starting");
	}
	if (feed->stopping)
		page_line(page, STYLE_WARNING, PAGE_NO_ITEM, "      Stopping: everything is put back.");
	if (feed->lines.count)
		page_blank(page);
	for (size_t i = first; i < feed->lines.count; i++)
		page_line(page, STYLE_FAINT, PAGE_NO_ITEM, "  %s", feed->lines.items[i]);
}

static void last_lines(const struct feed *feed, struct page *page)
{
	size_t first = feed->lines.count > 12 ? feed->lines.count - 12 : 0;

	if (!feed->lines.count)
		return;
	page_blank(page);
	page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "The last lines of what ran:");
	for (size_t i = first; i < feed->lines.count; i++)
		page_wrap(page, STYLE_FAINT, PAGE_NO_ITEM, "  ", 2, feed->lines.items[i]);
}

/* What there is to do and to see at the next boot: that depends on what was applied. */
static void after_reboot(const struct model *model, struct page *page)
{
	const struct selection *selection = &model->session->selection;
	const char *then = "Every device is with the host again.";
	cleanup_text struct text how = { 0 };

	text_printf(&how, "Leave with q twice (or F10), then:  %s", model_reboot(model));
	page_wrap(page, STYLE_TITLE, PAGE_NO_ITEM, "", 0, "Now reboot: it takes effect at the next boot.");
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "  ", 0, text_string(&how));
	page_blank(page);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, "After the reboot:");
	if (selection->count)
		then = "Start vfioconf again: it begins with what arrived at vfio-pci, and why not. "
		       "vfioconf --verify  says the same.";
	else if (selection->iommu)
		then = "Start vfioconf again: the groups are there then, and what a guest shall own can be ticked.";
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "  ", 0, then);
}

static void done_result(const struct model *model, struct page *page)
{
	const struct feed *feed = &model->feed;

	page_line(page, STYLE_GOOD, PAGE_NO_ITEM, "Applied.");
	page_blank(page);
	for (size_t i = 0; i < feed->not_proven.count; i++) {
		page_wrap(page, STYLE_WARNING, PAGE_NO_ITEM, "Not proven: ", 0, feed->not_proven.items[i]);
		page_blank(page);
	}
	if (feed->reboot)
		after_reboot(model, page);
	else
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, "It is in effect now: no reboot is needed.");
	if (feed->reboot && feed->way_back && *feed->way_back) {
		cleanup_text struct text way_back = { 0 };

		text_printf(&way_back, "%c%s. For that boot every device stays with the host.",
			    toupper((unsigned char)*feed->way_back), feed->way_back + 1);
		page_blank(page);
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, "If the machine does not come up as it should:");
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "  ", 0, text_string(&way_back));
	}
	if (feed->id && *feed->id) {
		page_blank(page);
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "To take it back: ", 0, "vfioconf --undo");
		page_line(page, STYLE_FAINT, PAGE_NO_ITEM, "(It stands in the history as %s.)", feed->id);
	}
}

static void recovered_result(const struct feed *feed, struct page *page)
{
	bool tidied = feed->recovered && !strcmp(feed->recovered, "finished");

	if (feed->needs_attention) {
		page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "Put right, but for what others have changed since.");
		page_blank(page);
		for (size_t i = 0; i < feed->kept.count; i++)
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "- ", 0, feed->kept.items[i]);
		page_wrap(page, STYLE_WARNING, PAGE_NO_ITEM, "What to do: ", 0,
			  "compare this with what vfioconf kept, and put it right by hand before you reboot;  "
			  "vfioconf --history  shows it again.");
		return;
	}
	page_line(page, STYLE_GOOD, PAGE_NO_ITEM, "Put right.");
	page_blank(page);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0,
		  tidied ? "The apply that was cut off had done all of its work: what it left is tidied up."
			 : "Every file is as it was before the apply that was cut off: the machine boots as before.");
	page_blank(page);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "Next: ", 0,
		  tidied ? "Esc goes to the tree; v tells what became of it."
			 : "what was ticked here still is: W applies it. Esc goes to the tree.");
}

/* Of what was to put right what another apply had left. */
static void recovery_fault(const struct feed *feed, struct page *page)
{
	page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "What was cut off is not put right.");
	page_blank(page);
	if (feed->message && *feed->message)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, feed->message);
	page_blank(page);
	page_wrap(page, STYLE_WARNING, PAGE_NO_ITEM, "What to do: ", 0,
		  "do not reboot yet. Remedy what is said above, then W tries again, as  vfioconf --recover  does.");
	last_lines(feed, page);
}

static void fault_result(const struct feed *feed, struct page *page)
{
	page_line(page, STYLE_ERROR, PAGE_NO_ITEM,
		  feed->needs_attention ? "Not applied, and something needs your attention." : "Not applied.");
	page_blank(page);
	if (feed->message && *feed->message)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, feed->message);
	page_blank(page);
	if (feed->needs_attention && feed->rolled_back)
		page_wrap(page, STYLE_WARNING, PAGE_NO_ITEM, "What to do: ", 0,
			  "put right by hand what is named above, before you reboot;  vfioconf --history  shows it again.");
	else if (feed->needs_attention)
		page_wrap(page, STYLE_WARNING, PAGE_NO_ITEM, "What to do: ", 0,
			  "look at the file named above, then run  vfioconf --recover  before you reboot.");
	else if (feed->rolled_back)
		page_wrap(page, STYLE_GOOD, PAGE_NO_ITEM, "", 0,
			  feed->stopping ? "You stopped it, and everything was put back: the machine boots as before."
					 : "Everything was put back: the machine boots as before. Remedy the cause, "
					   "then W tries again.");
	else
		page_wrap(page, STYLE_GOOD, PAGE_NO_ITEM, "", 0,
			  feed->stopping ? "You stopped it before anything was changed."
					 : "Nothing had been changed yet. Remedy the cause, then W tries again.");
	last_lines(feed, page);
}

static void unknown_result(const struct feed *feed, struct page *page)
{
	page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "The apply step did not say how it ended (exit status %d).",
		  feed->status);
	page_blank(page);
	if (feed->message && *feed->message)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, feed->message);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "What to do: ", 0,
		  feed->step || feed->recovery ?
			  "W puts everything back, as  vfioconf --recover  does, or finds that nothing is left to do: "
			  "before you reboot." : "it did not begin, so nothing was changed. Was root's password refused? W tries again.");
	last_lines(feed, page);
}

static void refused_result(const struct feed *feed, struct page *page)
{
	page_line(page, STYLE_ERROR, PAGE_NO_ITEM, "Refused: nothing was changed.");
	page_blank(page);
	if (feed->message && *feed->message)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, feed->message);
	for (size_t i = 0; i < feed->findings.count; i++)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "- ", 0, feed->findings.items[i]);
	page_blank(page);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "What to do: ", 0,
		  "the machine may have changed since this was planned. R reads it again, f shows the findings.");
}

void page_of_result(const struct model *model, struct page *page)
{
	const struct feed *feed = &model->feed;

	if (feed->recovered && feed->outcome != OUTCOME_RECOVERED) {
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, "An apply that was cut off before was put right first.");
		page_blank(page);
	}
	switch (feed->outcome) {
	case OUTCOME_RECOVERED:
		recovered_result(feed, page);
		break;
	case OUTCOME_DONE:
		done_result(model, page);
		break;
	case OUTCOME_NOTHING:
		page_line(page, STYLE_GOOD, PAGE_NO_ITEM, "Nothing to do: everything is as it is ticked.");
		break;
	case OUTCOME_REFUSED:
		refused_result(feed, page);
		break;
	case OUTCOME_FAULT:
		if (feed->recovery)
			recovery_fault(feed, page);
		else
			fault_result(feed, page);
		break;
	case OUTCOME_NONE:
	case OUTCOME_UNKNOWN:
		unknown_result(feed, page);
		break;
	}
}
