/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was ticked must still be what is at that address: cards move when others come or go. */
#include "plan/rules.h"

static bool same_device(const struct tick *tick, const struct function *function)
{
	bool same_subsystem = (!tick->subvendor && !tick->subdevice) ||
			      (tick->subvendor == function->subvendor && tick->subdevice == function->subdevice);

	return tick->vendor == function->vendor && tick->device == function->device && same_subsystem;
}

/* The one other address at which the ticked device is now; NULL where there is none or more than one. */
static const struct function *find_moved(const struct host *host, const struct selection *selection,
					 const struct tick *tick)
{
	const struct function *found = NULL;

	for (size_t i = 0; i < host->function_count; i++) {
		const struct function *function = &host->functions[i];
		const struct tick *there = selection_find(selection, function->address);

		if (!same_device(tick, function) || (there && same_device(there, function)))
			continue;
		if (found)
			return NULL;
		found = function;
	}
	return found;
}

static void describe_tick(const struct tick *tick, struct text *text)
{
	text_printf(text, "%04x:%04x", tick->vendor, tick->device);
	if (tick->subvendor || tick->subdevice)
		text_printf(text, " (subsystem %04x:%04x)", tick->subvendor, tick->subdevice);
}

static void report(const struct host *host, const struct selection *selection, const struct tick *tick,
		   const struct function *function, struct findings *findings)
{
	const struct function *moved = find_moved(host, selection, tick);
	cleanup_free char *now = function ? function_describe(function) : NULL;
	cleanup_text struct text then = { 0 };
	char address[ADDRESS_SIZE], other[ADDRESS_SIZE];
	struct finding *finding;

	describe_tick(tick, &then);
	address_format(tick->address, address);
	if (now && tick->vendor == function->vendor && tick->device == function->device)
		finding = findings_add(findings, FINDING_PROFILE_MISMATCH, SEVERITY_ERROR,
				       "At %s there was %s when it was ticked. Now it is %s with the subsystem "
				       "%04x:%04x: the same chip on another card.", address, text_string(&then), now,
				       function->subvendor, function->subdevice);
	else if (now)
		finding = findings_add(findings, FINDING_PROFILE_MISMATCH, SEVERITY_ERROR,
				       "At %s there was %s when it was ticked. Now there is something else: %s.",
				       address, text_string(&then), now);
	else
		finding = findings_add(findings, FINDING_PROFILE_MISMATCH, SEVERITY_ERROR,
				       "At %s there was %s when it was ticked. Now there is nothing at that address.",
				       address, text_string(&then));
	finding_function(finding, tick->address);
	if (moved)
		finding_remedy(finding, "The same device is at %s now: tick that one instead of %s.",
			       address_format(moved->address, other), address);
	else
		finding_remedy(finding, "Untick %s, and tick anew what you mean.", address);
}

static void report_group(const struct tick *tick, const struct function *function, unsigned number,
			 struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding = findings_add(findings, FINDING_PROFILE_MISMATCH, SEVERITY_WARNING,
					       "%s is in group %u now; it was in group %d when it was ticked. The "
					       "device is the same.",
					       name, number, tick->group);

	finding_function(finding, tick->address);
	finding_remedy(finding, "Look at what else is in the group now. Numbers alone change with kernels and "
				"firmware.");
}

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct tick *tick = &selection->ticks[i];
		const struct function *function = host_find(host, tick->address);
		const struct group *group = function ? host_group_of(host, function) : NULL;

		if (!function || !same_device(tick, function))
			report(host, selection, tick, function, findings);
		else if (group && tick->group >= 0 && group->number != (unsigned)tick->group)
			report_group(tick, function, group->number, findings);
	}
}

const struct rule rule_changed = { "changed", check };
