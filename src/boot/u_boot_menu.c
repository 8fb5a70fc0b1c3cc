/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * u-boot-menu: u-boot-update writes /boot/extlinux/extlinux.conf for U-Boot. Its
 * U_BOOT_PARAMETERS comes from /etc/default/u-boot and drop-ins; where none sets it, from /etc/kernel/cmdline,
 * and without that it is "ro quiet".
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
#include "edit/assign.h"
#include "edit/cmdline.h"

#define TOOL "usr/sbin/u-boot-update"
#define MAIN "/etc/default/u-boot"
#define DIRECTORY "/etc/u-boot-menu/conf.d"
#define VENDOR_DIRECTORY "/usr/share/u-boot-menu/conf.d"
#define DROPIN DIRECTORY "/zz-vfioconf.conf"
#define OUTPUT "/boot/extlinux/extlinux.conf"
#define VARIABLE "U_BOOT_PARAMETERS"
#define DEFAULT_WORDS "ro quiet"

static const struct managed_assignment assignment = { MAIN, VARIABLE };

static void probe(const struct root *root, struct evidence *evidence)
{
	if (!root_exists(root, TOOL))
		return;
	if (clue_file_holds(root, OUTPUT, ROOT_LIMIT_TEXT, "u-boot-update"))
		evidence_add(evidence, SCORE_CONFIGURED, "%s was written by u-boot-update", OUTPUT);
	else
		evidence_add(evidence, SCORE_TRACE, "u-boot-update is installed");
}

/* What the files make of the variable. */
struct setting {
	bool set;              /* to the words, at the end */
	bool unclear;          /* in a way that is not understood: to what, and whether at all, is not known */
	struct strlist words;  /* as far as they are known */
	struct text path;      /* where .unclear: the file, */
	struct refusal refusal; /* and why */
};

static void setting_done(struct setting *setting)
{
	strlist_done(&setting->words);
	text_done(&setting->path);
	refusal_done(&setting->refusal);
}
#define cleanup_setting cleanup(setting_done)

