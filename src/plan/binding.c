/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/binding.h"

#include <stdio.h>
#include <string.h>

#include "plan/rules.h"

#define IDS_LIMIT 1023u /* the kernel keeps them in char ids[1024] */
#define NAME_LIMIT 110u /* of a device in a comment */

void binding_done(struct binding *binding)
{
	if (!binding)
		return;
	for (size_t i = 0; i < binding->count; i++)
		free(binding->functions[i].reason);
	free(binding->functions);
	strlist_done(&binding->ids);
	strlist_done(&binding->softdeps);
	strlist_done(&binding->blacklist);
	strlist_done(&binding->parameters);
	*binding = (struct binding){ 0 };
}

/* The ticked function, if it is the one that was ticked and may be bound; the rules report the others. */
static const struct function *bindable(const struct host *host, const struct tick *tick)
{
	const struct function *function = host_find(host, tick->address);

	if (!function || !rule_tickable(function))
		return NULL;
	return function->vendor == tick->vendor && function->device == tick->device ? function : NULL;
}

static bool same_subsystem(const struct function *a, const struct function *b)
{
	return a->subvendor == b->subvendor && a->subdevice == b->subdevice;
}

/* Who else would be taken by the ids of FUNCTION. Bridges would not: vfio-pci refuses them. */
struct twins {
	const struct function *any;  /* unticked, with the same vendor and device */
	const struct function *same; /* with the same subsystem as well */
};

static struct twins find_twins(const struct host *host, const struct selection *selection,
			       const struct function *function)
{
	struct twins twins = { NULL, NULL };

	for (size_t i = 0; i < host->function_count; i++) {
		const struct function *other = &host->functions[i];

		if (other == function || other->bridge || !function_same_ids(other, function) ||
		    selection_find(selection, other->address))
			continue;
		if (!twins.any)
			twins.any = other;
		if (!twins.same && same_subsystem(other, function))
			twins.same = other;
	}
	return twins;
}

/* A function without a subsystem is told from no twin by it. */
static bool subsystem_tells(const struct function *function, const struct twins *twins)
{
	return !twins->same && (function->subvendor || function->subdevice);
}

static void refuse_twin(const struct function *function, const struct function *twin, enum bind_mode asked,
			struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	cleanup_free char *other = function_describe(twin);
	char address[ADDRESS_SIZE];
	struct finding *finding;

	finding = findings_add(findings, FINDING_TWIN_IDS, SEVERITY_ERROR,
			       "%s cannot be bound by its ids%s: %s has the very same ids%s and is not ticked, so "
			       "vfio-pci would take it from the host as well.",
			       name, asked == BIND_IDS ? ", as was asked" : "", other,
			       function->subvendor ? ", subsystem included," : "");
	finding_function(finding, function->address);
	finding_function(finding, twin->address);
	finding_remedy(finding, "Tick %s too if the host can do without it. Otherwise give the guest a device that "
				"has no twin in this machine.", address_format(twin->address, address));
}

static void refuse_address(const struct function *function, struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding =
		findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
			     "%s is to be bound by its address, and the initramfs of this machine is not set up for "
			     "that.", name);

	finding_function(finding, function->address);
	finding_remedy(finding, "Leave \"bind = auto\": no other device has the ids of this one, so they reach it "
				"alone.");
}

/* Appends what goes into ids= for FUNCTION. */
static void add_ids(const struct function *function, bool with_subsystem, struct strlist *ids)
{
	char word[32];

	if (with_subsystem)
		snprintf(word, sizeof(word), "%04x:%04x:%04x:%04x", function->vendor, function->device,
			 function->subvendor, function->subdevice);
	else
		snprintf(word, sizeof(word), "%04x:%04x", function->vendor, function->device);
	strlist_add_once(ids, word);
}

static char *reason_for(const struct function *function, const struct twins *twins, enum bind_mode mode,
			enum bind_mode asked)
{
	char address[ADDRESS_SIZE];
	struct text text = { 0 };

	if (mode == BIND_ADDRESS && asked == BIND_ADDRESS)
		text_append(&text, "asked for");
	else if (mode == BIND_ADDRESS)
		text_printf(&text, "%s has the same ids and stays with the host",
			    address_format(twins->same ? twins->same->address : twins->any->address, address));
	else if (twins->any)
		text_printf(&text, "its subsystem %04x:%04x tells it from %s, which stays with the host",
			    function->subvendor, function->subdevice, address_format(twins->any->address, address));
	else
		text_printf(&text, "every function with %04x:%04x is ticked", function->vendor, function->device);
	return text_take(&text);
}

static void choose_one(const struct host *host, const struct selection *selection, const struct tick *tick,
		       const struct function *function, struct binding *binding, struct findings *findings)
{
	enum bind_mode asked = tick->bind == BIND_AUTO ? selection->bind : tick->bind;
	struct twins twins = find_twins(host, selection, function);
	bool with_subsystem = twins.any && subsystem_tells(function, &twins);
	bool taken_along = twins.any && !with_subsystem;
	enum bind_mode mode = asked == BIND_ADDRESS || taken_along ? BIND_ADDRESS : BIND_IDS;

	binding->functions[binding->count++] = (struct function_binding){
		.address = function->address,
		.mode = mode,
		.reason = reason_for(function, &twins, mode, asked),
	};
	if (taken_along)
		refuse_twin(function, twins.same ? twins.same : twins.any, asked, findings);
	else if (mode == BIND_ADDRESS)
		refuse_address(function, findings);
	else
		add_ids(function, with_subsystem, &binding->ids);
}

