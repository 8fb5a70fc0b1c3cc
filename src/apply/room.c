/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/room.h"

#include <errno.h>
#include <string.h>

#include "apply/transaction.h"
#include "system/place.h"
#include "system/store.h"

#define SLACK ((size_t)1024 * 1024)
#define SYSTEMS_LIMIT 16

/* What one file system has to take. */
struct need {
	uint64_t device;
	uint64_t bytes;
	uint64_t beside;  /* of the new artefacts on it that are written while all the old ones stay, or over them */
	uint64_t largest; /* of the other artefacts: generators write one new one beside the old, and then the next */
	char *path;       /* a directory on it */
};

struct needs {
	struct need items[SYSTEMS_LIMIT];
	size_t count;
};

static void needs_done(struct needs *needs)
{
	for (size_t i = 0; i < needs->count; i++)
		free(needs->items[i].path);
}

/* The nearest directory above PATH that is there; the caller frees. */
static char *existing_directory(const struct root *root, const char *path)
{
	char *part = memory_string(path);

	for (char *slash = strrchr(part, '/'); slash && slash != part; slash = strrchr(part, '/')) {
		*slash = '\0';
		if (root_is_directory(root, part))
			return part;
	}
	free(part);
	return memory_string("/");
}

static struct need *need_for(const struct root *root, struct needs *needs, const char *path)
{
	char *directory = existing_directory(root, path);
	struct need *need = NULL;
	struct stat status;

	if (root_stat(root, directory, &status)) {
		for (size_t i = 0; i < needs->count && !need; i++)
			if (needs->items[i].device == status.st_dev)
				need = &needs->items[i];
		if (!need && needs->count < SYSTEMS_LIMIT) {
			need = &needs->items[needs->count++];
			*need = (struct need){ .device = status.st_dev, .bytes = SLACK, .path = directory };
			return need;
		}
	}
	free(directory);
	return need;
}

static void need_bytes(const struct root *root, struct needs *needs, const char *path, uint64_t bytes)
{
	struct need *need = need_for(root, needs, path);

	if (need)
		need->bytes += bytes + 4096;
}

/* By how much an image that is made anew may be larger. */
static uint64_t growth(uint64_t size)
{
	return size / 4;
}

static void need_artefact(const struct root *root, struct needs *needs, const struct journal *journal,
			  const struct journal_artefact *artefact)
{
	const struct command *command = &journal->commands.commands[artefact->command];
	struct need *need = need_for(root, needs, artefact->target);
	uint64_t size = artefact->old.size;

	if (need && strlist_has(&command->beside, artefact->path))
		need->beside += size + growth(size);
	else if (need && strlist_has(&command->over, artefact->path))
		need->beside += growth(size);
	else if (need && need->largest < size)
		need->largest = size;
	/* Of an output the old bytes stay beside the new ones until all is done. */
	if (artefact->output)
		need_bytes(root, needs, artefact->target, size);
	need_bytes(root, needs, STATE_DIRECTORY "/x", size);
}

static bool try_room(const struct root *root, const struct need *need, struct fault *fault)
{
	uint64_t wanted = need->bytes + need->beside + need->largest + growth(need->largest), free_bytes = 0;
	cleanup_close int directory = root_open_directory(root, need->path);

	if (directory < 0)
		return fault_system(fault, errno, need->path, "cannot open %s", need->path);
	if (store_room(directory, wanted, &free_bytes))
		return true;
	fault_set(fault, FAULT_SYSTEM, need->path,
		  "there is not enough room on the file system of %s: %llu KiB are needed, %llu KiB are free "
		  "(see df -h %s): make room, then try again",
		  need->path, (unsigned long long)(wanted + 1023) / 1024, (unsigned long long)free_bytes / 1024,
		  need->path);
	if (fault)
		fault->error = ENOSPC;
	return false;
}

bool room_check(const struct root *root, const struct journal *journal, struct fault *fault)
{
	struct needs needs = { 0 };
	bool done = true;

	for (size_t i = 0; i < journal->file_count; i++) {
		const struct journal_file *file = &journal->files[i];

		need_bytes(root, &needs, file->target, file->new.size);
		need_bytes(root, &needs, STATE_DIRECTORY "/x", file->old.size + file->new.size);
	}
	for (size_t i = 0; i < journal->artefact_count; i++)
		need_artefact(root, &needs, journal, &journal->artefacts[i]);
	for (size_t i = 0; done && i < needs.count; i++)
		done = try_room(root, &needs.items[i], fault);
	needs_done(&needs);
	return done;
}