/* Adds what FILE sets the variable to. */
static void add_file(const struct root *root, const char *file, struct setting *setting)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct assign assign = { 0 };
	enum assign_result result;

	if (!root_read(root, file, ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	result = assign_find(&bytes, VARIABLE, true, &assign, &refusal);
	if (result == ASSIGN_REFUSED || (result == ASSIGN_FOUND && assign.self == ASSIGN_SELF_NONE)) {
		setting_done(setting);
		*setting = (struct setting){ .unclear = result == ASSIGN_REFUSED };
	}
	if (result == ASSIGN_FOUND) {
		cleanup_free char *value = assign_value(&bytes, &assign);

		cmdline_split(value, &setting->words);
	} else if (result == ASSIGN_REFUSED) {
		text_append(&setting->path, file);
		setting->refusal = refusal;
		refusal = (struct refusal){ 0 };
	}
	setting->set = !setting->unclear && setting->words.count;
}

/* Appends the paths of the files that u-boot-update reads, in its order. */
static void settings_files(const struct root *root, struct strlist *ret)
{
	static const char *const directories[] = { VENDOR_DIRECTORY, DIRECTORY };

	strlist_add(ret, MAIN);
	for (size_t i = 0; i < array_size(directories); i++) {
		cleanup_strlist struct strlist names = { 0 };

		root_list(root, directories[i], &names, NULL);
		for (size_t j = 0; j < names.count; j++) {
			cleanup_text struct text path = { 0 };

			text_printf(&path, "%s/%s", directories[i], names.items[j]);
			if (text_ends_with(names.items[j], ".conf") && *names.items[j] != '.')
				strlist_add(ret, text_string(&path));
		}
	}
}

/* What the files make of it, with OURS or without. To nothing at all is as good as not set. */
static void read_setting(const struct root *root, bool ours, struct setting *ret)
{
	cleanup_strlist struct strlist paths = { 0 };

	settings_files(root, &paths);
	for (size_t i = 0; i < paths.count; i++)
		if (ours || strcmp(paths.items[i], DROPIN) != 0)
			add_file(root, paths.items[i], ret);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_setting struct setting setting = { 0 };

	read_setting(root, true, &setting);
	if (setting.unclear)
		return refusal_fault(&setting.refusal, text_string(&setting.path), fault);
	strlist_add_all(ret_words, &setting.words);
	if (!setting.set && root_exists(root, KERNEL_CMDLINE))
		return kernel_cmdline_read(root, ret_words, fault);
	if (!setting.set)
		strlist_split(ret_words, DEFAULT_WORDS, " ");
	return true;
}

/* Whether a file that comes after ours sets the variable without what was there; a finding says so. */
static bool is_set_after_ours(const struct root *root, const char *path, struct findings *findings)
{
	static const struct strlist nothing = { 0 };
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct assign assign = { 0 };
	enum assign_result result;

	if (!text_starts_with(path, DIRECTORY "/") || strcmp(path, DROPIN) <= 0 ||
	    !root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return false;
	result = assign_find(&bytes, VARIABLE, true, &assign, &refusal);
	if (result == ASSIGN_NONE || (result == ASSIGN_FOUND && assign.self != ASSIGN_SELF_NONE))
		return false;
	if (result == ASSIGN_FOUND)
		refusal_set(&refusal, &bytes, assign.start,
			    "this file is read after that of vfioconf and sets the variable anew");
	words_refuse_form(&refusal, path, VARIABLE "=\"$" VARIABLE " " WORDS_DOTS "\"", &nothing, &nothing, findings);
	return true;
}

/* Whether u-boot-update is switched off: it ends without a word then, unless the last value is "true" or none. */
static bool is_switched_off(const struct root *root, const struct strlist *paths, struct findings *findings)
{
	const char *off = NULL;

	for (size_t i = 0; i < paths->count; i++) {
		cleanup_text struct text bytes = { 0 };
		cleanup_free char *value = NULL;
		struct assign assign = { 0 };

		if (!root_read(root, paths->items[i], ROOT_LIMIT_TEXT, &bytes, NULL) ||
		    assign_find(&bytes, "U_BOOT_UPDATE", false, &assign, NULL) != ASSIGN_FOUND)
			continue;
		value = assign_value(&bytes, &assign);
		off = *value && strcmp(value, "true") != 0 ? paths->items[i] : NULL;
	}
	if (off)
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					    "%s says U_BOOT_UPDATE, but not \"true\": u-boot-update leaves %s as it is.",
					    off, OUTPUT),
			       "Set U_BOOT_UPDATE=\"true\" there, after you have made sure that nothing in %s is by hand.",
			       OUTPUT);
	return off;
}

static bool edit_value(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
		       struct refusal *refusal)
{
	return assign_edit(bytes, VARIABLE, change, ret, NULL, refusal) != ASSIGN_REFUSED;
}

/* What a package brings is not edited. False: it has a word that shall not count, and a finding says what to do. */
static bool vendor_can_stay(const struct root *root, const struct boot_request *request, struct findings *findings)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_setting struct setting setting = { 0 };

	root_list(root, VENDOR_DIRECTORY, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, VENDOR_DIRECTORY "/%s", names.items[i]);
		if (!text_ends_with(names.items[i], ".conf"))
			continue;
		add_file(root, text_string(&path), &setting);
		if (!words_need_aside(request, &setting.words))
			continue;
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					    "A word that was to be set aside stands in %s, which a package brought and "
					    "vfioconf does not edit.", text_string(&path)),
			       "Set " VARIABLE " without it in a file of your own in " DIRECTORY ", then plan again.");
		return false;
	}
	return true;
}

/* In the files that our own stands beside. */
static bool set_aside(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		      struct findings *findings, bool *changed)
{
	return vendor_can_stay(root, request, findings) &&
	       aside_in_file(root, MAIN, request, edit_value, changeset, findings, changed) &&
	       aside_in_directory(root, DIRECTORY, ".conf", DROPIN, request, edit_value, changeset, findings, changed);
}

/* The words that count where nothing sets the variable, with what shall not count set aside. */
static char *default_words(const struct boot_request *request)
{
	const struct cmdline_change change = { .aside = words_aside(request) };

	return cmdline_edit(DEFAULT_WORDS, &change, NULL);
}

