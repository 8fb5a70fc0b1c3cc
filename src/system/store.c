/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/store.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef EXT4_IOC_CHECKPOINT
#define EXT4_IOC_CHECKPOINT _IOW('f', 43, uint32_t)
#endif
#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif

static bool failed(const struct place *place, const char *doing, struct fault *fault)
{
	return fault_system(fault, errno, place->path, "cannot %s %s", doing, place->path);
}

/* The file system, or the kernel's driver of it, does not know the flag. */
static bool unknown_flag(int error)
{
	return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP;
}

static bool rename_within(const struct place *place, const char *from, const char *to, unsigned flags)
{
	if (!flags)
		return !renameat(place->directory, from, place->directory, to);
	return !renameat2(place->directory, from, place->directory, to, flags);
}

/* The name under which the old file is kept while there is no exchange: still hidden, still ending in .tmp. */
static void aside_name(const char *temporary, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s.aside.tmp", temporary);
}

static bool conflict(const struct place *place, struct fault *fault)
{
	return fault_set(fault, FAULT_CONFLICT, place->path,
			 "%s was changed by someone else in the meantime; their version was kept", place->path);
}

static bool link_aside(const struct place *place, const char *aside, struct fault *fault)
{
	if (!linkat(place->directory, place->name, place->directory, aside, 0))
		return true;
	/* No hard links either (FAT): the copy in the journal is what is left. */
	if (errno == EPERM || errno == EMLINK || unknown_flag(errno))
		return true;
	return failed(place, "link aside", fault);
}

static bool swap(const struct place *place, const char *temporary, struct fault *fault)
{
	char aside[NAME_MAX + 1];

	if (rename_within(place, temporary, place->name, RENAME_EXCHANGE))
		return true;
	if (!unknown_flag(errno))
		return failed(place, "replace", fault);
	aside_name(temporary, aside, sizeof(aside));
	if (!link_aside(place, aside, fault))
		return false;
	if (!rename_within(place, temporary, place->name, 0)) {
		failed(place, "replace", fault);
		unlinkat(place->directory, aside, 0);
		return false;
	}
	if (!rename_within(place, aside, temporary, 0) && errno != ENOENT)
		return failed(place, "keep the old file of", fault);
	return true;
}

bool store_exchange(const struct place *place, const char *temporary, const char *expected, struct fault *fault)
{
	struct content out;

	if (!place_content(place, NULL, &out, fault))
		return false;
	if (!out.there || strcmp(out.digest, expected) != 0)
		return conflict(place, fault);
	if (!swap(place, temporary, fault))
		return false;
	if (!place_content(place, temporary, &out, fault)) {
		swap(place, temporary, NULL);
		return false;
	}
	/* Not there: nothing could be kept aside, and the look before must do. */
	if (!out.there || !strcmp(out.digest, expected))
		return true;
	return swap(place, temporary, fault) && conflict(place, fault);
}

bool store_publish(const struct place *place, const char *temporary, struct fault *fault)
{
	if (rename_within(place, temporary, place->name, RENAME_NOREPLACE))
		return true;
	if (unknown_flag(errno)) {
		/* link(2) refuses to replace, too. */
		if (!linkat(place->directory, temporary, place->directory, place->name, 0))
			return store_discard(place, temporary, fault);
		if (errno == EPERM && faccessat(place->directory, place->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
		    rename_within(place, temporary, place->name, 0))
			return true;
	}
	if (errno == EEXIST)
		return conflict(place, fault);
	return failed(place, "create", fault);
}

bool store_withdraw(const struct place *place, const char *temporary, const char *expected, struct fault *fault)
{
	struct content out;

	if (!rename_within(place, place->name, temporary, 0))
		return errno == ENOENT ? conflict(place, fault) : failed(place, "remove", fault);
	if (place_content(place, temporary, &out, fault)) {
		if (out.there && !strcmp(out.digest, expected))
			return true;
		conflict(place, fault);
	}
	store_publish(place, temporary, NULL);
	return false;
}

bool store_replace(const struct place *place, const char *temporary, struct fault *fault)
{
	return rename_within(place, temporary, place->name, 0) || failed(place, "replace", fault);
}

bool store_settle(const struct place *place, const char *temporary, struct fault *fault)
{
	char aside[NAME_MAX + 1];

	aside_name(temporary, aside, sizeof(aside));
	if (!faccessat(place->directory, temporary, F_OK, AT_SYMLINK_NOFOLLOW))
		return store_discard(place, aside, fault);
	if (!rename_within(place, aside, temporary, 0) && errno != ENOENT)
		return failed(place, "put back", fault);
	return true;
}

bool store_discard(const struct place *place, const char *name, struct fault *fault)
{
	if (!unlinkat(place->directory, name, 0) || errno == ENOENT)
		return true;
	return fault_system(fault, errno, place->path, "cannot remove the temporary file %s beside %s", name,
			    place->path);
}

bool store_discard_all(const struct place *place, const char *prefix, struct fault *fault)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!place_names(place, prefix, &names, fault))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (!store_discard(place, names.items[i], fault))
			return false;
	return true;
}

