/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images of dracut (uefi=yes). kernel_cmdline is their command line; where nothing sets it, dracut takes
 * the parameters of the running kernel, so the first to set it has to begin with those.
 */
#include <string.h>

#include "base/text.h"
#include "boot/aside_files.h"
#include "boot/conf_files.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/own.h"
#include "boot/uki.h"
#include "boot/words.h"
#include "edit/cmdline.h"
#include "edit/shell.h"

#define DROPIN_NAME "vfioconf-cmdline.conf"
#define DROPIN UKI_DRACUT_DIRECTORY "/" DROPIN_NAME
#define IMAGE_TIMEOUT 900u
#define VARIABLE "kernel_cmdline"

static void probe(const struct root *root, struct evidence *evidence)
{
	uki_evidence(root, UKI_DRACUT, evidence);
}

/* Whether the word at SHELL is kernel_cmdline= or +=, with a value in quotes, from *RET_START to *RET_END. */
static bool find_value(const struct shell *shell, bool *ret_named, size_t *ret_start, size_t *ret_end)
{
	const char *word = shell->bytes->bytes + shell->start, *value = word + strlen(VARIABLE);
	size_t length = shell->end - shell->start, prefix;

	*ret_named = length > strlen(VARIABLE) && !strncmp(word, VARIABLE, strlen(VARIABLE)) && strchr("+=", *value);
	if (!*ret_named)
		return false;
	prefix = strlen(VARIABLE) + (*value == '+' ? 2 : 1);
	if (length < prefix + 2 || word[prefix - 1] != '=' || !strchr("\"'", word[prefix]) ||
	    word[length - 1] != word[prefix])
		return false;
	*ret_start = shell->start + prefix + 1;
	*ret_end = shell->end - 1;
	return true;
}

/* Whether the word at SHELL, which is one of the two, takes the place of all that was set before. */
static bool is_assignment(const struct shell *shell)
{
	return shell->bytes->bytes[shell->start + strlen(VARIABLE)] == '=';
}

/* Appends the words of kernel_cmdline+= in quotes; kernel_cmdline= takes the place of what RET has. */
static void words_of(const struct text *bytes, struct strlist *ret)
{
	struct shell shell = { .bytes = bytes };
	enum shell_token token;
	size_t start, end;
	bool named;

	while ((token = shell_next(&shell)) != SHELL_END && token != SHELL_UNCLOSED)
		if (token == SHELL_WORD && find_value(&shell, &named, &start, &end)) {
			cleanup_free char *value = memory_string_n(bytes->bytes + start, end - start);

			if (is_assignment(&shell))
				strlist_done(ret);
			cmdline_split(value, ret);
		}
}

/* Sets aside in every value; one in another form, with such a word, is not understood. */
static bool edit_values(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
			struct refusal *refusal)
{
	struct shell shell = { .bytes = bytes };
	size_t copied = 0, start, end;
	enum shell_token token;
	bool named = false;

	while ((token = shell_next(&shell)) != SHELL_END) {
		bool found = token == SHELL_WORD && find_value(&shell, &named, &start, &end);

		if (!found && (token == SHELL_UNCLOSED ||
			       (token == SHELL_WORD && named &&
				aside_is_mentioned(change->aside, bytes->bytes + shell.start, shell.end - shell.start)))) {
			refusal_set(refusal, bytes, shell.start, "an assignment in a form that is not edited");
			return false;
		}
		if (!found)
			continue;
		text_append_n(ret, bytes->bytes + copied, start - copied);
		if (!aside_part(bytes, start, end, change, ret, refusal))
			return false;
		copied = end;
	}
	text_append_n(ret, text_string(bytes) + copied, bytes->length - copied);
	return true;
}

/* The words that the settings give without our file. */
static void base_words(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist settings = { 0 };

	uki_dracut_settings(root, &settings);
	for (size_t i = 0; i < settings.count; i++) {
		cleanup_text struct text bytes = { 0 };

		if (strcmp(settings.items[i], DROPIN) != 0 &&
		    root_read(root, settings.items[i], ROOT_LIMIT_TEXT, &bytes, NULL))
			words_of(&bytes, ret);
	}
}

