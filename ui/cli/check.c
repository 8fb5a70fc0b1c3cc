/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/check.h"

#include <ctype.h>
#include <string.h>

#include <json-c/json.h>

#include "boot/loader.h"
#include "cli/json.h"
#include "cli/report.h"
#include "edit/cmdline.h"
#include "initramfs/initramfs.h"
#include "plan/rule_iommu.h"
#include "plan/rules.h"

/* One boot loader or generator, and why it may be the one in use. */
struct seen {
	const char *name, *label;
	struct evidence evidence;
	bool chosen;
};

struct check {
	const struct cli *cli;
	const struct host *host;
	struct findings findings; /* what stands between this machine and passthrough */
	struct seen *loaders, *generators;
	size_t loader_count, generator_count;
};

static void check_done(struct check *check)
{
	findings_done(&check->findings);
	for (size_t i = 0; i < check->loader_count; i++)
		evidence_done(&check->loaders[i].evidence);
	for (size_t i = 0; i < check->generator_count; i++)
		evidence_done(&check->generators[i].evidence);
	free(check->loaders);
	free(check->generators);
}

static void look_at_loaders(struct check *check, const struct root *root, const struct loader *chosen)
{
	while (loaders[check->loader_count])
		check->loader_count++;
	check->loaders = memory_zero(check->loader_count + 1, sizeof(*check->loaders));
	for (size_t i = 0; i < check->loader_count; i++) {
		check->loaders[i].name = loaders[i]->name;
		check->loaders[i].label = loaders[i]->label;
		check->loaders[i].chosen = loaders[i] == chosen;
		loaders[i]->probe(root, &check->loaders[i].evidence);
	}
}

static void look_at_generators(struct check *check, const struct root *root, const struct initramfs *chosen)
{
	while (generators[check->generator_count])
		check->generator_count++;
	check->generators = memory_zero(check->generator_count + 1, sizeof(*check->generators));
	for (size_t i = 0; i < check->generator_count; i++) {
		check->generators[i].name = generators[i]->name;
		check->generators[i].label = generators[i]->label;
		check->generators[i].chosen = generators[i] == chosen;
		generators[i]->probe(root, &check->generators[i].evidence);
	}
}

static void look_at_iommu(struct check *check, const struct loader *loader)
{
	const struct host *host = check->host;
	cleanup_strlist struct strlist words = { 0 };
	struct selection iommu_alone;
	struct finding *finding;

	if (host->iommu.enabled)
		return;
	selection_init(&iommu_alone);
	iommu_alone.iommu = true;
	rules_check(host, &iommu_alone, &check->findings);
	selection_done(&iommu_alone);
	if (host->iommu.kind == IOMMU_NONE)
		return;
	cmdline_split(host->kernel_cmdline, &words);
	iommu_check_words(host, &words, "of this boot", loader, &check->findings);
	finding = findings_add(&check->findings, FINDING_IOMMU_OFF, SEVERITY_WARNING,
			       "This machine has an IOMMU (%s), but the running kernel does not use it.",
			       iommu_kind_label(host->iommu.kind));
	finding_remedy(finding, "Run \"vfioconf --iommu\" as root and reboot; then the groups are there to be ticked.");
}

/* What could not be read is kept as what follows a "note:"; a finding is a sentence. */
static void note_incomplete(struct check *check, const char *what)
{
	findings_add(&check->findings, FINDING_FILE_UNREADABLE, SEVERITY_NOTE, "%c%s.", toupper((unsigned char)*what),
		     what + 1);
}

static void look_at_kernel(struct check *check)
{
	struct finding *finding;

	if (check->host->vfio_pci == MODULE_ABSENT) {
		finding = findings_add(&check->findings, FINDING_VFIO_MISSING, SEVERITY_ERROR,
				       "The running kernel %s has no vfio-pci, neither built in nor below /lib/modules.",
				       check->host->kernel_release);
		finding_remedy(finding, "Boot the kernel of your distribution, or install the package with its further modules "
			       "(linux-modules-extra or the like). If the kernel was updated just now, reboot first.");
	}
	for (size_t i = 0; i < check->host->incomplete.count; i++)
		note_incomplete(check, check->host->incomplete.items[i]);
}

