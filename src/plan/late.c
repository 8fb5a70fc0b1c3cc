/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/late.h"

#include "boot/own.h"
#include "boot/way_back.h"
#include "plan/binding_drivers.h"

static bool has_systemd(const struct root *root)
{
	return root_exists(root, "usr/lib/systemd/systemd") || root_exists(root, "lib/systemd/systemd") ||
	       root_is_directory(root, "run/systemd/system");
}

/*
 * A driver that udev will load has vfio-pci loaded before it, by the softdep; a built-in one, one that the user has
 * forbidden, or none, has not. A softdep that somebody else's comes before does nothing.
 */
static bool comes_by_softdep(const struct host *host, const struct binding *binding, const struct function *function)
{
	if (binding_faster(host, function))
		return false;
	for (size_t i = 0; i < function->candidate_count; i++) {
		const char *module = function->candidates[i].name;
		const struct module_setting *setting = host_setting(host, module);

		if (strlist_has(&binding->softdeps, module) && !(setting && setting->overruled))
			return true;
	}
	return false;
}

/* Whether vfio-pci is loaded with a driver that a softdep of ours names, and not for its own sake. */
static bool only_by_softdep(const struct planner *planner)
{
	const struct initramfs *generator = planner->plan->generator;

	return planner->host->vfio_pci == MODULE_LOADABLE && generator &&
	       (generator->by_softdep || (generator->late && !has_systemd(planner->root)));
}

bool late_spare_drivers(struct planner *planner)
{
	struct plan *plan = planner->plan;
	cleanup_free char *names = NULL;

	if (!plan->binding.blacklist.count || !only_by_softdep(planner))
		return false;
	names = strlist_join(&plan->binding.blacklist, ", ");
	strlist_done(&plan->binding.blacklist);
	finding_remedy(findings_add(&plan->findings, FINDING_GENERATOR_LIMITED, SEVERITY_NOTE,
				    "Nothing is blacklisted, although \"blacklist = safe\" is asked for (%s): on this system "
				    "(%s) vfio-pci is loaded only because such a driver is about to be.", names,
				    plan->generator->label),
		       "Nothing to do: vfio-pci comes first and takes what is ticked all the same.");
	return true;
}

static struct finding *find_builtin(struct findings *findings, struct address address)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].code == FINDING_DRIVER_BUILTIN && findings->items[i].function_count &&
		    !address_compare(findings->items[i].functions[0], address))
			return &findings->items[i];
	return NULL;
}

/* What was said when it was not yet known which generator makes the images: that they take it away from the driver. */
static void refuse_builtin(struct planner *planner, const struct function *function)
{
	struct finding *finding = find_builtin(&planner->plan->findings, function->address);
	cleanup_free char *name = function_describe(function);
	char address[ADDRESS_SIZE];
	struct text message = { 0 };

	if (!finding || finding->severity == SEVERITY_ERROR)
		return;
	text_printf(&message, "%s: its driver %s is built into this kernel and has it first, and nothing in an initramfs "
		    "of %s takes it away from there.", name, binding_faster(planner->host, function)->name,
		    planner->plan->generator->label);
	free(finding->message);
	finding->message = text_take(&message);
	finding->severity = SEVERITY_ERROR;
	free(finding->remedy);
	finding->remedy = NULL;
	finding_remedy(finding, "Use a kernel that has %s as a module. Or untick it, and hand it over when the system is up: "
		       "\"vfioconf --bind %s\".", binding_faster(planner->host, function)->name,
		       address_format(function->address, address));
}

static void report_builtin(struct planner *planner)
{
	const struct plan *plan = planner->plan;

	for (size_t i = 0; i < plan->binding.count; i++)
		if (plan->binding.functions[i].unbind)
			refuse_builtin(planner, host_find(planner->host, plan->binding.functions[i].address));
}

