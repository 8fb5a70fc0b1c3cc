/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/modules.h"

#include <fnmatch.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>

#include "host/modprobe.h"

#define VFIO_PCI "vfio_pci"

struct builtin_alias {
	char *pattern;
	char *module;
};

struct reading {
	const struct root *root;
	struct host *host;
	struct kmod_ctx *kmod;
	struct builtin_alias *builtins;
	size_t builtin_count, builtin_capacity;
};

/* A kernel that was removed often leaves its directory behind, without what modprobe needs. */
static void read_kernels(const struct root *root, struct strlist *kernels)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!root_list(root, "lib/modules", &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text loadable = { 0 }, builtin = { 0 };

		text_printf(&loadable, "lib/modules/%s/modules.dep", names.items[i]);
		text_printf(&builtin, "lib/modules/%s/modules.builtin", names.items[i]);
		if (root_exists(root, loadable.bytes) || root_exists(root, builtin.bytes))
			strlist_add(kernels, names.items[i]);
	}
}

static struct kmod_ctx *open_kmod(const struct root *root, const char *release, const struct strlist *files)
{
	struct kmod_ctx *kmod = modprobe_open(root, release, files);

	if (!kmod || kmod_load_resources(kmod) >= 0)
		return kmod;
	kmod_unref(kmod);
	return NULL;
}

/* "xhci_pci.alias=pci:v*d*..." of modules.builtin.modinfo, one record of which ends where RECORD has its NUL. */
static void take_builtin_alias(struct reading *reading, const char *record)
{
	static const char mark[] = ".alias=pci:";
	const char *at = strstr(record, mark);

	if (!at || at == record)
		return;
	reading->builtins = memory_grow(reading->builtins, reading->builtin_count, &reading->builtin_capacity,
					sizeof(*reading->builtins));
	reading->builtins[reading->builtin_count++] = (struct builtin_alias){
		.module = memory_string_n(record, (size_t)(at - record)),
		.pattern = memory_string(at + strlen(".alias=")),
	};
}

/*
 * libkmod stops at the first table that knows an alias, and asks that of the
 * built-in modules last; but a built-in driver is there before any module.
 */
static void read_builtin_aliases(struct reading *reading)
{
	cleanup_text struct text path = { 0 }, records = { 0 };

	text_printf(&path, "lib/modules/%s/modules.builtin.modinfo", reading->host->kernel_release);
	if (!root_read(reading->root, path.bytes, ROOT_LIMIT_GENERATED, &records, NULL))
		return;
	for (size_t at = 0; at < records.length; at += strlen(records.bytes + at) + 1)
		take_builtin_alias(reading, records.bytes + at);
}

static bool has_candidate(const struct function *function, const char *name)
{
	for (size_t i = 0; i < function->candidate_count; i++)
		if (!strcmp(function->candidates[i].name, name))
			return true;
	return false;
}

static void add_candidate(struct function *function, const char *name, bool builtin, bool real)
{
	struct text visible = { 0 };
	size_t capacity = function->candidate_count;

	if (has_candidate(function, name))
		return;
	text_append_visible(&visible, name, strlen(name), false);
	for (char *c = visible.bytes; c && *c; c++)
		if (*c == '-')
			*c = '_';
	function->candidates = memory_grow(function->candidates, function->candidate_count, &capacity,
					   sizeof(*function->candidates));
	function->candidates[function->candidate_count++] = (struct candidate){ text_take(&visible), builtin, real };
}

/* Whether NAME is in LIST. */
static bool is_in(struct kmod_list *list, const char *name)
{
	struct kmod_list *item;

	kmod_list_foreach(item, list)
	{
		struct kmod_module *module = kmod_module_get_module(item);
		bool same = !strcmp(kmod_module_get_name(module), name);

		kmod_module_unref(module);
		if (same)
			return true;
	}
	return false;
}

static void add_modules(struct reading *reading, struct function *function, const char *modalias)
{
	struct kmod_list *list = NULL, *loadable = NULL, *item;

	if (kmod_module_new_from_lookup(reading->kmod, modalias, &list) < 0 || !list)
		return;
	kmod_module_apply_filter(reading->kmod, KMOD_FILTER_BUILTIN, list, &loadable);
	kmod_list_foreach(item, list)
	{
		struct kmod_module *module = kmod_module_get_module(item);
		const char *name = kmod_module_get_name(module);
		bool builtin = !is_in(loadable, name);

		add_candidate(function, name, builtin, builtin || kmod_module_get_path(module));
		kmod_module_unref(module);
	}
	kmod_module_unref_list(loadable);
	kmod_module_unref_list(list);
}

