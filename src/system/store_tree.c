/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/store_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/bytes.h"
#include "system/inside.h"
#include "system/place.h"

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define DEPTH_LIMIT 64

static bool failed(const struct folder *folder, const char *doing, const char *name, struct fault *fault)
{
	int error = errno;
	char *path = NULL;
	struct text text = { 0 };

	text_printf(&text, "%s/%s", folder->path, name);
	path = text_take(&text);
	fault_system(fault, error, path, "cannot %s %s", doing, path);
	free(path);
	return false;
}

void folder_done(struct folder *folder)
{
	if (!folder)
		return;
	memory_close(&folder->descriptor);
	free(folder->path);
	*folder = (struct folder)FOLDER_NONE;
}

static bool flush(int descriptor)
{
	int result;

	do
		result = fsync(descriptor);
	while (result < 0 && errno == EINTR);
	return !result || errno == EINVAL;
}

bool folder_open(const struct root *root, const char *path, struct folder *ret, struct fault *fault)
{
	int descriptor = root_open_directory(root, path);

	if (descriptor < 0)
		return fault_system(fault, errno, path, "cannot open %s", path);
	*ret = (struct folder){ .descriptor = descriptor, .path = memory_string(path) };
	return true;
}

/* Like mkdir(2), but the caller's umask takes nothing away: the directories of /etc are for everyone to read. */
static bool make(const struct place *place, mode_t mode)
{
	if (mkdirat(place->directory, place->name, mode) < 0)
		return errno == EEXIST;
	/* EPERM: a file system that knows no modes. */
	return !fchmodat(place->directory, place->name, mode, 0) || errno == EPERM;
}

/* Makes the last directory of PATH; those before it are there. */
static bool make_inside(const struct root *root, const char *path, mode_t mode, struct fault *fault)
{
	struct place place = PLACE_NONE;
	bool done;

	if (!place_open(root, path, &place, fault))
		return false;
	done = make(&place, mode);
	if (!done)
		fault_system(fault, errno, path, "cannot make the directory %s", path);
	else if (!flush(place.directory))
		done = fault_system(fault, errno, path, "cannot make the directory %s durable", path);
	place_done(&place);
	return done;
}

bool store_make_directory(const struct root *root, const char *path, struct fault *fault)
{
	return make_inside(root, path, 0755, fault);
}

bool folder_make(const struct root *root, const char *path, struct folder *ret, struct fault *fault)
{
	for (const char *slash = path; *slash && !root_is_directory(root, path);) {
		char *part;
		bool done;

		slash += 1 + strcspn(slash + 1, "/");
		part = memory_string_n(path, (size_t)(slash - path));
		done = root_is_directory(root, part) || make_inside(root, part, *slash ? 0755 : 0700, fault);
		free(part);
		if (!done)
			return false;
	}
	return folder_open(root, path, ret, fault);
}

bool store_remove_directory(const struct root *root, const char *path, struct fault *fault)
{
	struct place place = PLACE_NONE;
	struct fault reason = { 0 };
	bool done;

	if (!place_open(root, path, &place, &reason)) {
		if (root_missing(&reason))
			return true;
		if (fault)
			*fault = reason;
		return false;
	}
	done = !unlinkat(place.directory, place.name, AT_REMOVEDIR) || errno == ENOENT || errno == ENOTEMPTY ||
	       errno == EEXIST || errno == ENOTDIR;
	if (!done)
		fault_system(fault, errno, path, "cannot remove the empty directory %s", path);
	place_done(&place);
	return done;
}

bool folder_open_below(const struct folder *parent, const char *name, struct folder *ret, struct fault *fault)
{
	int descriptor = openat(parent->descriptor, name, DIRECTORY_FLAGS);
	struct text path = { 0 };

	if (descriptor < 0)
		return failed(parent, "open", name, fault);
	text_printf(&path, "%s/%s", parent->path, name);
	*ret = (struct folder){ .descriptor = descriptor, .path = text_take(&path) };
	return true;
}

