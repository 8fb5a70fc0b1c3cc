/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/systems.h"

#include <string.h>

/* Cuts the last component off PATH; false where it is "/" already. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || !strcmp(path, "/"))
		return false;
	slash[slash == path] = '\0';
	return true;
}

/*
 * The topmost directory of the file system that PATH is on, or will be once its directories are made: "/", "/boot". No
 * number of a device, which another boot may give to another disk, and no UUID, which not every file system has.
 */
static char *top_of(const struct root *root, const char *path)
{
	cleanup_free char *at = memory_string(path);
	char *top = memory_string("/");
	struct stat status;
	bool found = false;
	dev_t device = 0;

	while (go_up(at)) {
		if (!root_stat(root, at, &status))
			continue;
		if (found && status.st_dev != device)
			break;
		free(top);
		top = memory_string(at);
		device = status.st_dev;
		found = true;
	}
	return top;
}

static void note(const struct root *root, const char *target, struct journal *journal)
{
	cleanup_free char *top = top_of(root, target);

	strlist_add_once(&journal->systems, top);
}

void systems_note(const struct root *root, struct journal *journal)
{
	for (size_t i = 0; i < journal->file_count; i++)
		note(root, journal->files[i].target, journal);
	for (size_t i = 0; i < journal->artefact_count; i++)
		note(root, journal->artefacts[i].target, journal);
}

static bool is_mounted(const struct root *root, const char *top)
{
	cleanup_text struct text inside = { 0 };
	cleanup_free char *now = NULL;

	text_printf(&inside, "%s/.", strcmp(top, "/") != 0 ? top : "");
	now = top_of(root, text_string(&inside));
	return !strcmp(now, top);
}

static bool check(const struct root *root, const char *target, const struct journal *journal, struct fault *fault)
{
	cleanup_free char *now = top_of(root, target);

	if (strlist_has(&journal->systems, now))
		return true;
	return fault_set(fault, FAULT_SYSTEM, target,
			 "%s was changed on another file system than that which is mounted at %s now, so nothing was put "
			 "back yet: unmount %s (findmnt %s shows what it is), then run vfioconf --recover",
			 target, now, now, now);
}

bool systems_check(const struct root *root, const struct journal *journal, struct fault *fault)
{
	/* A version before this one noted none. */
	if (!journal->systems.count)
		return true;
	for (size_t i = 0; i < journal->systems.count; i++)
		if (!is_mounted(root, journal->systems.items[i]))
			return fault_set(fault, FAULT_SYSTEM, journal->systems.items[i],
					 "%s is not mounted, but was when the run began that was interrupted, so nothing was put "
					 "back yet: mount %s (findmnt %s shows whether it is), then run vfioconf --recover",
					 journal->systems.items[i], journal->systems.items[i], journal->systems.items[i]);
	for (size_t i = 0; i < journal->file_count; i++)
		if (!check(root, journal->files[i].target, journal, fault))
			return false;
	for (size_t i = 0; i < journal->artefact_count; i++)
		if (!check(root, journal->artefacts[i].target, journal, fault))
			return false;
	return true;
}