void modules_alias(const struct function *f, char buffer[MODALIAS_SIZE])
{
	snprintf(buffer, MODALIAS_SIZE, "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", f->vendor, f->device,
		 f->subvendor, f->subdevice, f->class >> 16 & 0xffu, f->class >> 8 & 0xffu, f->class & 0xffu);
}

static void find_candidates(struct reading *reading, struct function *function)
{
	char modalias[MODALIAS_SIZE];

	modules_alias(function, modalias);
	add_modules(reading, function, modalias);
	for (size_t i = 0; i < reading->builtin_count; i++)
		if (!fnmatch(reading->builtins[i].pattern, modalias, 0))
			add_candidate(function, reading->builtins[i].module, true, true);
}

static int by_identity(const void *a, const void *b)
{
	const struct function *x = *(struct function *const *)a, *y = *(struct function *const *)b;
	uint64_t x_ids = (uint64_t)x->vendor << 48 | (uint64_t)x->device << 32 | (uint64_t)x->subvendor << 16 |
			 x->subdevice;
	uint64_t y_ids = (uint64_t)y->vendor << 48 | (uint64_t)y->device << 32 | (uint64_t)y->subvendor << 16 |
			 y->subdevice;

	return x_ids != y_ids ? (x_ids < y_ids ? -1 : 1) : (x->class > y->class) - (x->class < y->class);
}

/* Each modalias is looked up once; functions that share it get copies. */
static void read_candidates(struct reading *reading)
{
	struct host *host = reading->host;
	struct function **sorted = memory_zero(host->function_count, sizeof(struct function *));

	for (size_t i = 0; i < host->function_count; i++)
		sorted[i] = &host->functions[i];
	qsort(sorted, host->function_count, sizeof(struct function *), by_identity);
	for (size_t i = 0; i < host->function_count; i++) {
		const struct function *before = i ? sorted[i - 1] : NULL;

		if (!sorted[i]->vendor)
			continue;
		if (!before || by_identity(&sorted[i - 1], &sorted[i])) {
			find_candidates(reading, sorted[i]);
			continue;
		}
		for (size_t j = 0; j < before->candidate_count; j++)
			add_candidate(sorted[i], before->candidates[j].name, before->candidates[j].builtin,
				      before->candidates[j].real);
	}
	free(sorted);
}

static enum module_state module_state(struct kmod_ctx *kmod, const char *name)
{
	struct kmod_list *list = NULL, *loadable = NULL;
	enum module_state state = MODULE_ABSENT;

	if (kmod_module_new_from_lookup(kmod, name, &list) >= 0 && list) {
		kmod_module_apply_filter(kmod, KMOD_FILTER_BUILTIN, list, &loadable);
		state = is_in(loadable, name) ? MODULE_LOADABLE : is_in(list, name) ? MODULE_BUILTIN : MODULE_ABSENT;
	}
	kmod_module_unref_list(loadable);
	kmod_module_unref_list(list);
	return state;
}

static void reading_done(struct reading *reading)
{
	for (size_t i = 0; i < reading->builtin_count; i++) {
		free(reading->builtins[i].pattern);
		free(reading->builtins[i].module);
	}
	free(reading->builtins);
	if (reading->kmod)
		kmod_unref(reading->kmod);
}

void modules_read(const struct root *root, struct host *host)
{
	struct reading reading = { .root = root, .host = host };
	cleanup_strlist struct strlist files = { 0 };

	modprobe_files(root, &files);
	read_kernels(root, &host->kernels);
	if (*host->kernel_release && !strchr(host->kernel_release, '/'))
		reading.kmod = open_kmod(root, host->kernel_release, &files);
	if (!reading.kmod) {
		/* A kernel without modules has its drivers all the same. */
		host->vfio_pci = root_exists(root, "sys/bus/pci/drivers/vfio-pci") ? MODULE_BUILTIN : MODULE_ABSENT;
		strlist_printf(
			&host->incomplete,
			"the modules of the running kernel%s%s cannot be looked up in /lib/modules: which driver "
			"would claim a function at the next boot is not known",
			*host->kernel_release ? ", " : "", host->kernel_release);
		return;
	}
	host->vfio_pci = module_state(reading.kmod, VFIO_PCI);
	read_builtin_aliases(&reading);
	read_candidates(&reading);
	reading_done(&reading);
	modprobe_read_settings(root, &files, host);
}
