/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "system/inside.h"

struct root {
	int descriptor;
	char *directory;
};

bool root_open(const char *directory, struct root **ret, struct fault *fault)
{
	int descriptor = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct root *root;
	size_t length = strlen(directory);

	if (descriptor < 0)
		return fault_system(fault, errno, directory, "cannot use %s as the root of a machine", directory);
	while (length && directory[length - 1] == '/')
		length--;
	root = memory_zero(1, sizeof(*root));
	root->descriptor = descriptor;
	root->directory = memory_string_n(directory, length);
	*ret = root;
	return true;
}

void root_free(struct root *root)
{
	if (!root)
		return;
	close(root->descriptor);
	free(root->directory);
	free(root);
}

bool root_is_running_system(const struct root *root)
{
	return !*root->directory;
}

const char *root_directory(const struct root *root)
{
	return root->directory;
}

int root_descriptor(const struct root *root)
{
	return root->descriptor;
}

char *root_join(const struct root *root, const char *path)
{
	struct text text = { 0 };

	text_printf(&text, "%s/%s", root->directory, path + strspn(path, "/"));
	return text_take(&text);
}

/* Regular files only: a fifo or a device in the way must neither block us nor be read. */
static int open_regular(int directory, const char *path, struct stat *status)
{
	int descriptor = inside_open(directory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int error = 0;

	if (descriptor < 0)
		return -1;
	if (fstat(descriptor, status) < 0)
		error = errno;
	else if (S_ISDIR(status->st_mode))
		error = EISDIR;
	else if (!S_ISREG(status->st_mode))
		error = EINVAL;
	if (!error)
		return descriptor;
	close(descriptor);
	errno = error;
	return -1;
}

/* Reads to the end; at most LIMIT + 1 bytes, so that the caller can tell "too large". */
static bool read_all(int descriptor, size_t limit, struct text *text)
{
	char buffer[16384];

	while (text->length <= limit) {
		size_t want = limit + 1 - text->length;
		ssize_t got = read(descriptor, buffer, want < sizeof(buffer) ? want : sizeof(buffer));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (!got)
			break;
		text_append_n(text, buffer, (size_t)got);
	}
	return true;
}

bool root_read(const struct root *root, const char *path, size_t limit, struct text *ret, struct fault *fault)
{
	cleanup_text struct text text = { 0 };
	cleanup_close int descriptor = -1;
	struct stat status;

	descriptor = open_regular(root->descriptor, path, &status);
	if (descriptor < 0)
		return fault_system(fault, errno, path, "cannot read %s", path);
	if (!read_all(descriptor, limit, &text))
		return fault_system(fault, errno, path, "cannot read %s", path);
	if (text.length > limit)
		return fault_system(fault, EFBIG, path, "%s has more than the %zu bytes that are read of such a file",
				    path, limit);
	text_append_n(ret, text_string(&text), text.length);
	return true;
}

bool root_read_start(const struct root *root, const char *path, size_t limit, struct text *ret, struct fault *fault)
{
	cleanup_text struct text text = { 0 };
	cleanup_close int descriptor = -1;
	struct stat status;

	descriptor = open_regular(root->descriptor, path, &status);
	if (descriptor < 0 || !read_all(descriptor, limit, &text))
		return fault_system(fault, errno, path, "cannot read %s", path);
	text_append_n(ret, text_string(&text), text.length < limit ? text.length : limit);
	return true;
}

bool root_read_if_there(const struct root *root, const char *path, size_t limit, struct text *ret, bool *ret_there,
			struct fault *fault)
{
	struct fault reading = { 0 };
	bool there = root_read(root, path, limit, ret, &reading);

	if (!there && !root_missing(&reading)) {
		if (fault)
			*fault = reading;
		return false;
	}
	*ret_there = there;
	return true;
}

bool root_read_range(const struct root *root, const char *path, uint64_t offset, size_t size, struct text *ret,
		     struct fault *fault)
{
	cleanup_text struct text text = { 0 };
	cleanup_close int descriptor = -1;
	struct stat status;

	descriptor = open_regular(root->descriptor, path, &status);
	if (descriptor < 0 || offset > INT64_MAX || lseek(descriptor, (off_t)offset, SEEK_SET) < 0 ||
	    (size && !read_all(descriptor, size - 1, &text)))
		return fault_system(fault, errno, path, "cannot read %s", path);
	text_append_n(ret, text_string(&text), text.length);
	return true;
}

bool root_missing(const struct fault *fault)
{
	return fault->kind == FAULT_SYSTEM && (fault->error == ENOENT || fault->error == ENOTDIR);
}

/* Cuts BUFFER of LENGTH bytes to its first line without trailing blanks; false where that holds a NUL. */
static bool first_line(char *buffer, size_t length)
{
	char *end = memchr(buffer, '\n', length);

	if (end)
		length = (size_t)(end - buffer);
	if (memchr(buffer, '\0', length))
		return false;
	while (length && strchr(" \t\r", buffer[length - 1]))
		length--;
	buffer[length] = '\0';
	return true;
}

static bool read_attribute(int descriptor, char *buffer, size_t size)
{
	ssize_t got;

	do
		got = read(descriptor, buffer, size);
	while (got < 0 && errno == EINTR);
	if (got < 0 || ((size_t)got == size && !memchr(buffer, '\n', size)))
		return false;
	if ((size_t)got == size)
		got--;
	return first_line(buffer, (size_t)got);
}

bool root_attribute(const struct root *root, const char *path, char *buffer, size_t size)
{
	cleanup_close int descriptor = -1;
	struct stat status;

	descriptor = open_regular(root->descriptor, path, &status);
	return descriptor >= 0 && read_attribute(descriptor, buffer, size);
}

bool root_attribute_at(int directory, const char *name, char *buffer, size_t size)
{
	cleanup_close int descriptor =
		openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);

	return descriptor >= 0 && read_attribute(descriptor, buffer, size);
}

