/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CachyOS: sdboot-manage writes systemd-boot's entries from LINUX_OPTIONS; fallback entries have their own options.
 * "gen" first removes every entry, by whomever it is (remove_entry() in sdboot-manage of CachyOS/systemd-boot-manager),
 * unless REMOVE_EXISTING or PRESERVE_FOREIGN say otherwise; entries that stay are written anew only with
 * OVERWRITE_EXISTING.
 */
#include <string.h>
#include <strings.h>

#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/sdboot.h"
#include "boot/words.h"
#include "edit/assign.h"

#define PATH "/etc/sdboot-manage.conf"
#define TOOL "usr/bin/sdboot-manage"

static const struct managed_assignment assignment = { PATH, "LINUX_OPTIONS" };

static void probe(const struct root *root, struct evidence *evidence)
{
	if (root_exists(root, PATH))
		managed_sdboot_evidence(root, TOOL, evidence);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	return managed_assignment_read(root, &assignment, ret_words, fault);
}

/* What the settings say of entries that are there. */
struct settings {
	bool removes, preserves, overwrites, numbered;
	struct text entry_root; /* what the names of its entries begin with; empty where that is not known */
};

/* The value of NAME, "" where it is not assigned; the caller frees. NULL, with the refusal, where it is not clear. */
static char *setting(const struct text *bytes, const char *name, struct refusal *refusal)
{
	struct assign assign = { 0 };

	switch (assign_find(bytes, name, false, &assign, refusal)) {
	case ASSIGN_FOUND:
		return assign_value(bytes, &assign);
	case ASSIGN_NONE:
		return memory_string("");
	default:
		return NULL;
	}
}

/* The default of ENTRY_ROOT differs by distribution: the tool's own text has it. */
static void read_entry_root(const struct root *root, const char *value, struct text *ret)
{
	static const char assigns[] = "ENTRY_ROOT=\"";
	cleanup_text struct text tool = { 0 };
	const char *at;

	text_append(ret, value);
	if (*value || !root_read(root, TOOL, ROOT_LIMIT_TEXT, &tool, NULL))
		return;
	at = strstr(text_string(&tool), assigns);
	if (at)
		text_append_n(ret, at + strlen(assigns), strcspn(at + strlen(assigns), "\"\n"));
}

static bool read_settings(const struct root *root, struct settings *ret, struct refusal *refusal)
{
	static const char *const names[] = { "REMOVE_EXISTING", "PRESERVE_FOREIGN", "OVERWRITE_EXISTING",
					     "ENTRY_APPEND_KVER", "ENTRY_ROOT" };
	cleanup_text struct text bytes = { 0 };
	char *values[array_size(names)] = { NULL };
	bool clear = true;

	root_read(root, PATH, ROOT_LIMIT_TEXT, &bytes, NULL);
	for (size_t i = 0; i < array_size(names); i++) {
		values[i] = setting(&bytes, names[i], refusal);
		clear = clear && values[i];
	}
	if (clear) {
		ret->removes = !*values[0] || !strcasecmp(values[0], "yes");
		ret->preserves = !strcmp(values[1], "yes");
		ret->overwrites = !strcasecmp(values[2], "yes");
		ret->numbered = !*values[3] || !strcasecmp(values[3], "yes");
		read_entry_root(root, values[4], &ret->entry_root);
	}
	for (size_t i = 0; i < array_size(names); i++)
		free(values[i]);
	return clear;
}

/*
 * Whether the entry's name is one that the tool gives for its kernel: ENTRY_ROOT and some of the parts, with hyphens
 * between, of vmlinuz-KERNEL, and "-fallback" behind it. Such an entry is written anew.
 */
static bool is_by_tool(const struct settings *settings, const struct entry *entry)
{
	const char *kernel = strstr(entry->linux_path, "vmlinuz-"), *rest;
	cleanup_free char *stem = memory_string_n(entry->name, strlen(entry->name) - strlen(".conf"));
	const char *start = text_string(&settings->entry_root);

	if (!kernel)
		return false;
	kernel += strlen("vmlinuz-");
	if (text_ends_with(stem, "-fallback"))
		stem[strlen(stem) - strlen("-fallback")] = '\0';
	if (!strcmp(stem, kernel))
		return true;
	if (!settings->entry_root.length || !text_starts_with(stem, start))
		return false;
	rest = stem + settings->entry_root.length;
	if (!*rest)
		return !settings->numbered;
	return (text_starts_with(kernel, rest) && (kernel[strlen(rest)] == '-' || !kernel[strlen(rest)])) ||
	       (*rest == '-' && text_ends_with(kernel, rest));
}

