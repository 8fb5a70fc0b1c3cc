/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/execute.h"

#include <stdio.h>
#include <string.h>

#include "apply/preview.h"
#include "apply/prove.h"
#include "system/pe.h"
#include "system/store.h"
#include "system/store_copy.h"

/* One command while it runs. */
struct execution {
	struct work *work;
	size_t number;
	const struct command *command;
	char *line;      /* for people */
	size_t output;   /* index of the artefact that is its output, where it has one */
	char *temporary; /* the path of its staged output inside the root, or NULL */
	struct text last; /* the last line that it said */
};

static void execution_done(struct execution *execution)
{
	free(execution->line);
	free(execution->temporary);
	text_done(&execution->last);
}

static void show_line(void *data, const char *line)
{
	struct execution *execution = data;

	if (*line) {
		text_reset(&execution->last);
		text_append(&execution->last, line);
	}
	work_notify(execution->work, APPLY_COMMAND, execution->number + 1,
		    execution->work->journal.commands.command_count, execution->line, line);
}

static bool is_cancelled(void *data)
{
	const struct execution *execution = data;

	return !work_go_on(execution->work, NULL);
}

/* "/boot/grub/.vfioconf-ID-N.tmp": beside its target, whose links are resolved; the same path inside a chroot. */
static void name_output(struct execution *execution)
{
	const struct journal *journal = &execution->work->journal;
	struct text path = { 0 };
	char name[JOURNAL_NAME_SIZE];

	for (size_t i = 0; i < journal->artefact_count; i++) {
		const struct journal_artefact *artefact = &journal->artefacts[i];

		if (artefact->command != execution->number || !artefact->output)
			continue;
		execution->output = i;
		text_append_n(&path, artefact->target, (size_t)(strrchr(artefact->target, '/') + 1 - artefact->target));
		text_append(&path, journal_artefact_temporary(journal, i, name));
		execution->temporary = text_take(&path);
		return;
	}
}

static void substitute(const struct strlist *from, const char *output, struct strlist *ret)
{
	for (size_t i = 0; i < from->count; i++)
		strlist_add(ret, output && !strcmp(from->items[i], COMMAND_OUTPUT) ? output : from->items[i]);
}

static bool save_output(const struct execution *execution, const struct text *output, struct fault *fault)
{
	struct folder out = FOLDER_NONE;
	char name[16];
	bool done;

	snprintf(name, sizeof(name), "%02zu.log", execution->number);
	if (!folder_open_below(&execution->work->active, "out", &out, fault))
		return false;
	done = folder_write(&out, name, output, fault);
	folder_done(&out);
	return done;
}

/* Says how it ended, with its last words. */
static bool judge(const struct execution *execution, const struct run_result *result, struct fault *fault)
{
	const char *name = execution->command->argv.items[0], *last = text_string(&execution->last);
	const char *id = execution->work->journal.id;

	if (result->cancelled)
		return fault_set(fault, FAULT_CANCELLED, NULL, "interrupted while %s was running", name);
	if (result->timed_out)
		return fault_set(fault, FAULT_COMMAND, NULL,
				 "%s had not ended after %u seconds and was stopped; its last words: %s", name,
				 execution->command->timeout, last);
	if (result->status)
		return fault_set(fault, FAULT_COMMAND, NULL,
				 "%s failed (status %d): %s. All that it said is in " STATE_DIRECTORY
				 "/history/%s/out/%02zu.log",
				 execution->line, result->status, *last ? last : "it said nothing", id,
				 execution->number);
	return true;
}

static bool run(struct execution *execution, struct fault *fault)
{
	struct run_request request = work_request(execution->work);
	struct run_result result = { 0 };
	struct strlist argv = { 0 };
	bool done;

	substitute(&execution->command->argv, execution->temporary, &argv);
	request.argv = &argv;
	request.timeout = execution->command->timeout;
	request.line = show_line;
	request.cancelled = is_cancelled;
	request.data = execution;
	done = run_command(&request, &result, fault) && save_output(execution, &result.output, fault) &&
	       judge(execution, &result, fault);
	run_result_done(&result);
	strlist_done(&argv);
	return done;
}

static bool wrote_output(const struct execution *execution, struct fault *fault)
{
	const char *path = execution->command->output;

	if (!execution->temporary || root_exists(execution->work->root, execution->temporary))
		return true;
	return fault_set(fault, FAULT_COMMAND, path, "%s said that all is well, but wrote no %s",
			 execution->command->argv.items[0], path);
}

static bool writes(const struct command *command, const char *path)
{
	return strlist_has(&command->artefacts, path) || (command->output && !strcmp(command->output, path));
}

/* Whether an earlier command's is about what COMMAND writes, unless that says itself what is to hold of it then. */
static bool must_hold_again(const struct command *command, const struct expectation *expectation)
{
	bool about = writes(command, expectation->path) ||
		     (expectation->kind == EXPECT_COPY && writes(command, expectation->keys.items[0]));

	for (size_t i = 0; about && i < command->expectation_count; i++) {
		const struct expectation *own = &command->expectations[i];

		about = own->kind != expectation->kind || strcmp(own->path, expectation->path) != 0 ||
			!strlist_equal(&own->argv, &expectation->argv) || !strlist_equal(&own->keys, &expectation->keys);
	}
	return about;
}

