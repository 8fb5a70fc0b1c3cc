/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/plan.h"

#include <string.h>

#include "base/digest.h"
#include "boot/way_back.h"
#include "edit/cmdline.h"
#include "host/acs.h"
#include "plan/foreign_driver.h"
#include "plan/late.h"
#include "plan/lost_words.h"
#include "plan/member.h"
#include "plan/parameters.h"
#include "plan/planner.h"
#include "plan/rule_acs.h"
#include "plan/rule_reset.h"
#include "plan/rules.h"

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	selection_done(&plan->selection);
	findings_done(&plan->findings);
	changeset_done(&plan->changeset);
	binding_done(&plan->binding);
	strlist_done(&plan->parameters);
	free(plan->way_back);
	free(plan);
}

/* A module that would have FUNCTION at the next boot if nothing kept it back; NULL where there is none. */
static const char *first_rival(const struct function *function)
{
	for (size_t i = 0; i < function->candidate_count; i++)
		if (!driver_passes_on(function->candidates[i].name))
			return function->candidates[i].name;
	return NULL;
}

static bool holds_a_tick(const struct host *host, const struct group *group, const struct selection *selection)
{
	for (size_t i = 0; i < group->function_count; i++)
		if (selection_find(selection, host->functions[group->functions[i]].address))
			return true;
	return false;
}

/*
 * A function that we hold today and that is not ticked any more goes back to its
 * own driver at the next boot: for the rest of its group it is as if it had it now.
 */
static void check_returning(struct planner *planner)
{
	const struct selection *before = &planner->applied->selection, *after = &planner->plan->selection;

	for (size_t i = 0; i < before->count; i++) {
		const struct function *function = host_find(planner->host, before->ticks[i].address);
		const struct group *group = function ? host_group_of(planner->host, function) : NULL;
		cleanup_free char *name = NULL;
		struct finding *finding;

		if (!group || !holds_a_tick(planner->host, group, after) || selection_find(after, function->address) ||
		    !function->driver || !driver_passes_on(function->driver) || !first_rival(function))
			continue;
		name = function_describe(function);
		finding = findings_add(&planner->plan->findings, FINDING_GROUP_INCOMPLETE, SEVERITY_ERROR,
				       "Group %u goes to a guest as a whole or not at all. In the way: %s is at "
				       "vfio-pci today, but is not ticked any more, and at the next boot %s would "
				       "claim it.",
				       group->number, name, first_rival(function));
		finding_function(finding, function->address);
		finding_remedy(finding, "Tick it again, or untick the rest of its group too.");
	}
}

static void ask_acs(struct planner *planner)
{
	struct plan *plan = planner->plan;

	if (!plan->selection.acs_override || selection_empty(&plan->selection))
		return;
	planner->acs_override = acs_override_known(planner->root);
	acs_check_request(planner->host, &plan->selection, planner->acs_override, &plan->findings);
}

static bool wants_way_back(const struct planner *planner)
{
	return planner->plan->selection.menu_entry && planner->plan->binding.way_back.count;
}

/* For the menu entry alone nobody is asked which boot loader it is: then there is none. */
static const struct loader *choose_quietly(const struct planner *planner)
{
	struct findings unheard = { 0 };
	const struct loader *loader = loader_choose(planner->root, planner->plan->selection.loader, &unheard);

	findings_done(&unheard);
	return loader;
}

/* Whether the boot loader may hold something of ours: words, or words of others that are set aside. */
static bool has_words(const struct planner *planner)
{
	return planner->applied->added.count || planner->applied->selection.adopt || parameters_left_aside(planner->host);
}

/*
 * The user's choice, else what is found; to take back only, what was used the
 * last time comes first. Where there is nothing to say, nobody is asked who would have to be told.
 */
