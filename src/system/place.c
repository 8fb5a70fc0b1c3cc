/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Belongs to the distribution, to the kernel, or is gone after the boot. */
static const char *const refused[] = { "/usr", "/run", "/nix", "/proc", "/sys", "/dev" };

static bool allowed(const char *path)
{
	for (size_t i = 0; i < array_size(refused); i++) {
		size_t length = strlen(refused[i]);

		if (!strncmp(path, refused[i], length) && (!path[length] || path[length] == '/'))
			return false;
	}
	return true;
}

void place_done(struct place *place)
{
	if (!place)
		return;
	memory_close(&place->directory);
	free(place->path);
	*place = (struct place)PLACE_NONE;
}

/* The directory part of PATH, "/" at the top; the caller frees. */
static char *parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash != path ? memory_string_n(path, (size_t)(slash - path)) : memory_string("/");
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The path of a file that is not there: that of its directory, resolved, and its name. */
static char *resolve_new(const struct root *root, const char *path)
{
	char *directory = parent(path);
	char *resolved = root_resolve(root, directory);
	struct text text = { 0 };

	if (resolved)
		text_printf(&text, "%s/%s", strcmp(resolved, "/") != 0 ? resolved : "", last_name(path));
	free(directory);
	free(resolved);
	return resolved ? text_take(&text) : NULL;
}

bool place_open(const struct root *root, const char *path, struct place *ret, struct fault *fault)
{
	char *directory = parent(path);
	int descriptor = root_open_directory(root, directory);

	free(directory);
	if (descriptor < 0)
		return fault_system(fault, errno, path, "cannot open the directory of %s", path);
	ret->directory = descriptor;
	ret->path = memory_string(path);
	ret->name = last_name(ret->path);
	return true;
}

bool place_find(const struct root *root, const char *path, struct place *ret, struct fault *fault)
{
	char target[1024], *resolved = root_resolve(root, path);
	bool done;

	if (!resolved && root_link(root, path, target, sizeof(target)))
		return fault_set(fault, FAULT_INPUT, path,
				 "%s is a symbolic link to %s, and nothing is there: remove the link or make its "
				 "target",
				 path, target);
	if (!resolved)
		resolved = resolve_new(root, path);
	if (!resolved)
		return fault_system(fault, errno, path, "cannot open the directory of %s", path);
	if (allowed(resolved))
		done = place_open(root, resolved, ret, fault);
	else
		done = fault_set(fault, FAULT_INPUT, path,
				 "%s is kept at %s, which is not an administrator's place to change: replace the link "
				 "by a file of your own",
				 path, resolved);
	free(resolved);
	return done;
}

/* The digest of all that DESCRIPTOR gives from where it stands; errno. */
static bool digest_all(int descriptor, char digest[DIGEST_SIZE])
{
	struct digest *stream = digest_new();
	char *buffer = memory_zero(1, 65536);
	ssize_t got;

	do {
		got = read(descriptor, buffer, 65536);
		if (got > 0)
			digest_add(stream, buffer, (size_t)got);
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (!got)
		digest_finish(stream, digest);
	digest_free(stream);
	free(buffer);
	return !got;
}

bool place_content(const struct place *place, const char *name, struct content *ret, struct fault *fault)
{
	struct content content = { .there = true };
	cleanup_close int descriptor = openat(place->directory, name ? name : place->name,
					      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (descriptor < 0 && errno == ENOENT) {
		*ret = (struct content){ 0 };
		return true;
	}
	if (descriptor < 0 || fstat(descriptor, &content.status) < 0)
		return fault_system(fault, errno, place->path, "cannot read %s", place->path);
	if (!S_ISREG(content.status.st_mode))
		return fault_set(fault, FAULT_INPUT, place->path, "%s is not a regular file", place->path);
	if (!digest_all(descriptor, content.digest))
		return fault_system(fault, errno, place->path, "cannot read %s", place->path);
	content.size = (uint64_t)content.status.st_size;
	*ret = content;
	return true;
}

bool place_names(const struct place *place, const char *prefix, struct strlist *ret, struct fault *fault)
{
	int again = openat(place->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = again < 0 ? NULL : fdopendir(again);
	struct strlist names = { 0 };
	struct dirent *entry;
	int error;

	if (!directory) {
		fault_system(fault, errno, place->path, "cannot list the directory of %s", place->path);
		memory_close(&again);
		return false;
	}
	while ((errno = 0, entry = readdir(directory)))
		if (text_starts_with(entry->d_name, prefix))
			strlist_add(&names, entry->d_name);
	error = errno;
	closedir(directory);
	strlist_sort(&names);
	if (!error)
		strlist_add_all(ret, &names);
	strlist_done(&names);
	return !error || fault_system(fault, error, place->path, "cannot list the directory of %s", place->path);
}

static uint64_t attributes(int directory, const char *name)
{
	struct statx status;

	if (statx(directory, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status) < 0)
		return 0;
	return status.stx_attributes;
}

void place_obstacles(const struct place *place, struct obstacles *ret)
{
	uint64_t file = attributes(place->directory, place->name), directory = attributes(place->directory, "");
	struct statvfs system;
	struct stat status;

	*ret = (struct obstacles){
		.file_immutable = file & STATX_ATTR_IMMUTABLE,
		.file_append_only = file & STATX_ATTR_APPEND,
		.mount_point = file & STATX_ATTR_MOUNT_ROOT,
		.directory_immutable = directory & STATX_ATTR_IMMUTABLE,
		.directory_append_only = directory & STATX_ATTR_APPEND,
	};
	if (!fstatvfs(place->directory, &system))
		ret->read_only = system.f_flag & ST_RDONLY;
	if (!fstat(place->directory, &status))
		ret->device = status.st_dev;
	ret->forbidden = !ret->read_only && !ret->directory_immutable &&
			 faccessat(place->directory, ".", W_OK | X_OK, AT_EACCESS) < 0 &&
			 (errno == EACCES || errno == EPERM);
}
