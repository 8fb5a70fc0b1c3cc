/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/binding.h"

#include <stdio.h>
#include <string.h>

#include "boot/way_back.h"
#include "plan/binding_drivers.h"
#include "plan/member.h"

#define IDS_LIMIT 1023u /* the kernel keeps them in char ids[1024] */

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
	strlist_done(&binding->way_back);
	*binding = (struct binding){ 0 };
}

/* The ticked function, if it is the one that was ticked and may be bound; the rules report the others. */
static const struct function *bindable(const struct host *host, const struct tick *tick)
{
	const struct function *function = host_find(host, tick->address);

	if (!function || !member_tickable(function))
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

/* All that decides about one function. */
struct choice {
	const struct function *function;
	struct twins twins;
	enum bind_mode asked;
	bool with_subsystem;            /* its ids name no other function, with the subsystem at least */
	bool taken_along;               /* its ids would take a twin from the host */
	bool full;                      /* the kernel has no room for more ids */
	const struct candidate *faster; /* a built-in driver that has it first; or NULL */
	bool module;                    /* vfio-pci is one: it can be bound by its address */
	enum bind_mode mode;
	bool unbind;
};

static const struct function *twin_of(const struct choice *choice)
{
	return choice->twins.same ? choice->twins.same : choice->twins.any;
}

static void refuse_twin(const struct choice *choice, struct findings *findings)
{
	cleanup_free char *name = function_describe(choice->function);
	cleanup_free char *other = function_describe(twin_of(choice));
	char address[ADDRESS_SIZE];
	struct finding *finding;

	finding = findings_add(findings, FINDING_TWIN_IDS, SEVERITY_ERROR,
			       "%s can be bound by its ids only, %s, and %s has the very same ids%s and is not "
			       "ticked: vfio-pci would take it from the host as well.",
			       name, choice->module ? "as was asked" : "because vfio-pci is built into this kernel",
			       other, choice->function->subvendor ? ", subsystem included," : "");
	finding_function(finding, choice->function->address);
	finding_function(finding, twin_of(choice)->address);
	address_format(twin_of(choice)->address, address);
	if (choice->module)
		finding_remedy(finding, "Leave \"bind = auto\": then its address tells it from its twin.");
	else
		finding_remedy(finding, "Tick %s too if the host can do without it. Otherwise use a kernel that has "
					"vfio-pci as a module.", address);
}

static void tell_twin(const struct choice *choice, struct findings *findings)
{
	cleanup_free char *name = function_describe(choice->function);
	cleanup_free char *other = function_describe(twin_of(choice));
	struct finding *finding =
		findings_add(findings, FINDING_TWIN_IDS, SEVERITY_NOTE,
			     "%s is bound by its address, because %s has the very same ids and stays with the host.",
			     name, other);

	finding_function(finding, choice->function->address);
	finding_function(finding, twin_of(choice)->address);
	finding_remedy(finding, "If cards are added or moved and something else is at that address then, it is left to "
				"the host; \"vfioconf --verify\" says so.");
}

static void refuse_address(const struct function *function, struct findings *findings)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding =
		findings_add(findings, FINDING_VFIO_BUILTIN, SEVERITY_ERROR,
			     "%s is to be bound by its address, as was asked, and that is not possible here: vfio-pci "
			     "is built into this kernel and takes devices before anything can tell it an address.",
			     name);

	finding_function(finding, function->address);
	finding_remedy(finding, "Leave \"bind = auto\": no device that stays with the host has the ids of this one.");
}

static void refuse_builtin(const struct choice *choice, struct findings *findings)
{
	cleanup_free char *name = function_describe(choice->function);
	const char *module = choice->faster->name;
	struct finding *finding =
		findings_add(findings, FINDING_DRIVER_BUILTIN, SEVERITY_ERROR,
			     "%s would be taken by %s before vfio-pci is there: that driver is built into this "
			     "kernel%s.", name, module,
			     choice->module ? ", and ids, as were asked for, take nothing away from a driver" :
					      " and comes before the built-in vfio-pci");

	finding_function(finding, choice->function->address);
	if (choice->module)
		finding_remedy(finding, "Leave \"bind = auto\": then the initramfs takes it away from %s.", module);
	else
		finding_remedy(finding, "Use a kernel that has %s as a module; or untick the device.", module);
}

