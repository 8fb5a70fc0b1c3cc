/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinetree.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "system/store_tree.h"

#define PATH_LIMIT 2048u
#define OLD 3600 /* seconds by which what is old is older */
#define LINK_LIMIT 16 /* links followed on the way to one path */

enum node_kind { NODE_DIRECTORY, NODE_FILE, NODE_LINK };

struct node {
	char *path; /* without a slash at either end */
	enum node_kind kind;
	mode_t mode;
	bool old;
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

/* Where PATH stands in the table, or would. */
static size_t slot_of(const struct machinetree *tree, const char *path, size_t length)
{
	size_t at = hash(path, length) & (tree->slot_count - 1);

	for (;; at = (at + 1) & (tree->slot_count - 1)) {
		const struct node *node;

		if (!tree->slots[at])
			return at;
		node = &tree->nodes[tree->slots[at] - 1];
		if (!strncmp(node->path, path, length) && !node->path[length])
			return at;
	}
}

static void make_room(struct machinetree *tree)
{
	if (tree->count * 2 < tree->slot_count)
		return;
	free(tree->slots);
	tree->slot_count = tree->slot_count ? tree->slot_count * 2 : 1024;
	tree->slots = memory_zero(tree->slot_count, sizeof(*tree->slots));
	for (size_t i = 0; tree->nodes && i < tree->count; i++)
		tree->slots[slot_of(tree, tree->nodes[i].path, strlen(tree->nodes[i].path))] = i + 1;
}

static const struct node *find(const struct machinetree *tree, const char *path, size_t length)
{
	size_t slot = tree->slot_count ? tree->slots[slot_of(tree, path, length)] : 0;

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
	tree->slots[slot_of(tree, path->bytes, path->length)] = tree->count + 1;
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

void machinetree_old(struct machinetree *tree)
{
	tree->nodes[tree->count - 1].old = true;
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

static bool write_node(int top, const struct node *node, time_t now, struct fault *fault)
{
	switch (node->kind) {
	case NODE_DIRECTORY:
		return tree_directory(top, node->path, fault);
	case NODE_LINK:
		return tree_link(top, node->path, node->bytes, fault);
	case NODE_FILE:
		break;
	}
	return tree_file(top, node->path, node->bytes, node->length, node->mode, node->old ? now - OLD : now, fault);
}

/*
 * Nodes come in order, so that most lie in the directory of the one before. All are of one moment: which is older than
 * another means something, and shall not depend on how long this takes.
 */
static bool write_nodes(int top, const struct node *const *nodes, size_t count, struct fault *fault)
{
	cleanup_text struct text last = { 0 };
	time_t now = time(NULL);

	for (size_t i = 0; i < count; i++) {
		const char *path = nodes[i]->path, *slash = strrchr(path, '/');
		size_t length = slash ? (size_t)(slash - path) : 0;

		if (length && (length != last.length || memcmp(path, last.bytes, length) != 0)) {
			text_reset(&last);
			text_append_n(&last, path, length);
			if (!tree_directory(top, last.bytes, fault))
				return false;
		}
		if (!write_node(top, nodes[i], now, fault))
			return false;
	}
	return true;
}

bool machinetree_write(const struct machinetree *tree, const char *directory, struct fault *fault)
{
	cleanup_close int top = tree_open(directory);
	const struct node **sorted;
	bool done;

	if (top < 0)
		return fault_system(fault, errno, directory, "cannot write below %s", directory);
	sorted = memory_zero(tree->count, sizeof(const struct node *));
	for (size_t i = 0; i < tree->count; i++)
		sorted[i] = &tree->nodes[i];
	qsort(sorted, tree->count, sizeof(const struct node *), by_path);
	done = write_nodes(top, sorted, tree->count, fault);
	free(sorted);
	return done;
}
