/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/changeset.h"

#include <stdint.h>
#include <string.h>

#include "base/digest.h"

static void file_change_done(struct file_change *file)
{
	free(file->path);
	text_done(&file->before);
	text_done(&file->after);
	free(file->why);
}

static void command_done(struct command *command)
{
	for (size_t i = 0; i < command->expectation_count; i++) {
		struct expectation *expectation = &command->expectations[i];

		free(expectation->path);
		strlist_done(&expectation->argv);
		strlist_done(&expectation->keys);
		strlist_done(&expectation->from);
		strlist_done(&expectation->others);
		strlist_done(&expectation->present);
		strlist_done(&expectation->absent);
	}
	free(command->expectations);
	strlist_done(&command->argv);
	free(command->why);
	free(command->output);
	strlist_done(&command->artefacts);
	strlist_done(&command->beside);
	strlist_done(&command->over);
	strlist_done(&command->undo);
}

void changeset_done(struct changeset *changeset)
{
	if (!changeset)
		return;
	for (size_t i = 0; i < changeset->file_count; i++)
		file_change_done(&changeset->files[i]);
	for (size_t i = 0; i < changeset->command_count; i++)
		command_done(&changeset->commands[i]);
	free(changeset->files);
	free(changeset->commands);
	*changeset = (struct changeset){ 0 };
}

static struct file_change *find(const struct changeset *changeset, const char *path)
{
	for (size_t i = 0; i < changeset->file_count; i++)
		if (!strcmp(changeset->files[i].path, path))
			return &changeset->files[i];
	return NULL;
}

const struct file_change *changeset_find(const struct changeset *changeset, const char *path)
{
	return find(changeset, path);
}

static void remove_file(struct changeset *changeset, struct file_change *file)
{
	size_t index = (size_t)(file - changeset->files);

	file_change_done(file);
	changeset->file_count--;
	memmove(file, file + 1, (changeset->file_count - index) * sizeof(*file));
}

/* Gives FILE its final bytes and what that makes of it; false where nothing is left to do. */
static bool settle(struct file_change *file, const struct text *after)
{
	bool existed = file->kind != CHANGE_CREATE;

	text_reset(&file->after);
	if (after)
		text_append_n(&file->after, text_string(after), after->length);
	if (!existed)
		return after != NULL;
	file->kind = after ? CHANGE_MODIFY : CHANGE_DELETE;
	return !after || !text_equal(&file->before, &file->after);
}

static struct file_change *add(struct changeset *changeset, const char *path, const struct text *before, mode_t mode,
			       const char *why)
{
	struct file_change *file;

	changeset->files = memory_grow(changeset->files, changeset->file_count, &changeset->file_capacity,
				       sizeof(*changeset->files));
	file = &changeset->files[changeset->file_count++];
	*file = (struct file_change){
		.kind = before ? CHANGE_MODIFY : CHANGE_CREATE,
		.path = memory_string(path),
		.mode = mode & 07777,
		.why = memory_string(why ? why : ""),
	};
	if (before)
		text_append_n(&file->before, text_string(before), before->length);
	return file;
}

void changeset_file(struct changeset *changeset, const char *path, const struct text *before,
		    const struct text *after, mode_t mode, const char *why)
{
	struct file_change *file = find(changeset, path);

	if (!file)
		file = add(changeset, path, before, mode, why);
	if (!settle(file, after))
		remove_file(changeset, file);
}

/* The same command wanted twice runs once, as late as the last one who wants it. */
static bool move_to_end(struct changeset *changeset, const struct strlist *argv)
{
	for (size_t i = 0; i < changeset->command_count; i++) {
		struct command moved = changeset->commands[i];

		if (!strlist_equal(&moved.argv, argv))
			continue;
		memmove(&changeset->commands[i], &changeset->commands[i + 1],
			(changeset->command_count - i - 1) * sizeof(moved));
		changeset->commands[changeset->command_count - 1] = moved;
		return true;
	}
	return false;
}

