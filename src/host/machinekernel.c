/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinekernel.h"

#include <limits.h>
#include <string.h>

#include "host/modprobe.h"
#include "host/moduleindex.h"

struct build {
	const struct machine_kernel *kernel;
	const char *name; /* of the machine file */
	struct machinetree *tree;
	struct fault *fault;
};

static bool put(struct build *build, const char *file, const struct text *bytes)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "lib/modules/%s/%s", build->kernel->release, file);
	if (machinetree_file(build->tree, path.bytes, 0644, text_string(bytes), bytes->length))
		return true;
	return fault_input(build->fault, build->name, build->kernel->line, "%s is there already", path.bytes);
}

static bool put_index(struct build *build, const char *file, const struct moduleindex *index)
{
	cleanup_text struct text bytes = { 0 };

	moduleindex_write(index, &bytes);
	return put(build, file, &bytes);
}

/* "kernel/sound/pci/hda/snd-hda-intel.ko.xz needed..." is module snd_hda_intel. False where that is too long a name. */
static bool module_name(const char *line, char *buffer, size_t size)
{
	size_t end = strcspn(line, " "), start = end, length;

	while (start && line[start - 1] != '/')
		start--;
	length = strcspn(line + start, ". ");
	if (!length || length >= size)
		return false;
	for (size_t i = 0; i < length; i++)
		buffer[i] = line[start + i] == '-' ? '_' : line[start + i];
	buffer[length] = '\0';
	return true;
}

/* The path of the file of module NAME ("vfio-pci-core" or "vfio_pci_core") among the kernel's modules, or NULL. */
static char *module_path(const struct machine_kernel *kernel, const char *name)
{
	char wanted[NAME_MAX], have[NAME_MAX];

	if (!module_name(name, wanted, sizeof(wanted)))
		return NULL;
	for (size_t i = 0; i < kernel->modules.count; i++)
		if (module_name(kernel->modules.items[i], have, sizeof(have)) && !strcmp(have, wanted))
			return memory_string_n(kernel->modules.items[i], strcspn(kernel->modules.items[i], " "));
	return NULL;
}

/* The line of modules.dep: the file and, behind the colon, the files of what it needs. */
static bool dependency_line(struct build *build, const char *module, struct text *ret)
{
	cleanup_strlist struct strlist words = { 0 };

	strlist_split(&words, module, " ");
	text_printf(ret, "%s:", words.items[0]);
	for (size_t i = 1; i < words.count; i++) {
		cleanup_free char *path = module_path(build->kernel, words.items[i]);

		if (!path)
			return fault_input(build->fault, build->name, build->kernel->line,
					   "module %s needs %s, which kernel %s does not have", words.items[0],
					   words.items[i], build->kernel->release);
		text_printf(ret, " %s", path);
	}
	return true;
}

static bool bad_module(struct build *build, const char *line)
{
	return fault_input(build->fault, build->name, build->kernel->line, "\"%s\" cannot be the file of a module",
			   line);
}

static bool put_modules(struct build *build)
{
	const struct strlist *modules = &build->kernel->modules;
	struct moduleindex *index = moduleindex_new();
	cleanup_text struct text all = { 0 };
	bool done = true;

	for (size_t i = 0; done && i < modules->count; i++) {
		cleanup_text struct text line = { 0 };
		char name[NAME_MAX];

		done = dependency_line(build, modules->items[i], &line);
		if (done && !(module_name(modules->items[i], name, sizeof(name)) &&
			      moduleindex_add(index, name, text_string(&line), (uint32_t)i)))
			done = bad_module(build, modules->items[i]);
		text_printf(&all, "%s\n", text_string(&line));
	}
	done = done && put(build, "modules.dep", &all) && put_index(build, "modules.dep.bin", index);
	moduleindex_free(index);
	return done;
}

static bool put_builtins(struct build *build)
{
	const struct strlist *builtins = &build->kernel->builtins;
	struct moduleindex *index = moduleindex_new();
	cleanup_text struct text all = { 0 };
	bool done = true;

	for (size_t i = 0; done && i < builtins->count; i++) {
		char name[NAME_MAX];

		if (!module_name(builtins->items[i], name, sizeof(name)) ||
		    !moduleindex_add(index, name, "", (uint32_t)i))
			done = bad_module(build, builtins->items[i]);
		text_printf(&all, "%s\n", builtins->items[i]);
	}
	done = done && put(build, "modules.builtin", &all) && put_index(build, "modules.builtin.bin", index);
	moduleindex_free(index);
	return done;
}

static bool put_aliases(struct build *build, const struct machine_aliases *aliases, const char *file, const char *table)
{
	struct moduleindex *index = moduleindex_new();
	cleanup_text struct text all = { 0 };
	bool done = true;

	for (size_t i = 0; done && i < aliases->count; i++) {
		const struct machine_alias *alias = &aliases->items[i];
		/* As depmod does. */
		cleanup_free char *pattern = modprobe_normal(alias->pattern);

		if (!moduleindex_add(index, pattern, alias->module, (uint32_t)i))
			done = fault_input(build->fault, build->name, alias->line,
					   "not a pattern that can be an alias");
		text_printf(&all, "alias %s %s\n", alias->pattern, alias->module);
	}
	done = done && (!file || put(build, file, &all)) && put_index(build, table, index);
	moduleindex_free(index);
	return done;
}

/* What modinfo shows of the built-in modules: records that end in a NUL. */
static bool put_builtin_information(struct build *build)
{
	cleanup_text struct text all = { 0 };

	for (size_t i = 0; i < build->kernel->builtins.count; i++) {
		char name[NAME_MAX];

		if (!module_name(build->kernel->builtins.items[i], name, sizeof(name)))
			continue;
		text_printf(&all, "%s.file=%s", name, build->kernel->builtins.items[i]);
		text_append_char(&all, '\0');
	}
	for (size_t i = 0; i < build->kernel->builtin_aliases.count; i++) {
		text_printf(&all, "%s.alias=%s", build->kernel->builtin_aliases.items[i].module,
			    build->kernel->builtin_aliases.items[i].pattern);
		text_append_char(&all, '\0');
	}
	return put(build, "modules.builtin.modinfo", &all);
}

static bool put_softdeps(struct build *build)
{
	cleanup_text struct text all = { 0 };

	for (size_t i = 0; i < build->kernel->softdeps.count; i++)
		text_printf(&all, "softdep %s\n", build->kernel->softdeps.items[i]);
	return put(build, "modules.softdep", &all);
}

static bool put_symbols(struct build *build)
{
	struct moduleindex *index = moduleindex_new();
	bool done = put_index(build, "modules.symbols.bin", index);

	moduleindex_free(index);
	return done;
}

bool machinekernel_build(const struct machine_kernel *kernel, const char *name, struct machinetree *tree,
			 struct fault *fault)
{
	struct build build = { kernel, name, tree, fault };

	return put_modules(&build) && put_builtins(&build) &&
	       put_aliases(&build, &kernel->aliases, "modules.alias", "modules.alias.bin") &&
	       put_aliases(&build, &kernel->builtin_aliases, NULL, "modules.builtin.alias.bin") &&
	       put_builtin_information(&build) && put_softdeps(&build) && put_symbols(&build);
}
