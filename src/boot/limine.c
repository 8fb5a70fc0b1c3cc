/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limine with a limine.conf that a person wrote; and limine.cfg of the versions before 8. */
#include "boot/clue.h"
#include "boot/sections.h"
#include "boot/loaders.h"

/* In Limine's own order of looking, on an ESP mounted at /boot and at /boot/efi. */
static const char *const configs[] = {
	"/boot/EFI/limine/limine.conf", "/boot/limine.conf",          "/boot/limine/limine.conf",
	"/boot/EFI/BOOT/limine.conf",   "/boot/efi/limine.conf",      "/boot/efi/EFI/limine/limine.conf",
	"/boot/efi/EFI/BOOT/limine.conf", "/boot/limine.cfg",         "/boot/limine/limine.cfg",
	"/boot/EFI/BOOT/limine.cfg",
};
static const char *const keys[] = { "cmdline", "kernel_cmdline", NULL };
static const char *const kernels[] = { "path", "kernel_path", NULL };
static const struct section_syntax conf_syntax = {
	.keyword = { .ignore_case = true, .separator = ':' }, .mark = '/', .keys = keys, .kernels = kernels,
};
static const struct section_syntax cfg_syntax = {
	.keyword = { .ignore_case = true, .separator = '=' }, .mark = ':', .keys = keys, .kernels = kernels,
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
	const struct sections_file file = { root, config ? syntax_of(config) : NULL };
	cleanup_targets struct targets targets = { 0 };

	if (!config)
		return request->wanted->count || request->ours->count ? none(fault) : true;
	return sections_add_target(&file, config, &targets, fault) &&
	       targets_propose(&targets, request, changeset, findings, added, fault);
}

const struct loader loader_limine = {
	.name = "limine",
	.label = "Limine",
	.files = "limine.conf",
	.apply = "nothing",
	.applies = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
