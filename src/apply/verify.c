/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/verify.h"

#include <string.h>

#include "apply/history.h"
#include "base/text.h"
#include "edit/cmdline.h"
#include "plan/binding.h"
#include "plan/rules.h"

/* What the verdicts are given from. */
struct trial {
	const struct host *host;
	const struct applied *applied;
	struct strlist words; /* of the running kernel's command line */
	bool known;           /* the history says when something was applied last */
	bool same_boot;       /* it was during this very boot */
	struct verification *verification;
};

static const char *const kind_words[] = {
	[VERDICT_ARRIVED] = "arrived",
	[VERDICT_NOT_REBOOTED] = "not-rebooted",
	[VERDICT_PARAMETER_MISSING] = "parameter-missing",
	[VERDICT_WAY_BACK] = "way-back",
	[VERDICT_IOMMU_OFF] = "iommu-off",
	[VERDICT_FUNCTION_GONE] = "function-gone",
	[VERDICT_FUNCTION_CHANGED] = "function-changed",
	[VERDICT_NATIVE_DRIVER] = "native-driver",
	[VERDICT_NO_DRIVER] = "no-driver",
	[VERDICT_GROUP_NOT_VIABLE] = "group-not-viable",
	[VERDICT_NOT_RETURNED] = "not-returned",
};

const char *verdict_word(enum verdict_kind kind)
{
	return kind_words[kind];
}

void verification_done(struct verification *verification)
{
	if (!verification)
		return;
	for (size_t i = 0; i < verification->count; i++) {
		free(verification->items[i].sentence);
		free(verification->items[i].next);
	}
	free(verification->items);
	*verification = (struct verification){ 0 };
}

/* Appends a verdict; ADDRESS is NULL for one about the machine. SENTENCE is taken over. */
static void judge(struct trial *trial, enum verdict_kind kind, const struct address *address, struct text *sentence,
		  const char *next)
{
	struct verification *verification = trial->verification;
	struct verdict verdict = { .kind = kind, .general = !address, .next = memory_string(next) };

	if (address)
		verdict.address = *address;
	verdict.sentence = text_take(sentence);
	verification->items =
		reallocarray(verification->items, verification->count + 1, sizeof(*verification->items));
	if (!verification->items)
		abort();
	verification->items[verification->count++] = verdict;
	verification->arrived = verification->arrived && kind == VERDICT_ARRIVED;
}

/* The first word that we added and that the running kernel was not given; NULL where it got them all. */
static const char *missing_word(const struct trial *trial)
{
	for (size_t i = 0; i < trial->applied->added.count; i++)
		if (!cmdline_has(&trial->words, trial->applied->added.items[i]))
			return trial->applied->added.items[i];
	return NULL;
}

/* What holds of the machine as a whole and would keep any function from arriving. False where nothing does. */
static bool judge_machine(struct trial *trial, const struct address *address, const char *name)
{
	const char *missing = missing_word(trial);
	struct text sentence = { 0 };

	if (trial->same_boot) {
		text_printf(&sentence, "%s: this was applied during the present boot, and takes effect at the next.",
			    name);
		judge(trial, VERDICT_NOT_REBOOTED, address, &sentence, "Reboot, then verify again.");
	} else if (cmdline_has(&trial->words, BINDING_WAY_BACK)) {
		text_printf(&sentence,
			    "%s: stays with the host, because this boot was started with " BINDING_WAY_BACK ".", name);
		judge(trial, VERDICT_WAY_BACK, address, &sentence, "Reboot without this parameter to have it back.");
	} else if (missing) {
		text_printf(&sentence,
			    "%s: the running kernel was started without \"%s\", although it was set up%s%s.", name,
			    missing, trial->applied->loader ? " through " : "",
			    trial->applied->loader ? trial->applied->loader : "");
		judge(trial, VERDICT_PARAMETER_MISSING, address, &sentence,
		      "If you have not rebooted since, do so. If you have, something else starts this system: "
		      "\"vfioconf --check\" shows which boot loader is believed to, and why.");
	} else if (!trial->host->iommu.enabled) {
		text_printf(&sentence, "%s: the kernel does not use the IOMMU, so vfio-pci takes no device.", name);
		judge(trial, VERDICT_IOMMU_OFF, address, &sentence,
		      trial->host->iommu.kind == IOMMU_NONE ?
			      "Switch it on in the firmware setup (VT-d, AMD-Vi or SMMU), then boot again." :
			      "\"vfioconf --check\" says what it lacks.");
	} else {
		return false;
	}
	return true;
}

/* The address at which the device with these ids is now, if it is only one that is not meant by another tick. */
static const struct function *find_moved(const struct trial *trial, const struct tick *tick)
{
	const struct function *found = NULL;

	for (size_t i = 0; i < trial->host->function_count; i++) {
		const struct function *function = &trial->host->functions[i];

		if (function->vendor != tick->vendor || function->device != tick->device ||
		    selection_find(&trial->applied->selection, function->address))
			continue;
		if (found)
			return NULL;
		found = function;
	}
	return found;
}

