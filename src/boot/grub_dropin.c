/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB whose grub-mkconfig reads /etc/default/grub.d: Debian, Ubuntu and their kin. One file, wholly ours. */
#include <string.h>

#include "base/text.h"
#include "boot/grub.h"
#include "boot/loaders.h"
#include "boot/own.h"
#include "boot/words.h"
#include "edit/assign.h"
#include "edit/cmdline.h"

/*
 * The files are sourced in the order of their names, and each may assign the
 * variable anew (Ubuntu's 50-cloudimg-settings.cfg does): ours is to come last.
 */
#define DROPIN_NAME "zz-vfioconf.cfg"
#define DROPIN_PATH GRUB_DROPIN_DIRECTORY "/" DROPIN_NAME

/* What the settings say without our file. */
struct settings {
	struct text value;       /* of GRUB_VARIABLE, as far as it is known */
	struct text everywhere;  /* of GRUB_CMDLINE_LINUX: for recovery entries too */
	struct refusal refusal;  /* a line that is not understood and matters */
	char *refused_path;
};

static void settings_done(struct settings *settings)
{
	text_done(&settings->value);
	text_done(&settings->everywhere);
	refusal_done(&settings->refusal);
	free(settings->refused_path);
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_grub struct grub grub = { 0 };

	grub_inspect(root, &grub);
	if (grub.way != GRUB_DROPIN)
		return;
	grub_evidence(root, &grub, evidence);
	if (evidence->score)
		evidence_add(evidence, 0, "its grub-mkconfig reads " GRUB_DROPIN_DIRECTORY);
}

/* What the value is after the file: the file's own, or that around what it was before. */
static void take_value(const struct text *bytes, const struct assign *assign, struct text *value)
{
	cleanup_free char *own = assign_value(bytes, assign);
	struct text joined = { 0 };

	if (assign->self == ASSIGN_SELF_FIRST)
		text_append(&joined, text_string(value));
	text_append(&joined, own);
	if (assign->self == ASSIGN_SELF_LAST)
		text_append(&joined, text_string(value));
	text_done(value);
	*value = joined;
}

static enum assign_result source(const struct text *bytes, const char *name, bool self, struct text *value,
				 struct refusal *refusal)
{
	struct assign assign = { 0 };
	enum assign_result result = assign_find(bytes, name, self, &assign, refusal);

	if (result == ASSIGN_FOUND)
		take_value(bytes, &assign, value);
	return result;
}

/* The administrator's file: a line that is not understood there is refused, whatever it would come to. */
static bool read_main(const struct root *root, struct settings *settings, struct fault *fault)
{
	cleanup_text struct text bytes = { 0 };
	struct fault reading = { 0 };

	if (!root_read(root, GRUB_DEFAULT_FILE, ROOT_LIMIT_TEXT, &bytes, &reading)) {
		if (root_missing(&reading))
			return true;
		if (fault)
			*fault = reading;
		return false;
	}
	if (source(&bytes, GRUB_VARIABLE, false, &settings->value, &settings->refusal) == ASSIGN_REFUSED)
		settings->refused_path = memory_string(GRUB_DEFAULT_FILE);
	source(&bytes, "GRUB_CMDLINE_LINUX", true, &settings->everywhere, NULL);
	return true;
}

/*
 * Another file of the directory. What is not understood before ours does no
 * harm, since ours appends to whatever is there; after ours, an assignment that
 * does not take up what was there takes our words away.
 */
static void read_dropin(const struct root *root, const char *path, bool after_ours, struct settings *settings)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct assign assign = { 0 };
	enum assign_result result;

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	source(&bytes, "GRUB_CMDLINE_LINUX", true, &settings->everywhere, NULL);
	result = source(&bytes, GRUB_VARIABLE, true, &settings->value, &refusal);
	if (!after_ours || result == ASSIGN_NONE || settings->refusal.line)
		return;
	if (result == ASSIGN_FOUND) {
		assign_find(&bytes, GRUB_VARIABLE, true, &assign, NULL);
		if (assign.self != ASSIGN_SELF_NONE)
			return;
		refusal_set(&refusal, &bytes, assign.start,
			    "this file is read after " DROPIN_NAME " and sets the variable anew");
	}
	settings->refusal = refusal;
	refusal = (struct refusal){ 0 };
	settings->refused_path = memory_string(path);
}

static bool read_settings(const struct root *root, struct settings *settings, struct fault *fault)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!read_main(root, settings, fault))
		return false;
	root_list(root, GRUB_DROPIN_DIRECTORY, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };
		int order = strcmp(names.items[i], DROPIN_NAME);

		if (!order || *names.items[i] == '.' || !text_ends_with(names.items[i], ".cfg"))
			continue;
		text_printf(&path, GRUB_DROPIN_DIRECTORY "/%s", names.items[i]);
		read_dropin(root, text_string(&path), order > 0, settings);
	}
	return true;
}

/* The words in the order in which grub-mkconfig puts them on the line. */
static void own_words(const struct settings *settings, struct strlist *ret)
{
	cmdline_split(text_string(&settings->everywhere), ret);
	cmdline_split(text_string(&settings->value), ret);
}