struct command *changeset_command(struct changeset *changeset, const char *why, unsigned timeout,
				  const char *const argv[])
{
	struct strlist words = { 0 };
	struct command *command;

	for (size_t i = 0; argv[i]; i++)
		strlist_add(&words, argv[i]);
	if (move_to_end(changeset, &words)) {
		strlist_done(&words);
		command = &changeset->commands[changeset->command_count - 1];
		if (command->timeout < timeout)
			command->timeout = timeout;
		return command;
	}
	changeset->commands = memory_grow(changeset->commands, changeset->command_count, &changeset->command_capacity,
					  sizeof(*changeset->commands));
	command = &changeset->commands[changeset->command_count++];
	*command = (struct command){
		.argv = words,
		.why = memory_string(why ? why : ""),
		.timeout = timeout,
	};
	return command;
}

bool changeset_rewrites(const struct changeset *changeset, const char *path)
{
	for (size_t i = 0; i < changeset->command_count; i++) {
		const struct command *command = &changeset->commands[i];

		if (strlist_has(&command->artefacts, path) || (command->output && !strcmp(command->output, path)))
			return true;
	}
	return false;
}

struct expectation *command_expect(struct command *command, enum expect_kind kind, const char *path)
{
	struct expectation *expectation;

	/* Few a command: growing by one is enough. */
	command->expectations = reallocarray(command->expectations, command->expectation_count + 1,
					     sizeof(*command->expectations));
	if (!command->expectations)
		abort();
	expectation = &command->expectations[command->expectation_count++];
	*expectation = (struct expectation){ .kind = kind, .path = memory_string(path) };
	return expectation;
}

bool changeset_empty(const struct changeset *changeset)
{
	return !changeset->file_count && !changeset->command_count;
}

const char *change_kind_word(enum change_kind kind)
{
	static const char *const words[] = { "create", "modify", "delete" };

	return words[kind];
}

/* Every run of bytes goes in behind its length: two different changesets never give the same stream. */
static void add_number(struct digest *digest, size_t number)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
	digest_add(digest, bytes, sizeof(bytes));
}

static void add_bytes(struct digest *digest, const void *bytes, size_t length)
{
	add_number(digest, length);
	digest_add(digest, bytes, length);
}

static void add_string(struct digest *digest, const char *string)
{
	add_number(digest, string != NULL);
	add_bytes(digest, string, string ? strlen(string) : 0);
}

static void add_list(struct digest *digest, const struct strlist *list)
{
	add_number(digest, list->count);
	for (size_t i = 0; i < list->count; i++)
		add_string(digest, list->items[i]);
}

static void add_file(struct digest *digest, const struct file_change *file)
{
	add_number(digest, file->kind);
	add_string(digest, file->path);
	add_bytes(digest, file->before.bytes, file->before.length);
	add_bytes(digest, file->after.bytes, file->after.length);
	add_number(digest, file->kind == CHANGE_CREATE ? file->mode : 0);
}

static void add_command(struct digest *digest, const struct command *command)
{
	add_list(digest, &command->argv);
	add_number(digest, command->timeout);
	add_string(digest, command->output);
	add_list(digest, &command->artefacts);
	add_list(digest, &command->beside);
	add_list(digest, &command->over);
	add_list(digest, &command->undo);
	add_number(digest, command->undo_later);
	add_number(digest, command->expectation_count);
	for (size_t i = 0; i < command->expectation_count; i++) {
		const struct expectation *expectation = &command->expectations[i];

		add_number(digest, expectation->kind);
		add_string(digest, expectation->path);
		add_list(digest, &expectation->argv);
		add_list(digest, &expectation->keys);
		add_list(digest, &expectation->from);
		add_list(digest, &expectation->others);
		add_list(digest, &expectation->present);
		add_list(digest, &expectation->absent);
	}
}

void changeset_digest(const struct changeset *changeset, char buffer[65])
{
	struct digest *digest = digest_new();

	add_number(digest, changeset->file_count);
	for (size_t i = 0; i < changeset->file_count; i++)
		add_file(digest, &changeset->files[i]);
	add_number(digest, changeset->command_count);
	for (size_t i = 0; i < changeset->command_count; i++)
		add_command(digest, &changeset->commands[i]);
	digest_finish(digest, buffer);
	digest_free(digest);
}
