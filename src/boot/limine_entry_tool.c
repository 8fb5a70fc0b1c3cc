/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limine whose limine.conf limine-entry-tool writes. As soon as one of its
 * settings names KERNEL_CMDLINE, it no longer takes the words of /etc/kernel/cmdline or of the running kernel:
 * the first to name it has to begin with those.
 */
#include <string.h>

#include "base/text.h"
#include "boot/aside_files.h"
#include "boot/clue.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/own.h"
#include "boot/words.h"
#include "edit/cmdline.h"

#define TOOL "usr/bin/limine-update"
#define MAIN "/etc/default/limine"
#define DIRECTORY "/etc/limine-entry-tool.d"
#define VARIABLE "KERNEL_CMDLINE["
#define DROPIN DIRECTORY "/zz-vfioconf.conf"

static const char *const outputs[] = { "/boot/limine.conf", "/boot/limine/limine.conf", "/boot/EFI/limine/limine.conf",
				       "/boot/efi/limine.conf" };

static const char *find_output(const struct root *root)
{
	for (size_t i = 0; i < array_size(outputs); i++)
		if (root_exists(root, outputs[i]))
			return outputs[i];
	return NULL;
}

static void probe(const struct root *root, struct evidence *evidence)
{
	const char *output = find_output(root);
	char info[256];

	if (!root_exists(root, TOOL))
		return;
	if (clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) && text_starts_with(info, "Limine"))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", info);
	if (output)
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there, and limine-update writes it", output);
	else
		evidence_add(evidence, SCORE_TRACE, "limine-update is installed");
}

/* KERNEL_CMDLINE[default]="..." and +="...": what stands between the quotes. */
static enum aside_line_kind value_of_line(const char *line, size_t length, size_t *ret_start, size_t *ret_end)
{
	const char *end = line + length, *first = line, *quote, *last;

	while (first < end && (*first == ' ' || *first == '\t'))
		first++;
	if ((size_t)(end - first) < strlen(VARIABLE) || strncmp(first, VARIABLE, strlen(VARIABLE)) != 0)
		return ASIDE_LINE_OTHER;
	quote = memchr(first, '"', (size_t)(end - first));
	last = memrchr(first, '"', (size_t)(end - first));
	if (!quote || last == quote)
		return ASIDE_LINE_UNKNOWN;
	*ret_start = (size_t)(quote + 1 - line);
	*ret_end = (size_t)(last - line);
	return ASIDE_LINE_WORDS;
}

static bool edit_values(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
			struct refusal *refusal)
{
	return aside_lines(bytes, change, value_of_line, ret, refusal);
}

/* The words of every line of that form. */
static void add_words(const struct root *root, const char *path, struct strlist *ret)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text bytes = { 0 };
	size_t start, end;

	root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL);
	strlist_split(&lines, text_string(&bytes), "\r\n");
	for (size_t i = 0; i < lines.count; i++)
		if (value_of_line(lines.items[i], strlen(lines.items[i]), &start, &end) == ASIDE_LINE_WORDS) {
			lines.items[i][end] = '\0';
			cmdline_split(lines.items[i] + start, ret);
		}
}

static void base_words(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };

	add_words(root, MAIN, ret);
	root_list(root, DIRECTORY, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, DIRECTORY "/%s", names.items[i]);
		if (text_ends_with(names.items[i], ".conf") && strcmp(text_string(&path), DROPIN) != 0)
			add_words(root, text_string(&path), ret);
	}
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_strlist struct strlist words = { 0 };

	base_words(root, &words);
	add_words(root, DROPIN, &words);
	if (!words.count)
		return kernel_cmdline_read(root, ret_words, fault);
	strlist_add_all(ret_words, &words);
	return true;
}

static bool propose_dropin(const struct root *root, const struct boot_request *request, const struct strlist *base,
			   struct changeset *changeset, struct findings *findings, struct strlist *added,
			   struct strlist *gone, bool *ret_changed, struct fault *fault)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text after = { 0 };

	words_missing(request, base, &missing);
	words_gone(request, base, gone);
	if (missing.count) {
		cleanup_free char *joined = strlist_join(&missing, " ");

		own_header(&after, "# ");
		text_printf(&after, "KERNEL_CMDLINE[default]+=\" %s\"\n", joined);
	}
	strlist_add_all(added, &missing);
	return own_file(root, DROPIN, missing.count ? &after : NULL, 0644,
			missing.count ? "gives the kernel its parameters" :
			"the kernel needs no parameters from vfioconf",
			changeset, findings, ret_changed, fault);
}

/* In the files that our own stands beside. */
static void set_aside(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		      struct findings *findings, bool *changed)
{
	if (aside_in_file(root, MAIN, request, edit_values, changeset, findings, changed))
		aside_in_directory(root, DIRECTORY, ".conf", DROPIN, request, edit_values, changeset, findings, changed);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "limine-update", NULL };
	static const char *const keys[] = { "cmdline:", "kernel_cmdline:", NULL };
	cleanup_strlist struct strlist base = { 0 };
	cleanup_strlist struct strlist gone = { 0 };
	const char *output = find_output(root);
	size_t known = findings->count;
	bool changed = false;

	if (!words_are_plain(request->wanted, fault))
		return false;
	base_words(root, &base);
	if (base.count || root_exists(root, DROPIN)) {
		if (!propose_dropin(root, request, &base, changeset, findings, added, &gone, &changed, fault))
			return false;
		if (findings->count == known)
			set_aside(root, request, changeset, findings, &changed);
	} else if (!kernel_cmdline_propose(root, request, changeset, findings, added, &gone, &changed, fault)) {
		return false;
	}
	if (!changed || findings->count > known)
		return true;
	if (!output)
		return fault_set(fault, FAULT_INPUT, outputs[0], "there is no limine.conf that could be checked");
	managed_expect_file(changeset_command(changeset, "writes the boot menu anew", 300, argv), output, keys,
			    request->wanted, &gone);
	return true;
}

const struct loader loader_limine_entry_tool = {
	.name = "limine-entry-tool",
	.label = "Limine (limine-entry-tool)",
	.systems = "CachyOS, Arch",
	.files = DROPIN,
	.apply = "limine-update",
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
