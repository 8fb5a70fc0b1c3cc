/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/prove.h"
#include "apply/systems.h"
#include "apply/transaction.h"
#include "system/pe.h"
#include "system/place.h"

struct check {
	const struct root *root;
	bool privileged;
	const struct check_listener *listener;
	struct journal *journal;
};

/* A fault that is about the machine's state, with the errno that it would have become. */
static bool obstacle(struct fault *fault, int error, const char *path, const char *format, const char *argument)
{
	fault_set(fault, FAULT_SYSTEM, path, format, path, argument);
	if (fault)
		fault->error = error;
	return false;
}

/* The command to type; a path below --root is shown as the administrator's shell sees it. */
static bool attribute(const struct check *check, struct fault *fault, const char *path, const char *of,
		      char attribute_letter)
{
	char *joined = root_join(check->root, of);

	fault_set(fault, FAULT_SYSTEM, path,
		  "%s cannot be replaced: %s has the attribute +%c (%s). If it may be changed, type: chattr -%c %s", path,
		  !strcmp(path, of) ? "it" : of, attribute_letter, attribute_letter == 'i' ? "immutable" : "append only",
		  attribute_letter, joined);
	if (fault)
		fault->error = EPERM;
	free(joined);
	return false;
}

static bool no_obstacle(const struct check *check, const struct place *place, struct fault *fault)
{
	cleanup_free char *directory =
		memory_string_n(place->path, (size_t)(place->name - place->path > 1 ? place->name - place->path - 1 : 1));
	struct obstacles found;

	place_obstacles(place, &found);
	if (found.read_only)
		return obstacle(fault, EROFS, place->path,
				"%s is on a file system that is mounted read-only: see findmnt -T %s, and remount it "
				"with mount -o remount,rw", directory);
	if (found.mount_point)
		return obstacle(fault, EBUSY, place->path,
				"%s cannot be replaced, because something is mounted over the file itself: see findmnt "
				"%s, and unmount it", place->path);
	if (found.file_immutable || found.file_append_only)
		return attribute(check, fault, place->path, place->path, found.file_immutable ? 'i' : 'a');
	if (found.directory_immutable || found.directory_append_only)
		return attribute(check, fault, place->path, directory, found.directory_immutable ? 'i' : 'a');
	if (found.forbidden && check->privileged)
		return obstacle(fault, EACCES, place->path,
				"only root may change %s (in %s): run vfioconf as root, for example through sudo",
				directory);
	return true;
}

static void note_links(const struct check *check, const struct place *place, const struct content *content)
{
	cleanup_text struct text sentence = { 0 };

	if (!content->there || content->status.st_nlink < 2 || !check->listener || !check->listener->note)
		return;
	text_printf(&sentence, "%s has %llu names (hard links): the others keep the old bytes", place->path,
		    (unsigned long long)content->status.st_nlink);
	check->listener->note(check->listener->data, text_string(&sentence));
}

/* How many bytes of PATH name the topmost directory above it that is not there; 0 where all are. */
static size_t missing_directory(const struct root *root, const char *path)
{
	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *part = memory_string_n(path, (size_t)(slash - path));
		bool there = root_is_directory(root, part);

		free(part);
		if (!there)
			return (size_t)(slash - path);
	}
	return 0;
}

static void add_directory(struct journal *journal, const char *path, size_t length)
{
	cleanup_free char *directory = memory_string_n(path, length);

	strlist_add_once(&journal->directories, directory);
}

/* A file in directories that have to be made: its path in them, and their paths, are resolved as far as they exist. */
static bool check_new_directories(const struct check *check, struct journal_file *file, size_t missing,
				  struct fault *fault)
{
	cleanup_free char *topmost = memory_string_n(file->path, missing);
	struct place place = PLACE_NONE;
	struct text target = { 0 };
	bool done = false;

	if (!place_find(check->root, topmost, &place, fault))
		return false;
	if (root_exists(check->root, topmost))
		fault_system(fault, ENOTDIR, topmost, "cannot make %s", file->path);
	else
		done = no_obstacle(check, &place, fault);
	if (done) {
		text_printf(&target, "%s%s", place.path, file->path + missing);
		for (size_t i = strlen(place.path); i; i = strcspn(target.bytes + i + 1, "/") + i + 1) {
			if (!target.bytes[i])
				break;
			add_directory(check->journal, target.bytes, i);
		}
		file->target = text_take(&target);
	}
	place_done(&place);
	return done;
}

static bool unlike_plan(const struct journal_file *file, const struct content *content, struct fault *fault)
{
	if (!file->old.there)
		return fault_set(fault, FAULT_CONFLICT, file->path,
				 "%s was made by someone else after the plan was made: make the plan anew", file->path);
	return fault_set(fault, FAULT_CONFLICT, file->path,
			 "%s was %s by someone else after the plan was made: make the plan anew", file->path,
			 content->there ? "changed" : "removed");
}

static bool check_existing(const struct check *check, struct journal_file *file, struct fault *fault)
{
	struct place place = PLACE_NONE;
	struct content content;
	bool done = false;

	if (!place_find(check->root, file->path, &place, fault))
		return false;
	if (no_obstacle(check, &place, fault) && place_content(&place, NULL, &content, fault))
		done = side_is(&file->old, &content) || unlike_plan(file, &content, fault);
	if (done) {
		note_links(check, &place, &content);
		if (content.there)
			file->mode = content.status.st_mode & 07777;
		file->target = memory_string(place.path);
	}
	place_done(&place);
	return done;
}

