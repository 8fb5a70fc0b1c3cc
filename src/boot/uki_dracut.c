/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images of dracut (uefi=yes). kernel_cmdline is their command line; where nothing sets it, dracut takes
 * the parameters of the running kernel, so the first to set it has to begin with those.
 */
#include <string.h>

#include "base/text.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/own.h"
#include "boot/uki.h"
#include "boot/words.h"
#include "edit/cmdline.h"
#include "edit/shell.h"

#define DIRECTORY "/etc/dracut.conf.d"
#define DROPIN DIRECTORY "/vfioconf-cmdline.conf"
#define IMAGE_TIMEOUT 900u
#define APPENDED "kernel_cmdline+=\""
#define ASSIGNED "kernel_cmdline=\""

static void probe(const struct root *root, struct evidence *evidence)
{
	uki_evidence(root, UKI_DRACUT, evidence);
}

/* The words of kernel_cmdline= and kernel_cmdline+= in double quotes, in any order: they are only looked up. */
static void words_of(const struct text *bytes, struct strlist *ret)
{
	struct shell shell = { .bytes = bytes };
	enum shell_token token;

	while ((token = shell_next(&shell)) != SHELL_END && token != SHELL_UNCLOSED) {
		const char *start = bytes->bytes + shell.start;
		size_t length = shell.end - shell.start;
		size_t prefix = text_starts_with(start, APPENDED) ? strlen(APPENDED) :
				text_starts_with(start, ASSIGNED) ? strlen(ASSIGNED) : 0;

		if (token == SHELL_WORD && prefix && length > prefix && start[length - 1] == '"') {
			cleanup_free char *value = memory_string_n(start + prefix, length - prefix - 1);

			cmdline_split(value, ret);
		}
	}
}

/* The words that the settings give without our file. */
static void base_words(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_text struct text main_file = { 0 };

	root_read(root, "/etc/dracut.conf", ROOT_LIMIT_TEXT, &main_file, NULL);
	words_of(&main_file, ret);
	root_list(root, DIRECTORY, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text bytes = { 0 };
		cleanup_text struct text path = { 0 };

		text_printf(&path, DIRECTORY "/%s", names.items[i]);
		if (text_ends_with(names.items[i], ".conf") && strcmp(text_string(&path), DROPIN) != 0 &&
		    root_read(root, text_string(&path), ROOT_LIMIT_TEXT, &bytes, NULL))
			words_of(&bytes, ret);
	}
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
	text_printf(ret, APPENDED " %s%s%s \"\n", first, seed->count && words->count ? " " : "", second);
}

/* A seed holds whatever the running kernel was given: what a shell would read otherwise is not ours to quote. */
static bool seed_is_plain(const struct strlist *seed, struct fault *fault)
{
	for (size_t i = 0; i < seed->count; i++)
		if (strpbrk(seed->items[i], "\"$`\\"))
			return fault_set(fault, FAULT_INPUT, DROPIN,
					 "the running kernel's parameter %s cannot be written into dracut's settings "
					 "safely; set kernel_cmdline in " DIRECTORY " yourself first", seed->items[i]);
	return true;
}

static bool propose_dropin(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			   struct findings *findings, struct strlist *added, struct strlist *kept, bool *ret_changed,
			   struct fault *fault)
{
	cleanup_strlist struct strlist seed = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text after = { 0 };
	bool running_has_ours = false, needed;

	base_words(root, kept);
	if (!kept->count) {
		if (!kernel_cmdline_seed(root, request, &seed, &running_has_ours, fault) ||
		    !seed_is_plain(&seed, fault))
			return false;
		strlist_add_all(kept, &seed);
	}
	words_missing(request, kept, &missing);
	strlist_add_all(added, &missing);
	/* Without it dracut would take our words over from the running kernel. */
	needed = missing.count || (running_has_ours && root_exists(root, DROPIN));
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

	if (!words_are_plain(request->wanted, fault) ||
	    !propose_dropin(root, request, changeset, findings, added, &kept, &changed, fault))
		return false;
	if (findings->count > known)
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
	.proven = { .run = "Debian 13" },
	.applies = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