bool folder_make_below(const struct folder *parent, const char *name, struct folder *ret, struct fault *fault)
{
	if (mkdirat(parent->descriptor, name, 0700) < 0 && errno != EEXIST)
		return failed(parent, "make the directory", name, fault);
	return folder_open_below(parent, name, ret, fault);
}

bool folder_has(const struct folder *folder, const char *name)
{
	return !faccessat(folder->descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

bool folder_names(const struct folder *folder, struct strlist *ret, struct fault *fault)
{
	const struct place place = { .directory = folder->descriptor, .path = folder->path, .name = "" };

	cleanup_strlist struct strlist names = { 0 };

	if (!place_names(&place, "", &names, fault))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (strcmp(names.items[i], ".") != 0 && strcmp(names.items[i], "..") != 0)
			strlist_add(ret, names.items[i]);
	return true;
}

bool folder_read(const struct folder *folder, const char *name, size_t limit, struct text *ret, struct fault *fault)
{
	cleanup_close int file = openat(folder->descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	cleanup_text struct text text = { 0 };
	char buffer[16384];
	ssize_t got;

	if (file < 0)
		return failed(folder, "read", name, fault);
	while ((got = read(file, buffer, sizeof(buffer)))) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got > 0 && text.length + (size_t)got > limit)
			errno = EFBIG;
		if (got < 0 || text.length + (size_t)got > limit)
			return failed(folder, "read", name, fault);
		text_append_n(&text, buffer, (size_t)got);
	}
	text_append_n(ret, text_string(&text), text.length);
	return true;
}

static bool write_new(const struct folder *folder, const char *name, int flags, const struct text *bytes)
{
	int file = openat(folder->descriptor, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, 0600);
	bool done;

	if (file < 0)
		return false;
	done = bytes_write(file, text_string(bytes), bytes->length) && flush(file);
	if (!done) {
		memory_close(&file);
		return false;
	}
	return !close(file) || errno == EINTR;
}

bool folder_write(const struct folder *folder, const char *name, const struct text *bytes, struct fault *fault)
{
	return write_new(folder, name, O_EXCL, bytes) || failed(folder, "write", name, fault);
}

bool folder_mark(const struct folder *folder, const char *name, const struct text *bytes, struct fault *fault)
{
	char temporary[NAME_MAX + 1];

	snprintf(temporary, sizeof(temporary), ".%s.tmp", name);
	if (!write_new(folder, temporary, O_TRUNC, bytes) ||
	    renameat(folder->descriptor, temporary, folder->descriptor, name) < 0) {
		failed(folder, "write", name, fault);
		unlinkat(folder->descriptor, temporary, 0);
		return false;
	}
	return folder_sync(folder, fault);
}

bool folder_sweep(const struct folder *folder, struct fault *fault)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!folder_names(folder, &names, fault))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (*names.items[i] == '.' && text_ends_with(names.items[i], ".tmp") &&
		    !folder_remove(folder, names.items[i], fault))
			return false;
	return true;
}

bool folder_sync(const struct folder *folder, struct fault *fault)
{
	return flush(folder->descriptor) ||
	       fault_system(fault, errno, folder->path, "cannot make %s durable", folder->path);
}

bool folder_move(const struct folder *from, const char *name, const struct folder *to, const char *new_name,
		 struct fault *fault)
{
	if (renameat2(from->descriptor, name, to->descriptor, new_name, RENAME_NOREPLACE) < 0) {
		/* Not every file system knows the flag; of directories, only an empty one could be replaced. */
		if ((errno != EINVAL && errno != ENOSYS) || folder_has(to, new_name) ||
		    renameat(from->descriptor, name, to->descriptor, new_name) < 0)
			return failed(to, "make", new_name, fault);
	}
	return folder_sync(to, fault) && (from == to || folder_sync(from, fault));
}

static bool remove_below(int directory, const char *name, unsigned depth);