/* Whether the tool takes the entry away before it writes its own: those foreign to it may stay. */
static bool is_removed(const struct settings *settings, const struct entry *entry)
{
	return settings->removes && (!settings->preserves || is_by_tool(settings, entry) ||
				     (settings->entry_root.length &&
				      text_starts_with(entry->name, text_string(&settings->entry_root))));
}

static void refuse_foreign(const char *paths, const char *words, struct findings *findings)
{
	struct finding *finding = findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					       "sdboot-manage did not make these entries of this system, and leaves "
					       "them as they are: %s.", paths);

	if (!*words) {
		finding_remedy(finding, "Take vfioconf's words out of their line options, then plan again.");
		return;
	}
	finding_remedy(finding, "Add these words at the end of their line options, then plan again.");
	finding_paste(finding, "%s", words);
}

static void refuse_entries(const struct strlist *lost, const struct strlist *left, const struct settings *settings,
			   const struct boot_request *request, struct findings *findings)
{
	cleanup_free char *lost_ones = strlist_join(lost, ", ");
	cleanup_free char *left_ones = strlist_join(left, ", ");
	cleanup_free char *words = strlist_join(request->wanted, " ");

	if (lost->count)
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					    "sdboot-manage gen would delete boot entries that it did not make: %s.",
					    lost_ones),
			       "Put PRESERVE_FOREIGN=\"yes\" into " PATH ", and see that their names do not begin as those "
			       "of sdboot-manage's own entries do; or delete them. Then plan again.");
	if (left->count && !settings->removes && !settings->overwrites)
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					    "With REMOVE_EXISTING=\"no\" in " PATH " sdboot-manage leaves these "
					    "entries as they are: %s.", left_ones),
			       "Put OVERWRITE_EXISTING=\"yes\" there, too, then plan again.");
	else if (left->count)
		refuse_foreign(left_ones, words, findings);
}

/* Whether running the tool would lose entries, or leave some as they are; a finding says which. */
static bool is_refused(const struct root *root, const struct boot_request *request, const struct strlist *gone,
		       struct findings *findings)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist lost = { 0 };
	cleanup_strlist struct strlist left = { 0 };
	struct settings settings = { 0 };

	if (!read_settings(root, &settings, &refusal)) {
		finding_remedy(refusal_finding(&refusal, PATH, findings),
			       "Make it one plain line, NAME=\"value\", then plan again.");
		return true;
	}
	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++) {
		const struct entry *entry = &entries.items[i];
		bool by_tool = is_by_tool(&settings, entry);

		if (is_removed(&settings, entry) && !by_tool)
			strlist_add(&lost, entry->path);
		else if (!is_removed(&settings, entry) && (!by_tool || !settings.overwrites) &&
			 entry_is_edited(root, entry) && entry_is_of_snapshot(root, entry) &&
			 words_are_stale(&entry->options, request->wanted, gone))
			strlist_add(&left, entry->path);
	}
	refuse_entries(&lost, &left, &settings, request, findings);
	text_done(&settings.entry_root);
	return lost.count || left.count;
}

/* Whether the settings change, and what is gone then; where the tool must not run nothing of it may be planned. */
static bool is_changed(const struct root *root, const struct boot_request *request, struct strlist *gone, bool *ret,
		       struct fault *fault)
{
	cleanup_strlist struct strlist added = { 0 };
	cleanup_findings struct findings findings = { 0 };
	struct changeset trial = { 0 };
	bool ok = managed_assignment_propose(root, &assignment, request, &trial, &findings, &added, gone, ret, fault);

	changeset_done(&trial);
	return ok;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "sdboot-manage", "gen", NULL };
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!managed_check_any_entry(root, request, findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!is_changed(root, request, &gone, &changed, fault))
		return false;
	if (changed && is_refused(root, request, &gone, findings))
		return true;
	strlist_done(&gone);
	if (!managed_assignment_propose(root, &assignment, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (changed)
		managed_expect_entries(root, changeset_command(changeset, "writes the boot entries anew", 300, argv),
				       request->wanted, &gone);
	return true;
}

const struct loader loader_sdboot_manage = {
	.name = "sdboot-manage",
	.label = "systemd-boot (sdboot-manage)",
	.systems = "CachyOS",
	.files = PATH,
	.apply = "sdboot-manage gen",
	.menu = SDBOOT_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
