/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/lost_words.h"

#include <fnmatch.h>
#include <string.h>

#include "base/text.h"
#include "boot/booted.h"
#include "boot/entries.h"
#include "boot/way_back.h"
#include "edit/cmdline.h"

/* Without these, or with others, the initramfs finds no root file system. */
static bool is_vital(const char *word)
{
	static const char *const patterns[] = { "root=*", "rootfstype=*", "cryptdevice=*", "cryptroot=*", "rd.luks.*=*",
						"luks.*=*", "rd.lvm.*=*", "rd.md.*=*", "rd.dm.*=*", "zfs=*", "boot=zfs" };

	for (size_t i = 0; i < array_size(patterns); i++)
		if (!fnmatch(patterns[i], word, 0))
			return true;
	/* Tools that write entries for snapshots put their own subvolume in. */
	return text_starts_with(word, "rootflags=") && !strstr(word, "/snapshot");
}

/* What a boot loader, kernel-install or snapshots add by themselves; and ours, which the plan is about. */
static bool is_added_by_tools(const struct planner *planner, const char *word)
{
	static const char *const names[] = { "BOOT_IMAGE=", "initrd=", "systemd.machine_id=", "rootflags=" };

	for (size_t i = 0; i < array_size(names); i++)
		if (text_starts_with(word, names[i]))
			return true;
	return strlist_has(&planner->applied->added, word) || strlist_has(&planner->aside, word) ||
	       strlist_has(&planner->plan->parameters, word) || cmdline_aside(word) || !strcmp(word, WAY_BACK_WORD);
}

/*
 * The words of what was started, as they lie on the disk. Where that is not known, those that are vital of the running
 * kernel's: any other may have been typed for one boot.
 */
static void words_of_now(const struct planner *planner, struct strlist *ret)
{
	cleanup_strlist struct strlist running = { 0 };

	if (booted_words(planner->root, ret))
		return;
	cmdline_split(planner->host->kernel_cmdline, &running);
	for (size_t i = 0; i < running.count; i++)
		if (is_vital(running.items[i]))
			strlist_add(ret, running.items[i]);
}

/* The same device may be written in several ways. */
static bool is_kept(const struct planner *planner, const char *word, const struct strlist *then)
{
	return strlist_has(then, word) ||
	       (text_starts_with(word, "root=") && entry_words_are_of_system(planner->root, then));
}

static void report(const struct planner *planner, const struct strlist *lost, enum severity severity,
		   const struct strlist *now)
{
	const struct loader *loader = planner->plan->loader;
	cleanup_free char *words = strlist_join(lost, " ");
	cleanup_strlist struct strlist whole = { 0 };
	cleanup_free char *line = NULL;
	struct finding *finding;

	finding = findings_add(&planner->plan->findings, FINDING_WORDS_LOST, severity,
			       "This system was started with %s. The settings that its boot entries are written from "
			       "(%s) do not have that: written anew, they lose it%s.", words, loader->files,
			       severity == SEVERITY_ERROR ? " and might not start" : "");
	for (size_t i = 0; i < now->count; i++)
		if (!is_added_by_tools(planner, now->items[i]) || is_vital(now->items[i]))
			strlist_add(&whole, now->items[i]);
	line = strlist_join(&whole, " ");
	finding_remedy(finding, "If it is still needed, put it into the settings. All words of now:");
	finding_paste(finding, "%s", line);
}

void lost_words_check(const struct planner *planner)
{
	const struct plan *plan = planner->plan;
	cleanup_strlist struct strlist now = { 0 }, then = { 0 }, vital = { 0 }, others = { 0 };
	struct fault fault = { 0 };

	if (!plan->loader || !plan->loader->whole_line || !plan->changeset.command_count ||
	    !plan->loader->read(planner->root, &then, &fault))
		return;
	words_of_now(planner, &now);
	for (size_t i = 0; i < now.count; i++) {
		const char *word = now.items[i];

		if (is_kept(planner, word, &then))
			continue;
		if (is_vital(word))
			strlist_add(&vital, word);
		else if (!is_added_by_tools(planner, word))
			strlist_add(&others, word);
	}
	if (vital.count)
		report(planner, &vital, SEVERITY_ERROR, &now);
	if (others.count)
		report(planner, &others, SEVERITY_WARNING, &now);
}