static bool empty(int directory, unsigned depth)
{
	int again = openat(directory, ".", DIRECTORY_FLAGS);
	DIR *stream = again < 0 ? NULL : fdopendir(again);
	struct dirent *entry;
	bool done = true;

	if (!stream) {
		memory_close(&again);
		return false;
	}
	while (done && (errno = 0, entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			done = remove_below(directory, entry->d_name, depth);
	done = done && !errno;
	again = errno;
	closedir(stream);
	errno = again;
	return done;
}

static bool remove_below(int directory, const char *name, unsigned depth)
{
	cleanup_close int inner = -1;

	if (!unlinkat(directory, name, 0) || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	inner = openat(directory, name, DIRECTORY_FLAGS);
	if (inner < 0 || depth >= DEPTH_LIMIT)
		return false;
	return empty(inner, depth + 1) && !unlinkat(directory, name, AT_REMOVEDIR);
}

bool folder_remove(const struct folder *folder, const char *name, struct fault *fault)
{
	return remove_below(folder->descriptor, name, 0) || failed(folder, "remove", name, fault);
}

bool folder_open_log(const struct folder *folder, const char *name, uint64_t length, int *ret, struct fault *fault)
{
	int log = openat(folder->descriptor, name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (log < 0 || ftruncate(log, (off_t)length) < 0) {
		failed(folder, "write", name, fault);
		memory_close(&log);
		return false;
	}
	*ret = log;
	return true;
}

bool folder_append(int log, const char *bytes, size_t length)
{
	return bytes_write(log, bytes, length) && flush(log);
}

bool tree_temporary(const char *parent, char **ret, struct fault *fault)
{
	struct text path = { 0 };

	text_printf(&path, "%s/vfioconf-XXXXXX", parent);
	if (!mkdtemp(path.bytes)) {
		fault_system(fault, errno, parent, "cannot make a temporary directory in %s", parent);
		text_done(&path);
		return false;
	}
	*ret = text_take(&path);
	return true;
}

int tree_open(const char *path)
{
	return open(path, DIRECTORY_FLAGS);
}

/* The directory of PATH below TOP, which we made ourselves. */
static int open_parent(int top, const char *path)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *parent = slash ? memory_string_n(path, (size_t)(slash - path)) : memory_string(".");

	return inside_open(top, parent, DIRECTORY_FLAGS);
}

static const char *last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool make_one(int directory, const char *path)
{
	cleanup_close int parent = open_parent(directory, path);

	return parent >= 0 && (!mkdirat(parent, last(path), 0755) || errno == EEXIST);
}

bool tree_directory(int directory, const char *path, struct fault *fault)
{
	char *part = memory_string(path);
	bool done = make_one(directory, path);

	/* Mostly its parent is there already; where not, all from the top down. */
	if (!done && errno == ENOENT) {
		for (char *slash = strchr(part, '/'); slash; slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			make_one(directory, part);
			*slash = '/';
		}
		done = make_one(directory, path);
	}
	if (!done)
		fault_system(fault, errno, path, "cannot make the directory %s", path);
	free(part);
	return done;
}

bool tree_file(int directory, const char *path, const void *bytes, size_t length, mode_t mode, time_t written,
	       struct fault *fault)
{
	const struct timespec times[] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = written } };
	cleanup_close int parent = open_parent(directory, path);
	cleanup_close int file = -1;

	if (parent >= 0)
		file = openat(parent, last(path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (file < 0 || !bytes_write(file, bytes, length) || futimens(file, times) < 0)
		return fault_system(fault, errno, path, "cannot write %s", path);
	return true;
}

bool tree_link(int directory, const char *path, const char *target, struct fault *fault)
{
	cleanup_close int parent = open_parent(directory, path);

	if (parent < 0 || symlinkat(target, parent, last(path)) < 0)
		return fault_system(fault, errno, path, "cannot make the link %s", path);
	return true;
}

bool tree_remove(const char *path, struct fault *fault)
{
	return remove_below(AT_FDCWD, path, 0) || fault_system(fault, errno, path, "cannot remove %s", path);
}