/* What it means that a driver had the device for a moment. */
static void tell_builtin(const struct choice *choice, struct findings *findings)
{
	cleanup_free char *name = function_describe(choice->function);
	uint8_t class = function_base_class(choice->function);
	bool display = function_is_display(choice->function), storage = class == 0x01;
	struct finding *finding =
		findings_add(findings, FINDING_DRIVER_BUILTIN, display || storage ? SEVERITY_WARNING : SEVERITY_NOTE,
			     "%s: its driver %s is built into this kernel and has it first. The initramfs takes it "
			     "away from there and gives it to vfio-pci.%s", name, choice->faster->name,
			     display ? " By then the driver has set up the card: the screen on it goes dark, and some "
				       "cards do not work in a guest after that until the machine is switched off." :
			     storage ? " By then the kernel has looked at its disks: they appear in the log and vanish "
				       "again." : "");

	finding_function(finding, choice->function->address);
	if (display)
		finding_remedy(finding, "Where the guest gets no picture, use a kernel that has %s as a module.",
			       choice->faster->name);
}

/*
 * A virtual function (SR-IOV) is made by the driver of its card, long after
 * vfio-pci was loaded and told its addresses. Ids are kept by vfio-pci, and reach it whenever it comes.
 */
static void report_virtual(const struct choice *choice, const struct host *host, struct findings *findings)
{
	const struct function *card = &host->functions[choice->function->physical];
	bool refused = choice->mode == BIND_ADDRESS;
	cleanup_free char *name = function_describe(choice->function);
	char address[ADDRESS_SIZE], own[ADDRESS_SIZE];
	struct finding *finding;

	address_format(card->address, address);
	finding = findings_add(findings, FINDING_VIRTUAL_FUNCTION, refused ? SEVERITY_ERROR : SEVERITY_NOTE,
			       "%s is a virtual function (SR-IOV): it is there only once something has the driver of "
			       "%s make it, later in the boot than this.%s", name, address, refused ?
			       " To bind it by its address it would have to be there already." :
			       " Its ids are kept, and it goes to vfio-pci when it comes.");
	finding_function(finding, choice->function->address);
	if (refused)
		finding_remedy(finding, "Untick it, and hand it over when it is there: \"vfioconf --bind %s\". Or tick "
					"all virtual functions with these ids: then ids are enough.",
			       address_format(choice->function->address, own));
	else
		finding_remedy(finding, "vfioconf makes no virtual functions: whatever writes sriov_numvfs today has to "
					"do so after the next boot, too.");
}

/* Appends what goes into ids= for FUNCTION. */
static void ids_of(const struct function *function, bool with_subsystem, struct text *ret)
{
	text_printf(ret, "%04x:%04x", function->vendor, function->device);
	if (with_subsystem)
		text_printf(ret, ":%04x:%04x", function->subvendor, function->subdevice);
}

/* How long ids= is, with WORD as well if it is not NULL. */
static size_t ids_length(const struct binding *binding, const char *word)
{
	size_t length = 0;

	if (word && !strlist_has(&binding->ids, word))
		length += strlen(word) + 1;
	for (size_t i = 0; i < binding->ids.count; i++)
		length += strlen(binding->ids.items[i]) + 1;
	return length ? length - 1 : 0;
}

static char *reason_for(const struct choice *choice)
{
	const struct function *function = choice->function;
	char address[ADDRESS_SIZE];
	struct text text = { 0 };

	if (choice->mode == BIND_ADDRESS && choice->asked == BIND_ADDRESS)
		text_append(&text, "asked for");
	else if (choice->mode == BIND_ADDRESS && choice->taken_along)
		text_printf(&text, "%s has the same ids and stays with the host",
			    address_format(twin_of(choice)->address, address));
	else if (choice->mode == BIND_ADDRESS && choice->faster)
		text_printf(&text, "%s is built into the kernel and must let it go", choice->faster->name);
	else if (choice->mode == BIND_ADDRESS)
		text_printf(&text, "vfio-pci takes at most %u characters of ids", IDS_LIMIT);
	else if (choice->taken_along)
		text_printf(&text, "asked for, although %s has the same ids",
			    address_format(twin_of(choice)->address, address));
	else if (choice->twins.any)
		text_printf(&text, "its subsystem %04x:%04x tells it from %s, which stays with the host",
			    function->subvendor, function->subdevice,
			    address_format(choice->twins.any->address, address));
	else
		text_printf(&text, "every function with %04x:%04x is ticked", function->vendor, function->device);
	return text_take(&text);
}

static void report(const struct choice *choice, struct findings *findings)
{
	if (choice->mode == BIND_IDS && choice->taken_along)
		refuse_twin(choice, findings);
	else if (choice->mode == BIND_IDS && choice->asked == BIND_ADDRESS)
		refuse_address(choice->function, findings);
	else if (choice->mode == BIND_ADDRESS && choice->taken_along && choice->function->physical < 0)
		tell_twin(choice, findings);
	if (choice->faster && choice->unbind)
		tell_builtin(choice, findings);
	else if (choice->faster)
		refuse_builtin(choice, findings);
}