static const char *cpu_label(enum cpu_vendor vendor)
{
	static const char *const labels[] = { [CPU_UNKNOWN] = "of an unknown maker", [CPU_INTEL] = "Intel",
					      [CPU_AMD] = "AMD", [CPU_ARM] = "ARM" };

	return labels[vendor];
}

static const char *module_label(enum module_state state)
{
	static const char *const labels[] = { [MODULE_ABSENT] = "not there", [MODULE_LOADABLE] = "loadable",
					      [MODULE_BUILTIN] = "built in" };

	return labels[state];
}

static char *tables(const struct iommu *iommu)
{
	struct strlist names = { 0 };
	char *joined;

	if (iommu->table_dmar)
		strlist_add(&names, "DMAR (Intel)");
	if (iommu->table_ivrs)
		strlist_add(&names, "IVRS (AMD)");
	if (iommu->table_iort)
		strlist_add(&names, "IORT (ARM)");
	joined = names.count ? strlist_join(&names, ", ") : memory_string("none");
	strlist_done(&names);
	return joined;
}

static void row(const struct check *check, struct text *text, const char *what, const char *value)
{
	char first[32];
	cleanup_text struct text visible = { 0 };

	snprintf(first, sizeof(first), "%-18s ", what);
	text_append_visible(&visible, value, strlen(value), false);
	cli_paragraph(check->cli, text, first, strlen(first), "                   ", text_string(&visible));
}

static void seen_rows(const struct check *check, struct text *text, const char *title, const struct seen *seen,
		      size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		cleanup_text struct text line = { 0 };

		if (seen[i].evidence.score == SCORE_NONE)
			continue;
		any = true;
		text_printf(&line, "%s [%s], score %d%s", seen[i].label, seen[i].name, seen[i].evidence.score,
			    seen[i].chosen ? ": in use" : "");
		row(check, text, title, text_string(&line));
		for (size_t j = 0; j < seen[i].evidence.reasons.count; j++) {
			cleanup_text struct text visible = { 0 };
			const char *reason = seen[i].evidence.reasons.items[j];

			text_append_visible(&visible, reason, strlen(reason), false);
			cli_paragraph(check->cli, text, "                     - ", 23, "                       ",
				      text_string(&visible));
		}
	}
	if (!any)
		row(check, text, title, "none was recognised");
}

static void plain(const struct check *check)
{
	const struct host *host = check->host;
	cleanup_free char *table = tables(&host->iommu), *units = strlist_join(&host->iommu.units, ", ");
	cleanup_free char *kernels = strlist_join(&host->kernels, ", ");
	cleanup_text struct text text = { 0 }, iommu = { 0 };

	if (host->iommu.enabled)
		text_printf(&iommu, "on: %s, %zu groups%s%s", iommu_kind_label(host->iommu.kind), host->group_count,
			    *units ? ", units " : "", units);
	else
		text_printf(&iommu, "%s", host->iommu.kind == IOMMU_NONE ? "none" : "off");
	row(check, &text, "System", *host->distribution ? host->distribution : "unknown");
	row(check, &text, "Processor", cpu_label(host->cpu));
	row(check, &text, "Firmware tables", table);
	row(check, &text, "IOMMU", text_string(&iommu));
	row(check, &text, "Kernel", *host->kernel_release ? host->kernel_release : "unknown");
	row(check, &text, "Installed kernels", *kernels ? kernels : "unknown");
	row(check, &text, "Command line", host->kernel_cmdline);
	row(check, &text, "vfio-pci", module_label(host->vfio_pci));
	seen_rows(check, &text, "Boot loader", check->loaders, check->loader_count);
	seen_rows(check, &text, "Initramfs", check->generators, check->generator_count);
	text_append_char(&text, '\n');
	report_findings(check->cli, &check->findings, &text);
	if (findings_refuse(&check->findings))
		cli_tone(check->cli, &text, TONE_ERROR, "Not ready: see the errors above.");
	else if (!host->iommu.enabled)
		cli_tone(check->cli, &text, TONE_WARNING, "Ready, once the IOMMU is on.");
	else
		cli_tone(check->cli, &text, TONE_GOOD, "Ready.");
	text_append_char(&text, '\n');
	cli_print(check->cli, &text);
}

