/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What somebody else's set-up means, in words. */
#include <string.h>

#include "boot/way_back.h"
#include "plan/foreign.h"
#include "plan/foreign_line.h"

#define OR_ADOPT "Or have vfioconf set it aside, to be given back by --remove: --adopt, or \"Take over\" among the options."

static void where(const struct foreign_item *item, struct text *ret)
{
	if (!item->path)
		text_append(ret, "The kernel command line");
	else if (item->line)
		text_printf(ret, "%s, line %u,", item->path, item->line);
	else
		text_append(ret, item->path);
}

static void name_functions(const struct foreign_item *item, struct finding *finding)
{
	struct address address;

	for (size_t i = 0; i < item->addresses.count; i++)
		if (address_parse(item->addresses.items[i], &address))
			finding_function(finding, address);
}

/* The kernel takes one ids= alone, the last: where there are two, one does nothing. */
static void report_ids(const struct foreign_item *item, const struct binding *binding, const struct loader *loader,
		       struct findings *findings)
{
	cleanup_free char *ids = strlist_join(&item->ids, ",");
	cleanup_text struct text place = { 0 };
	bool clash = binding->ids.count > 0;
	cleanup_text struct text how = { 0 };
	struct finding *finding;

	where(item, &place);
	finding = findings_add(findings, FINDING_FOREIGN_SETUP, clash ? SEVERITY_ERROR : SEVERITY_WARNING,
			       "%s gives vfio-pci the ids %s already, and vfioconf did not write that.%s",
			       text_string(&place), ids, clash ?
			       " Of two lists of ids the kernel takes only one: one of them would do nothing." :
			       " Devices with these ids go to vfio-pci whatever is ticked here.");
	if (item->kind == FOREIGN_WORD && !(loader && loader->sets_aside)) {
		loader_take_out(loader, item->text, &how);
		finding_remedy(finding, "%s Then tick here what shall be at vfio-pci.", text_string(&how));
	} else {
		finding_remedy(finding, "Take it out there, and tick here what shall be at vfio-pci. " OR_ADOPT);
	}
}

static void report_line(const struct foreign_item *item, const struct binding *binding, const char *why,
			struct findings *findings)
{
	cleanup_text struct text place = { 0 };
	bool clash = binding->count || binding->ids.count;
	struct finding *finding;

	where(item, &place);
	finding = findings_add(findings, FINDING_FOREIGN_SETUP, clash ? SEVERITY_ERROR : SEVERITY_WARNING,
			       "%s says \"%s\", and vfioconf did not write it. %s", text_string(&place), item->text,
			       why);
	finding_remedy(finding, "Take that line out. " OR_ADOPT);
}

static bool is_ticked(const struct foreign_item *item, const struct selection *selection)
{
	struct address address;

	for (size_t i = 0; i < item->addresses.count; i++)
		if (!address_parse(item->addresses.items[i], &address) || !selection_find(selection, address))
			return false;
	return item->addresses.count > 0;
}

static void report_driverctl(const struct foreign_item *item, const struct selection *selection,
			     struct findings *findings)
{
	bool vfio = foreign_is_vfio(item->text), ticked = is_ticked(item, selection), same = vfio == ticked;
	const char *address = item->addresses.items[0];
	struct finding *finding;

	if (!vfio && !ticked)
		return;
	finding = findings_add(findings, FINDING_FOREIGN_SETUP, same ? SEVERITY_NOTE : SEVERITY_WARNING,
			       "driverctl has an override for %s: it shall be at %s.%s", address, item->text,
			       same ? " That is what is ticked here, too; but it knows neither the ids that the device "
				      "must have nor " WAY_BACK_WORD "." :
			       ticked ? " It would take it from vfio-pci again, later in the boot." :
					" So it goes to vfio-pci, although it is not ticked here.");
	name_functions(item, finding);
	finding_remedy(finding, "This command takes it back. " OR_ADOPT);
	finding_paste(finding, "driverctl unset-override %s", address);
}

static void report_rule(const struct foreign_item *item, const struct selection *selection, struct findings *findings)
{
	bool same = is_ticked(item, selection);
	struct finding *finding;

	finding = findings_add(findings, FINDING_FOREIGN_SETUP, same ? SEVERITY_NOTE : SEVERITY_WARNING,
			       "%s, line %u, has udev send devices to vfio-pci: %s. %s", item->path, item->line,
			       item->text, same ? "What it names is ticked here, too." :
			       "That is done whatever is ticked here.");
	name_functions(item, finding);
	finding_remedy(finding, "Take that line out. %s", item->understood ? OR_ADOPT :
		       "It does more than that, so vfioconf does not touch it.");
}

