/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that is known about one function. */
#include <string.h>

#include "plan/member.h"
#include "tui/pages.h"

static const char *bearing_words(enum member_bearing bearing)
{
	switch (bearing) {
	case MEMBER_TICKED:
		return "ticked";
	case MEMBER_FREE:
		return "no obstacle";
	case MEMBER_DRIVEN:
		return "in the way: the host drives it";
	case MEMBER_CLAIMABLE:
		return "in the way: a module would claim it at the next boot";
	}
	return "";
}

static void name_lines(const struct model *model, const struct function *function, struct page *page)
{
	char address[ADDRESS_SIZE];

	page_wrap(page, STYLE_TITLE, PAGE_NO_ITEM, "", 0, function->device_name);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, function->vendor_name);
	page_blank(page);
	page_field(page, "Address", "%s", address_format(function->address, address));
	page_field(page, "Class", "%s [%04x]%s", function->class_name, function->class >> 8,
		   function->boot_vga == 1 ? ", the display that the firmware chose" : "");
	page_field(page, "Ids", "%04x:%04x rev %02x", function->vendor, function->device, function->revision);
	if (function->subvendor || function->subdevice)
		page_field(page, "Subsystem", "%04x:%04x", function->subvendor, function->subdevice);
	if (function->parent >= 0) {
		cleanup_free char *name = model_name(model, &model_host(model)->functions[function->parent]);

		page_field(page, "Behind", "%s", name);
	}
	if (function->physical >= 0) {
		cleanup_free char *name = model_name(model, &model_host(model)->functions[function->physical]);

		page_field(page, "Virtual", "a virtual function of %s", name);
	}
}

static void driver_lines(const struct model *model, const struct function *function, struct page *page)
{
	const char *next = rows_driver_next(function, &model->session->selection, &model->session->applied.selection);
	cleanup_text struct text modules = { 0 };

	for (size_t i = 0; i < function->candidate_count; i++)
		text_printf(&modules, "%s%s%s", i ? ", " : "", function->candidates[i].name,
			    function->candidates[i].builtin ? " (built in)" : "");
	page_field(page, "Driver", "%s%s", function->driver ? function->driver : "none",
		   rows_bound(function) ? ": bound for a guest already" : "");
	if (next)
		page_field(page, "Next boot", "%s", next);
	page_field(page, "Modules", "%s", text_string(&modules));
	for (size_t i = 0; i < function->use_count; i++)
		page_field(page, i ? "" : "Host use", "%s: %s%s", use_word(function->uses[i].kind),
			   function->uses[i].what, function->uses[i].vital ? " (the host needs it)" : "");
	if (!member_tickable(function))
		page_field(page, "Ticking", "not possible: %s", rows_refusal(function));
}

static void binding_lines(const struct model *model, const struct function *function, struct page *page)
{
	const struct plan *plan = model_plan(model);

	for (size_t i = 0; plan && i < plan->binding.count; i++)
		if (!address_compare(plan->binding.functions[i].address, function->address))
			page_field(page, "Bound by", "%s: %s", bind_mode_word(plan->binding.functions[i].mode),
				   plan->binding.functions[i].reason);
}

static void region_lines(const struct group *group, struct page *page)
{
	for (size_t i = 0; i < group->region_count; i++)
		if (group->regions[i].type == REGION_DIRECT || group->regions[i].type == REGION_DIRECT_RELAXABLE)
			page_field(page, "Reserved", "%#llx-%#llx by the firmware%s",
				   (unsigned long long)group->regions[i].start,
				   (unsigned long long)group->regions[i].end,
				   group->regions[i].type == REGION_DIRECT ? "" : ", may be given up");
}

static void group_lines(const struct model *model, const struct function *function, struct page *page)
{
	const struct host *host = model_host(model);
	const struct group *group = host_group_of(host, function);

	if (!group) {
		page_field(page, "Group", "none: %s",
			   host->iommu.enabled ? "the IOMMU does not cover it" : "the IOMMU is off");
		return;
	}
	page_field(page, "Group", "%u%s%s%s", group->number, *group->type ? " (" : "", group->type,
		   *group->type ? ")" : "");
	for (size_t i = 0; i < group->function_count; i++) {
		const struct function *mate = &host->functions[group->functions[i]];
		cleanup_free char *name = model_name(model, mate);

		if (mate != function)
			page_field(page, i && group->functions[0] != host_index(host, function) ? "" : "  with",
				   "%s, %s", name,
				   bearing_words(member_bearing(mate, &model->session->selection)));
	}
	region_lines(group, page);
}