/*
 * What goes in front of our words. The variable keeps what the files before have set. Its default stands in where they
 * set nothing, and where that is not clear the shell is left to find out.
 */
static void put_front(const struct root *root, const struct setting *setting, const char *front, struct text *ret)
{
	if (setting->set)
		text_append(ret, "$" VARIABLE);
	else if (setting->unclear)
		text_printf(ret, "${" VARIABLE ":-%s}", root_exists(root, KERNEL_CMDLINE) ? "$(cat " KERNEL_CMDLINE ")" : front);
	else
		text_append(ret, front);
}

static bool propose_dropin(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			   struct findings *findings, struct strlist *added, struct strlist *gone, bool *ret_changed,
			   struct fault *fault)
{
	cleanup_setting struct setting setting = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_free char *front = default_words(request);
	cleanup_text struct text after = { 0 };
	size_t known = findings->count;
	bool needed;

	if (!words_are_plain(request->wanted, fault))
		return false;
	read_setting(root, false, &setting);
	if (!setting.set && !setting.unclear)
		strlist_split(&setting.words, DEFAULT_WORDS, " ");
	words_missing(request, &setting.words, &missing);
	/* Words that are not known may be the same as those that go. */
	if (setting.unclear)
		strlist_add_all(gone, words_aside(request));
	else
		words_gone(request, &setting.words, gone);
	needed = missing.count || (!setting.set && strcmp(front, DEFAULT_WORDS) != 0);
	if (needed) {
		cleanup_free char *joined = strlist_join(&missing, " ");

		own_header(&after, "# ");
		text_append(&after, VARIABLE "=\"");
		put_front(root, &setting, front, &after);
		text_printf(&after, "%s%s\"\n", missing.count ? " " : "", joined);
	}
	strlist_add_all(added, &missing);
	if (!own_file(root, DROPIN, needed ? &after : NULL, 0644,
		      missing.count ? "gives the kernel its parameters" : "the kernel needs no parameters from vfioconf",
		      changeset, findings, ret_changed, fault))
		return false;
	if (findings->count == known)
		set_aside(root, request, changeset, findings, ret_changed);
	return true;
}

/* /etc/kernel/cmdline counts only as long as nothing sets the variable: then it is the place. */
static bool uses_kernel_cmdline(const struct root *root)
{
	cleanup_setting struct setting setting = { 0 };

	read_setting(root, false, &setting);
	return !setting.set && !setting.unclear && !root_exists(root, DROPIN) && root_exists(root, KERNEL_CMDLINE);
}

static bool propose_settings(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			     struct findings *findings, struct strlist *added, struct strlist *gone, bool *changed,
			     struct fault *fault)
{
	if (uses_kernel_cmdline(root))
		return kernel_cmdline_propose(root, request, changeset, findings, added, gone, changed, fault);
	if (clue_file_holds(root, TOOL, ROOT_LIMIT_TEXT, "u-boot-menu/conf.d") || root_is_directory(root, DIRECTORY))
		return propose_dropin(root, request, changeset, findings, added, gone, changed, fault);
	return managed_assignment_propose(root, &assignment, request, changeset, findings, added, gone, changed, fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "u-boot-update", NULL };
	static const char *const keys[] = { "append", NULL };
	static const char *const others[] = { "*(rescue target)*", "*recovery*", "* single", NULL };
	cleanup_strlist struct strlist paths = { 0 };
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	settings_files(root, &paths);
	if ((request->wanted->count || request->ours->count) && is_switched_off(root, &paths, findings))
		return true;
	for (size_t i = 0; request->wanted->count && i < paths.count; i++)
		if (is_set_after_ours(root, paths.items[i], findings))
			return true;
	if (!propose_settings(root, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (changed && findings->count == known)
		managed_expect_menu(changeset_command(changeset, "writes the boot menu anew", 120, argv), OUTPUT, keys,
				    others, request->wanted, &gone);
	return true;
}

const struct loader loader_u_boot_menu = {
	.name = "u-boot-menu",
	.label = "U-Boot (u-boot-menu)",
	.systems = "Debian on boards",
	.files = DROPIN,
	.apply = "u-boot-update",
	.proven = { .booted = "Debian 12, 13, sid", .run = "Debian 12, sid" },
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