size_t root_head_at(int directory, const char *name, void *buffer, size_t size)
{
	cleanup_close int descriptor =
		openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t got;

	if (descriptor < 0)
		return 0;
	do
		got = read(descriptor, buffer, size);
	while (got < 0 && errno == EINTR);
	return got < 0 ? 0 : (size_t)got;
}

int root_open_directory(const struct root *root, const char *path)
{
	return inside_open(root->descriptor, path, O_RDONLY | O_DIRECTORY);
}

/* A descriptor of the link itself; its target is then read by readlinkat(2) with an empty name. */
bool root_link(const struct root *root, const char *path, char *buffer, size_t size)
{
	cleanup_close int descriptor = inside_open(root->descriptor, path, O_PATH | O_NOFOLLOW);
	ssize_t length;

	if (descriptor < 0)
		return false;
	length = readlinkat(descriptor, "", buffer, size);
	if (length < 0 || (size_t)length >= size)
		return false;
	buffer[length] = '\0';
	return true;
}

static bool last_component(const char *target, char *buffer, size_t size)
{
	const char *slash = strrchr(target, '/');
	const char *name = slash ? slash + 1 : target;

	if (!*name || strlen(name) >= size)
		return false;
	memcpy(buffer, name, strlen(name) + 1);
	return true;
}

bool root_link_name(const struct root *root, const char *path, char *buffer, size_t size)
{
	char target[PATH_MAX];

	return root_link(root, path, target, sizeof(target)) && last_component(target, buffer, size);
}

bool root_link_at(int directory, const char *name, char *buffer, size_t size)
{
	ssize_t length = readlinkat(directory, name, buffer, size);

	if (length < 0 || (size_t)length >= size)
		return false;
	buffer[length] = '\0';
	return true;
}

bool root_link_name_at(int directory, const char *name, char *buffer, size_t size)
{
	char target[PATH_MAX];

	return root_link_at(directory, name, target, sizeof(target)) && last_component(target, buffer, size);
}

/* The kernel's own name for the open file, less the root's own name. */
char *root_resolve(const struct root *root, const char *path)
{
	cleanup_close int descriptor = inside_open(root->descriptor, path, O_PATH);
	char link[64], name[PATH_MAX], base[PATH_MAX];
	ssize_t length, base_length;

	if (descriptor < 0)
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
	length = readlink(link, name, sizeof(name) - 1);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", root->descriptor);
	base_length = readlink(link, base, sizeof(base) - 1);
	if (length < 0 || base_length < 0)
		return NULL;
	name[length] = base[base_length] = '\0';
	if (!strcmp(base, "/"))
		return memory_string(name);
	if (strncmp(name, base, (size_t)base_length) != 0 || (name[base_length] && name[base_length] != '/'))
		return NULL;
	return memory_string(name[base_length] ? name + base_length : "/");
}

bool root_exists(const struct root *root, const char *path)
{
	cleanup_close int descriptor = inside_open(root->descriptor, path, O_PATH);

	return descriptor >= 0;
}

bool root_is_directory(const struct root *root, const char *path)
{
	cleanup_close int descriptor = inside_open(root->descriptor, path, O_PATH | O_DIRECTORY);

	return descriptor >= 0;
}

bool root_stat(const struct root *root, const char *path, struct stat *ret)
{
	cleanup_close int descriptor = inside_open(root->descriptor, path, O_PATH);

	return descriptor >= 0 && !fstat(descriptor, ret);
}

bool root_list(const struct root *root, const char *path, struct strlist *ret, struct fault *fault)
{
	int descriptor = root_open_directory(root, path);
	DIR *directory = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct strlist names = { 0 };
	struct dirent *entry;

	if (!directory) {
		fault_system(fault, errno, path, "cannot list %s", path);
		memory_close(&descriptor);
		return false;
	}
	while ((errno = 0, entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strlist_add(&names, entry->d_name);
	if (errno) {
		fault_system(fault, errno, path, "cannot list %s", path);
		closedir(directory);
		strlist_done(&names);
		return false;
	}
	closedir(directory);
	strlist_sort(&names);
	strlist_add_all(ret, &names);
	strlist_done(&names);
	return true;
}