static void report_script(const struct foreign_item *item, const struct selection *selection,
			  const struct binding *binding, struct findings *findings)
{
	bool hook = text_starts_with(item->path, "/etc/initcpio/"), clash = false;
	cleanup_text struct text paste = { 0 };
	struct finding *finding;

	for (size_t i = 0; i < binding->count; i++)
		clash = clash || binding->functions[i].mode == BIND_ADDRESS;
	finding = findings_add(findings, FINDING_FOREIGN_SETUP, clash ? SEVERITY_ERROR : SEVERITY_WARNING,
			       "%s is a script of the initramfs that sends devices to vfio-pci, and vfioconf did not "
			       "write it.%s", item->path, clash ?
			       " If it loads vfio-pci first, the devices that are bound by their addresses are not." :
			       is_ticked(item, selection) ? " The devices that it names are ticked here, too." :
			       " It does so whatever is ticked here.");
	name_functions(item, finding);
	if (hook) {
		finding_remedy(finding, "Take %s out of HOOKS in mkinitcpio.conf. vfioconf does not touch scripts: "
					"nobody can tell what else they do.", strrchr(item->path, '/') + 1);
		return;
	}
	finding_remedy(finding, "This command has the initramfs made without it. vfioconf does not touch scripts: nobody can "
				"tell what else they do.");
	text_append(&paste, "chmod -x ");
	text_append_word(&paste, item->path);
	finding_paste(finding, "%s", text_string(&paste));
}

static void report_early(const struct foreign_item *item, struct findings *findings)
{
	findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_NOTE,
		     "%s has vfio-pci loaded early already: %s. That stays as it is.", item->path,
		     item->text);
}

static void report_aside(const struct foreign_item *item, struct findings *findings)
{
	cleanup_text struct text place = { 0 };
	struct finding *finding;

	where(item, &place);
	if (item->kind == FOREIGN_DRIVERCTL)
		finding = findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_NOTE,
				       "The override of driverctl that has %s at %s is set aside, as you asked. --remove "
				       "gives it back.", item->addresses.items[0], item->text);
	else
		finding = findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_NOTE,
				       "%s says \"%s\": that is set aside, as you asked, and what is ticked here takes "
				       "its place. --remove gives it back.", text_string(&place), item->text);
	name_functions(item, finding);
}

static void report(const struct foreign_item *item, const struct selection *selection, const struct binding *binding,
		   const struct loader *loader, struct findings *findings)
{
	switch (item->kind) {
	case FOREIGN_IDS:
	case FOREIGN_WORD:
		report_ids(item, binding, loader, findings);
		break;
	case FOREIGN_INSTALL:
		report_line(item, binding,
			    "Of two such lines modprobe follows one, and the devices that are bound by their addresses "
			    "need ours, as does " WAY_BACK_WORD ".", findings);
		break;
	case FOREIGN_SOFTDEP:
		report_line(item, binding,
			    "A module with a softdep is loaded without its install line, and the devices that are bound "
			    "by their addresses need that, as does " WAY_BACK_WORD ".", findings);
		break;
	case FOREIGN_DRIVERCTL:
		report_driverctl(item, selection, findings);
		break;
	case FOREIGN_RULE:
		report_rule(item, selection, findings);
		break;
	case FOREIGN_SCRIPT:
		report_script(item, selection, binding, findings);
		break;
	case FOREIGN_EARLY:
		report_early(item, findings);
		break;
	}
}

void foreign_report(const struct foreign *foreign, const struct selection *selection, const struct binding *binding,
		    const struct loader *loader, struct findings *findings)
{
	for (size_t i = 0; i < foreign->count; i++)
		if (foreign_goes_aside(&foreign->items[i], selection, loader && loader->sets_aside))
			report_aside(&foreign->items[i], findings);
		else if (!selection_empty(selection) || foreign->items[i].kind != FOREIGN_EARLY)
			report(&foreign->items[i], selection, binding, loader, findings);
}

void foreign_show(const struct foreign *foreign, struct findings *findings)
{
	for (size_t i = 0; i < foreign->count; i++) {
		const struct foreign_item *item = &foreign->items[i];
		cleanup_text struct text place = { 0 };
		struct finding *finding;

		where(item, &place);
		if (item->kind == FOREIGN_DRIVERCTL)
			finding = findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_NOTE,
					       "driverctl has an override for %s: it shall be at %s.",
					       item->addresses.items[0], item->text);
		else if (item->kind == FOREIGN_SCRIPT)
			finding = findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_NOTE,
					       "%s, a script of the initramfs, sends devices to vfio-pci.", item->path);
		else
			finding = findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_NOTE,
					       "%s sets vfio-pci up: %s", text_string(&place), item->text);
		name_functions(item, finding);
	}
}
