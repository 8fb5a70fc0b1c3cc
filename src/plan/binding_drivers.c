/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/binding_drivers.h"

#include <string.h>

#include "plan/foreign_line.h"
#include "plan/member.h"

#define NAME_LIMIT 64u    /* of a module; the kernel's own is shorter */
#define SOFTDEP_LIMIT 64u /* names that one part of a softdep takes over */

/* What may stand in a line of modprobe.d; nothing else is the name of a module. */
static bool is_module_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return *name && strspn(name, allowed) == strlen(name) && strlen(name) <= NAME_LIMIT;
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

/* Whether COMMAND loads nothing: /bin/false or its like, alone but for plain arguments and a comment. */
static bool loads_nothing(const char *command)
{
	static const char *const programs[] = { "/bin/false", "/bin/true", "/usr/bin/false", "/usr/bin/true" };
	const char *start = command + strspn(command, " \t");
	size_t length = strcspn(start, " \t");
	const char *comment = strstr(start, " #");
	size_t rest = comment ? (size_t)(comment - start) : strlen(start);

	for (size_t i = 0; i < array_size(programs); i++)
		if (strlen(programs[i]) == length && !strncmp(start, programs[i], length))
			return strcspn(start, ";&|`$()<>\n") >= rest;
	return false;
}

/*
 * Whether the user has forbidden MODULE by an install line: then nothing races, and a softdep of ours would have
 * libkmod pass that line over and load the module after all. One that has a softdep already has lost the line by that.
 */
static bool is_forbidden(const struct host *host, const char *module)
{
	const struct module_setting *setting = host_setting(host, module);

	return setting && setting->install && !setting->softdep && loads_nothing(setting->install);
}

/*
 * A name that only an install line gives a meaning: "install nvidia modprobe -i nvidia-current" (Debian's packages of the
 * driver). With a softdep that line would be passed over, and the driver of the host's own card not be loaded; vfio-pci
 * is there before it, from the initramfs.
 */
static bool is_only_a_name(const struct host *host, const struct candidate *candidate)
{
	const struct module_setting *setting = host_setting(host, candidate->name);

	return !candidate->real && setting && setting->install;
}

void binding_add_softdeps(const struct host *host, const struct function *function, struct binding *binding)
{
	for (size_t i = 0; host->vfio_pci != MODULE_BUILTIN && i < function->candidate_count; i++) {
		const struct candidate *candidate = &function->candidates[i];

		if (!candidate->builtin && competes(candidate) && !is_forbidden(host, candidate->name) &&
		    !is_only_a_name(host, candidate))
			strlist_add_once(&binding->softdeps, candidate->name);
	}
}

/* What of NAMES goes into a line of ours to KEPT, what does not to LEFT. vfio-pci is there without that. */
static void sort_names(const struct strlist *names, struct strlist *kept, struct strlist *left)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i];

		if (!foreign_is_vfio(name))
			strlist_add(is_module_name(name) && kept->count < SOFTDEP_LIMIT ? kept : left, name);
	}
}

/* The names that our softdep for MODULE takes over, and those that it cannot. */
static void take_over(const struct host *host, const char *module, struct strlist *pre, struct strlist *post,
		      struct strlist *left)
{
	const struct module_setting *setting = host_setting(host, module);

	if (!setting)
		return;
	sort_names(&setting->pre, pre, left);
	sort_names(&setting->post, post, left);
}

void binding_softdep_line(const struct host *host, const char *module, struct text *ret)
{
	cleanup_strlist struct strlist pre = { 0 }, post = { 0 }, left = { 0 };

	take_over(host, module, &pre, &post, &left);
	text_printf(ret, "softdep %s pre: vfio-pci", module);
	for (size_t i = 0; i < pre.count; i++)
		text_printf(ret, " %s", pre.items[i]);
	for (size_t i = 0; i < post.count; i++)
		text_printf(ret, "%s %s", i ? "" : " post:", post.items[i]);
	text_append(ret, "\n");
}

void binding_report_softdeps(const struct host *host, const struct binding *binding, struct findings *findings)
{
	for (size_t i = 0; i < binding->softdeps.count; i++) {
		const char *module = binding->softdeps.items[i];
		cleanup_strlist struct strlist pre = { 0 }, post = { 0 }, left = { 0 };
		cleanup_free char *names = NULL;
		struct finding *finding;

		take_over(host, module, &pre, &post, &left);
		if (!left.count)
			continue;
		names = strlist_join(&left, " ");
		finding = findings_add(findings, FINDING_SYNTAX_NOT_UNDERSTOOD, SEVERITY_WARNING,
				       "The softdep that modprobe has for %s names what is not the name of a module, or "
				       "more than vfioconf takes over into its own, which comes first: %s. That is not "
				       "loaded with %s any more.", module, names, module);
		finding_remedy(finding, "This command shows it. If it is needed, have it loaded by a file of "
					"/etc/modules-load.d.");
		finding_paste(finding, "modprobe -c | grep '^softdep %s '", module);
	}
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
