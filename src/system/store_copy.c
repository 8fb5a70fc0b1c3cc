/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/store_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "system/bytes.h"

#define ATTRIBUTE_LIMIT 65536 /* XATTR_SIZE_MAX and XATTR_LIST_MAX of the kernel */

static bool failed(const struct place *place, const char *doing, struct fault *fault)
{
	return fault_system(fault, errno, place->path, "cannot %s %s", doing, place->path);
}

static bool flush_file(int descriptor)
{
	int result;

	do
		result = fsync(descriptor);
	while (result < 0 && errno == EINTR);
	return !result;
}

/* These two speak of the content, which will be another one. */
static bool about_content(const char *attribute)
{
	return !strcmp(attribute, "security.ima") || !strcmp(attribute, "security.evm");
}

static bool same_attribute(int to, const char *name, const char *value, ssize_t length)
{
	cleanup_free char *present = memory_zero(1, ATTRIBUTE_LIMIT);

	return fgetxattr(to, name, present, ATTRIBUTE_LIMIT) == length && !memcmp(present, value, (size_t)length);
}

/* Made in a directory with a default ACL, the copy has got one; where its model has none it must not. */
static void drop_inherited_list(int from, int to)
{
	static const char list[] = "system.posix_acl_access";

	if (fgetxattr(from, list, NULL, 0) < 0 && errno == ENODATA)
		fremovexattr(to, list);
}

/* STRICT: every attribute must arrive. Otherwise (a copy for the journal) those that its file system knows. */
static bool copy_attributes(int from, int to, bool strict)
{
	cleanup_free char *names = memory_zero(1, ATTRIBUTE_LIMIT), *value = memory_zero(1, ATTRIBUTE_LIMIT);
	ssize_t total = flistxattr(from, names, ATTRIBUTE_LIMIT);

	if (total < 0)
		return errno == EOPNOTSUPP || errno == ENOSYS;
	drop_inherited_list(from, to);
	for (const char *name = names; name < names + total; name += strlen(name) + 1) {
		ssize_t length = fgetxattr(from, name, value, ATTRIBUTE_LIMIT);

		if (about_content(name) || (length < 0 && errno == ENODATA))
			continue;
		if (length < 0)
			return false;
		if (!fsetxattr(to, name, value, (size_t)length, 0) || same_attribute(to, name, value, length))
			continue;
		if (strict || (errno != EOPNOTSUPP && errno != EPERM))
			return false;
	}
	return true;
}

/* Compression, no-copy-on-write and the like: as far as the file system wants. */
static void copy_flags(int from, int to)
{
	int flags, own;

	if (ioctl(from, FS_IOC_GETFLAGS, &flags) < 0 || ioctl(to, FS_IOC_GETFLAGS, &own) < 0)
		return;
	flags &= FS_FL_USER_MODIFIABLE & ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
	if (flags != (own & FS_FL_USER_MODIFIABLE))
		ioctl(to, FS_IOC_SETFLAGS, &flags);
}

/* Only what differs is set: a file system without owners (FAT) refuses what it has already. */
static bool copy_owner_and_mode(const struct stat *from, int to, mode_t mode)
{
	struct stat status;

	if (fstat(to, &status) < 0)
		return false;
	if ((status.st_uid != from->st_uid || status.st_gid != from->st_gid) &&
	    fchown(to, from->st_uid, from->st_gid) < 0)
		return false;
	/* After the owner, since a change of owner drops the set-id bits. */
	return (status.st_mode & 07777) == mode || !fchmod(to, mode);
}