static void judge_elsewhere(struct trial *trial, const struct tick *tick, const struct function *function)
{
	const struct function *moved = find_moved(trial, tick);
	cleanup_free char *now = function ? function_describe(function) : NULL;
	char address[ADDRESS_SIZE];
	struct text sentence = { 0 };
	cleanup_text struct text next = { 0 };

	address_format(tick->address, address);
	if (function)
		text_printf(&sentence, "%s: here was %04x:%04x, and now there is something else: %s.", address,
			    tick->vendor, tick->device, now);
	else
		text_printf(&sentence, "%s: there is nothing here any more; it was %04x:%04x.", address, tick->vendor,
			    tick->device);
	if (moved)
		text_printf(&next, "The same device is at %s now: tick it there instead, and apply.",
			    address_format(moved->address, address));
	else
		text_append(&next, "Untick it, or put the device back where it was.");
	judge(trial, function ? VERDICT_FUNCTION_CHANGED : VERDICT_FUNCTION_GONE, &tick->address, &sentence,
	      text_string(&next));
}

/* A member of the group that a driver of the host holds; NULL where the kernel would call the group viable. */
static const struct function *obstacle(const struct trial *trial, const struct function *function)
{
	const struct group *group = host_group_of(trial->host, function);

	for (size_t i = 0; group && i < group->function_count; i++) {
		const struct function *member = &trial->host->functions[group->functions[i]];

		if (!member->bridge && member->driver && !rule_passes_on(member->driver))
			return member;
	}
	return NULL;
}

static void judge_bound(struct trial *trial, const struct function *function, const char *name)
{
	const struct function *in_way = obstacle(trial, function);
	cleanup_free char *other = in_way ? function_describe(in_way) : NULL;
	struct text sentence = { 0 };

	if (!trial->host->iommu.enabled && judge_machine(trial, &function->address, name))
		return;
	if (!in_way) {
		text_printf(&sentence, "%s: at %s, as wanted.", name, function->driver);
		judge(trial, VERDICT_ARRIVED, &function->address, &sentence, NULL);
		return;
	}
	text_printf(&sentence, "%s: at %s, but no guest can have it: %s of the same group is held by %s.", name,
		    function->driver, other, in_way->driver);
	judge(trial, VERDICT_GROUP_NOT_VIABLE, &function->address, &sentence,
	      "Tick that one too, apply and reboot; or untick the whole group.");
}

static void judge_tick(struct trial *trial, const struct tick *tick)
{
	const struct function *function = host_find(trial->host, tick->address);
	cleanup_free char *name = function ? function_describe(function) : NULL;
	struct text sentence = { 0 };

	if (!function || function->vendor != tick->vendor || function->device != tick->device) {
		judge_elsewhere(trial, tick, function);
	} else if (function->driver && rule_passes_on(function->driver)) {
		judge_bound(trial, function, name);
	} else if (judge_machine(trial, &tick->address, name)) {
		return;
	} else if (function->driver) {
		text_printf(&sentence, "%s: its own driver %s was faster than vfio-pci.", name, function->driver);
		judge(trial, VERDICT_NATIVE_DRIVER, &tick->address, &sentence,
		      "The initramfs is older than the set-up, or was made without it: rebuild the images of all "
		      "kernels (see \"vfioconf --check\" for the generator), and reboot.");
	} else {
		text_printf(&sentence, "%s: has no driver at all; vfio-pci did not take it.", name);
		judge(trial, VERDICT_NO_DRIVER, &tick->address, &sentence,
		      "Look for the reason in the kernel's log: dmesg | grep -i vfio");
	}
}

/* What was given back, but is at vfio-pci still. Whoever bound it without us has a reason to. */
static void judge_returned(struct trial *trial)
{
	for (size_t i = 0; i < trial->host->function_count; i++) {
		const struct function *function = &trial->host->functions[i];
		cleanup_free char *name = NULL;
		struct text sentence = { 0 };

		if (!function->driver || !rule_passes_on(function->driver) ||
		    selection_find(&trial->applied->selection, function->address))
			continue;
		name = function_describe(function);
		text_printf(&sentence, "%s: is not ticked, but at %s still.", name, function->driver);
		judge(trial, trial->same_boot ? VERDICT_NOT_REBOOTED : VERDICT_NOT_RETURNED, &function->address,
		      &sentence, trial->same_boot ? "Reboot, and the host has it back." :
					 "Something besides vfioconf binds it: look for vfio-pci in /etc/modprobe.d "
					 "and on the kernel command line, and for driverctl.");
	}
}

/* When something was applied last: before this boot or during it. Who may not read the history does without. */
static void read_time(const struct root *root, struct trial *trial)
{
	struct history history = { 0 };
	char boot[64];

	if (!history_read(root, &history, NULL))
		return;
	for (size_t i = 0; i < history.count && !trial->known; i++) {
		if (!history.entries[i].applied)
			continue;
		trial->known = true;
		trial->same_boot = root_attribute(root, "proc/sys/kernel/random/boot_id", boot, sizeof(boot)) &&
				   history.entries[i].boot_id && !strcmp(history.entries[i].boot_id, boot);
	}
	history_done(&history);
}

void verify_run(const struct root *root, const struct host *host, const struct applied *applied,
		struct verification *ret)
{
	struct trial trial = { .host = host, .applied = applied, .verification = ret };
	const struct selection *selection = &applied->selection;

	*ret = (struct verification){ .arrived = true };
	cmdline_split(host->kernel_cmdline, &trial.words);
	read_time(root, &trial);
	for (size_t i = 0; i < selection->count; i++)
		judge_tick(&trial, &selection->ticks[i]);
	if (trial.known)
		judge_returned(&trial);
	/* A parameter that is not there yet matters even where every function arrived without it. */
	if (ret->arrived && !selection_empty(selection) && (missing_word(&trial) || !host->iommu.enabled))
		judge_machine(&trial, NULL, "The IOMMU and the kernel parameters");
	strlist_done(&trial.words);
}