static void choose_tools(struct planner *planner)
{
	struct plan *plan = planner->plan;
	const struct applied *applied = planner->applied;
	bool binds = planner->modprobe.length > 0;

	planner->loader_then = applied->loader ? loader_find(applied->loader) : NULL;
	planner->generator_then = applied->generator ? initramfs_find(applied->generator) : NULL;
	if (!parameters_wanted(planner) && !wants_way_back(planner))
		plan->loader = planner->loader_then;
	if (!plan->loader && (parameters_wanted(planner) || has_words(planner)))
		plan->loader = loader_choose(planner->root, plan->selection.loader, &plan->findings);
	else if (!plan->loader && wants_way_back(planner))
		plan->loader = choose_quietly(planner);
	if (!binds && planner->modprobe_ours)
		plan->generator = planner->generator_then;
	if (!plan->generator && (binds || planner->modprobe_ours || planner->files_aside))
		plan->generator = initramfs_choose(planner->root, plan->selection.generator, &plan->findings);
	if (plan->generator && plan->generator->options_only)
		binding_without_install(&plan->binding, &plan->findings);
}

/* Appends the lines of TEXT that modprobe reads: without comments. */
static void directives(const struct text *text, struct text *ret)
{
	const char *line = text_string(text);

	while (*line) {
		size_t length = strcspn(line, "\n") + (strchr(line, '\n') != NULL);

		if (*line != '#')
			text_append_n(ret, line, length);
		line += length;
	}
}

/*
 * The comments name the devices as pci.ids does today. Where only these names
 * differ from what was applied, the file stays: new names are no reason to rebuild every image.
 */
static void keep_old_names(struct planner *planner)
{
	const struct selection *before = &planner->applied->selection, *after = &planner->plan->selection;
	cleanup_text struct text now = { 0 };
	cleanup_text struct text wanted = { 0 };

	if (!planner->modprobe_ours || before->count != after->count)
		return;
	for (size_t i = 0; i < after->count; i++)
		if (address_compare(before->ticks[i].address, after->ticks[i].address) != 0)
			return;
	directives(&planner->modprobe_now, &now);
	directives(&planner->modprobe, &wanted);
	if (!wanted.length || !text_equal(&now, &wanted))
		return;
	text_reset(&planner->modprobe);
	text_append_n(&planner->modprobe, planner->modprobe_now.bytes, planner->modprobe_now.length);
}

static void refuse_foreign(struct planner *planner, const char *path)
{
	bool empty = selection_empty(&planner->plan->selection);
	struct finding *finding =
		findings_add(&planner->plan->findings, FINDING_FILE_FOREIGN, empty ? SEVERITY_WARNING : SEVERITY_ERROR,
			     "%s is there, and vfioconf did not write it.%s", path, empty ? " It stays as it is." : "");

	finding_remedy(finding, "Look into it, and move it away or delete it if it may go.");
}

static bool read_modprobe(struct planner *planner, struct fault *fault)
{
	struct fault own = { 0 };

	if (!root_read(planner->root, BINDING_MODPROBE_PATH, ROOT_LIMIT_TEXT, &planner->modprobe_now, &own))
		return root_missing(&own) || planner_tolerate(planner, &own) || planner_pass_on(fault, &own);
	planner->modprobe_there = true;
	planner->modprobe_ours = text_starts_with(text_string(&planner->modprobe_now), BINDING_HEADER);
	return true;
}

/* Records that PATH shall hold AFTER (nothing: not be there), unless what is there now is not ours. */
static void put_file(struct planner *planner, const char *path, bool there, bool ours, const struct text *before,
		     const struct text *after, const char *why)
{
	if (there && !ours)
		refuse_foreign(planner, path);
	else
		changeset_file(&planner->plan->changeset, path, there ? before : NULL, after->length ? after : NULL,
			       0644, why);
}

static void put_modprobe(struct planner *planner)
{
	bool ours = planner->modprobe_ours;

	/* Someone else's file matters only where ours would have to take its place. */
	if (planner->modprobe_there && !ours && !planner->modprobe.length)
		return;
	put_file(planner, BINDING_MODPROBE_PATH, planner->modprobe_there, ours, &planner->modprobe_now,
		 &planner->modprobe,
		 planner->modprobe.length ? "tells the kernel which devices are for vfio-pci, and to load it first" :
					    "nothing is bound to vfio-pci any more");
}