/* The file at PLACE for reading; *RET is -1 where there is none. */
static bool open_model(const struct place *place, int *ret, struct stat *status, struct fault *fault)
{
	int descriptor = openat(place->directory, place->name,
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (descriptor < 0 && errno != ENOENT)
		return failed(place, "read", fault);
	if (descriptor >= 0 && (fstat(descriptor, status) < 0 || !S_ISREG(status->st_mode))) {
		close(descriptor);
		return fault_set(fault, FAULT_INPUT, place->path, "%s is not a regular file", place->path);
	}
	*ret = descriptor;
	return true;
}

static int create(int directory, const char *name)
{
	return openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* close(2) may be the first to tell that the bytes did not arrive (NFS); on Linux EINTR closes all the same. */
static bool close_file(int *descriptor)
{
	int result = close(*descriptor);

	*descriptor = -1;
	return !result || errno == EINTR;
}

static bool fill_stage(int model, const struct stat *like, int file, const struct text *bytes, mode_t mode)
{
	if (model >= 0) {
		copy_flags(model, file);
		if (!copy_owner_and_mode(like, file, like->st_mode & 07777) || !copy_attributes(model, file, true))
			return false;
	} else if (fchmod(file, mode & 07777) < 0 && errno != EPERM) {
		return false;
	}
	return bytes_write(file, text_string(bytes), bytes->length) && flush_file(file);
}

bool store_stage(const struct place *place, const char *temporary, const struct text *bytes, mode_t mode,
		 struct fault *fault)
{
	cleanup_close int model = -1, file = -1;
	struct stat like;

	if (!open_model(place, &model, &like, fault))
		return false;
	file = create(place->directory, temporary);
	if (file < 0)
		return failed(place, "write a new file beside", fault);
	if (fill_stage(model, &like, file, bytes, mode) && close_file(&file))
		return true;
	failed(place, "write the new version of", fault);
	unlinkat(place->directory, temporary, 0);
	return false;
}

bool store_adopt(const struct place *place, const char *temporary, struct fault *fault)
{
	cleanup_close int model = -1, file = -1;
	struct stat like, status;
	bool done;

	if (!open_model(place, &model, &like, fault))
		return false;
	file = openat(place->directory, temporary, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) < 0)
		return failed(place, "read the new version of", fault);
	done = model < 0 || (copy_owner_and_mode(&like, file, status.st_mode & like.st_mode & 07777) &&
			     copy_attributes(model, file, true));
	if (!done || !flush_file(file))
		return failed(place, "finish the new version of", fault);
	return true;
}

/* Shares the blocks where the file system can; else the kernel copies, else we do. */
static bool copy_bytes(int from, int to)
{
	char buffer[16384];
	ssize_t got;

	if (!ioctl(to, FICLONE, from))
		return true;
	do
		got = sendfile(to, from, NULL, 1u << 30);
	while (got > 0 || (got < 0 && errno == EINTR));
	if (!got)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	for (;;) {
		got = read(from, buffer, sizeof(buffer));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || !bytes_write(to, buffer, (size_t)got))
			return !got;
	}
}

/*
 * A file system without owners and modes (FAT) gives every file what its mount says, and after the next mount that may
 * be something else than what the copy has: no reason to leave half an image there.
 */
static bool unsettable(int error)
{
	return error == EPERM || error == EOPNOTSUPP;
}

/* The bytes must arrive; the rest as far as the file system knows it. Times go last: writing changes them. */
static bool copy_all(int from, const struct stat *status, int to)
{
	struct timespec times[] = { status->st_atim, status->st_mtim };

	if (!copy_bytes(from, to) ||
	    (!copy_owner_and_mode(status, to, status->st_mode & 07777) && !unsettable(errno)) ||
	    !copy_attributes(from, to, false) || (futimens(to, times) < 0 && !unsettable(errno)))
		return false;
	return flush_file(to);
}

bool store_save(const struct place *place, int directory, const char *name, struct fault *fault)
{
	cleanup_close int from = -1, to = -1;
	struct stat status;

	if (!open_model(place, &from, &status, fault))
		return false;
	if (from < 0)
		return fault_system(fault, ENOENT, place->path, "cannot copy %s into the journal", place->path);
	to = create(directory, name);
	if (to < 0 || !copy_all(from, &status, to) || !close_file(&to))
		return failed(place, "copy into the journal the file", fault);
	return true;
}

static int open_saved(const struct place *place, int directory, const char *name, struct stat *status,
		      struct fault *fault)
{
	int descriptor = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (descriptor >= 0 && !fstat(descriptor, status))
		return descriptor;
	failed(place, "read the journal's copy of", fault);
	memory_close(&descriptor);
	return -1;
}

bool store_bring_back(const struct place *place, const char *temporary, int directory, const char *name,
		      struct fault *fault)
{
	cleanup_close int from = -1, to = -1;
	struct stat status;

	from = open_saved(place, directory, name, &status, fault);
	if (from < 0)
		return false;
	to = create(place->directory, temporary);
	if (to < 0)
		return failed(place, "write a new file beside", fault);
	if (copy_all(from, &status, to) && close_file(&to))
		return true;
	failed(place, "put back", fault);
	unlinkat(place->directory, temporary, 0);
	return false;
}

bool store_overwrite(const struct place *place, int directory, const char *name, struct fault *fault)
{
	cleanup_close int from = -1, to = -1;
	struct stat status;

	from = open_saved(place, directory, name, &status, fault);
	if (from < 0)
		return false;
	to = openat(place->directory, place->name, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0 || !copy_all(from, &status, to) || !close_file(&to))
		return failed(place, "put back", fault);
	return true;
}