static bool is_duplicate(const struct journal *journal, const char *target)
{
	size_t count = 0;

	for (size_t i = 0; i < journal->file_count; i++)
		count += journal->files[i].target && !strcmp(journal->files[i].target, target);
	return count > 1;
}

static bool check_file(const struct check *check, const struct file_change *change, struct fault *fault)
{
	struct journal_file *file = journal_add_file(check->journal);
	size_t missing = missing_directory(check->root, change->path);
	struct content absent = { 0 };

	file->kind = change->kind;
	file->path = memory_string(change->path);
	file->mode = change->mode;
	side_set_bytes(&file->old, change->kind == CHANGE_CREATE ? NULL : &change->before);
	side_set_bytes(&file->new, change->kind == CHANGE_DELETE ? NULL : &change->after);
	if (*change->path != '/')
		return fault_input(fault, change->path, 0, "a path must begin with /");
	if (missing && change->kind != CHANGE_CREATE)
		return unlike_plan(file, &absent, fault);
	if (missing ? !check_new_directories(check, file, missing, fault) : !check_existing(check, file, fault))
		return false;
	if (is_duplicate(check->journal, file->target))
		return fault_set(fault, FAULT_INPUT, file->path,
				 "%s leads to the same file as another one of the plan: remove the link", file->path);
	return true;
}

static bool add_siblings(const struct place *place, struct strlist *ret, struct fault *fault)
{
	cleanup_text struct text prefix = { 0 };

	text_printf(&prefix, "%s.", place->name);
	return place_names(place, text_string(&prefix), ret, fault);
}

static bool check_artefact(const struct check *check, size_t command, const char *path, bool output,
			   struct fault *fault)
{
	struct journal_artefact *artefact = journal_add_artefact(check->journal);
	struct place place = PLACE_NONE;
	struct content content;
	bool done = false;

	artefact->command = command;
	artefact->output = output;
	artefact->path = memory_string(path);
	if (!place_find(check->root, path, &place, fault))
		return false;
	artefact->target = memory_string(place.path);
	if (no_obstacle(check, &place, fault) && place_content(&place, NULL, &content, fault) &&
	    add_siblings(&place, &artefact->siblings, fault)) {
		side_set(&artefact->old, &content);
		artefact->is_signed = pe_is_signed(check->root, path);
		done = true;
	}
	place_done(&place);
	return done;
}

/* Of what several commands write, one after the other, there is one copy: of what it was before all of them. */
static bool has_artefact(const struct journal *journal, const char *path)
{
	for (size_t i = 0; i < journal->artefact_count; i++)
		if (!strcmp(journal->artefacts[i].path, path))
			return true;
	return false;
}

static void check_expectations(const struct check *check, size_t number)
{
	const struct command *command = &check->journal->commands.commands[number];
	struct journal_command *state = &check->journal->states[number];
	struct stat status;

	for (size_t i = 0; i < command->expectation_count; i++) {
		if (root_stat(check->root, command->expectations[i].path, &status) && S_ISREG(status.st_mode))
			state->checks[i].size = (uint64_t)status.st_size;
		prove_inverse(check->root, &command->expectations[i], &state->checks[i].present,
			      &state->checks[i].absent);
	}
}

static bool is_installed(const struct check *check, const char *program, struct fault *fault)
{
	return run_available(check->root, program) ||
	       fault_system(fault, ENOENT, NULL, "the program %s, which is needed, is not installed", program);
}

static bool check_programs(const struct check *check, const struct command *command, struct fault *fault)
{
	if (!is_installed(check, command->argv.items[0], fault))
		return false;
	for (size_t i = 0; i < command->expectation_count; i++)
		if (command->expectations[i].kind == EXPECT_LISTING &&
		    !is_installed(check, command->expectations[i].argv.items[0], fault))
			return false;
	return true;
}

static bool check_command(const struct check *check, const struct command *command, struct fault *fault)
{
	size_t number = check->journal->commands.command_count;

	journal_add_command(check->journal, command);
	if (!check_programs(check, command, fault))
		return false;
	if (command->output && !check_artefact(check, number, command->output, true, fault))
		return false;
	for (size_t i = 0; i < command->artefacts.count; i++)
		if (!has_artefact(check->journal, command->artefacts.items[i]) &&
		    !check_artefact(check, number, command->artefacts.items[i], false, fault))
			return false;
	check_expectations(check, number);
	return true;
}

bool check_changeset(const struct root *root, const struct changeset *changeset, bool privileged,
		     const struct check_listener *listener, struct journal *journal, struct fault *fault)
{
	struct check check = { .root = root, .privileged = privileged, .listener = listener, .journal = journal };

	for (size_t i = 0; i < changeset->file_count; i++)
		if (!check_file(&check, &changeset->files[i], fault))
			return false;
	for (size_t i = 0; i < changeset->command_count; i++)
		if (!check_command(&check, &changeset->commands[i], fault))
			return false;
	systems_note(root, journal);
	return true;
}
