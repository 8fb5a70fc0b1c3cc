/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found about the machine and the choice, with what to do about it. */
#include "tui/pages.h"

#include "tui/settings.h"

static enum style finding_style(const struct finding *finding)
{
	if (finding->severity == SEVERITY_ERROR && !finding->allowed)
		return STYLE_ERROR;
	return finding->severity == SEVERITY_NOTE ? STYLE_NOTE : STYLE_WARNING;
}

/* The remedies are written for the command line too; what is a question is asked here, not typed. */
static const char *remedy_of(const struct finding *finding)
{
	enum choice_kind kind;

	if (setting_is_asked(finding->code, &kind))
		return "Enter asks which one it is.";
	return finding->remedy;
}

/* As it is, though nobody can copy it from here where a line goes on, or is beside a frame. */
static void paste_lines(struct page *page, const char *paste, int item)
{
	cleanup_text struct text hint = { 0 };

	page_line(page, STYLE_PLAIN, item, "%s", "");
	if (page_verbatim(page, STYLE_NOTE, item, paste))
		text_printf(&hint, "A row that ends with %s is one line with the next. ",
			    theme_glyph(GLYPH_GOES_ON, page->ascii));
	text_append(&hint, "To copy it: s saves the choice, and  vfioconf --apply-saved FILE --dry-run  prints it.");
	page_line(page, STYLE_PLAIN, item, "%s", "");
	page_wrap(page, STYLE_FAINT, item, "  ", 0, text_string(&hint));
}

void page_finding(struct page *page, const struct finding *finding, int item)
{
	static const char *const words[] = { "Note", "Warning", "ERROR" };
	const char *word = finding->allowed ? "Overridden" : words[finding->severity];
	const char *remedy = remedy_of(finding);

	page_line(page, finding_style(finding), item, "%s: %s", word, finding_code_word(finding->code));
	page_wrap(page, STYLE_PLAIN, item, "  ", 0, finding->message);
	if (remedy)
		page_wrap(page, STYLE_PLAIN, item, "  What to do: ", -12, remedy);
	if (finding->paste)
		paste_lines(page, finding->paste, item);
}

static void head(const struct model *model, const struct plan *plan, struct page *page)
{
	size_t errors = findings_count(&plan->findings, SEVERITY_ERROR);

	if (errors)
		page_wrap(
			page, STYLE_ERROR, PAGE_NO_ITEM, "", 0,
			"What is ticked cannot be applied as long as an ERROR stands below. Enter goes to what it is about.");
	else if (plan->findings.count)
		page_wrap(page, STYLE_GOOD, PAGE_NO_ITEM, "", 0,
			  !plan->changed		    ? "Nothing stands in the way, nothing to apply." :
			  model->session->read_only ? "Nothing stands in the way of applying." :
						      "Nothing stands in the way of applying: W applies.");
	else if (model->session->selection.count || model->session->selection.iommu)
		page_wrap(page, STYLE_GOOD, PAGE_NO_ITEM, "", 0, "Nothing was found against what is wanted.");
	else /* the rules look at what is ticked: of the machine alone nothing is known here */
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0,
			  "Nothing is ticked. Tick a device, and what stands against it is shown here.");
}

/* A wrong answer to a question must not be a dead end. NAME: NULL where nobody chose. */
static void tell_chosen(struct page *page, const char *noun, const char *name)
{
	cleanup_text struct text text = { 0 };

	if (!name)
		return;
	text_printf(&text, "The %s %s is your choice: o, the options, changes it.", noun, name);
	page_blank(page);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, text_string(&text));
}

/* As the command line says it with --allow. */
static void tell_override(struct page *page, const struct finding *finding, int item)
{
	if (finding->severity == SEVERITY_ERROR && !finding->allowed && finding_code_overridable(finding->code))
		page_line(page, STYLE_PLAIN, item, "  To go on in spite of it: a");
}

void page_of_findings(const struct model *model, struct page *page)
{
	const struct plan *plan = model_plan(model);
	const struct strlist *incomplete = &model_host(model)->incomplete;
	const struct selection *selection = &model->session->selection;

	if (!plan) {
		page_wrap(page, STYLE_ERROR, PAGE_NO_ITEM, "It could not be planned: ", -23,
			  model->planned ? model->plan_fault.sentence : "not tried yet");
		tell_chosen(page, "boot loader", selection->loader);
		tell_chosen(page, "initramfs generator", selection->generator);
		return;
	}
	head(model, plan, page);
	for (size_t i = 0; i < plan->findings.count; i++) {
		page_blank(page);
		page_finding(page, &plan->findings.items[i], (int)i);
		tell_override(page, &plan->findings.items[i], (int)i);
	}
	if (incomplete->count) {
		page_blank(page);
		page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "What could not be read");
	}
	for (size_t i = 0; i < incomplete->count; i++)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "  ", 0, incomplete->items[i]);
}