/* Looks at all that is expected of command NUMBER, or (AGAIN) at what the one that has just run may have undone. */
static bool prove_command(const struct execution *execution, size_t number, bool again, struct fault *fault)
{
	const struct work *work = execution->work;
	const struct command *command = &work->journal.commands.commands[number];
	struct run_request manner = work_request(work);
	const struct proof proof = {
		.root = work->root,
		.command = execution->command,
		.staged = execution->temporary,
		.manner = &manner,
	};

	for (size_t i = 0; i < command->expectation_count; i++) {
		const struct expectation *expectation = &command->expectations[i];

		if (again && !must_hold_again(execution->command, expectation))
			continue;
		if (!work_go_on(work, fault))
			return false;
		work_notify(work, APPLY_PROVE, i + 1, command->expectation_count, expectation->path, NULL);
		if (!prove_expectation(&proof, expectation, work->journal.states[number].checks[i].size, fault))
			return false;
	}
	return true;
}

/* What was proven of a file holds no longer once another command has written it: dracut's image, by kernel-install. */
static bool prove(const struct execution *execution, struct fault *fault)
{
	if (!prove_command(execution, execution->number, false, fault))
		return false;
	for (size_t i = 0; i < execution->number; i++)
		if (!prove_command(execution, i, true, fault))
			return false;
	return true;
}

static bool exchange_output(const struct execution *execution, const struct place *place, struct fault *fault)
{
	struct work *work = execution->work;
	const struct journal_artefact *artefact = &work->journal.artefacts[execution->output];
	const char *temporary = strrchr(execution->temporary, '/') + 1;
	struct content content;

	if (!place_content(place, temporary, &content, fault) || !store_adopt(place, temporary, fault) ||
	    !log_made(&work->log, &work->journal, execution->output, &content, fault))
		return false;
	if (side_is(&artefact->old, &content))
		return store_discard(place, temporary, fault);
	if (artefact->old.there ? !store_exchange(place, temporary, artefact->old.digest, fault) :
				  !store_publish(place, temporary, fault))
		return false;
	return store_sync(place, fault);
}

static bool publish_output(const struct execution *execution, struct fault *fault)
{
	struct place place = PLACE_NONE;
	bool done;

	if (!execution->temporary)
		return true;
	if (!place_open(execution->work->root, execution->work->journal.artefacts[execution->output].target, &place,
			fault))
		return false;
	done = exchange_output(execution, &place, fault);
	place_done(&place);
	return done;
}

/* So that recovery can tell what the command made from what somebody made of it later. */
static bool note_artefacts(const struct execution *execution, struct fault *fault)
{
	struct work *work = execution->work;

	for (size_t i = 0; i < work->journal.artefact_count; i++) {
		const struct journal_artefact *artefact = &work->journal.artefacts[i];
		struct place place = PLACE_NONE;
		struct content content;
		bool done;

		if (!journal_rewrites(&work->journal, execution->number, artefact))
			continue;
		if (!place_open(work->root, artefact->target, &place, fault))
			return false;
		done = place_content(&place, NULL, &content, fault) &&
		       log_made(&work->log, &work->journal, i, &content, fault);
		place_done(&place);
		if (!done)
			return false;
	}
	return true;
}

static bool execute(struct work *work, size_t number, struct fault *fault)
{
	struct execution execution = {
		.work = work,
		.number = number,
		.command = &work->journal.commands.commands[number],
	};
	bool done;

	execution.line = preview_command(execution.command);
	name_output(&execution);
	work_notify(work, APPLY_COMMAND, number + 1, work->journal.commands.command_count, execution.line, NULL);
	done = work_go_on(work, fault) && log_start(&work->log, &work->journal, number, fault) &&
	       run(&execution, fault) && wrote_output(&execution, fault) && prove(&execution, fault) &&
	       publish_output(&execution, fault) && note_artefacts(&execution, fault) &&
	       log_finish(&work->log, &work->journal, number, fault);
	execution_done(&execution);
	return done;
}

/* The last command that writes ARTEFACT. */
static const char *maker(const struct journal *journal, const struct journal_artefact *artefact)
{
	const char *name = journal->commands.commands[artefact->command].argv.items[0];

	for (size_t i = 0; i < journal->commands.command_count; i++)
		if (journal_rewrites(journal, i, artefact))
			name = journal->commands.commands[i].argv.items[0];
	return name;
}

/*
 * Whether what was signed for Secure Boot still is: the firmware would not start it otherwise. It is asked at the end,
 * since what one command writes another may sign.
 */
static bool keep_signatures(const struct work *work, struct fault *fault)
{
	for (size_t i = 0; i < work->journal.artefact_count; i++) {
		const struct journal_artefact *artefact = &work->journal.artefacts[i];

		if (!artefact->is_signed || pe_is_signed(work->root, artefact->path))
			continue;
		return fault_set(fault, FAULT_COMMAND, artefact->path,
				 "after %s, %s is not signed any more, as it was before: with Secure Boot the firmware "
				 "would not start it. Have it signed whenever it is made (uefi_secureboot_cert= and "
				 "uefi_secureboot_key= in /etc/dracut.conf.d, SecureBootCertificate= and "
				 "SecureBootPrivateKey= in /etc/kernel/uki.conf, or a hook such as that of sbctl), see "
				 "that it is, and apply again", maker(&work->journal, artefact), artefact->path);
	}
	return true;
}

bool execute_all(struct work *work, struct fault *fault)
{
	for (size_t i = 0; i < work->journal.commands.command_count; i++)
		if (!execute(work, i, fault))
			return false;
	return keep_signatures(work, fault);
}
