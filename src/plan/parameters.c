/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/parameters.h"

#include <string.h>

#include "base/text.h"
#include "edit/cmdline.h"
#include "plan/rule_iommu.h"

/* COMMAND_LINE_SIZE, less the byte that ends it: 2048 on x86 and arm64 (arch/.../include/asm/setup.h). */
#define KERNEL_LIMIT 2047u

static void want(struct planner *planner, const char *word)
{
	strlist_add_once(&planner->plan->parameters, word);
}

/*
 * The words of the next boot as the loader's configuration says. A configuration that is not understood is no fault:
 * the loader itself will say so when it is asked to change it. Then, and without a loader, it is what the running
 * kernel got.
 */
static bool read_words(struct planner *planner, struct strlist *words, struct fault *fault)
{
	const struct loader *loader = planner->plan->loader;
	struct fault own = { 0 };

	if (loader && loader->read(planner->root, words, &own))
		return true;
	if (loader && own.kind != FAULT_INPUT)
		return planner_tolerate(planner, &own) || planner_pass_on(fault, &own);
	cmdline_split(planner->host->kernel_cmdline, words);
	return true;
}

/* Less those that we put there ourselves. */
static bool read_own_words(struct planner *planner, struct strlist *words, struct fault *fault)
{
	const struct strlist *ours = &planner->applied->added;

	if (!read_words(planner, words, fault))
		return false;
	if (planner->plan->loader && planner->loader_then != planner->plan->loader)
		return true;
	for (size_t i = 0; i < ours->count; i++)
		for (size_t at = words->count; at-- > 0;)
			if (!strcmp(words->items[at], ours->items[i])) {
				strlist_remove(words, at);
				break;
			}
	return true;
}

/* "intel_iommu=on,sm_on" has it on as well, and a second word would only puzzle its owner. */
static bool intel_is_on(const struct strlist *words)
{
	const char *value = cmdline_value(words, "intel_iommu");

	return value && strcmp(value, "on") != 0 && cmdline_value_has(value, "on") && !cmdline_value_has(value, "off");
}

static bool is_arm(const struct host *host)
{
	return host->iommu.kind == IOMMU_SMMU || host->iommu.kind == IOMMU_SMMU3 || host->cpu == CPU_ARM;
}

static bool is_amd(const struct host *host)
{
	return host->iommu.kind == IOMMU_IVHD || host->iommu.table_ivrs;
}

bool parameters_wanted(const struct planner *planner)
{
	const struct selection *selection = &planner->plan->selection;
	const struct host *host = planner->host;

	if (selection_empty(selection))
		return false;
	return selection->adopt || iommu_is_intel(host) || (selection->iommu_passthrough && (is_arm(host) || is_amd(host))) ||
	       planner->acs_override || planner->plan->binding.parameters.count;
}

static void want_iommu(struct planner *planner, const struct strlist *own)
{
	const struct host *host = planner->host;

	if (iommu_is_intel(host) && !intel_is_on(own))
		want(planner, "intel_iommu=on");
	if (is_amd(host))
		findings_add(&planner->plan->findings, FINDING_IOMMU_BY_ITSELF, SEVERITY_NOTE,
			     "AMD-Vi is on by itself and needs no kernel parameter (\"amd_iommu=on\" is not one).");
	if (!planner->plan->selection.iommu_passthrough)
		return;
	if (is_arm(host))
		want(planner, "iommu.passthrough=1");
	else if (is_amd(host) || iommu_is_intel(host))
		want(planner, "iommu=pt");
}

/* Whether the chosen boot loader sets words aside. */
static bool loader_sets_aside(const struct planner *planner)
{
	return planner->plan->loader && planner->plan->loader->sets_aside;
}

static void note_aside(const struct planner *planner, const char *word, const char *where)
{
	findings_add(&planner->plan->findings, FINDING_IOMMU_DISABLED, SEVERITY_NOTE,
		     "The kernel command line %s has \"%s\", which switches the IOMMU off: that is set aside, as you "
		     "asked. --remove gives it back.", where, word);
}

/* Of the words that the user has: which are set aside with consent, and which then count. */
static void sort_words(struct planner *planner, const struct strlist *own, const char *where, struct strlist *ret_count)
{
	bool may = planner->plan->selection.adopt && loader_sets_aside(planner);

	for (size_t i = 0; i < own->count; i++) {
		const char *inner = cmdline_aside(own->items[i]), *word = inner ? inner : own->items[i];
		bool off = iommu_is_off_word(planner->host, word);

		if (!may || (!off && !foreign_is_word(word)) ||
		    strlist_has(&planner->plan->binding.parameters, word)) {
			strlist_add(ret_count, word);
			continue;
		}
		if (strlist_add_once(&planner->aside, word) && off)
			note_aside(planner, word, where);
	}
}