/* The directory of a place may be open for its path only: fsync(2) and ioctl(2) want one that is open for reading. */
static int open_again(const struct place *place)
{
	return openat(place->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool store_sync(const struct place *place, struct fault *fault)
{
	cleanup_close int directory = open_again(place);
	int result;

	if (directory < 0)
		return failed(place, "open the directory of", fault);
	do
		result = fsync(directory);
	while (result < 0 && errno == EINTR);
	/* EINVAL: a file system that has nothing to synchronise in a directory. */
	return !result || errno == EINVAL || failed(place, "make durable", fault);
}

/*
 * GRUB reads XFS without its log, and syncfs(2) leaves the log full; freezing
 * empties it. Never where our own journal or the running system may need to
 * write in between: the caller passes file systems of /boot only.
 */
static void freeze_and_thaw(int directory)
{
	if (!ioctl(directory, FIFREEZE, 0))
		ioctl(directory, FITHAW, 0);
}

static bool apart(const struct place *place, const struct stat *root)
{
	struct stat status;

	return text_starts_with(place->path, "/boot/") && !fstat(place->directory, &status) &&
	       status.st_dev != root->st_dev;
}

bool store_flush(const struct place *place, struct fault *fault)
{
	cleanup_close int directory = open_again(place);
	struct statfs system;
	uint32_t flags = 0;
	struct stat top;
	int result;

	if (directory < 0)
		return failed(place, "open the directory of", fault);
	do
		result = syncfs(directory);
	while (result < 0 && errno == EINTR);
	if (result < 0)
		return failed(place, "write out the file system of", fault);
	if (fstatfs(directory, &system) < 0)
		return true;
	/* Where it cannot be done (an old kernel, a container) the journal of the file system is all there is. */
	if (system.f_type == EXT4_SUPER_MAGIC)
		ioctl(directory, EXT4_IOC_CHECKPOINT, &flags);
	else if (system.f_type == XFS_SUPER_MAGIC && !stat("/", &top) && apart(place, &top))
		freeze_and_thaw(directory);
	return true;
}

void store_thaw(const struct place *place)
{
	cleanup_close int directory = open_again(place);
	struct statfs system;

	if (directory >= 0 && !fstatfs(directory, &system) && system.f_type == XFS_SUPER_MAGIC)
		ioctl(directory, FITHAW, 0);
}

bool store_room(int directory, uint64_t bytes, uint64_t *ret)
{
	cleanup_close int file = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	struct statvfs system;

	if (fstatvfs(directory, &system) < 0)
		return true;
	*ret = (uint64_t)system.f_bavail * system.f_frsize;
	if (file >= 0 && !fallocate(file, 0, 0, (off_t)bytes))
		return true;
	if (file >= 0 && (errno == ENOSPC || errno == EDQUOT))
		return false;
	return bytes <= *ret; /* neither is known to every file system */
}

int store_lock(int directory, const char *name)
{
	int descriptor = openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	int result, error;

	if (descriptor < 0)
		return -1;
	do
		result = flock(descriptor, LOCK_EX | LOCK_NB);
	while (result < 0 && errno == EINTR);
	if (!result)
		return descriptor;
	error = errno;
	close(descriptor);
	errno = error;
	return -1;
}

bool store_lock_held(const struct root *root, const char *path)
{
	struct place place = PLACE_NONE;
	bool held = false;
	int descriptor;

	if (!place_open(root, path, &place, NULL))
		return false;
	descriptor = openat(place.directory, place.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	place_done(&place);
	if (descriptor < 0)
		return false;
	if (flock(descriptor, LOCK_SH | LOCK_NB) < 0)
		held = errno == EWOULDBLOCK;
	close(descriptor);
	return held;
}

int store_lock_record(const struct root *root, const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct place place = PLACE_NONE;
	int descriptor, error;

	if (!place_open(root, path, &place, NULL)) {
		errno = ENOENT;
		return -1;
	}
	descriptor = openat(place.directory, place.name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	place_done(&place);
	/* Of the open file, not of the process: closing some other descriptor of the same file does not drop it. */
	if (descriptor < 0 || !fcntl(descriptor, F_OFD_SETLK, &lock))
		return descriptor;
	error = errno;
	close(descriptor);
	errno = error == EACCES ? EAGAIN : error;
	return -1;
}
