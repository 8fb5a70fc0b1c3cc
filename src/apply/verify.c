/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/verify.h"

#include <string.h>

#include "apply/follow.h"
#include "apply/history.h"
#include "apply/transaction.h"
#include "apply/verify_reason.h"
#include "base/text.h"
#include "boot/way_back.h"
#include "edit/cmdline.h"
#include "plan/binding.h"
#include "plan/member.h"

/* What the verdicts are given from. */
struct trial {
	const struct root *root;
	const struct host *host;
	const struct applied *applied;
	struct strlist words; /* of the running kernel's command line */
	bool known;           /* the history says when something was applied last */
	bool blind;           /* there is a history, and it cannot be read */
	bool same_boot;       /* it was during this very boot */
	bool image_judged;    /* image_fault is known */
	struct text image_fault; /* why nothing in this boot's image could bind anything; empty where nothing speaks so */
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
	[VERDICT_IMAGE_STALE] = "image-stale",
	[VERDICT_NATIVE_DRIVER] = "native-driver",
	[VERDICT_BUILTIN_DRIVER] = "builtin-driver",
	[VERDICT_PROBE_FAILED] = "probe-failed",
	[VERDICT_NO_DRIVER] = "no-driver",
	[VERDICT_FRAMEBUFFER] = "framebuffer",
	[VERDICT_GROUP_NOT_VIABLE] = "group-not-viable",
	[VERDICT_NOT_RETURNED] = "not-returned",
	[VERDICT_UNREADABLE] = "file-unreadable",
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

/* A boot by the way back; a vfio-pci that is built in knows only its own empty list of ids. */
static bool started_without(const struct trial *trial)
{
	return cmdline_has(&trial->words, WAY_BACK_WORD) &&
	       (trial->host->vfio_pci != MODULE_BUILTIN || cmdline_has(&trial->words, "vfio-pci.ids="));
}

/* Before the reboot everything else that could be said of what did not arrive would be wrong. */
static void judge_blind(struct trial *trial, const struct address *address, const char *name)
{
	struct text sentence = { 0 };

	text_printf(&sentence, "%s: not as it was applied; but whether that was before this boot or during it is not "
			       "known, because " STATE_DIRECTORY " cannot be read.", name);
	judge(trial, VERDICT_UNREADABLE, address, &sentence, "Verify again as root, for example through sudo.");
}

/* What holds of the machine as a whole and would keep any function from arriving. False where nothing does. */
static bool judge_machine(struct trial *trial, const struct address *address, const char *name)
{
	const char *missing = missing_word(trial);
	struct text sentence = { 0 };

	if (trial->blind) {
		judge_blind(trial, address, name);
	} else if (trial->same_boot) {
		text_printf(&sentence, "%s: this was applied during the present boot, and takes effect at the next.",
			    name);
		judge(trial, VERDICT_NOT_REBOOTED, address, &sentence, "Reboot, then verify again.");
	} else if (started_without(trial)) {
		text_printf(&sentence,
			    "%s: stays with the host, because this boot was started with " WAY_BACK_WORD ".", name);
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

/* What the device was called when it was bound: the comment in our file of modprobe.d. The caller frees. */
static char *old_name(const struct root *root, const char *address, const struct tick *tick)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text wanted = { 0 };
	struct text name = { 0 };
	const char *at, *end;

	text_printf(&wanted, "\n#   %s ", address);
	root_read(root, BINDING_MODPROBE_PATH, ROOT_LIMIT_TEXT, &bytes, NULL);
	at = strstr(text_string(&bytes), text_string(&wanted));
	if (at) {
		at += wanted.length;
		end = at + strcspn(at, "\n");
		text_append_visible(&name, at, (size_t)(end - at), false);
	} else {
		text_printf(&name, "[%04x:%04x]", tick->vendor, tick->device);
	}
	return text_take(&name);
}

/* Where the device is now, in words. */
static void tell_places(const struct address *places, size_t count, bool beyond_doubt, struct text *next)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_free char *joined = NULL;
	char address[ADDRESS_SIZE];

	for (size_t i = 0; i < count; i++)
		strlist_add(&names, address_format(places[i], address));
	joined = strlist_join(&names, " and ");
	if (beyond_doubt)
		text_printf(next, "The same device is at %s now: \"vfioconf --follow\" ticks it there and applies.",
			    address_format(places[0], address));
	else if (count == 1)
		text_printf(next, "Such a device is at %s now: if it is the one and not its twin, tick it there "
				  "instead, and apply.", joined);
	else if (count)
		text_printf(next, "Such devices are at %s now: tick the one that you mean there instead, and apply.",
			    joined);
	else
		text_append(next, "Untick it, or put the device back where it was.");
}

static void judge_elsewhere(struct trial *trial, const struct tick *tick, const struct function *function)
{
	cleanup_free char *now = function ? function_describe(function) : NULL;
	cleanup_free struct address *places = NULL;
	cleanup_text struct text next = { 0 };
	struct text sentence = { 0 };
	char address[ADDRESS_SIZE];
	cleanup_free char *name = old_name(trial->root, address_format(tick->address, address), tick);
	size_t count = follow_places(trial->host, &trial->applied->selection, tick, &places);
	struct verdict *verdict;
	struct address place;
	bool moved = follow_place(trial->root, trial->host, trial->applied, tick, &place);

	if (moved)
		places[0] = place;
	if (function)
		text_printf(&sentence, "%s: here was %s, and now there is something else: %s. It was left to the "
				       "host.", address, name, now);
	else
		text_printf(&sentence, "%s: there is nothing here any more; it was %s.", address, name);
	tell_places(places, count, moved, &next);
	judge(trial, function ? VERDICT_FUNCTION_CHANGED : VERDICT_FUNCTION_GONE, &tick->address, &sentence,
	      text_string(&next));
	verdict = &trial->verification->items[trial->verification->count - 1];
	verdict->moved = moved;
	verdict->found = count > 0;
	if (count)
		verdict->moved_to = places[0];
}

/* A member of the group that a driver of the host holds; NULL where the kernel would call the group viable. */
static const struct function *obstacle(const struct trial *trial, const struct function *function)
{
	const struct group *group = host_group_of(trial->host, function);

	for (size_t i = 0; group && i < group->function_count; i++) {
		const struct function *member = &trial->host->functions[group->functions[i]];

		if (!member->bridge && member->driver && !driver_passes_on(member->driver))
			return member;
	}
	return NULL;
}

static void judge_framebuffer(struct trial *trial, const struct function *function, const char *name,
			      const char *holder)
{
	struct text sentence = { 0 };

	text_printf(&sentence, "%s: at %s, but its memory is still held by the boot's framebuffer %s, so that a guest "
			       "would fail with \"can't reserve\".", name, function->driver, holder);
	judge(trial, VERDICT_FRAMEBUFFER, &function->address, &sentence,
	      "Have the firmware show its boot screen on another card; or add video=efifb:off to the kernel command "
	      "line (initcall_blacklist=sysfb_init where the holder is BOOTFB): then there is no picture before the "
	      "host's own driver loads.");
}

static void judge_bound(struct trial *trial, const struct function *function, const char *name)
{
	const struct function *in_way = obstacle(trial, function);
	cleanup_free char *other = in_way ? function_describe(in_way) : NULL;
	cleanup_free char *holder = reason_framebuffer(trial->root, function->address);
	struct text sentence = { 0 };

	if (!trial->host->iommu.enabled && judge_machine(trial, &function->address, name))
		return;
	if (in_way) {
		text_printf(&sentence, "%s: at %s, but no guest can have it: %s of the same group is held by %s.", name,
			    function->driver, other, in_way->driver);
		judge(trial, VERDICT_GROUP_NOT_VIABLE, &function->address, &sentence,
		      selection_find(&trial->applied->selection, in_way->address) ?
			      "See the verdict of that one." :
			      "Tick that one too, apply and reboot; or untick the whole group.");
	} else if (holder) {
		judge_framebuffer(trial, function, name, holder);
	} else {
		text_printf(&sentence, "%s: at %s, as wanted.", name, function->driver);
		judge(trial, VERDICT_ARRIVED, &function->address, &sentence, NULL);
	}
}

/* It may take a second to list an image, so it is done once, and only where a function did not arrive. */
static const char *image_fault(struct trial *trial)
{
	cleanup_free char *image = reason_image(trial->root, trial->host);
	const char *lacking;

	if (trial->image_judged)
		return text_string(&trial->image_fault);
	trial->image_judged = true;
	if (image && reason_image_stale(trial->root, image))
		text_printf(&trial->image_fault, "%s is older than " BINDING_MODPROBE_PATH ": this boot knew nothing "
						 "of it", image);
	else if (!reason_vfio_loaded(trial->root))
		text_append(&trial->image_fault, "vfio-pci was not loaded in this boot");
	else if (image && trial->host->vfio_pci != MODULE_BUILTIN &&
		 (lacking = reason_image_lacks(trial->root, image, trial->applied->generator)))
		text_printf(&trial->image_fault, "%s was made without %s, so that vfio-pci came too late", image,
			    lacking);
	return text_string(&trial->image_fault);
}

/* The image is at fault where it does not hold what it should, or vfio-pci is not there at all. */
static bool judge_image(struct trial *trial, const struct function *function, const char *name)
{
	const char *why = image_fault(trial);
	struct text sentence = { 0 };

	if (!*why)
		return false;
	text_printf(&sentence, "%s: %s", name, function->driver ? "its own driver " : "it has no driver");
	if (function->driver)
		text_printf(&sentence, "%s has it", function->driver);
	text_printf(&sentence, ", because %s.", why);
	judge(trial, VERDICT_IMAGE_STALE, &function->address, &sentence,
	      "Rebuild the initramfs images of all kernels (\"vfioconf --check\" names the generator), and reboot. If "
	      "that changes nothing, the kernel is started with another image than the one that was rebuilt.");
	return true;
}

/* The built-in driver of a function, if it can be told; a driver's name is not always that of its module. */
static const struct candidate *builtin_of(const struct function *function)
{
	for (size_t i = 0; i < function->candidate_count; i++)
		if (function->candidates[i].builtin)
			return &function->candidates[i];
	return NULL;
}

static void judge_driven(struct trial *trial, const struct function *function, const char *name)
{
	const struct candidate *builtin = builtin_of(function);
	struct text sentence = { 0 };

	if (judge_image(trial, function, name))
		return;
	text_printf(&sentence, "%s: its own driver %s was faster than vfio-pci", name, function->driver);
	if (builtin) {
		text_printf(&sentence, ": %s is built into the kernel.", builtin->name);
		judge(trial, VERDICT_BUILTIN_DRIVER, &function->address, &sentence,
		      "Only the initramfs can take it away in time: rebuild the images of all kernels (see \"vfioconf "
		      "--check\" for the generator), and reboot. Where this system has no initramfs, use a kernel that "
		      "has it as a module.");
	} else {
		text_printf(&sentence, ", %s.", reason_marked(trial->root, function->address) ?
			    "although it had been told to leave it alone: it was loaded first" :
			    "and nothing told it to leave it alone");
		judge(trial, VERDICT_NATIVE_DRIVER, &function->address, &sentence,
		      "Look whether something loads it early: a line in /etc/modules, in /etc/modules-load.d or in the "
		      "configuration of the initramfs. Take it out there, rebuild the images, and reboot.");
	}
}

static void judge_free(struct trial *trial, const struct function *function, const char *name)
{
	cleanup_text struct text log = { 0 };
	cleanup_free char *line = NULL;
	struct text sentence = { 0 };

	if (judge_image(trial, function, name))
		return;
	reason_read_log(trial->root, &log);
	line = reason_log_line(text_string(&log), function->address);
	if (line) {
		text_printf(&sentence, "%s: vfio-pci failed to take it. The kernel says: %s", name, line);
		judge(trial, VERDICT_PROBE_FAILED, &function->address, &sentence,
		      "-22 is a function that vfio-pci does not take, -16 one that is in use (as a physical function "
		      "with virtual ones is). Untick it, or end that use.");
		return;
	}
	text_printf(&sentence, "%s: has no driver at all; vfio-pci did not take it.", name);
	judge(trial, VERDICT_NO_DRIVER, &function->address, &sentence,
	      "Look for the reason in the kernel's log: dmesg | grep -i vfio");
}

static void judge_tick(struct trial *trial, const struct tick *tick)
{
	const struct function *function = host_find(trial->host, tick->address);
	cleanup_free char *name = function ? function_describe(function) : NULL;

	if (!function || !follow_is(function, tick))
		judge_elsewhere(trial, tick, function);
	else if (function->driver && driver_passes_on(function->driver))
		judge_bound(trial, function, name);
	else if (judge_machine(trial, &tick->address, name))
		return;
	else if (function->driver)
		judge_driven(trial, function, name);
	else
		judge_free(trial, function, name);
}

/* What was given back, but is at vfio-pci still. Whoever bound it without us has a reason to. */
static void judge_returned(struct trial *trial)
{
	for (size_t i = 0; i < trial->host->function_count; i++) {
		const struct function *function = &trial->host->functions[i];
		cleanup_free char *name = NULL;
		struct text sentence = { 0 };

		if (!function->driver || !driver_passes_on(function->driver) ||
		    selection_find(&trial->applied->selection, function->address))
			continue;
		name = function_describe(function);
		if (trial->blind) {
			judge_blind(trial, &function->address, name);
			continue;
		}
		text_printf(&sentence, "%s: is not ticked, but at %s still.", name, function->driver);
		judge(trial, trial->same_boot ? VERDICT_NOT_REBOOTED : VERDICT_NOT_RETURNED, &function->address,
		      &sentence, trial->same_boot ? "Reboot, and the host has it back." :
					 "Something besides vfioconf binds it: look for vfio-pci in /etc/modprobe.d "
					 "and on the kernel command line, and for driverctl.");
	}
}

/* When something was applied last: before this boot or during it. */
static void read_time(const struct root *root, struct trial *trial)
{
	struct history history = { 0 };
	char boot[64];

	trial->blind = !history_read(root, &history, NULL);
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
	struct trial trial = { .root = root, .host = host, .applied = applied, .verification = ret };
	const struct selection *selection = &applied->selection;

	*ret = (struct verification){ .arrived = true };
	cmdline_split(host->kernel_cmdline, &trial.words);
	read_time(root, &trial);
	for (size_t i = 0; i < selection->count; i++)
		judge_tick(&trial, &selection->ticks[i]);
	if (trial.known || trial.blind)
		judge_returned(&trial);
	/* A parameter that is not there yet matters even where every function arrived without it. */
	if (ret->arrived && !selection_empty(selection) && (missing_word(&trial) || !host->iommu.enabled))
		judge_machine(&trial, NULL, "The IOMMU and the kernel parameters");
	strlist_done(&trial.words);
	text_done(&trial.image_fault);
}
