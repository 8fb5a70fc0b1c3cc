/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limine with a limine.conf that a person wrote; and limine.cfg of the versions before 8. */
#include "boot/clue.h"
#include "boot/limine_files.h"
#include "boot/sections.h"
#include "boot/loaders.h"
#include "boot/way_back.h"
#include "boot/words.h"

/* In the order in which menu.c, boot(), asks for them, each with config_get_value(), which takes the first line. */
static const char *const keys[] = { "kernel_cmdline", "cmdline", NULL };
static const char *const kernels[] = { "path", "kernel_path", NULL };
static const char *const carried[] = { "protocol",   "path",    "kernel_path",    "module_path", "module_string",
				       "module_cmdline", "cmdline", "kernel_cmdline", "dtb_path",    NULL };
static const struct section_syntax conf_syntax = {
	.keyword = { .counts = KEYWORD_FIRST, .ignore_case = true, .separator = ':' }, .mark = '/',
	.keys = keys, .usual = "cmdline", .kernels = kernels,
	.carried = carried, .expansion = "${", .form = "cmdline: " WORDS_DOTS, .heading = "/" WAY_BACK_TITLE "\n",
};
static const struct section_syntax cfg_syntax = {
	.keyword = { .counts = KEYWORD_FIRST, .ignore_case = true, .separator = '=' }, .mark = ':',
	.keys = keys, .usual = "cmdline", .kernels = kernels,
	.carried = carried, .expansion = "${", .form = "CMDLINE=" WORDS_DOTS, .heading = ":" WAY_BACK_TITLE "\n",
};

/* It writes limine.conf itself, from settings of its own. */
static bool is_generated(const struct root *root)
{
	return root_exists(root, "usr/bin/limine-update") || root_exists(root, "usr/bin/limine-entry-tool");
}

static const struct section_syntax *syntax_of(const char *config)
{
	return text_ends_with(config, ".cfg") ? &cfg_syntax : &conf_syntax;
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_strlist struct strlist configs = { 0 };
	char info[256];

	if (is_generated(root))
		return;
	if (clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) && text_starts_with(info, "Limine"))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", info);
	limine_configs(root, &configs);
	for (size_t i = 0; i < configs.count; i++)
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there", configs.items[i]);
}

static bool none(struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, "/boot/limine.conf", "there is no limine.conf where Limine looks for it (%s)",
			 LIMINE_PLACES);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_strlist struct strlist configs = { 0 };

	limine_configs(root, &configs);
	return configs.count ? sections_words(root, syntax_of(configs.items[0]), &configs, ret_words, fault) : none(fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist configs = { 0 };

	limine_configs(root, &configs);
	if (!configs.count)
		return request->wanted->count || request->ours->count ? none(fault) : true;
	if (!sections_propose(root, syntax_of(configs.items[0]), &configs, request, changeset, findings, added, fault))
		return false;
	limine_check_sums(root, &configs, changeset, findings);
	return true;
}

const struct loader loader_limine = {
	.name = "limine",
	.label = "Limine",
	.systems = "any",
	.files = "limine.conf",
	.apply = "nothing",
	.menu = LIMINE_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
