/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinetree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LIMIT 2048u
#define LINK_LIMIT 16 /* links followed on the way to one path */

enum node_kind { NODE_DIRECTORY, NODE_FILE, NODE_LINK };

struct node {
	char *path; /* without a slash at either end */
	enum node_kind kind;
	mode_t mode;
	char *bytes; /* of a file; the target of a link */
	size_t length;
};

struct machinetree {
	struct node *nodes;
	size_t count, capacity;
	size_t *slots; /* hash table: index + 1 into nodes, 0 where free */
	size_t slot_count;
	bool has_links; /* of a machine file's own: without any, no path needs to be looked through */
};

struct machinetree *machinetree_new(void)
{
	return memory_zero(1, sizeof(struct machinetree));
}

void machinetree_free(struct machinetree *tree)
{
	if (!tree)
		return;
	for (size_t i = 0; i < tree->count; i++) {
		free(tree->nodes[i].path);
		free(tree->nodes[i].bytes);
	}
	free(tree->nodes);
	free(tree->slots);
	free(tree);
}

static size_t hash(const char *path, size_t length)
{
	uint64_t value = 14695981039346656037u;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (unsigned char)path[i]) * 1099511628211u;
	return (size_t)(value ^ value >> 32);
}

static size_t *slot_of(const struct machinetree *tree, const char *path, size_t length)
{
	size_t at = hash(path, length) & (tree->slot_count - 1);

	for (;; at = (at + 1) & (tree->slot_count - 1)) {
		const struct node *node;

		if (!tree->slots[at])
			return &tree->slots[at];
		node = &tree->nodes[tree->slots[at] - 1];
		if (!strncmp(node->path, path, length) && !node->path[length])
			return &tree->slots[at];
	}
}

static void make_room(struct machinetree *tree)
{
	if (tree->count * 2 < tree->slot_count)
		return;
	free(tree->slots);
	tree->slot_count = tree->slot_count ? tree->slot_count * 2 : 1024;
	tree->slots = memory_zero(tree->slot_count, sizeof(*tree->slots));
	for (size_t i = 0; i < tree->count; i++)
		*slot_of(tree, tree->nodes[i].path, strlen(tree->nodes[i].path)) = i + 1;
}

static const struct node *find(const struct machinetree *tree, const char *path, size_t length)
{
	size_t slot = tree->slot_count ? *slot_of(tree, path, length) : 0;

	return slot ? &tree->nodes[slot - 1] : NULL;
}

/* Appends the components of PATH to the absolute, clean path in TEXT; ".." takes one off and is false at the top. */
static bool append_components(struct text *text, const char *path, bool allow_up)
{
	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && !strncmp(path, "..", 2)) {
			if (!allow_up || !text->length)
				return false;
			while (text->length && text->bytes[text->length - 1] != '/')
				text->length--;
			if (text->length)
				text->length--;
			text->bytes[text->length] = '\0';
		} else if (length && !(length == 1 && *path == '.')) {
			if (length > NAME_MAX)
				return false;
			if (text->length)
				text_append_char(text, '/');
			text_append_n(text, path, length);
		}
		path += length;
		path += strspn(path, "/");
	}
	return text->length <= PATH_LIMIT;
}

/* The first link among the directories above PATH (not PATH itself), or NULL. */
static const struct node *link_above(const struct machinetree *tree, const char *path)
{
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		const struct node *node = find(tree, path, (size_t)(slash - path));

		if (node && node->kind == NODE_LINK)
			return node;
	}
	return NULL;
}

/* PATH in clean form, with the links above it followed; false where it is none that stays inside. */
static bool clean_path(const struct machinetree *tree, const char *path, struct text *ret)
{
	const struct node *link;

	if (!append_components(ret, path, false) || !ret->length)
		return false;
	for (int i = 0; tree->has_links && (link = link_above(tree, ret->bytes)); i++) {
		struct text next = { 0 };
		const char *slash = strrchr(link->path, '/');
		bool inside = i < LINK_LIMIT;

		if (slash)
			text_append_n(&next, link->path, (size_t)(slash - link->path));
		inside = inside && append_components(&next, link->bytes, true) &&
			 append_components(&next, ret->bytes + strlen(link->path), false);
		text_done(ret);
		*ret = next;
		if (!inside || !ret->length)
			return false;
	}
	return true;
}

/* Takes PATH over. */
static bool add(struct machinetree *tree, struct text *path, enum node_kind kind, mode_t mode, const void *bytes,
		size_t length)
{
	const struct node *there = find(tree, path->bytes, path->length);

	if (there)
		return kind == NODE_DIRECTORY && there->kind == NODE_DIRECTORY;
	make_room(tree);
	tree->nodes = memory_grow(tree->nodes, tree->count, &tree->capacity, sizeof(*tree->nodes));
	*slot_of(tree, path->bytes, path->length) = tree->count + 1;
	tree->nodes[tree->count] = (struct node){
		.path = memory_string(path->bytes),
		.kind = kind,
		.mode = mode,
		.bytes = memory_zero(length + 1, 1),
		.length = length,
	};
	if (length)
		memcpy(tree->nodes[tree->count].bytes, bytes, length);
	tree->count++;
	return true;
}

