/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/foreign.h"

#include <string.h>

#include "base/text.h"
#include "edit/cmdline.h"

#define MODPROBE_DIRECTORY "/etc/modprobe.d"
#define DRIVERCTL_DIRECTORY "/etc/driverctl.d"

struct search {
	const struct root *root;
	const struct host *host;
	const struct selection *selection;
	const struct binding *binding;
	struct findings *findings;
};

/* "vfio-pci" and "vfio_pci" are one name to the kernel. */
static bool is_vfio(const char *name)
{
	return !strcmp(name, "vfio-pci") || !strcmp(name, "vfio_pci");
}

/* The value of the last ids= of an options line; NULL where there is none. */
static const char *ids_of(const struct strlist *words)
{
	for (size_t i = words->count; i > 2; i--)
		if (text_starts_with(words->items[i - 1], "ids="))
			return words->items[i - 1] + strlen("ids=");
	return NULL;
}

/* The kernel takes one ids= alone, the last: where there are two, one does nothing. */
static void report_ids(const struct search *search, const char *place, const char *ids)
{
	bool clash = search->binding->ids.count > 0;
	struct finding *finding =
		findings_add(search->findings, FINDING_FOREIGN_SETUP, clash ? SEVERITY_ERROR : SEVERITY_WARNING,
			     "%s gives vfio-pci the ids %s already, and vfioconf did not write that.%s", place, ids,
			     clash ? " Of two lists of ids the kernel takes only one: one of them would do nothing." :
				     " Devices with these ids go to vfio-pci whatever is ticked here.");

	finding_remedy(finding, "Take it out there, and tick here what shall be at vfio-pci.");
}

static void report_line(const struct search *search, const char *place, const char *line, const char *why)
{
	struct finding *finding =
		findings_add(search->findings, FINDING_FOREIGN_SETUP, SEVERITY_ERROR,
			     "%s has the line \"%s\", and vfioconf did not write it. %s", place, line, why);

	finding_remedy(finding, "Take that line out.");
}

static void check_line(const struct search *search, const char *place, const char *line)
{
	cleanup_strlist struct strlist words = { 0 };
	const char *ids;

	strlist_split(&words, line, " \t");
	if (words.count < 2 || *words.items[0] == '#' || !is_vfio(words.items[1]))
		return;
	ids = ids_of(&words);
	if (!strcmp(words.items[0], "options") && ids && *ids)
		report_ids(search, place, ids);
	else if (!strcmp(words.items[0], "install"))
		report_line(search, place, line,
			    "Of two such lines modprobe follows one, and the devices that are bound by their addresses "
			    "need ours, as does " BINDING_WAY_BACK ".");
	else if (!strcmp(words.items[0], "softdep"))
		report_line(search, place, line,
			    "A module with a softdep is loaded without its install line, and the devices that are bound "
			    "by their addresses need that, as does " BINDING_WAY_BACK ".");
}

/* A line that ends in a backslash goes on in the next. */
static void check_file(const struct search *search, const char *path)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text line = { 0 };

	if (!root_read(search->root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	for (const char *at = text_string(&bytes); *at;) {
		size_t length = strcspn(at, "\n");
		bool goes_on = length && at[length - 1] == '\\';

		text_append_n(&line, at, length - goes_on);
		at += length + (at[length] == '\n');
		if (goes_on && *at)
			continue;
		check_line(search, path, text_string(&line));
		text_reset(&line);
	}
}

static void check_modprobe(const struct search *search)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!root_list(search->root, MODPROBE_DIRECTORY, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };
		size_t length = strlen(names.items[i]);

		text_printf(&path, MODPROBE_DIRECTORY "/%s", names.items[i]);
		if (length > 5 && !strcmp(names.items[i] + length - 5, ".conf") &&
		    strcmp(text_string(&path), BINDING_MODPROBE_PATH) != 0)
			check_file(search, text_string(&path));
	}
}

static void check_words(const struct search *search, const struct strlist *ours)
{
	static const char *const names[] = { "vfio-pci.ids=", "vfio_pci.ids=" };
	cleanup_strlist struct strlist words = { 0 };

	cmdline_split(search->host->kernel_cmdline, &words);
	for (size_t i = 0; i < words.count; i++)
		for (size_t j = 0; j < array_size(names); j++)
			if (text_starts_with(words.items[i], names[j]) && words.items[i][strlen(names[j])] &&
			    !strlist_has(ours, words.items[i]))
				report_ids(search, "The kernel command line", words.items[i] + strlen(names[j]));
}

/* The address in a file's name: "pci-0000:05:00.0"; "0000:05:00.0" with old versions. NULL: it is of another bus. */
static const char *driverctl_address(const char *file, struct address *ret)
{
	const char *name = text_starts_with(file, "pci-") ? file + strlen("pci-") : file;

	return address_parse(name, ret) ? name : NULL;
}

/* A file there is named by a bus and the address of a function, and holds the driver that it shall have. */
static void check_driverctl(const struct search *search)
{
	cleanup_strlist struct strlist names = { 0 };
	char driver[64];

	if (!root_list(search->root, DRIVERCTL_DIRECTORY, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };
		struct address address;
		struct finding *finding;
		const char *name = driverctl_address(names.items[i], &address);
		bool ticked, same;

		text_printf(&path, DRIVERCTL_DIRECTORY "/%s", names.items[i]);
		if (!name || !root_attribute(search->root, text_string(&path), driver, sizeof(driver)))
			continue;
		ticked = selection_find(search->selection, address) != NULL;
		same = is_vfio(driver) == ticked;
		if (!is_vfio(driver) && !ticked)
			continue;
		finding = findings_add(search->findings, FINDING_FOREIGN_SETUP,
				       same ? SEVERITY_NOTE : SEVERITY_WARNING,
				       "driverctl has an override for %s: it shall be at %s.%s", name, driver,
				       same ? " That is what is ticked here, too." :
				       ticked ? " It would take it from vfio-pci again, later in the boot." :
						" So it goes to vfio-pci, although it is not ticked here.");
		finding_function(finding, address);
		if (!same)
			finding_remedy(finding, "driverctl unset-override %s takes it back.", name);
	}
}

void foreign_check(const struct root *root, const struct host *host, const struct selection *selection,
		   const struct binding *binding, const struct strlist *ours, struct findings *findings)
{
	const struct search search = { root, host, selection, binding, findings };

	check_modprobe(&search);
	check_words(&search, ours);
	check_driverctl(&search);
}
