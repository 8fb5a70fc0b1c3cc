/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limine with a limine.conf that a person wrote; and limine.cfg of the versions before 8. */
#include "boot/clue.h"
#include "boot/sections.h"
#include "boot/loaders.h"
#include "boot/way_back.h"

/* In Limine's own order of looking, on an ESP mounted at /boot and at /boot/efi. */
static const char *const configs[] = {
	"/boot/EFI/limine/limine.conf", "/boot/limine.conf",          "/boot/limine/limine.conf",
	"/boot/EFI/BOOT/limine.conf",   "/boot/efi/limine.conf",      "/boot/efi/EFI/limine/limine.conf",
	"/boot/efi/EFI/BOOT/limine.conf", "/boot/limine.cfg",         "/boot/limine/limine.cfg",
	"/boot/EFI/BOOT/limine.cfg",
};
static const char *const keys[] = { "cmdline", "kernel_cmdline", NULL };
static const char *const kernels[] = { "path", "kernel_path", NULL };
static const char *const carried[] = { "protocol",   "path",    "kernel_path",    "module_path", "module_string",
				       "module_cmdline", "cmdline", "kernel_cmdline", "dtb_path",    NULL };
static const struct section_syntax conf_syntax = {
	.keyword = { .ignore_case = true, .separator = ':' }, .mark = '/', .keys = keys, .kernels = kernels,
	.carried = carried, .heading = "/" WAY_BACK_TITLE "\n",
};
static const struct section_syntax cfg_syntax = {
	.keyword = { .ignore_case = true, .separator = '=' }, .mark = ':', .keys = keys, .kernels = kernels,
	.carried = carried, .heading = ":" WAY_BACK_TITLE "\n",
};

/* It writes limine.conf itself, from settings of its own. */
static bool is_generated(const struct root *root)
{
	return root_exists(root, "usr/bin/limine-update") || root_exists(root, "usr/bin/limine-entry-tool");
}

static const char *find_config(const struct root *root)
{
	return clue_first(root, configs, array_size(configs));
}

static const struct section_syntax *syntax_of(const char *config)
{
	return text_ends_with(config, ".cfg") ? &cfg_syntax : &conf_syntax;
}

static void probe(const struct root *root, struct evidence *evidence)
{
	const char *config = find_config(root);
	char info[256];

	if (is_generated(root))
		return;
	if (clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) && text_starts_with(info, "Limine"))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", info);
	if (config)
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there", config);
}

static bool none(struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, "/boot/limine.conf", "there is no limine.conf below /boot");
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	const char *config = find_config(root);
	const struct sections_file file = { root, config ? syntax_of(config) : NULL };

	return config ? sections_words(&file, config, ret_words, fault) : none(fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	const char *config = find_config(root);

	if (!config)
		return request->wanted->count || request->ours->count ? none(fault) : true;
	return sections_propose(root, syntax_of(config), config, request, changeset, findings, added, fault);
}

const struct loader loader_limine = {
	.name = "limine",
	.label = "Limine",
	.systems = "any",
	.files = "limine.conf",
	.apply = "nothing",
	.menu = "press e at Limine's menu, add  %s  at the end of the line of the command line, and press F10",
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