static void tell_later(struct finding *finding, const char *file)
{
	finding_remedy(finding, "Write " VARIABLE "+= there, or have it read first with this command.");
	conf_files_paste_first(file, UKI_DRACUT_DIRECTORY, finding);
}

/* Whether FILE is read after ours and sets the variable anew, so that what ours gave is lost; a finding then. */
static bool undoes_ours(const struct root *root, const char *file, struct findings *findings)
{
	const char *name = strrchr(file, '/') + 1;
	cleanup_text struct text bytes = { 0 };
	struct shell shell = { .bytes = &bytes };
	enum shell_token token;
	size_t start, end;
	bool named = false;

	if (!strcmp(file, UKI_DRACUT_MAIN) || strverscmp(name, DROPIN_NAME) <= 0 ||
	    !root_read(root, file, ROOT_LIMIT_TEXT, &bytes, NULL))
		return false;
	while ((token = shell_next(&shell)) != SHELL_END && token != SHELL_UNCLOSED) {
		cleanup_refusal struct refusal refusal = { 0 };

		if (token != SHELL_WORD || (!find_value(&shell, &named, &start, &end) && !named) ||
		    !is_assignment(&shell))
			continue;
		refusal_set(&refusal, &bytes, shell.start, "an assignment that undoes what " DROPIN " gives the kernel");
		tell_later(refusal_finding(&refusal, file, findings), file);
		return true;
	}
	return false;
}

static bool is_undone(const struct root *root, struct findings *findings)
{
	cleanup_strlist struct strlist settings = { 0 };

	uki_dracut_settings(root, &settings);
	for (size_t i = 0; i < settings.count; i++)
		if (undoes_ours(root, settings.items[i], findings))
			return true;
	return false;
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_text struct text own = { 0 };
	cleanup_strlist struct strlist words = { 0 };

	base_words(root, &words);
	if (root_read(root, DROPIN, ROOT_LIMIT_TEXT, &own, NULL))
		words_of(&own, &words);
	if (!words.count)
		return kernel_cmdline_read(root, ret_words, fault);
	strlist_add_all(ret_words, &words);
	return true;
}

static void write_dropin(const struct strlist *seed, const struct strlist *words, struct text *ret)
{
	cleanup_free char *first = strlist_join(seed, " ");
	cleanup_free char *second = strlist_join(words, " ");

	own_header(ret, "# ");
	text_printf(ret, VARIABLE "+=\" %s%s%s \"\n", first, seed->count && words->count ? " " : "", second);
}

/* A seed holds whatever the running kernel was given: what a shell would read otherwise is not ours to quote. */
static bool seed_is_plain(const struct strlist *seed, struct fault *fault)
{
	for (size_t i = 0; i < seed->count; i++)
		if (strpbrk(seed->items[i], "\"$`\\"))
			return fault_set(fault, FAULT_INPUT, DROPIN,
					 "the running kernel's parameter %s cannot be written into dracut's settings "
					 "safely; set kernel_cmdline in " UKI_DRACUT_DIRECTORY " yourself first", seed->items[i]);
	return true;
}

/* What dracut would take over from the running kernel, with what shall not count set aside. */
static void set_aside_in_seed(const struct boot_request *request, struct strlist *seed)
{
	const struct cmdline_change change = { .aside = words_aside(request) };

	for (size_t i = 0; i < seed->count; i++) {
		char *after = cmdline_edit(seed->items[i], &change, NULL);

		free(seed->items[i]);
		seed->items[i] = after;
	}
}

/* In the files that our own stands beside. */
static bool set_aside(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		      struct findings *findings, bool *changed)
{
	return aside_in_file(root, UKI_DRACUT_MAIN, request, edit_values, changeset, findings, changed) &&
	       aside_in_directory(root, UKI_DRACUT_DIRECTORY, ".conf", DROPIN, request, edit_values, changeset, findings, changed);
}