static void refuse_builtin(const struct function *function, const char *module, struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding =
		findings_add(findings, FINDING_DRIVER_BUILTIN, SEVERITY_ERROR,
			     "%s would be taken by %s before vfio-pci is there: that driver is built into this "
			     "kernel, and vfio-pci is a module.", name, module);

	finding_function(finding, function->address);
	finding_remedy(finding, "Use a kernel that has %s as a module, or vfio-pci built in; or untick the device.",
		       module);
}

/* A built-in vfio-pci comes before all modules, and before built-in drivers of everything but graphics. */
static bool beaten_by(const struct host *host, const struct function *function, const struct candidate *candidate)
{
	return candidate->builtin && (host->vfio_pci != MODULE_BUILTIN || function_is_display(function));
}

/* What may stand in a line of modprobe.d; nothing else is the name of a module. */
static bool is_module_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return *name && strspn(name, allowed) == strlen(name);
}

/* Whether the module is a rival of vfio-pci. */
static bool competes(const struct candidate *candidate)
{
	return is_module_name(candidate->name) && !rule_passes_on(candidate->name);
}

static void add_softdeps(const struct host *host, const struct function *function, struct binding *binding,
			 struct findings *findings)
{
	for (size_t i = 0; i < function->candidate_count; i++) {
		const struct candidate *candidate = &function->candidates[i];

		if (!competes(candidate))
			continue;
		if (beaten_by(host, function, candidate))
			refuse_builtin(function, candidate->name, findings);
		else if (!candidate->builtin && host->vfio_pci != MODULE_BUILTIN)
			strlist_add_once(&binding->softdeps, candidate->name);
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

static void add_blacklist(const struct host *host, const struct selection *selection, struct binding *binding,
			  struct findings *findings)
{
	cleanup_strlist struct strlist modules = { 0 };

	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = bindable(host, &selection->ticks[i]);

		for (size_t j = 0; function && j < function->candidate_count; j++)
			if (!function->candidates[j].builtin && competes(&function->candidates[j]))
				strlist_add_once(&modules, function->candidates[j].name);
	}
	strlist_sort(&modules);
	for (size_t i = 0; i < modules.count; i++)
		blacklist_one(host, selection, modules.items[i], binding, findings);
}

static void check_length(const struct binding *binding, struct findings *findings)
{
	cleanup_free char *ids = strlist_join(&binding->ids, ",");
	struct finding *finding;

	if (strlen(ids) <= IDS_LIMIT)
		return;
	finding = findings_add(findings, FINDING_IDS_TOO_LONG, SEVERITY_ERROR,
			       "The ids of what is ticked need %zu characters, and vfio-pci takes at most %u.",
			       strlen(ids), IDS_LIMIT);
	finding_remedy(finding, "Untick some: %zu different devices are ticked, and about 100 fit.",
		       binding->ids.count);
}

/* Options of modprobe.d do nothing for what is built in: the kernel command line says it then. */
static void add_parameters(struct binding *binding, struct findings *findings)
{
	cleanup_free char *ids = strlist_join(&binding->ids, ",");

	strlist_printf(&binding->parameters, "vfio-pci.ids=%s", ids);
	findings_add(findings, FINDING_VFIO_BUILTIN, SEVERITY_NOTE,
		     "vfio-pci is built into this kernel, so the ids go onto the kernel command line and not into "
		     "/etc/modprobe.d.");
}

void binding_choose(const struct host *host, const struct selection *selection, struct binding *ret,
		    struct findings *findings)
{
	*ret = (struct binding){ .functions = memory_zero(selection->count, sizeof(*ret->functions)) };
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = bindable(host, &selection->ticks[i]);

		if (!function)
			continue;
		choose_one(host, selection, &selection->ticks[i], function, ret, findings);
		add_softdeps(host, function, ret, findings);
	}
	strlist_sort(&ret->softdeps);
	if (selection->blacklist)
		add_blacklist(host, selection, ret, findings);
	check_length(ret, findings);
	if (ret->ids.count && host->vfio_pci == MODULE_BUILTIN)
		add_parameters(ret, findings);
}

/* A name from outside in a comment: nothing that could end the comment or go on in the next line. */
static void comment_name(const struct function *function, struct text *text)
{
	cleanup_free char *name = function_describe(function);
	size_t limit = strlen(name) < NAME_LIMIT ? strlen(name) : NAME_LIMIT;

	for (size_t i = 0; i < limit; i++) {
		char c = name[i];

		text_append_char(text, c >= ' ' && c <= '~' && c != '\\' ? c : '?');
	}
	if (limit < strlen(name))
		text_append(text, "~");
}

static void comment(const struct host *host, const struct binding *binding, struct text *ret)
{
	text_append(ret, BINDING_HEADER);
	text_append(ret, "# it; please do not edit it by hand. These devices are for guests and belong to vfio-pci:\n");
	for (size_t i = 0; i < binding->count; i++) {
		text_append(ret, "#   ");
		comment_name(host_find(host, binding->functions[i].address), ret);
		text_append(ret, "\n");
	}
}

void binding_modprobe(const struct host *host, const struct selection *selection, const struct binding *binding,
		      struct text *ret)
{
	bool module = host->vfio_pci != MODULE_BUILTIN;
	cleanup_free char *ids = strlist_join(&binding->ids, ",");

	(void)selection;
	if (!(module && binding->ids.count) && !binding->blacklist.count)
		return;
	comment(host, binding, ret);
	if (module && binding->ids.count)
		text_printf(ret, "options vfio-pci ids=%s\n", ids);
	for (size_t i = 0; i < binding->softdeps.count; i++)
		text_printf(ret, "softdep %s pre: vfio-pci\n", binding->softdeps.items[i]);
	for (size_t i = 0; i < binding->blacklist.count; i++)
		text_printf(ret, "blacklist %s\n", binding->blacklist.items[i]);
}