static void link_lines(const struct detail *detail, struct page *page)
{
	if (*detail->link_speed && detail->link_width)
		page_field(page, "Link", "%s x%u (can do %s x%u)", detail->link_speed, detail->link_width,
			   detail->link_speed_max, detail->link_width_max);
	page_field(page, "Power", "%s%s", detail->power_state, detail->d3cold_allowed ? ", may go to D3cold" : "");
	if (detail->numa_node >= 0)
		page_field(page, "NUMA node", "%d", detail->numa_node);
	if (detail->virtual_total)
		page_field(page, "SR-IOV", "%u of %u virtual functions on", detail->virtual_now, detail->virtual_total);
	page_field(page, "ACS", "%s", detail->acs);
	page_field(page, "Override", "%s", detail->driver_override);
}

static void memory_line(const struct detail *detail, struct page *page)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	unsigned long long amount = detail->memory;
	size_t unit = 0;

	for (; amount >= 1024 && unit + 1 < array_size(units); unit++)
		amount /= 1024;
	if (detail->memory)
		page_field(page, "Memory", "%llu %s%s", amount, units[unit],
			   detail->rom ? ", and an expansion ROM" : "");
}

static void detail_lines(const struct function *function, const struct detail *detail, struct page *page)
{
	cleanup_free char *methods = strlist_join(&detail->reset_methods, ", ");

	if (detail->reset_known && member_tickable(function))
		page_field(page, "Reset", "%s%s", detail->reset_methods.count ? "can be reset: " : "",
			   detail->reset_methods.count ? methods
						       : "cannot be reset: a guest may get it only once per boot");
	link_lines(detail, page);
	memory_line(detail, page);
}

static void finding_lines(const struct model *model, const struct function *function, struct page *page)
{
	const struct plan *plan = model_plan(model);

	for (size_t i = 0; plan && i < plan->findings.count; i++) {
		const struct finding *finding = &plan->findings.items[i];

		for (size_t j = 0; j < finding->function_count; j++) {
			if (address_compare(finding->functions[j], function->address) != 0)
				continue;
			page_blank(page);
			page_finding(page, finding, PAGE_NO_ITEM);
			break;
		}
	}
}

static void member_lines(const struct model *model, const struct function *function, bool grouped, struct page *page)
{
	enum member_bearing bearing = member_bearing(function, &model->session->selection);
	const char *words = bearing == MEMBER_FREE && !member_tickable(function) ?
				    "stays with the host, in nobody's way" :
				    bearing_words(bearing);
	cleanup_free char *name = model_name(model, function);
	cleanup_text struct text line = { 0 };

	text_printf(&line, "%s%s%s", function->driver ? function->driver : "no driver", grouped ? ", " : "",
		    grouped ? words : "");
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "- ", 0, name);
	page_wrap(page, STYLE_FAINT, PAGE_NO_ITEM, "  ", 0, text_string(&line));
}

static const char *group_words(const struct model *model, size_t group)
{
	size_t tickable;

	if (group == model_host(model)->group_count)
		return "The IOMMU does not cover these: they cannot go to a guest.";
	model_ticked_in(model, group, &tickable);
	return tickable ? "A guest gets a group as a whole: its devices could reach each other past the IOMMU." :
			  "Nothing here can go to a guest: it stays with the host.";
}

void page_of_group(const struct model *model, size_t group, struct page *page)
{
	const struct host *host = model_host(model);
	bool grouped = group < host->group_count;
	cleanup_free size_t *members = NULL;
	size_t count = rows_members(host, group, &members);

	if (grouped)
		page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "Group %u", host->groups[group].number);
	else
		page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "Without a group");
	page_blank(page);
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, group_words(model, group));
	page_blank(page);
	for (size_t i = 0; i < count; i++)
		member_lines(model, &host->functions[members[i]], grouped, page);
	if (!grouped)
		return;
	page_blank(page);
	page_field(page, "Type", "%s", host->groups[group].type);
	region_lines(&host->groups[group], page);
}

void page_of_function(const struct model *model, const struct function *function, struct page *page)
{
	name_lines(model, function, page);
	driver_lines(model, function, page);
	binding_lines(model, function, page);
	group_lines(model, function, page);
	if (model->detail_known && !address_compare(model->detail_of, function->address))
		detail_lines(function, &model->detail, page);
	finding_lines(model, function, page);
}