static void put_record(struct planner *planner)
{
	const struct plan *plan = planner->plan;
	const struct applied *applied = planner->applied;
	cleanup_text struct text record = { 0 };
	bool empty = selection_empty(&plan->selection);

	if (!empty)
		applied_write(&plan->selection, &planner->added,
			      plan->loader && (parameters_wanted(planner) || planner->way_back) ? plan->loader->name : NULL,
			      plan->generator && planner->modprobe.length ? plan->generator->name : NULL, &record);
	if (!empty || applied->present)
		put_file(planner, APPLIED_PATH, applied->present, applied_is_ours(&applied->bytes), &applied->bytes,
			 &record, empty ? "nothing is set up any more" :
				 "keeps what was chosen and what was added, so that exactly that can be taken back");
}

static bool ask_generator(struct planner *planner, const struct initramfs *generator, bool wanted, struct fault *fault)
{
	struct plan *plan = planner->plan;
	cleanup_strlist struct strlist modules = { 0 };
	cleanup_strlist struct strlist files = { 0 };
	cleanup_text struct text wanted_lines = { 0 };
	char stamp[DIGEST_SIZE] = "";
	struct early_request request = {
		.wanted = wanted,
		.modules = &modules,
		.files = &files,
		.kernels = &planner->host->kernels,
		.stamp = stamp,
		.contents_changed = planner->files_aside ||
				    changeset_find(&plan->changeset, BINDING_MODPROBE_PATH),
	};
	struct fault own = { 0 };

	if (wanted) {
		if (plan->binding.count && planner->host->vfio_pci == MODULE_LOADABLE)
			strlist_add(&modules, "vfio-pci");
		strlist_add(&files, BINDING_MODPROBE_PATH);
		directives(&planner->modprobe, &wanted_lines);
		digest_bytes(text_string(&wanted_lines), wanted_lines.length, stamp);
	}
	return generator->propose(planner->root, &request, &plan->changeset, &plan->findings, &own) ||
	       planner_tolerate(planner, &own) || planner_pass_on(fault, &own);
}

static bool ask_loader(struct planner *planner, const struct loader *loader, const struct boot_request *asked,
		       struct strlist *added, struct fault *fault)
{
	struct boot_request request = *asked;
	struct fault own = { 0 };

	request.kernels = &planner->host->kernels;
	return loader->propose(planner->root, &request, &planner->plan->changeset, &planner->plan->findings, added,
			       &own) ||
	       planner_tolerate(planner, &own) || planner_pass_on(fault, &own);
}

/* The images first and the boot loader last: a parameter that is there too early is harmless, one that comes without
 * its image is not. What another tool was given the last time is taken back from that one. */
static bool ask_tools(struct planner *planner, struct fault *fault)
{
	static const struct strlist none = { 0 };
	struct plan *plan = planner->plan;
	const struct strlist *ours = &planner->applied->added;
	bool moved = planner->loader_then && planner->loader_then != plan->loader && plan->loader;
	const struct boot_request take_back = { .wanted = &none, .ours = ours };
	const struct boot_request fulfil = {
		.wanted = &plan->parameters,
		.ours = moved ? &none : ours,
		.aside = &planner->aside,
		.way_back = wants_way_back(planner) ? &plan->binding.way_back : NULL,
		.ret_way_back = &planner->way_back,
	};
	cleanup_strlist struct strlist gone = { 0 };

	if (planner->generator_then && planner->generator_then != plan->generator &&
	    !ask_generator(planner, planner->generator_then, false, fault))
		return false;
	if (plan->generator && !ask_generator(planner, plan->generator, planner->modprobe.length > 0, fault))
		return false;
	if (moved && !ask_loader(planner, planner->loader_then, &take_back, &gone, fault))
		return false;
	return !plan->loader || ask_loader(planner, plan->loader, &fulfil, &planner->added, fault);
}

/* By the entry of ours or, where the menu has no room for one, by hand. */
static char *describe_way_back(const struct root *root, const struct plan *plan)
{
	cleanup_free char *words = strlist_join(&plan->binding.way_back, " ");
	const char *menu = plan->loader ? loader_menu(plan->loader, root) : NULL;
	struct text how = { 0 };

	if (plan->menu_entry)
		text_append(&how, "choose \"" WAY_BACK_TITLE "\" at the boot menu");
	else
		text_printf(&how, menu ? menu : "add %s to the kernel's parameters, where the boot menu lets you", words);
	return text_take(&how);
}