/* The words that our file has now. */
static void our_words(const struct root *root, struct strlist *ret)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text value = { 0 };

	if (root_read(root, DROPIN_PATH, ROOT_LIMIT_TEXT, &bytes, NULL) &&
	    source(&bytes, GRUB_VARIABLE, true, &value, NULL) == ASSIGN_FOUND)
		cmdline_split(text_string(&value), ret);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	struct settings settings = { 0 };
	bool ok = read_settings(root, &settings, fault);

	if (ok && settings.refused_path)
		ok = refusal_fault(&settings.refusal, settings.refused_path, fault);
	if (ok) {
		own_words(&settings, ret_words);
		our_words(root, ret_words);
	}
	settings_done(&settings);
	return ok;
}

static void write_dropin(const struct strlist *words, struct text *ret)
{
	cleanup_free char *joined = strlist_join(words, " ");

	own_header(ret, "# ");
	text_printf(ret, GRUB_VARIABLE "=\"$" GRUB_VARIABLE " %s\"\n", joined);
}

/* Whether a file assigns a word to NAME that is to be set aside or given back. A line not understood may well. */
static bool needs_aside(const struct text *bytes, const char *name, const struct boot_request *request)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text value = { 0 };

	switch (source(bytes, name, true, &value, NULL)) {
	case ASSIGN_NONE:
		return false;
	case ASSIGN_FOUND:
		cmdline_split(text_string(&value), &words);
		return words_need_aside(request, &words);
	case ASSIGN_REFUSED:
		break;
	}
	for (size_t i = 0; i < words_aside(request)->count; i++)
		if (strstr(text_string(bytes), words_aside(request)->items[i]))
			return true;
	return strstr(text_string(bytes), CMDLINE_ASIDE);
}

/* Sets aside in one file of the user's. False: its line is not understood, and a finding says so. */
static bool set_aside_in(const struct root *root, const char *path, const struct boot_request *request,
			 struct changeset *changeset, struct findings *findings, bool *changed)
{
	static const char *const names[] = { "GRUB_CMDLINE_LINUX", GRUB_VARIABLE };
	const struct cmdline_change aside = { .aside = words_aside(request) };
	cleanup_text struct text before = { 0 };
	cleanup_text struct text now = { 0 };

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &before, NULL))
		return true;
	text_append_n(&now, text_string(&before), before.length);
	for (size_t i = 0; i < array_size(names); i++) {
		cleanup_refusal struct refusal refusal = { 0 };
		struct text after = { 0 };

		if (!needs_aside(&now, names[i], request))
			continue;
		if (assign_edit(&now, names[i], &aside, &after, NULL, &refusal) == ASSIGN_REFUSED) {
			static const struct strlist nothing = { 0 };

			words_refuse(&refusal, path, &nothing, words_aside(request), findings);
			return false;
		}
		text_done(&now);
		now = after;
	}
	if (!text_equal(&before, &now)) {
		changeset_file(changeset, path, &before, &now, 0644, "sets a kernel parameter aside, or gives one back");
		*changed = true;
	}
	return true;
}

/* Our own file cannot take a word away that another one gives. */
static bool set_aside(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		      struct findings *findings, bool *changed)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!set_aside_in(root, GRUB_DEFAULT_FILE, request, changeset, findings, changed))
		return false;
	root_list(root, GRUB_DROPIN_DIRECTORY, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		if (!strcmp(names.items[i], DROPIN_NAME) || *names.items[i] == '.' ||
		    !text_ends_with(names.items[i], ".cfg"))
			continue;
		text_printf(&path, GRUB_DROPIN_DIRECTORY "/%s", names.items[i]);
		if (!set_aside_in(root, text_string(&path), request, changeset, findings, changed))
			return false;
	}
	return true;
}

static bool propose_settled(const struct root *root, const struct boot_request *request,
			    const struct settings *settings, struct changeset *changeset, struct findings *findings,
			    struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_strlist struct strlist gone = { 0 };
	cleanup_strlist struct strlist own = { 0 };
	cleanup_text struct text after = { 0 };
	size_t known = findings->count;
	bool changed = false;

	own_words(settings, &own);
	words_missing(request, &own, &words);
	/* With a line that is not understood it is not known which words the user has too. */
	if (!settings->refused_path)
		words_gone(request, &own, &gone);
	if (words.count)
		write_dropin(&words, &after);
	if (!own_file(root, DROPIN_PATH, words.count ? &after : NULL, 0644,
		      words.count ? "gives the kernel its parameters" : "the kernel needs no parameters from vfioconf",
		      changeset, findings, &changed, fault))
		return false;
	if (findings->count > known || !set_aside(root, request, changeset, findings, &changed))
		return true;
	strlist_add_all(added, &words);
	return grub_regenerate(root, changed, request, &gone, changeset, findings, fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	struct settings settings = { 0 };
	bool ok;

	if (!words_are_plain(request->wanted, fault))
		return false;
	if (grub_by_hand(root, request, findings))
		return true;
	ok = read_settings(root, &settings, fault);

	/* Taking our file away is right whatever the other files say. */
	if (ok && settings.refused_path && request->wanted->count)
		grub_refuse(&settings.refusal, settings.refused_path, request->wanted, NULL, findings);
	else if (ok)
		ok = propose_settled(root, request, &settings, changeset, findings, added, fault);
	settings_done(&settings);
	return ok;
}

const struct loader loader_grub_dropin = {
	.name = "grub-dropin",
	.label = "GRUB (Debian drop-in)",
	.systems = "Debian, Ubuntu, Mint, Proxmox",
	.files = DROPIN_PATH,
	.apply = "grub-mkconfig -o /boot/grub/grub.cfg",
	.proven = { .booted = "Debian 12, 13, sid", .run = "Debian 12, 13, sid" },
	.menu = GRUB_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
