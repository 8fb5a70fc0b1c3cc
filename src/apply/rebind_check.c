/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/rebind_check.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "plan/member.h"
#include "plan/rules.h"

static const enum finding_code use_codes[] = {
	[USE_STORAGE] = FINDING_STORAGE_IN_USE,
	[USE_NETWORK] = FINDING_NETWORK_IN_USE,
	[USE_DISPLAY] = FINDING_DISPLAY_IN_USE,
	[USE_INPUT] = FINDING_INPUT_IN_USE,
};

static bool is_use(enum finding_code code)
{
	for (size_t i = 0; i < array_size(use_codes); i++)
		if (use_codes[i] == code)
			return true;
	return false;
}

/* What the rules say of these functions; of what is at vfio-pci already nobody wants to hear again. */
static bool concerns(const struct finding *finding, const struct selection *selection)
{
	for (size_t i = 0; i < finding->function_count; i++)
		if (selection_find(selection, finding->functions[i]))
			return true;
	return !finding->function_count;
}

static void take_over(const struct finding *finding, struct findings *findings)
{
	struct finding *copy = findings_add(findings, finding->code, finding->severity, "%s", finding->message);

	for (size_t i = 0; i < finding->function_count; i++)
		finding_function(copy, finding->functions[i]);
	if (finding->remedy)
		finding_remedy(copy, "%s", finding->remedy);
	if (finding->paste)
		finding_paste(copy, "%s", finding->paste);
}

static void refuse(const struct function *function, enum finding_code code, const char *what, const char *remedy,
		   struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding = findings_add(findings, code, SEVERITY_ERROR, "%s: %s.", name, what);

	finding_function(finding, function->address);
	finding_remedy(finding, "%s", remedy);
}

/* A plan only warns of uses that the host can do without; to tear a disk from under a mounted file system is worse. */
static void check_uses(const struct function *function, struct findings *findings)
{
	if (!function->driver || driver_passes_on(function->driver))
		return;
	for (size_t i = 0; i < function->use_count; i++) {
		cleanup_text struct text what = { 0 };

		text_printf(&what, "the host uses it right now: %s", function->uses[i].what);
		refuse(function, use_codes[function->uses[i].kind], text_string(&what),
		       function->uses[i].vital ? "End that use first." :
						 "End that use first, or apply a choice with it and reboot.", findings);
	}
	if (!function->use_count && function_is_display(function))
		refuse(function, FINDING_DISPLAY_IN_USE,
		       "many graphics drivers hang when a card is taken from them while the machine runs",
		       "Apply a choice with it and reboot: then its driver never sees it.", findings);
}

static void check_to_vfio(const struct host *host, const struct selection *selection, struct findings *findings)
{
	cleanup_findings struct findings all = { 0 };
	struct selection ticked;

	selection_init(&ticked);
	selection_copy(&ticked, selection);
	for (size_t i = 0; i < host->function_count; i++)
		if (host->functions[i].driver && driver_passes_on(host->functions[i].driver) &&
		    !selection_find(selection, host->functions[i].address))
			selection_tick(&ticked, host, &host->functions[i]);
	rules_check(host, &ticked, &all);
	for (size_t i = 0; i < all.count; i++)
		if (!is_use(all.items[i].code) && concerns(&all.items[i], selection))
			take_over(&all.items[i], findings);
	selection_done(&ticked);
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);

		if (function)
			check_uses(function, findings);
	}
}

/* The name of a process that has one of the devices PATHS open; NULL where none is seen. The caller frees. */
static char *holder_of(const struct root *root, const struct strlist *paths)
{
	cleanup_strlist struct strlist processes = { 0 };
	char target[128], name[32];

	if (!root_list(root, "proc", &processes, NULL))
		return NULL;
	for (size_t i = 0; i < processes.count; i++) {
		cleanup_strlist struct strlist descriptors = { 0 };
		cleanup_text struct text path = { 0 };
		size_t length;

		if (strspn(processes.items[i], "0123456789") != strlen(processes.items[i]))
			continue;
		text_printf(&path, "proc/%s/", processes.items[i]);
		length = path.length;
		text_append(&path, "fd");
		if (!root_list(root, text_string(&path), &descriptors, NULL))
			continue;
		for (size_t j = 0; j < descriptors.count; j++) {
			cleanup_text struct text link = { 0 };

			text_printf(&link, "%s/%s", text_string(&path), descriptors.items[j]);
			if (!root_link(root, text_string(&link), target, sizeof(target)) ||
			    !strlist_has(paths, target))
				continue;
			text_reset(&link);
			text_append_n(&link, text_string(&path), length);
			text_append(&link, "comm");
			if (!root_attribute(root, text_string(&link), name, sizeof(name)))
				name[0] = '\0';
			text_reset(&link);
			text_append_visible(&link, name, strlen(name), false);
			text_printf(&link, "%sprocess %s", *name ? ", " : "", processes.items[i]);
			return text_take(&link);
		}
	}
	return NULL;
}

/* The device files through which a guest has the function: that of its group, and its own. */
static void device_files(const struct root *root, const struct host *host, const struct function *function,
			 struct strlist *ret)
{
	const struct group *group = host_group_of(host, function);
	cleanup_strlist struct strlist own = { 0 };
	cleanup_text struct text path = { 0 };
	char address[ADDRESS_SIZE];

	if (group) {
		strlist_printf(ret, "/dev/vfio/%u", group->number);
		strlist_printf(ret, "/dev/vfio/noiommu-%u", group->number);
	}
	text_printf(&path, "sys/bus/pci/devices/%s/vfio-dev", address_format(function->address, address));
	if (root_list(root, text_string(&path), &own, NULL))
		for (size_t i = 0; i < own.count; i++)
			strlist_printf(ret, "/dev/vfio/devices/%s", own.items[i]);
}

/* The kernel would wait with the unbinding until the guest lets go, and we with it. */
static void check_to_host(const struct root *root, const struct host *host, const struct selection *selection,
			  struct findings *findings)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);
		cleanup_strlist struct strlist files = { 0 };
		cleanup_free char *holder = NULL;
		cleanup_free char *name = NULL;
		struct finding *finding;

		if (!function || !function->driver || !driver_passes_on(function->driver))
			continue;
		device_files(root, host, function, &files);
		holder = holder_of(root, &files);
		if (!holder)
			continue;
		name = function_describe(function);
		finding = findings_add(findings, FINDING_GUEST_HAS_IT, SEVERITY_ERROR,
				       "%s: a guest has its group right now (%s).", name, holder);
		finding_function(finding, function->address);
		finding_remedy(finding, "Shut that guest down first.");
	}
}

void rebind_check(const struct root *root, const struct host *host, const struct selection *selection,
		  enum rebind_way way, struct findings *findings)
{
	if (way == REBIND_TO_VFIO)
		check_to_vfio(host, selection, findings);
	else
		check_to_host(root, host, selection, findings);
}