static void tell_way_back(struct planner *planner)
{
	struct plan *plan = planner->plan;
	struct finding *finding;

	plan->menu_entry = planner->way_back;
	if (!plan->binding.way_back.count)
		return;
	plan->way_back = describe_way_back(planner->root, plan);
	if (!plan->loader || planner->way_back || !wants_way_back(planner))
		return;
	finding = findings_add(&plan->findings, FINDING_NO_MENU_ENTRY, SEVERITY_NOTE,
			       "vfioconf makes no boot entry without device passthrough on this system (%s).",
			       plan->loader->label);
	finding_remedy(finding, "For a boot that leaves every device with the host: %s.", plan->way_back);
}

static bool needs_reboot(const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->file_count; i++)
		if (strcmp(changeset->files[i].path, APPLIED_PATH) != 0)
			return true;
	return changeset->command_count > 0;
}

/* Where nothing is planned for the kernel command line, what is on it now is looked at. */
static void report_foreign(struct planner *planner)
{
	struct plan *plan = planner->plan;
	cleanup_strlist struct strlist words = { 0 };

	if (selection_empty(&plan->selection) && !planner->applied->present) {
		cmdline_split(planner->host->kernel_cmdline, &words);
		foreign_add_words(&words, &planner->foreign);
	}
	foreign_report(&planner->foreign, &plan->selection, &plan->binding, plan->loader, &plan->findings);
	foreign_report_drivers(planner->root, planner->host, &plan->binding, &plan->findings);
}

static bool make(struct planner *planner, struct fault *fault)
{
	struct plan *plan = planner->plan;

	if (!read_modprobe(planner, fault))
		return false;
	foreign_read(planner->root, &planner->foreign);
	if (selection_empty(&plan->selection) && !planner->applied->present && !planner->modprobe_there &&
	    !foreign_is_aside(&planner->foreign) && !parameters_left_aside(planner->host)) {
		report_foreign(planner);
		return true;
	}
	rules_check(planner->host, &plan->selection, &plan->findings);
	check_returning(planner);
	reset_check(planner->root, planner->host, &plan->selection, &plan->findings);
	ask_acs(planner);
	binding_choose(planner->host, &plan->selection, &plan->binding, &plan->findings);
	binding_modprobe(planner->host, &plan->binding, &planner->modprobe);
	keep_old_names(planner);
	foreign_propose(planner->root, &planner->foreign, &plan->selection, &plan->changeset);
	planner->files_aside = plan->changeset.file_count > 0;
	choose_tools(planner);
	if (late_spare_drivers(planner)) {
		text_reset(&planner->modprobe);
		binding_modprobe(planner->host, &plan->binding, &planner->modprobe);
		keep_old_names(planner);
	}
	if (!parameters_choose(planner, fault))
		return false;
	report_foreign(planner);
	put_modprobe(planner);
	if (!late_propose(planner, fault) || !ask_tools(planner, fault))
		return false;
	tell_way_back(planner);
	parameters_check_length(planner);
	lost_words_check(planner);
	put_record(planner);
	return true;
}

bool plan_make(const struct root *root, const struct host *host, const struct applied *applied,
	       const struct selection *selection, const struct strlist *allow, struct plan **ret,
	       struct fault *fault)
{
	struct plan *plan = memory_zero(1, sizeof(*plan));
	struct planner planner = { .root = root, .host = host, .applied = applied, .plan = plan };
	bool good;

	selection_init(&plan->selection);
	selection_copy(&plan->selection, selection);
	good = make(&planner, fault);
	text_done(&planner.modprobe);
	text_done(&planner.modprobe_now);
	strlist_done(&planner.added);
	strlist_done(&planner.aside);
	foreign_done(&planner.foreign);
	if (!good) {
		plan_free(plan);
		return false;
	}
	if (allow)
		findings_allow(&plan->findings, allow);
	findings_sort(&plan->findings);
	plan->refused = findings_refuse(&plan->findings);
	plan->changed = !changeset_empty(&plan->changeset);
	plan->reboot = needs_reboot(&plan->changeset);
	*ret = plan;
	return true;
}