/* What our file gives besides words of ours, which is what the first apply made it begin with. */
static void own_seed(const struct root *root, const struct boot_request *request, struct strlist *ret)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_strlist struct strlist words = { 0 };

	if (!root_read(root, DROPIN, ROOT_LIMIT_TEXT, &bytes, NULL) ||
	    !memmem(text_string(&bytes), bytes.length, OWN_MARK, strlen(OWN_MARK)))
		return;
	words_of(&bytes, &words);
	words_without_ours(request, &words, ret);
}

/*
 * What our file has to give besides our words. It is asked of the running kernel only once: later that may be another
 * system's, or have words for that boot alone. BASE, the user's own settings, need nothing beside them, unless
 * they came after our file and it is all that says root=.
 */
static bool read_seed(const struct root *root, const struct boot_request *request, const struct strlist *base,
		      struct strlist *ret, struct fault *fault)
{
	cleanup_strlist struct strlist own = { 0 };

	own_seed(root, request, &own);
	if (base->count ? !cmdline_value(base, "root") && cmdline_value(&own, "root") : own.count > 0) {
		strlist_add_all(ret, &own);
		return true;
	}
	return base->count || (kernel_cmdline_seed(root, request, ret, fault) && seed_is_plain(ret, fault));
}

static bool propose_dropin(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			   struct findings *findings, struct strlist *added, struct strlist *kept, bool *ret_changed,
			   struct fault *fault)
{
	cleanup_strlist struct strlist base = { 0 };
	cleanup_strlist struct strlist seed = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text after = { 0 };
	bool aside, needed;

	base_words(root, &base);
	if (!read_seed(root, request, &base, &seed, fault))
		return false;
	strlist_add_all(kept, &base);
	strlist_add_all(kept, &seed);
	aside = words_need_aside(request, &seed);
	words_missing(request, kept, &missing);
	strlist_add_all(added, &missing);
	/* Without it dracut would take over what the running kernel has, our words too, or root= would be lost. */
	needed = missing.count || aside ||
		 (root_exists(root, DROPIN) && seed.count && (base.count || !kernel_cmdline_is_default(root, &seed)));
	set_aside_in_seed(request, &seed);
	if (needed && is_undone(root, findings))
		return true;
	if (needed)
		write_dropin(&seed, &missing, &after);
	return own_file(root, DROPIN, needed ? &after : NULL, 0644,
			missing.count ? "gives the kernel its parameters" :
			"the kernel needs no parameters from vfioconf",
			changeset, findings, ret_changed, fault);
}

static void rebuild(const struct root *root, const struct boot_request *request, const struct strlist *gone,
		    bool changed, struct changeset *changeset)
{
	cleanup_strlist struct strlist images = { 0 };

	uki_find(root, &images);
	for (size_t i = 0; i < images.count; i++) {
		const char *release = uki_release(images.items[i], request->kernels);
		const char *const argv[] = { "dracut", "-f", images.items[i], release, NULL };

		if (release && (changed || uki_is_stale(root, images.items[i], request->wanted, gone)))
			uki_expect(changeset_command(changeset, "builds a unified kernel image anew", IMAGE_TIMEOUT,
						     argv),
				   images.items[i], request->wanted, gone);
	}
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist kept = { 0 };
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!words_are_plain(request->wanted, fault) || !uki_check_there(root, request, findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!propose_dropin(root, request, changeset, findings, added, &kept, &changed, fault))
		return false;
	if (findings->count > known || !set_aside(root, request, changeset, findings, &changed))
		return true;
	words_gone(request, &kept, &gone);
	rebuild(root, request, &gone, changed, changeset);
	return true;
}

const struct loader loader_uki_dracut = {
	.name = "uki-dracut",
	.label = "unified kernel image (dracut)",
	.systems = "Gentoo, Fedora",
	.files = DROPIN,
	.apply = "dracut -f IMAGE VERSION",
	.proven = { .run = "Debian 12, 13, sid" },
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