/* Ids where they reach this function and no other, its address where they do not; what was asked for comes first. */
static enum bind_mode choose_mode(const struct choice *choice)
{
	if (!choice->module || choice->asked == BIND_IDS)
		return BIND_IDS;
	if (choice->asked == BIND_ADDRESS || choice->taken_along || choice->faster || choice->full)
		return BIND_ADDRESS;
	return BIND_IDS;
}

static void choose_one(const struct host *host, const struct selection *selection, const struct tick *tick,
		       const struct function *function, struct binding *binding, struct findings *findings)
{
	cleanup_text struct text ids = { 0 };
	struct choice choice = {
		.function = function,
		.twins = find_twins(host, selection, function),
		.asked = tick->bind == BIND_AUTO ? selection->bind : tick->bind,
		.faster = binding_faster(host, function),
		.module = host->vfio_pci != MODULE_BUILTIN,
	};

	choice.with_subsystem = choice.twins.any && subsystem_tells(function, &choice.twins);
	choice.taken_along = choice.twins.any && !choice.with_subsystem;
	ids_of(function, choice.with_subsystem, &ids);
	choice.full = ids_length(binding, text_string(&ids)) > IDS_LIMIT;
	choice.mode = choose_mode(&choice);
	choice.unbind = choice.mode == BIND_ADDRESS && choice.faster;
	binding->functions[binding->count++] = (struct function_binding){
		.address = function->address,
		.mode = choice.mode,
		.unbind = choice.unbind,
		.reason = reason_for(&choice),
	};
	report(&choice, findings);
	if (function->physical >= 0)
		report_virtual(&choice, host, findings);
	if (choice.mode == BIND_IDS)
		strlist_add_once(&binding->ids, text_string(&ids));
}

static void check_length(const struct binding *binding, struct findings *findings)
{
	size_t length = ids_length(binding, NULL);
	struct finding *finding;

	if (length <= IDS_LIMIT)
		return;
	finding = findings_add(findings, FINDING_IDS_TOO_LONG, SEVERITY_ERROR,
			       "The ids of what is ticked need %zu characters, and vfio-pci takes at most %u.", length,
			       IDS_LIMIT);
	finding_remedy(finding, "Untick some, or leave \"bind = auto\": %zu different devices are ticked, and about "
				"100 fit.", binding->ids.count);
}

/* Options of modprobe.d do nothing for what is built in: the kernel command line says it then. */
static void add_parameters(struct binding *binding, struct findings *findings)
{
	cleanup_free char *ids = strlist_join(&binding->ids, ",");

	strlist_printf(&binding->parameters, "vfio-pci.ids=%s", ids);
	findings_add(findings, FINDING_VFIO_BUILTIN, SEVERITY_NOTE,
		     "vfio-pci is built into this kernel, so the ids go onto the kernel command line and not into "
		     "/etc/modprobe.d. A boot that leaves all devices to the host is one with an empty "
		     "\"vfio-pci.ids=\" added at the end of the kernel command line, in the boot menu; " WAY_BACK_WORD
		     " does nothing here.");
	strlist_add(&binding->way_back, WAY_BACK_WORD);
	strlist_add(&binding->way_back, "vfio-pci.ids=");
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
		binding_add_softdeps(host, function, ret);
	}
	strlist_sort(&ret->softdeps);
	binding_report_softdeps(host, ret, findings);
	if (selection->blacklist)
		binding_add_blacklist(host, selection, ret, findings);
	check_length(ret, findings);
	if (ret->ids.count && host->vfio_pci == MODULE_BUILTIN)
		add_parameters(ret, findings);
	else if (ret->count)
		strlist_add(&ret->way_back, WAY_BACK_WORD);
}

/*
 * booster appends parameters from the kernel command line to the options of its image, where the last one counts, and
 * drops those without a value (init/cmdline.go, parseParams(); init/module.go, finitModule()). vfio-pci logs a word
 * that is no id, and goes on without (vfio_pci_fill_ids()).
 */
#define NO_IDS "vfio-pci.ids=none"

void binding_without_install(struct binding *binding, struct findings *findings)
{
	if (!binding->ids.count || !strlist_has(&binding->way_back, WAY_BACK_WORD) || binding->parameters.count)
		return;
	strlist_add(&binding->way_back, NO_IDS);
	findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_NOTE,
		     "The initramfs loads vfio-pci without looking for " WAY_BACK_WORD ". A boot that leaves all devices "
		     "to the host is one with both " WAY_BACK_WORD " and " NO_IDS " at the end of the kernel command "
		     "line, in the boot menu.");
}
