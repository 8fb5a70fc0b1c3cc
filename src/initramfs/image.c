/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/image.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* How a name may be written in a file name: "vfio-pci" is vfio-pci.ko, "snd_hda_intel" is snd-hda-intel.ko. */
static char *module_pattern(const char *prefix, const char *module)
{
	struct text pattern = { 0 };

	text_append(&pattern, prefix);
	for (; *module; module++)
		if (*module == '-' || *module == '_')
			text_append(&pattern, "[-_]");
		else
			text_append_char(&pattern, *module);
	text_append(&pattern, ".ko*");
	return text_take(&pattern);
}

/* Whether a line of the list names the file of MODULE: "kernel/drivers/vfio/pci/vfio-pci.ko.xz: ...". */
static bool list_names(const struct root *root, const char *release, const char *list, const char *module,
		       bool *ret_readable)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text path = { 0 };
	const char *at;

	text_printf(&path, "lib/modules/%s/%s", release, list);
	*ret_readable = root_read(root, text_string(&path), ROOT_LIMIT_GENERATED, &bytes, NULL);
	for (at = text_string(&bytes); *at; at += strcspn(at, "\n"), at += *at == '\n') {
		size_t end = strcspn(at, ":\n"), start = end, i = 0;

		while (start > 0 && at[start - 1] != '/')
			start--;
		while (module[i] && start + i < end &&
		       (at[start + i] == module[i] || (strchr("-_", at[start + i]) && strchr("-_", module[i]))))
			i++;
		if (!module[i] && !strncmp(at + start + i, ".ko", 3))
			return true;
	}
	return false;
}

enum image_module image_module(const struct root *root, const char *release, const char *module)
{
	bool builtin_readable, dep_readable;

	if (list_names(root, release, "modules.builtin", module, &builtin_readable))
		return IMAGE_MODULE_BUILTIN;
	/* Without the list nothing speaks against the usual case. */
	return list_names(root, release, "modules.dep", module, &dep_readable) || !dep_readable ?
		       IMAGE_MODULE_FILE : IMAGE_MODULE_NONE;
}

static void expect_present(const struct root *root, struct expectation *expectation, const char *release,
			   const struct early_request *request)
{
	for (size_t i = 0; i < request->files->count; i++)
		strlist_printf(&expectation->present, "*%s", request->files->items[i] + 1);
	for (size_t i = 0; i < request->modules->count; i++) {
		cleanup_free char *pattern = module_pattern("*/", request->modules->items[i]);

		if (image_module(root, release, request->modules->items[i]) == IMAGE_MODULE_FILE)
			strlist_add(&expectation->present, pattern);
	}
	strlist_printf(&expectation->present, "*" IMAGE_STAMP_DIRECTORY "/%s", request->stamp);
}

static void expect_absent(struct expectation *expectation, const struct early_request *request)
{
	for (size_t i = 0; i < request->files->count; i++)
		strlist_printf(&expectation->absent, "*%s", request->files->items[i] + 1);
	strlist_add(&expectation->absent, "*" IMAGE_STAMP_DIRECTORY "/*");
}

void image_expect(const struct root *root, struct command *command, const char *lister, const char *image,
		  const char *release, const struct early_request *request)
{
	struct expectation *expectation;

	strlist_add_once(&command->artefacts, image);
	command_expect(command, EXPECT_FILE, image);
	expectation = command_expect(command, EXPECT_LISTING, image);
	strlist_add(&expectation->argv, lister);
	strlist_add(&expectation->argv, image);
	if (request->wanted)
		expect_present(root, expectation, release, request);
	else
		expect_absent(expectation, request);
}
