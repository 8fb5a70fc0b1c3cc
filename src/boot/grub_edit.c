/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB without a drop-in directory: Arch, Gentoo, Void, Manjaro, Alpine,
 * openSUSE. The line in /etc/default/grub is edited.
 */
#include "base/text.h"
#include "boot/grub.h"
#include "boot/loaders.h"
#include "boot/own.h"
#include "boot/words.h"
#include "edit/assign.h"
#include "edit/cmdline.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_grub struct grub grub = { 0 };

	grub_inspect(root, &grub);
	if (grub.way == GRUB_EDIT)
		grub_evidence(root, &grub, evidence);
}

/* The words of an assignment that is understood; nothing for any other. */
static enum assign_result words_of(const struct text *bytes, const char *name, struct strlist *ret,
				   struct refusal *refusal)
{
	struct assign assign = { 0 };
	enum assign_result result = assign_find(bytes, name, false, &assign, refusal);

	if (result == ASSIGN_FOUND) {
		cleanup_free char *value = assign_value(bytes, &assign);

		cmdline_split(value, ret);
	}
	return result;
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_refusal struct refusal refusal = { 0 };
	bool there;

	if (!root_read_if_there(root, GRUB_DEFAULT_FILE, ROOT_LIMIT_TEXT, &bytes, &there, fault))
		return false;
	/* The order in which grub-mkconfig puts them on the line. */
	words_of(&bytes, "GRUB_CMDLINE_LINUX", &words, NULL);
	if (words_of(&bytes, GRUB_VARIABLE, &words, &refusal) == ASSIGN_REFUSED)
		return refusal_fault(&refusal, GRUB_DEFAULT_FILE, fault);
	strlist_add_all(ret_words, &words);
	return true;
}

/* The whole file that we make where there was none. */
static void own_text(const struct strlist *words, struct text *ret)
{
	cleanup_free char *joined = strlist_join(words, " ");

	own_header(ret, "# ");
	text_printf(ret, GRUB_VARIABLE "=\"%s\"\n", joined);
}

/* Whether the file is the one that we made, and nobody has touched it since. */
static bool is_own(const struct text *bytes, const struct boot_request *request)
{
	cleanup_text struct text made = { 0 };

	own_text(request->ours, &made);
	return text_equal(bytes, &made);
}

static bool propose_own(const struct root *root, const struct strlist *words, struct changeset *changeset,
			struct findings *findings, bool *ret_changed, struct fault *fault)
{
	cleanup_text struct text after = { 0 };

	if (words->count)
		own_text(words, &after);
	return own_file(root, GRUB_DEFAULT_FILE, words->count ? &after : NULL, 0644, "gives the kernel its parameters",
			changeset, findings, ret_changed, fault);
}

/* The words that stay whatever we do: those for all entries, and the user's own in the variable. */
static void kept_words(const struct text *after, struct strlist *ret)
{
	words_of(after, "GRUB_CMDLINE_LINUX", ret, NULL);
	words_of(after, GRUB_VARIABLE, ret, NULL);
}

/*
 * GRUB_CMDLINE_LINUX, which is for the recovery entries too, is not ours to
 * add to; but a word in it that shall not count counts there as well.
 */
static enum assign_result edit(const struct text *before, const struct boot_request *request,
			       const struct cmdline_change *change, struct text *after, struct strlist *appended,
			       struct refusal *refusal)
{
	const struct cmdline_change aside = { .aside = words_aside(request) };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text between = { 0 };

	words_of(before, "GRUB_CMDLINE_LINUX", &words, NULL);
	if (!words_need_aside(request, &words))
		return assign_edit(before, GRUB_VARIABLE, change, after, appended, refusal);
	if (assign_edit(before, "GRUB_CMDLINE_LINUX", &aside, &between, NULL, refusal) == ASSIGN_REFUSED)
		return ASSIGN_REFUSED;
	return assign_edit(&between, GRUB_VARIABLE, change, after, appended, refusal);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_text struct text before = { 0 };
	cleanup_text struct text after = { 0 };
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist everywhere = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_strlist struct strlist dropped = { 0 };
	cleanup_strlist struct strlist kept = { 0 };
	cleanup_strlist struct strlist gone = { 0 };
	cleanup_strlist struct strlist appended = { 0 };
	const struct cmdline_change change = { .remove = &dropped, .add = &missing, .aside = words_aside(request) };
	bool there, changed;

	if (!words_are_plain(request->wanted, fault) ||
	    !root_read_if_there(root, GRUB_DEFAULT_FILE, ROOT_LIMIT_TEXT, &before, &there, fault))
		return false;
	if (grub_by_hand(root, request, findings))
		return true;
	words_of(&before, "GRUB_CMDLINE_LINUX", &everywhere, NULL);
	words_missing(request, &everywhere, &missing);
	words_dropped(request, &dropped);
	if (!there || is_own(&before, request)) {
		if (!propose_own(root, &missing, changeset, findings, &changed, fault))
			return false;
		strlist_add_all(added, &missing);
		return grub_regenerate(root, changed, request, &dropped, changeset, findings, fault);
	}
	if (edit(&before, request, &change, &after, &appended, &refusal) == ASSIGN_REFUSED) {
		grub_refuse(&refusal, GRUB_DEFAULT_FILE, &missing, &dropped, findings);
		return true;
	}
	changed = !text_equal(&before, &after);
	changeset_file(changeset, GRUB_DEFAULT_FILE, &before, &after, 0644, "gives the kernel its parameters");
	words_added(request, &appended, added);
	kept_words(&after, &kept);
	words_gone(request, &kept, &gone);
	return grub_regenerate(root, changed, request, &gone, changeset, findings, fault);
}

const struct loader loader_grub = {
	.name = "grub",
	.label = "GRUB",
	.systems = "Arch, Manjaro, Gentoo, Void, Alpine, openSUSE Leap",
	.files = GRUB_DEFAULT_FILE,
	.apply = "grub-mkconfig -o /boot/grub/grub.cfg; on openSUSE: grub2-mkconfig -o /boot/grub2/grub.cfg",
	.menu = GRUB_MENU,
	.applies = true,
	.sets_aside = true,
	.proven = { .run = "Debian 13" },
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