bool machinetree_directory(struct machinetree *tree, const char *path)
{
	cleanup_text struct text clean = { 0 };

	return clean_path(tree, path, &clean) && add(tree, &clean, NODE_DIRECTORY, 0755, "", 0);
}

bool machinetree_file(struct machinetree *tree, const char *path, mode_t mode, const void *bytes, size_t length)
{
	cleanup_text struct text clean = { 0 };

	return clean_path(tree, path, &clean) && add(tree, &clean, NODE_FILE, mode, bytes, length);
}

/* The way from the directory of the clean path FROM to the clean path TO. */
static void relative_way(const char *from, const char *to, struct text *ret)
{
	size_t same = 0;

	for (size_t i = 0; from[i] && from[i] == to[i]; i++)
		if (from[i] == '/')
			same = i + 1;
	for (const char *slash = strchr(from + same, '/'); slash; slash = strchr(slash + 1, '/'))
		text_append(ret, "../");
	text_append(ret, to + same);
}

static bool add_link(struct machinetree *tree, struct text *path, const char *target)
{
	cleanup_text struct text landing = { 0 };
	const char *slash = strrchr(path->bytes, '/');

	if (!*target || strlen(target) > PATH_LIMIT)
		return false;
	if (slash)
		text_append_n(&landing, path->bytes, (size_t)(slash - path->bytes));
	if (*target != '/' && !append_components(&landing, target, true))
		return false;
	if (!add(tree, path, NODE_LINK, 0777, target, strlen(target)))
		return false;
	tree->has_links = true;
	return true;
}

bool machinetree_link_to(struct machinetree *tree, const char *path, const char *target)
{
	cleanup_text struct text clean = { 0 }, end = { 0 }, way = { 0 };

	if (!clean_path(tree, path, &clean) || !append_components(&end, target, false))
		return false;
	relative_way(clean.bytes, text_string(&end), &way);
	if (!way.length)
		text_append_char(&way, '.');
	return add_link(tree, &clean, way.bytes);
}

bool machinetree_link(struct machinetree *tree, const char *path, const char *target)
{
	cleanup_text struct text clean = { 0 };

	if (*target == '/' && strcmp(target, "/dev/null") != 0)
		return machinetree_link_to(tree, path, target);
	return clean_path(tree, path, &clean) && add_link(tree, &clean, target);
}

static int by_path(const void *a, const void *b)
{
	return strcmp((*(const struct node *const *)a)->path, (*(const struct node *const *)b)->path);
}

/* Makes the directories of PATH (all but its last component where LAST is false) below ROOT; returns the innermost. */
static int make_directories(int root, const char *path, bool last)
{
	int directory = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (directory >= 0) {
		const char *slash = strchr(path, '/');
		char name[NAME_MAX + 1];
		size_t length = slash ? (size_t)(slash - path) : strlen(path);
		int next;

		if (!length || (!slash && !last))
			break;
		memcpy(name, path, length);
		name[length] = '\0';
		if (mkdirat(directory, name, 0755) < 0 && errno != EEXIST) {
			memory_close(&directory);
			return -1;
		}
		next = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		memory_close(&directory);
		directory = next;
		path += length + (slash != NULL);
	}
	return directory;
}

static bool write_bytes(int descriptor, const char *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(descriptor, bytes, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		length -= (size_t)done;
	}
	return true;
}

static bool write_node(int directory, const struct node *node)
{
	const char *slash = strrchr(node->path, '/');
	const char *name = slash ? slash + 1 : node->path;
	cleanup_close int descriptor = -1;

	if (node->kind == NODE_LINK)
		return !symlinkat(node->bytes, directory, name);
	descriptor = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return descriptor >= 0 && write_bytes(descriptor, node->bytes, node->length) &&
	       !fchmod(descriptor, node->mode);
}

/* Nodes come in order, so that most lie in the directory of the one before. */
static bool write_nodes(int root, const struct node *const *nodes, size_t count, struct fault *fault)
{
	cleanup_close int directory = -1;
	const char *last = NULL;
	size_t last_length = 0;

	for (size_t i = 0; i < count; i++) {
		const char *path = nodes[i]->path, *slash = strrchr(path, '/');
		size_t length = slash ? (size_t)(slash - path) : 0;
		bool is_directory = nodes[i]->kind == NODE_DIRECTORY;

		if (is_directory || !last || length != last_length || strncmp(path, last, length) != 0) {
			memory_close(&directory);
			directory = make_directories(root, path, is_directory);
			if (directory < 0)
				return fault_system(fault, errno, path, "cannot make the directory of %s", path);
			last = is_directory ? NULL : path;
			last_length = length;
		}
		if (!is_directory && !write_node(directory, nodes[i]))
			return fault_system(fault, errno, path, "cannot write %s", path);
	}
	return true;
}

bool machinetree_write(const struct machinetree *tree, const char *directory, struct fault *fault)
{
	cleanup_close int root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct node **sorted;
	bool done;

	if (root < 0)
		return fault_system(fault, errno, directory, "cannot write below %s", directory);
	sorted = memory_zero(tree->count, sizeof(*sorted));
	for (size_t i = 0; i < tree->count; i++)
		sorted[i] = &tree->nodes[i];
	qsort(sorted, tree->count, sizeof(*sorted), by_path);
	done = write_nodes(root, sorted, tree->count, fault);
	free(sorted);
	return done;
}