static void refuse(const struct planner *planner, const struct function *function)
{
	cleanup_free char *name = function_describe(function);
	struct finding *finding =
		findings_add(&planner->plan->findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
			     "%s can be bound only in the running system here (%s), by a unit of systemd, and this system "
			     "has no systemd.", name, planner->plan->generator->label);

	finding_function(finding, function->address);
	finding_remedy(finding, "Use an initramfs of initramfs-tools, dracut or mkinitcpio. Or have your own init run "
				"\"vfioconf --bind\" before anything uses the device.");
}

/* What it means for a graphics card that somebody else had it first. */
static void warn(const struct planner *planner, const struct function *function)
{
	const struct candidate *faster = binding_faster(planner->host, function);
	cleanup_free char *name = function_describe(function);
	struct finding *finding =
		findings_add(&planner->plan->findings, FINDING_GENERATOR_LIMITED, SEVERITY_WARNING,
			     "%s goes to vfio-pci in the running system, before the graphical login: the boot's own "
			     "screen may be on it by then, and %s may have set it up. It is taken from there: that screen "
			     "goes dark or freezes, and some cards do not work in a guest after that until the machine is "
			     "switched off.", name, faster ? faster->name : "a driver in the kernel or the initramfs");

	finding_function(finding, function->address);
	finding_remedy(finding, "For such a card use a generator that binds early: initramfs-tools, dracut or "
				"mkinitcpio.");
}

static void report(const struct planner *planner, bool systemd)
{
	const struct plan *plan = planner->plan;

	for (size_t i = 0; i < plan->binding.count; i++) {
		const struct function *function = host_find(planner->host, plan->binding.functions[i].address);

		if (!systemd && !comes_by_softdep(planner->host, &plan->binding, function))
			refuse(planner, function);
		else if (systemd && function_is_display(function))
			warn(planner, function);
	}
}

static void write_script(const struct planner *planner, struct text *ret)
{
	text_append(ret, "#!/bin/sh\n");
	own_header(ret, "# ");
	binding_late(planner->host, &planner->plan->binding, ret);
}

static void write_unit(struct text *ret)
{
	own_header(ret, "# ");
	text_append(ret, "[Unit]\n"
			 "Description=Hand devices over to vfio-pci\n"
			 "Documentation=man:vfioconf(8)\n"
			 "DefaultDependencies=no\n"
			 "Before=systemd-udev-trigger.service systemd-modules-load.service sysinit.target "
			 "display-manager.service\n"
			 "ConditionKernelCommandLine=!" WAY_BACK_WORD "\n"
			 "\n"
			 "[Service]\n"
			 "Type=oneshot\n"
			 "RemainAfterExit=yes\n"
			 "ExecStart=/bin/sh " LATE_SCRIPT "\n");
}

static void write_wanted(struct text *ret)
{
	own_header(ret, "# ");
	text_append(ret, "[Unit]\n"
			 "Wants=vfioconf-bind.service\n");
}

static bool put(struct planner *planner, const char *path, const struct text *after, const char *why,
		struct fault *fault)
{
	struct plan *plan = planner->plan;
	struct fault own = { 0 };

	return own_file(planner->root, path, after->length ? after : NULL, 0644,
			after->length ? why : "nothing is bound in the running system any more", &plan->changeset,
			&plan->findings, NULL, &own) ||
	       planner_tolerate(planner, &own) || planner_pass_on(fault, &own);
}

bool late_propose(struct planner *planner, struct fault *fault)
{
	const struct plan *plan = planner->plan;
	bool late = plan->generator && plan->generator->late && plan->binding.count;
	bool systemd = has_systemd(planner->root);
	cleanup_text struct text script = { 0 };
	cleanup_text struct text unit = { 0 };
	cleanup_text struct text wanted = { 0 };

	if (late)
		report(planner, systemd);
	else if (only_by_softdep(planner))
		report_builtin(planner);
	if (late && systemd) {
		write_script(planner, &script);
		write_unit(&unit);
		write_wanted(&wanted);
	}
	return put(planner, LATE_SCRIPT, &script, "takes the devices for vfio-pci in the running system", fault) &&
	       put(planner, LATE_UNIT, &unit, "runs that before drivers are loaded and before the graphical login",
		   fault) &&
	       put(planner, LATE_WANTED, &wanted, "has every boot do so", fault);
}