/* The kernel gives what stands behind "--" to init, and reads none of it (kernel/params.c, parse_args()). */
static void check_end(const struct planner *planner, const struct strlist *own, const char *where)
{
	const struct plan *plan = planner->plan;
	cleanup_strlist struct strlist read = { 0 }, lost = { 0 };
	cleanup_free char *words = NULL;
	struct finding *finding;

	for (size_t i = 0; i < own->count && strcmp(own->items[i], "--") != 0; i++)
		strlist_add(&read, own->items[i]);
	if (read.count == own->count)
		return;
	for (size_t i = 0; i < plan->parameters.count; i++)
		if (!cmdline_has(&read, plan->parameters.items[i]))
			strlist_add(&lost, plan->parameters.items[i]);
	if (!lost.count)
		return;
	words = strlist_join(&lost, " ");
	finding = findings_add(&planner->plan->findings, FINDING_SYNTAX_NOT_UNDERSTOOD, SEVERITY_ERROR,
			       "The kernel command line %s has \"--\": the kernel reads nothing behind that, and there the "
			       "words of vfioconf would stand.", where);
	finding_remedy(finding, "Take \"--\" out, with what follows it, or put this before it yourself, and plan again:");
	finding_paste(finding, "%s", words);
}

/* Not even a softdep loads such a module (kernel/module/main.c, blacklisted()). */
static void check_blacklist(const struct planner *planner, const struct strlist *own, const char *where)
{
	static const char *const ours[] = { "vfio", "vfio_pci", "vfio_pci_core", "vfio_iommu_type1" };

	for (size_t i = 0; i < own->count; i++) {
		const char *value = cmdline_word_value(own->items[i], "module_blacklist");

		for (size_t j = 0; value && j < array_size(ours); j++) {
			cleanup_text struct text how = { 0 };

			if (!cmdline_value_has(value, ours[j]))
				continue;
			loader_take_out(planner->plan->loader, own->items[i], &how);
			finding_remedy(findings_add(&planner->plan->findings, FINDING_FOREIGN_SETUP, SEVERITY_ERROR,
						    "The kernel command line %s has \"%s\": the kernel loads no %s then, "
						    "and every device stays with its own driver.", where, own->items[i],
						    ours[j]),
				       "%s Then plan again.", text_string(&how));
			break;
		}
	}
}

bool parameters_choose(struct planner *planner, struct fault *fault)
{
	struct plan *plan = planner->plan;
	cleanup_strlist struct strlist own = { 0 };
	cleanup_strlist struct strlist counting = { 0 };
	cleanup_text struct text where = { 0 };
	cleanup_text struct text override = { 0 };

	if (selection_empty(&plan->selection))
		return true;
	if (!read_own_words(planner, &own, fault))
		return false;
	foreign_add_words(&own, &planner->foreign);
	if (plan->loader)
		text_printf(&where, "that %s gives", plan->loader->label);
	else
		text_append(&where, "of the running kernel");
	sort_words(planner, &own, text_string(&where), &counting);
	iommu_check_words(planner->host, &counting, text_string(&where), plan->loader, &plan->findings);
	want_iommu(planner, &counting);
	if (planner->acs_override) {
		text_printf(&override, "pcie_acs_override=%s", plan->selection.acs_override);
		want(planner, text_string(&override));
	}
	for (size_t i = 0; i < plan->binding.parameters.count; i++)
		want(planner, plan->binding.parameters.items[i]);
	check_end(planner, &counting, text_string(&where));
	if (plan->selection.count)
		check_blacklist(planner, &counting, text_string(&where));
	return true;
}

/* How long the kernel command line is going to be, with the entry of the boot menu that has most words. */
static size_t length_then(const struct planner *planner)
{
	const struct plan *plan = planner->plan;
	const struct strlist *ours = &planner->applied->added;
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *line = NULL;

	cmdline_split(planner->host->kernel_cmdline, &words);
	for (size_t i = words.count; i-- > 0;)
		if (strlist_has(ours, words.items[i]))
			strlist_remove(&words, i);
	for (size_t i = 0; i < plan->parameters.count; i++)
		if (!cmdline_has(&words, plan->parameters.items[i]))
			strlist_add(&words, plan->parameters.items[i]);
	for (size_t i = 0; planner->way_back && i < plan->binding.way_back.count; i++)
		if (!cmdline_has(&words, plan->binding.way_back.items[i]))
			strlist_add(&words, plan->binding.way_back.items[i]);
	line = strlist_join(&words, " ");
	return strlen(line);
}

void parameters_check_length(const struct planner *planner)
{
	struct plan *plan = planner->plan;
	size_t length;

	if (!plan->parameters.count && !planner->way_back)
		return;
	length = length_then(planner);
	if (length <= KERNEL_LIMIT)
		return;
	finding_remedy(findings_add(&plan->findings, FINDING_PARAMETERS_TOO_LONG, SEVERITY_ERROR,
				    "The kernel command line would be %zu bytes long. The kernel takes %u and cuts off the "
				    "rest, which are the words that vfioconf adds at the end.", length, KERNEL_LIMIT),
		       "Take words that are not needed out of %s.",
		       plan->loader ? plan->loader->files : "what the boot loader gives the kernel");
}

bool parameters_left_aside(const struct host *host)
{
	cleanup_strlist struct strlist words = { 0 };

	cmdline_split(host->kernel_cmdline, &words);
	for (size_t i = 0; i < words.count; i++)
		if (cmdline_aside(words.items[i]))
			return true;
	return false;
}
