/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/rule_reset.h"

#include "host/detail.h"
#include "plan/member.h"
#include "plan/rules.h"

/* Bridges are reset with their bus, and virtual functions with their card. */
static bool bus_is_ticked(const struct host *host, const struct selection *selection, const struct function *function)
{
	for (size_t i = 0; i < host->function_count; i++) {
		const struct function *other = &host->functions[i];

		if (other->parent == function->parent && !other->bridge && other->physical < 0 &&
		    !selection_find(selection, other->address))
			return false;
	}
	return true;
}

/* A bus is reset through the bridge above it; a root bus has none, and a virtual function is not on the bus for that. */
static bool reset_with_bus(const struct host *host, const struct selection *selection, const struct function *function)
{
	return function->parent >= 0 && function->physical < 0 && bus_is_ticked(host, selection, function);
}

static bool cannot_be_reset(const struct root *root, const struct function *function)
{
	struct detail detail;
	bool none;

	detail_read(root, function->address, &detail);
	none = detail.reset_known && !detail.reset_methods.count;
	detail_done(&detail);
	return none;
}

static void report(const struct function *function, struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding =
		findings_add(findings, FINDING_NO_RESET, SEVERITY_WARNING,
			     "%s cannot be reset: the kernel knows no way for it, alone or with its bus. The first "
			     "guest that is started gets it as the firmware left it; the second start finds it as that "
			     "guest left it, and may fail until the machine is switched off and on.", name);

	finding_function(finding, function->address);
	finding_remedy(finding, "%s", function->parent >= 0 ?
		       "Ticking all the functions of its card lets vfio reset them together. Else start a guest with "
		       "it twice before you rely on it." :
		       "Start a guest with it twice before you rely on it. Where that fails, reboot the host "
		       "between guests.");
}

void reset_check(const struct root *root, const struct host *host, const struct selection *selection,
		 struct findings *findings)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);

		if (function && member_tickable(function) && !reset_with_bus(host, selection, function) &&
		    cannot_be_reset(root, function))
			report(function, findings);
	}
}