static struct json_object *json_seen(const struct seen *seen, size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		struct json_object *object = json_object_new_object();

		json_put(object, "name", json_text(seen[i].name));
		json_put(object, "label", json_text(seen[i].label));
		json_put(object, "score", json_object_new_int(seen[i].evidence.score));
		json_put(object, "in_use", json_object_new_boolean(seen[i].chosen));
		json_put(object, "evidence", json_strings(&seen[i].evidence.reasons));
		json_object_array_add(array, object);
	}
	return array;
}

static void json(const struct check *check)
{
	static const char *const cpus[] = { [CPU_UNKNOWN] = "unknown", [CPU_INTEL] = "intel", [CPU_AMD] = "amd",
					    [CPU_ARM] = "arm" };
	static const char *const modules[] = { [MODULE_ABSENT] = "absent", [MODULE_LOADABLE] = "loadable",
					       [MODULE_BUILTIN] = "builtin" };
	const struct host *host = check->host;
	struct json_object *object = json_object_new_object(), *iommu = json_object_new_object();
	struct json_object *firmware = json_object_new_array();

	if (host->iommu.table_dmar)
		json_object_array_add(firmware, json_text("DMAR"));
	if (host->iommu.table_ivrs)
		json_object_array_add(firmware, json_text("IVRS"));
	if (host->iommu.table_iort)
		json_object_array_add(firmware, json_text("IORT"));
	json_put(iommu, "enabled", json_object_new_boolean(host->iommu.enabled));
	json_put(iommu, "kind", json_text(iommu_kind_word(host->iommu.kind)));
	json_put(iommu, "units", json_strings(&host->iommu.units));
	json_put(iommu, "groups", json_object_new_int64((int64_t)host->group_count));
	json_put(object, "ready", json_object_new_boolean(!findings_refuse(&check->findings)));
	json_put(object, "distribution", json_text(host->distribution));
	json_put(object, "cpu", json_text(cpus[host->cpu]));
	json_put(object, "firmware_tables", firmware);
	json_put(object, "iommu", iommu);
	json_put(object, "kernel", json_text(host->kernel_release));
	json_put(object, "kernels", json_strings(&host->kernels));
	json_put(object, "cmdline", json_text(host->kernel_cmdline));
	json_put(object, "vfio_pci", json_text(modules[host->vfio_pci]));
	json_put(object, "loaders", json_seen(check->loaders, check->loader_count));
	json_put(object, "generators", json_seen(check->generators, check->generator_count));
	json_put(object, "findings", json_findings(&check->findings));
	json_print(check->cli, object, true);
}

bool cli_check(struct cli *cli, struct fault *fault)
{
	const struct options *options = cli->options;
	const struct selection *selection = &cli->session->selection;
	const struct root *root = cli->session->root;
	struct check check = { .cli = cli, .host = cli->session->host };
	const struct loader *loader;
	const struct initramfs *generator;

	(void)fault;
	loader = loader_choose(root, options->loader ? options->loader : selection->loader, &check.findings);
	generator = initramfs_choose(root, options->generator ? options->generator : selection->generator, &check.findings);
	look_at_iommu(&check, loader);
	look_at_kernel(&check);
	look_at_loaders(&check, root, loader);
	look_at_generators(&check, root, generator);
	findings_sort(&check.findings);
	if (options->json)
		json(&check);
	else
		plain(&check);
	cli->status = findings_refuse(&check.findings) ? STATUS_REFUSED : STATUS_DONE;
	check_done(&check);
	return true;
}
