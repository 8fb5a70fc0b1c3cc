/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/binding_drivers.h"

#include <string.h>

#include "plan/member.h"

/* What may stand in a line of modprobe.d; nothing else is the name of a module. */
static bool is_module_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return *name && strspn(name, allowed) == strlen(name);
}

/* Whether the module is a rival of vfio-pci. */
static bool competes(const struct candidate *candidate)
{
	return is_module_name(candidate->name) && !driver_passes_on(candidate->name);
}

/* A built-in vfio-pci comes before all modules, and before built-in drivers of everything but graphics. */
const struct candidate *binding_faster(const struct host *host, const struct function *function)
{
	for (size_t i = 0; i < function->candidate_count; i++) {
		const struct candidate *candidate = &function->candidates[i];

		if (candidate->builtin && competes(candidate) &&
		    (host->vfio_pci != MODULE_BUILTIN || function_is_display(function)))
			return candidate;
	}
	return NULL;
}

void binding_add_softdeps(const struct host *host, const struct function *function, struct binding *binding)
{
	for (size_t i = 0; host->vfio_pci != MODULE_BUILTIN && i < function->candidate_count; i++)
		if (!function->candidates[i].builtin && competes(&function->candidates[i]))
			strlist_add_once(&binding->softdeps, function->candidates[i].name);
}

/* A function that stays with the host and has MODULE as its driver, or could have. */
static const struct function *needed_by(const struct host *host, const struct selection *selection, const char *module)
{
	for (size_t i = 0; i < host->function_count; i++) {
		const struct function *function = &host->functions[i];

		if (selection_find(selection, function->address))
			continue;
		for (size_t j = 0; j < function->candidate_count; j++)
			if (!strcmp(function->candidates[j].name, module))
				return function;
		if (function->driver && !strcmp(function->driver, module))
			return function;
	}
	return NULL;
}

static void blacklist_one(const struct host *host, const struct selection *selection, const char *module,
			  struct binding *binding, struct findings *findings)
{
	const struct function *other = needed_by(host, selection, module);
	cleanup_free char *name = NULL;
	struct finding *finding;

	if (!other) {
		strlist_add_once(&binding->blacklist, module);
		return;
	}
	name = function_describe(other);
	finding = findings_add(findings, FINDING_DRIVER_SHARED, SEVERITY_WARNING,
			       "The module %s is not blacklisted, although \"blacklist = safe\" is asked for: %s "
			       "stays with the host and needs it.", module, name);
	finding_function(finding, other->address);
	finding_remedy(finding, "Nothing to do: vfio-pci is loaded before %s and takes what is ticked all the same.",
		       module);
}

void binding_add_blacklist(const struct host *host, const struct selection *selection, struct binding *binding,
			   struct findings *findings)
{
	cleanup_strlist struct strlist modules = { 0 };

	for (size_t i = 0; i < binding->count; i++) {
		const struct function *function = host_find(host, binding->functions[i].address);

		for (size_t j = 0; j < function->candidate_count; j++)
			if (!function->candidates[j].builtin && competes(&function->candidates[j]))
				strlist_add_once(&modules, function->candidates[j].name);
	}
	strlist_sort(&modules);
	for (size_t i = 0; i < modules.count; i++)
		blacklist_one(host, selection, modules.items[i], binding, findings);
}
