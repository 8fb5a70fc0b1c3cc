/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without an IOMMU that is on there are no groups, and nothing can be handed over. */
#include "plan/rule_iommu.h"

#include <string.h>

#include "edit/cmdline.h"
#include "plan/member.h"
#include "plan/rules.h"

const char *iommu_where_in_firmware(enum cpu_vendor cpu)
{
	switch (cpu) {
	case CPU_INTEL:
		return "Switch on \"Intel VT-d\" in the firmware setup; it often stands under Chipset, System Agent "
		       "or North Bridge, and is not the same as \"VT-x\". Then boot and look again.";
	case CPU_AMD:
		return "Set \"IOMMU\" to Enabled in the firmware setup (\"Auto\" is not always on); it often stands "
		       "under AMD CBS, NBIO or North Bridge, and is not the same as \"SVM\". Then boot and look again.";
	case CPU_ARM:
		return "Switch on \"SMMU\" in the firmware setup, if it has such a switch; many small boards have no "
		       "SMMU for PCI Express. Then boot and look again.";
	case CPU_UNKNOWN:
		break;
	}
	return "Switch it on in the firmware setup (VT-d on Intel, IOMMU on AMD, SMMU on ARM), then boot and look "
	       "again.";
}

static void report_absent(const struct host *host, struct findings *findings)
{
	struct finding *finding = findings_add(findings, FINDING_IOMMU_ABSENT, SEVERITY_ERROR,
					       "This machine shows no IOMMU: the firmware gives the kernel no table "
					       "of one (ACPI DMAR, IVRS or IORT). Without it no device can be handed "
					       "to a guest.");

	finding_remedy(finding, "%s", iommu_where_in_firmware(host->cpu));
}

static void report_off(const struct host *host, const struct selection *selection, struct findings *findings)
{
	struct finding *finding = findings_add(findings, FINDING_IOMMU_OFF, SEVERITY_ERROR,
					       "%s is there, but the kernel does not use it. So it has made no "
					       "groups, and nobody can tell yet which devices go together and whether "
					       "this choice can work.",
					       iommu_kind_label(host->iommu.kind));

	for (size_t i = 0; i < selection->count; i++)
		finding_function(finding, selection->ticks[i].address);
	finding_remedy(finding, "First have only the IOMMU switched on, with nothing ticked (key i, or vfioconf "
				"--iommu, or \"iommu = yes\" in a profile); reboot, and come back to tick.");
}

/* The IOMMU is on, and yet no group: a device that the firmware's tables leave out. */
static void report_groupless(const struct function *function, struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding = findings_add(findings, FINDING_IOMMU_OFF, SEVERITY_ERROR,
					       "%s is in no IOMMU group although the IOMMU is on: no unit of it "
					       "stands between this device and the memory, so it cannot be handed to "
					       "a guest.", name);

	finding_function(finding, function->address);
	finding_remedy(finding, "Untick it. If it is a card, another slot may have an IOMMU before it.");
}

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	if (selection_empty(selection))
		return;
	if (!host->iommu.enabled && host->iommu.kind == IOMMU_NONE)
		report_absent(host, findings);
	else if (!host->iommu.enabled && selection->count)
		report_off(host, selection, findings);
	for (size_t i = 0; host->iommu.enabled && i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);

		if (function && member_tickable(function) && !host_group_of(host, function))
			report_groupless(function, findings);
	}
}

const struct rule rule_iommu = { "iommu", check };

bool iommu_is_intel(const struct host *host)
{
	return host->iommu.kind == IOMMU_DMAR || host->iommu.table_dmar;
}

/* The kernel reads from left to right. Ours comes last, but only where the line does not have it already. */
static bool will_be_overridden(const struct host *host, const struct strlist *words)
{
	return iommu_is_intel(host) && !cmdline_has(words, "intel_iommu=on");
}

/* Whether a later word of the same name takes back an "off": only intel_iommu= can do that. */
static bool overridden(const struct strlist *words, size_t at)
{
	for (size_t i = at + 1; i < words->count; i++) {
		const char *value = cmdline_word_value(words->items[i], "intel_iommu");

		if (value && cmdline_value_has(value, "on"))
			return true;
	}
	return false;
}

enum disabling { DISABLES_NOT, DISABLES, DISABLES_UNLESS_OVERRIDDEN };

static enum disabling disabling_of(const struct host *host, const char *word)
{
	const char *intel = cmdline_word_value(word, "intel_iommu");
	const char *amd = cmdline_word_value(word, "amd_iommu");
	const char *any = cmdline_word_value(word, "iommu");

	if (intel && host->cpu != CPU_AMD && cmdline_value_has(intel, "off"))
		return DISABLES_UNLESS_OVERRIDDEN;
	if (amd && host->cpu != CPU_INTEL && cmdline_value_has(amd, "off"))
		return DISABLES;
	if (any && host->cpu != CPU_ARM && (cmdline_value_has(any, "off") || cmdline_value_has(any, "soft")))
		return DISABLES;
	return DISABLES_NOT;
}

bool iommu_is_off_word(const struct host *host, const char *word)
{
	return disabling_of(host, word) != DISABLES_NOT;
}

static void remedy(struct finding *finding, const struct loader *loader, const char *word)
{
	cleanup_text struct text how = { 0 };

	loader_take_out(loader, word, &how);
	if (loader && loader->sets_aside)
		finding_remedy(finding, "Have vfioconf set it aside, to be given back by --remove: --adopt, or \"Take "
					"over\" among the options. Or delete \"%s\" there yourself, then plan again.",
			       word);
	else
		finding_remedy(finding, "vfioconf removes no word that it did not add. %s Then plan again.",
			       text_string(&how));
}

void iommu_check_words(const struct host *host, const struct strlist *words, const char *where,
		       const struct loader *loader, struct findings *findings)
{
	for (size_t i = 0; i < words->count; i++) {
		enum disabling disabling = disabling_of(host, words->items[i]);
		bool harmless = disabling == DISABLES_UNLESS_OVERRIDDEN &&
				(will_be_overridden(host, words) || overridden(words, i));
		struct finding *finding;

		if (disabling == DISABLES_NOT)
			continue;
		if (harmless)
			finding = findings_add(findings, FINDING_IOMMU_DISABLED, SEVERITY_WARNING,
					       "The kernel command line %s has \"%s\". The later \"intel_iommu=on\" "
					       "takes it back, so this works; yet the two contradict each other.",
					       where, words->items[i]);
		else
			finding = findings_add(findings, FINDING_IOMMU_DISABLED, SEVERITY_ERROR,
					       "The kernel command line %s has \"%s\": somebody switched the IOMMU "
					       "off there, and nothing that is added%s can switch it on again.", where,
					       words->items[i],
					       disabling == DISABLES_UNLESS_OVERRIDDEN ? " before it" : "");
		remedy(finding, loader, words->items[i]);
	}
}
