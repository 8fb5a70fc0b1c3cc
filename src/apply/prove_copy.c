/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/prove_copy.h"

#include <errno.h>
#include <string.h>

#include "system/pe.h"

#define PIECE ((size_t)1024 * 1024)
/* By which the beginning of the copy is looked for. */
#define BEGINNING ((size_t)4096)
/* systemd's ukify fills each initrd but a single one up to a multiple of it, and the kernel asks for it. */
#define ALIGNMENT 4u
/* Of places that begin alike: microcode is in front of every image, and there are as many of those as initrds. */
#define TRIES_LIMIT 64u

/* The bytes of a file of which a copy is looked for, and where it may be. */
struct search {
	const struct root *root;
	const char *file, *in;
	uint64_t size;         /* of the file */
	struct pe_place place; /* in the other one */
	unsigned tries;
};

/* Whether the file is at OFFSET of the other one. False with a fault where one of them cannot be read. */
static bool is_at(const struct search *search, uint64_t offset, bool *ret, struct fault *fault)
{
	for (uint64_t at = 0; at < search->size; at += PIECE) {
		cleanup_text struct text ours = { 0 };
		cleanup_text struct text theirs = { 0 };
		size_t length = search->size - at < PIECE ? (size_t)(search->size - at) : PIECE;

		if (!root_read_range(search->root, search->file, at, length, &ours, fault) ||
		    !root_read_range(search->root, search->in, offset + at, length, &theirs, fault))
			return false;
		*ret = ours.length == length && text_equal(&ours, &theirs);
		if (!*ret)
			return true;
	}
	*ret = true;
	return true;
}

/* Looks at every place of PIECE, which stands at OFFSET, that begins as the file does. */
static bool search_piece(struct search *search, const struct text *piece, uint64_t offset, const struct text *beginning,
			 bool *found, struct fault *fault)
{
	const char *start = text_string(piece), *at = start;
	size_t left = piece->length;

	while (!*found && search->tries < TRIES_LIMIT &&
	       (at = memmem(at, left, text_string(beginning), beginning->length))) {
		uint64_t place = offset + (uint64_t)(at - start), inside = place - search->place.offset;

		if (!(inside % ALIGNMENT) && search->place.size - inside >= search->size) {
			search->tries++;
			if (!is_at(search, place, found, fault))
				return false;
		}
		at++;
		left = piece->length - (size_t)(at - start);
	}
	return true;
}

/* Each piece reaches into the next by what a beginning that spans both needs. */
static bool find(struct search *search, bool *found, struct fault *fault)
{
	size_t length = search->size < BEGINNING ? (size_t)search->size : BEGINNING;
	uint64_t end = search->place.offset + search->place.size;
	cleanup_text struct text beginning = { 0 };

	*found = false;
	if (!root_read_range(search->root, search->file, 0, length, &beginning, fault))
		return false;
	for (uint64_t at = search->place.offset; !*found && at < end && beginning.length == length; at += PIECE) {
		cleanup_text struct text piece = { 0 };
		size_t wanted = end - at < PIECE + length - 1 ? (size_t)(end - at) : PIECE + length - 1;

		if (!root_read_range(search->root, search->in, at, wanted, &piece, fault) ||
		    !search_piece(search, &piece, at, &beginning, found, fault))
			return false;
	}
	return true;
}

/* A copy that is the whole file. */
static bool compare(struct search *search, bool *found, struct fault *fault)
{
	struct stat status;

	if (!root_stat(search->root, search->in, &status))
		return fault_system(fault, errno, search->in, "cannot read %s", search->in);
	*found = false;
	return (uint64_t)status.st_size != search->size || is_at(search, 0, found, fault);
}

bool prove_copy(const struct proof *proof, const struct expectation *expectation, struct fault *fault)
{
	const char *file = expectation->keys.items[0], *command = proof->command->argv.items[0];
	const char *section = expectation->keys.count > 1 ? expectation->keys.items[1] : NULL;
	struct search search = { .root = proof->root, .file = file, .in = expectation->path };
	struct stat status;
	bool found = false;

	if (!root_stat(proof->root, file, &status) || !S_ISREG(status.st_mode) || !status.st_size)
		return fault_set(fault, FAULT_COMMAND, file, "after %s, %s is not there, or is empty", command, file);
	search.size = (uint64_t)status.st_size;
	if ((section && !pe_find_section(proof->root, expectation->path, section, &search.place, fault)) ||
	    (section ? !find(&search, &found, fault) : !compare(&search, &found, fault)))
		return fault_context(fault, "after %s", command);
	if (found)
		return true;
	if (section)
		return fault_set(fault, FAULT_COMMAND, expectation->path,
				 "after %s, the section %s of %s does not hold %s as it is now: it would start with "
				 "another initramfs than the one that was just checked", command, section,
				 expectation->path, file);
	return fault_set(fault, FAULT_COMMAND, expectation->path,
			 "after %s, %s is not the same as %s, of which it is to be a copy: it would start another "
			 "initramfs than the one that was just checked", command, expectation->path, file);
}
