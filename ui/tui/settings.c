/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/settings.h"

#include "boot/way_back.h"

static const struct {
	const char *label, *explain;
} settings[SETTING_COUNT] = {
	[SETTING_BIND] = { "Binding", "How a ticked function reaches vfio-pci. auto: by its ids where every function "
				      "with these ids is "
				      "ticked, else by its address. ids and address force one of them." },
	[SETTING_BLACKLIST] = { "Blacklist", "safe: blacklists the native module as well, but only where no function "
					     "that stays with the "
					     "host needs it. Seldom needed." },
	[SETTING_PASSTHROUGH] = { "IOMMU passthrough", "yes: adds iommu=pt (on ARM iommu.passthrough=1), so that the host's "
						       "own devices are not slowed down by translation." },
	[SETTING_IOMMU] = { "Enable the IOMMU",
			    "Turns the IOMMU on at the next boot, even with nothing ticked. A tick implies it." },
	[SETTING_ACS] = { "ACS override", "Splits groups that the hardware does not keep apart, on a kernel with the "
					  "patch for it. Dangerous: a guest could reach into the host or another guest "
					  "behind the IOMMU's back." },
	[SETTING_MENU_ENTRY] = { "Boot menu entry", "yes: the boot menu gets an entry \"" WAY_BACK_TITLE "\", the way "
						    "back from a black screen, where the boot loader has room for one." },
	[SETTING_ADOPT] = { "Take over", "yes: what others have set up for vfio-pci, and words that switch the IOMMU off, "
					 "are set aside where they stand. Unticking everything gives them back." },
	[SETTING_LOADER] = { "Boot loader", "Whose configuration gets the kernel parameters." },
	[SETTING_GENERATOR] = { "Initramfs generator", "Which program builds the images that the kernels start from." },
};

const char *setting_label(enum setting setting)
{
	return settings[setting].label;
}

const char *setting_explain(enum setting setting)
{
	return settings[setting].explain;
}

bool setting_is_asked(enum finding_code code, enum choice_kind *ret)
{
	if (code == FINDING_LOADER_AMBIGUOUS || code == FINDING_LOADER_UNKNOWN)
		*ret = CHOICE_LOADER;
	else if (code == FINDING_GENERATOR_AMBIGUOUS || code == FINDING_GENERATOR_UNKNOWN)
		*ret = CHOICE_GENERATOR;
	else
		return false;
	return true;
}

/* Why the plan has none, by its findings. */
static const char *not_found(const struct plan *plan, enum finding_code ambiguous, enum finding_code unknown)
{
	if (!plan)
		return "not looked for yet";
	for (size_t i = 0; i < plan->findings.count; i++) {
		if (plan->findings.items[i].code == ambiguous)
			return "two look alike: Enter asks which it is";
		if (plan->findings.items[i].code == unknown)
			return "none was recognised: Enter asks which it is";
	}
	return "nothing is written there";
}

/* Whose choice it is: the user's by NAME, or the plan's, which FOUND it. */
static char *chosen(const char *name, const char *found, const char *otherwise)
{
	struct text text = { 0 };

	if (name)
		text_printf(&text, "%s (your choice)", found ? found : name);
	else if (found)
		text_printf(&text, "%s, as found", found);
	else
		text_append(&text, otherwise);
	return text_take(&text);
}

char *setting_value(const struct model *model, enum setting setting)
{
	const struct selection *selection = &model->session->selection;
	const struct plan *plan = model_plan(model);

	switch (setting) {
	case SETTING_BIND:
		return memory_string(bind_mode_word(selection->bind));
	case SETTING_BLACKLIST:
		return memory_string(selection->blacklist ? "safe" : "no");
	case SETTING_PASSTHROUGH:
		return memory_string(selection->iommu_passthrough ? "yes" : "no");
	case SETTING_IOMMU:
		if (selection->count)
			return memory_string("yes (implied by what is ticked)");
		return memory_string(selection->iommu ? "yes" : "no");
	case SETTING_ACS:
		return memory_string(selection->acs_override ? selection->acs_override : "no");
	case SETTING_MENU_ENTRY:
		return memory_string(selection->menu_entry ? "yes" : "no");
	case SETTING_ADOPT:
		return memory_string(selection->adopt ? "yes" : "no");
	case SETTING_LOADER:
		return chosen(selection->loader, plan && plan->loader ? plan->loader->label : NULL,
			      not_found(plan, FINDING_LOADER_AMBIGUOUS, FINDING_LOADER_UNKNOWN));
	case SETTING_GENERATOR:
		return chosen(selection->generator, plan && plan->generator ? plan->generator->label : NULL,
			      not_found(plan, FINDING_GENERATOR_AMBIGUOUS, FINDING_GENERATOR_UNKNOWN));
	case SETTING_COUNT:
		break;
	}
	return memory_string("");
}
