/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rEFInd: refind_linux.conf beside the kernel. Its first entry is the default, the others are a way back. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/loaders.h"
#include "boot/targets.h"
#include "boot/way_back.h"
#include "boot/words.h"
#include "edit/quoted.h"

static const char *const configs[] = { "/boot/refind_linux.conf", "/efi/refind_linux.conf",
				       "/boot/efi/refind_linux.conf" };
static const char *const menus[] = { "/boot/efi/EFI/refind/refind.conf", "/efi/EFI/refind/refind.conf",
				     "/boot/EFI/refind/refind.conf", "/boot/efi/EFI/BOOT/refind.conf" };

static void probe(const struct root *root, struct evidence *evidence)
{
	const char *config = clue_first(root, configs, array_size(configs));
	const char *menu = clue_first(root, menus, array_size(menus));
	char value[256];

	if (clue_efi_variable(root, "LoaderInfo", value, sizeof(value))) {
		if (text_starts_with(value, "rEFInd"))
			evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", value);
	} else if (config && clue_efi_variable(root, "LoaderDevicePartUUID", value, sizeof(value))) {
		evidence_add(evidence, SCORE_USED, "the firmware variables are set as rEFInd sets them");
	}
	if (config && clue_is_efi(root))
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there", config);
	else if (menu)
		evidence_add(evidence, SCORE_TRACE, "%s is there, but no refind_linux.conf", menu);
}

static bool none(struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, configs[0],
			 "there is no %s; rEFInd guesses the parameters then. mkrlconf makes one", configs[0]);
}

static bool read_file(const struct root *root, const char **ret_path, struct text *bytes, struct fault *fault)
{
	*ret_path = clue_first(root, configs, array_size(configs));
	return *ret_path ? root_read(root, *ret_path, ROOT_LIMIT_TEXT, bytes, fault) : none(fault);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };
	const char *path;

	if (!read_file(root, &path, &bytes, fault))
		return false;
	if (!quoted_words(&bytes, &words, &refusal))
		return refusal_fault(&refusal, path, fault);
	strlist_add_all(ret_words, &words);
	return true;
}

/* Where a reader of refind.conf stands. */
struct menu {
	size_t depth;      /* 1 in a stanza, 2 in one of its submenus */
	bool disabled;     /* the stanza */
	bool any_in_force;
};

static void end_stanza(struct menu *menu)
{
	menu->any_in_force = menu->any_in_force || (menu->depth && !menu->disabled);
	menu->depth = 0;
}

/*
 * As rEFInd's config.c, AddStanzaEntries() and AddSubmenu(), take the words of a line: those that begin something have
 * another behind them, in any case; a bracket that opens is not looked for, one that closes ends what was begun.
 */
static void read_menu_line(const struct strlist *words, struct menu *menu)
{
	const char *first = words->items[0];

	if (!strcmp(first, "}") && menu->depth == 1)
		end_stanza(menu);
	else if (!strcmp(first, "}") && menu->depth)
		menu->depth--;
	else if (menu->depth == 1 && !strcasecmp(first, "disabled"))
		menu->disabled = true;
	else if (menu->depth == 1 && words->count > 1 && !strcasecmp(first, "submenuentry"))
		menu->depth++;
	else if (!menu->depth && words->count > 1 && !strcasecmp(first, "menuentry"))
		*menu = (struct menu){ .depth = 1, .any_in_force = menu->any_in_force };
}

/* The words of a line, up to a comment. */
static void menu_words(const char *line, struct strlist *ret)
{
	cleanup_strlist struct strlist words = { 0 };

	strlist_split(&words, line, " \t=,");
	for (size_t i = 0; i < words.count && *words.items[i] != '#'; i++)
		strlist_add(ret, words.items[i]);
}

/*
 * Whether a stanza of the menu file PATH is in force: it goes before refind_linux.conf; the shipped examples say
 * "disabled". Files beside it may be included, but not from an included one.
 */
static bool has_own_entries(const struct root *root, const char *path, bool follow)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct menu menu = { 0 };

	root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL);
	strlist_split(&lines, text_string(&bytes), "\r\n");
	for (size_t i = 0; i < lines.count; i++) {
		cleanup_strlist struct strlist words = { 0 };

		menu_words(lines.items[i], &words);
		if (!words.count)
			continue;
		if (follow && !menu.depth && words.count == 2 && !strcasecmp(words.items[0], "include")) {
			cleanup_text struct text included = { 0 };

			text_printf(&included, "%.*s/%s", (int)(strrchr(path, '/') - path), path, words.items[1]);
			menu.any_in_force = menu.any_in_force || has_own_entries(root, text_string(&included), false);
		}
		read_menu_line(&words, &menu);
	}
	end_stanza(&menu);
	return menu.any_in_force;
}

static bool edit_options(const struct target *target, const struct cmdline_change *change, struct text *ret,
			 struct refusal *refusal)
{
	return quoted_edit(&target->bytes, change, ret, NULL, refusal);
}

static bool propose_words(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			  struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_targets struct targets targets = { 0 };
	cleanup_text struct text bytes = { 0 };
	const char *menu = clue_first(root, menus, array_size(menus)), *path;
	struct target *target;

	if (!read_file(root, &path, &bytes, fault))
		return false;
	target = targets_add(&targets, path, edit_options);
	target->form = memory_string("\"Boot with standard options\" \"" WORDS_DOTS "\"");
	text_append_n(&target->bytes, text_string(&bytes), bytes.length);
	quoted_words(&bytes, &target->words, NULL);
	if (menu && has_own_entries(root, menu, true))
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_WARNING,
					    "%s, or a file that it includes, has entries of its own, which are not edited.",
				    menu),
			       "If you start one of these, add the parameters to its options line yourself.");
	return targets_propose(&targets, request, changeset, findings, added, fault);
}

/* One line more, which is never the default: that is the first. */
static bool propose_way_back(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			     struct fault *fault)
{
	const char *path = clue_first(root, configs, array_size(configs));
	cleanup_way_back_file struct way_back_file file = { 0 };
	cleanup_text struct text line = { 0 };

	if (!path)
		return true;
	if (!way_back_open(root, path, changeset, &file, fault))
		return false;
	if (way_back_wanted(request))
		quoted_repeat(&file.now, WAY_BACK_TITLE, request->way_back, &line);
	way_back_put(&file, request, &line, changeset);
	return true;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	bool asked = request->wanted->count || request->ours->count;

	return (!asked || propose_words(root, request, changeset, findings, added, fault)) &&
	       propose_way_back(root, request, changeset, fault);
}

const struct loader loader_refind = {
	.name = "refind",
	.label = "rEFInd",
	.systems = "any",
	.files = "/boot/refind_linux.conf",
	.apply = "nothing",
	.proven = { .booted = "Debian 12, 13, sid" },
	.menu = "press F2 twice at rEFInd's menu, add %s at the end of the options, and press Enter",
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
