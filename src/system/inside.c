/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

#define LINK_LIMIT 40 /* as the kernel: MAXSYMLINKS */
#define DEPTH_LIMIT 128

/* The directories from the top down to where the walk stands; the first is borrowed. */
struct walk {
	int directories[DEPTH_LIMIT];
	int depth; /* index of the last */
	int links;
	struct text rest; /* of the path, still to be walked */
};

static void walk_up_to(struct walk *walk, int depth)
{
	for (; walk->depth > depth; walk->depth--)
		memory_close(&walk->directories[walk->depth]);
}

static int fail(int error)
{
	errno = error;
	return -1;
}

/* Takes the next component off the rest; false where there is none. *RET_LAST: nothing follows, not even a slash. */
static bool next_component(struct walk *walk, char name[NAME_MAX + 1], bool *ret_last, bool *ret_long)
{
	char *rest = walk->rest.bytes;
	size_t skip = strspn(rest, "/"), length = strcspn(rest + skip, "/"), left = walk->rest.length - skip - length;

	*ret_long = length > NAME_MAX;
	if (!length || *ret_long)
		return false;
	memcpy(name, rest + skip, length);
	name[length] = '\0';
	*ret_last = !left;
	memmove(rest, rest + skip + length, left + 1);
	walk->rest.length = left;
	return true;
}

/* Puts the target of the link NAME before the rest; an absolute one starts at the top again. */
static int follow(struct walk *walk, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(walk->directories[walk->depth], name, target, sizeof(target) - 1);
	struct text rest = { 0 };

	if (length < 0)
		return -1;
	if (++walk->links > LINK_LIMIT || walk->rest.length > PATH_MAX)
		return fail(ELOOP);
	target[length] = '\0';
	if (*target == '/')
		walk_up_to(walk, 0);
	text_append(&rest, target);
	text_append_n(&rest, walk->rest.bytes, walk->rest.length);
	text_done(&walk->rest);
	walk->rest = rest;
	return 0;
}

static int enter(struct walk *walk, const char *name)
{
	int descriptor;

	if (walk->depth + 1 == DEPTH_LIMIT)
		return fail(ENAMETOOLONG);
	descriptor = openat(walk->directories[walk->depth], name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
	if (descriptor >= 0)
		walk->directories[++walk->depth] = descriptor;
	return descriptor < 0 ? -1 : 0;
}

/* One component: 0 to go on, -1 with errno; 1 where NAME is the last and can be opened where the walk stands. */
static int step(struct walk *walk, const char *name, bool last, int flags)
{
	struct stat status;

	if (!strcmp(name, "."))
		return 0;
	if (!strcmp(name, "..")) {
		walk_up_to(walk, walk->depth ? walk->depth - 1 : 0);
		return 0;
	}
	if (fstatat(walk->directories[walk->depth], name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (S_ISLNK(status.st_mode) && !(last && flags & O_NOFOLLOW))
		return follow(walk, name);
	return last ? 1 : enter(walk, name);
}

int inside_walk(int top, const char *path, int flags)
{
	struct walk walk = { .directories = { top } };
	char name[NAME_MAX + 1];
	bool last, too_long;
	int result = 0, error;

	text_append(&walk.rest, path);
	while (!result && next_component(&walk, name, &last, &too_long))
		result = step(&walk, name, last, flags);
	if (!result && too_long)
		result = fail(ENAMETOOLONG);
	/* The component was looked at and found to be no link: one that is put there since is not followed. */
	if (result > 0)
		result = openat(walk.directories[walk.depth], name, flags | O_NOFOLLOW | O_CLOEXEC);
	else if (!result)
		result = openat(walk.directories[walk.depth], ".", flags | O_CLOEXEC);
	error = errno;
	walk_up_to(&walk, 0);
	text_done(&walk.rest);
	errno = error;
	return result;
}

int inside_open(int top, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long descriptor;

	/* openat2(2) has no wrapper in the C library. */
	do
		descriptor = syscall(SYS_openat2, top, *path ? path : ".", &how, sizeof(how));
	while (descriptor < 0 && (errno == EINTR || errno == EAGAIN));
	if (descriptor < 0 && (errno == ENOSYS || errno == EPERM))
		return inside_walk(top, path, flags);
	return (int)descriptor;
}
