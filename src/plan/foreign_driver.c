/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/foreign_driver.h"

#include <fnmatch.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "edit/aside.h"
#include "host/modprobe.h"

/* The first line that is COMMAND for MODULE. libkmod, which knows what counts, does not say where that stands. */
struct search {
	const char *command, *module;
	const char *path; /* of the file that it stands in, or NULL: not found */
	unsigned line;
	char *text;
};

static bool is_for(const char *pattern, const char *module)
{
	cleanup_free char *normal = modprobe_normal(pattern);

	return !fnmatch(normal, module, 0);
}

static bool look(void *data, const struct aside_line *line, struct text *rest)
{
	struct search *search = data;
	cleanup_strlist struct strlist words = { 0 };

	(void)rest;
	if (search->text || line->aside)
		return line->aside;
	strlist_split(&words, line->text, " \t");
	if (words.count < 3 || strcmp(words.items[0], search->command) != 0 || !is_for(words.items[1], search->module))
		return false;
	search->line = line->number;
	search->text = memory_string(line->text + strspn(line->text, " \t"));
	return false;
}

static void find(const struct root *root, const struct strlist *files, struct search *search)
{
	for (size_t i = 0; i < files->count && !search->text; i++) {
		cleanup_text struct text bytes = { 0 };

		search->path = files->items[i];
		if (root_read(root, files->items[i], ROOT_LIMIT_TEXT, &bytes, NULL))
			aside_edit(&bytes, look, search, NULL);
	}
}

/* "FILE, line N, says "..."", or that it is there where it cannot be told where. */
static void place(const struct search *search, struct text *ret)
{
	if (search->text)
		text_printf(ret, "%s, line %u, says \"%s\"", search->path, search->line, search->text);
	else
		text_printf(ret, "The configuration of modprobe has a line \"%s %s\"", search->command, search->module);
}

/* What is told of, and to whom. */
struct report {
	const struct root *root;
	const struct host *host;
	const struct binding *binding;
	struct strlist files;
	struct findings *findings;
};

/* Names the functions that are bound and that MODULE could claim. */
static void name_functions(const struct report *report, const char *module, struct finding *finding)
{
	for (size_t i = 0; i < report->binding->count; i++) {
		const struct function *function = host_find(report->host, report->binding->functions[i].address);

		for (size_t j = 0; j < function->candidate_count; j++)
			if (!strcmp(function->candidates[j].name, module))
				finding_function(finding, function->address);
	}
}

static void refuse_overruled(const struct report *report, const char *module)
{
	struct search search = { .command = "softdep", .module = module };
	cleanup_text struct text where = { 0 };
	struct finding *finding;

	find(report->root, &report->files, &search);
	place(&search, &where);
	finding = findings_add(report->findings, FINDING_FOREIGN_SETUP, SEVERITY_ERROR,
			       "%s, and modprobe reads that before " BINDING_MODPROBE_PATH ". Of two softdeps for one "
			       "module it follows the first, so %s would be loaded without vfio-pci before it.",
			       text_string(&where), module);
	name_functions(report, module, finding);
	finding_remedy(finding, "Give that file a name that comes after " MODPROBE_OWN ": vfioconf then has its own line "
				"do what that one does, too.");
	free(search.text);
}

static void warn_install(const struct report *report, const char *module)
{
	struct search search = { .command = "install", .module = module };
	cleanup_text struct text where = { 0 };
	struct finding *finding;

	find(report->root, &report->files, &search);
	place(&search, &where);
	finding = findings_add(report->findings, FINDING_FOREIGN_SETUP, SEVERITY_WARNING,
			       "%s. modprobe passes an install line over where the module has a softdep, and vfioconf "
			       "writes one so that vfio-pci comes before %s: that command is not run any more.",
			       text_string(&where), module);
	name_functions(report, module, finding);
	finding_remedy(finding, "Take that line out if all that it is for is vfio-pci. If it is to forbid %s, \"blacklist "
				"%s\" does so beside a softdep. Otherwise have what it runs started by a rule of udev or a "
				"unit of systemd.", module, module);
	free(search.text);
}

static void refuse_namesake(const char *path, struct findings *findings)
{
	struct finding *finding =
		findings_add(findings, FINDING_FOREIGN_SETUP, SEVERITY_ERROR,
			     "%s has the same name as " BINDING_MODPROBE_PATH ", and vfioconf did not write it. Of files "
			     "with one name modprobe reads only one.", path);

	finding_remedy(finding, "Look into it, and give it another name, or delete it if it may go.");
}

void foreign_report_drivers(const struct root *root, const struct host *host, const struct binding *binding,
			    struct findings *findings)
{
	const char *namesake = binding->count || binding->blacklist.count ? modprobe_namesake(root) : NULL;
	struct report report = { .root = root, .host = host, .binding = binding, .findings = findings };

	if (namesake)
		refuse_namesake(namesake, findings);
	modprobe_files(root, &report.files);
	for (size_t i = 0; i < binding->softdeps.count; i++) {
		const struct module_setting *setting = host_setting(host, binding->softdeps.items[i]);

		if (setting && setting->overruled)
			refuse_overruled(&report, setting->module);
		if (setting && setting->install)
			warn_install(&report, setting->module);
	}
	strlist_done(&report.files);
}
