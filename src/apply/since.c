/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/since.h"

#include <string.h>

#include "plan/plan.h"

/* The plan for what UNDO makes of the record; NULL where there is none, or where UNDO does not touch it. */
static struct plan *plan_back(const struct root *root, const struct host *host, const struct applied *applied,
			      const struct changeset *undo)
{
	const struct file_change *record = changeset_find(undo, APPLIED_PATH);
	struct applied before = { 0 };
	struct plan *plan = NULL;

	if (!record || !applied_parse(record->kind == CHANGE_DELETE ? NULL : &record->after, &before, NULL))
		return NULL;
	if (!plan_make(root, host, applied, &before.selection, NULL, &plan, NULL))
		plan = NULL;
	applied_done(&before);
	return plan;
}

/*
 * Whether the plan comes to the very bytes to which UNDO goes back. Not so where another version of us wrote them: then
 * what the plan expects of an image (its stamp) need not come true.
 */
static bool same_files(const struct changeset *plan, const struct changeset *undo)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct file_change *ours = &plan->files[i], *theirs = changeset_find(undo, ours->path);

		if (!theirs || theirs->kind != ours->kind || !text_equal(&theirs->after, &ours->after))
			return false;
	}
	return true;
}

static bool is_written(const struct changeset *changeset, const char *path)
{
	for (size_t i = 0; i < changeset->command_count; i++) {
		const struct command *command = &changeset->commands[i];

		if (strlist_has(&command->artefacts, path) || (command->output && !strcmp(command->output, path)))
			return true;
	}
	return false;
}

/* What COMMAND of the plan writes, and no command of UNDO does. */
static void find_news(const struct command *command, const struct changeset *undo, struct strlist *ret)
{
	for (size_t i = 0; i < command->artefacts.count; i++)
		if (!is_written(undo, command->artefacts.items[i]))
			strlist_add(ret, command->artefacts.items[i]);
}

static struct command *find_command(struct changeset *changeset, const struct strlist *argv)
{
	for (size_t i = 0; i < changeset->command_count; i++)
		if (strlist_equal(&changeset->commands[i].argv, argv))
			return &changeset->commands[i];
	return NULL;
}

/* Adds to the command of UNDO with the same argv, which is new where there is none, what is about the files NEWS. */
static void add_news(const struct command *from, const struct strlist *news, bool trusted, struct changeset *undo)
{
	cleanup_free char **argv = strlist_vector(&from->argv);
	struct command *to = find_command(undo, &from->argv);

	if (!to)
		to = changeset_command(undo, from->why, from->timeout, (const char *const *)argv);
	strlist_add_all(&to->artefacts, news);
	for (size_t i = 0; i < from->expectation_count; i++) {
		const struct expectation *expectation = &from->expectations[i];
		struct expectation *added;

		if (!strlist_has(news, expectation->path) || (!trusted && expectation->kind != EXPECT_FILE))
			continue;
		added = command_expect(to, expectation->kind, expectation->path);
		strlist_add_all(&added->argv, &expectation->argv);
		strlist_add_all(&added->keys, &expectation->keys);
		strlist_add_all(&added->present, &expectation->present);
		strlist_add_all(&added->absent, &expectation->absent);
	}
}

/* Puts the first COUNT commands last, in their order: what makes images comes before what names them in a menu. */
static void put_last(struct changeset *changeset, size_t count)
{
	while (count--) {
		const struct command *first = &changeset->commands[0];
		cleanup_free char **argv = strlist_vector(&first->argv);

		changeset_command(changeset, first->why, first->timeout, (const char *const *)argv);
	}
}

void since_add(const struct root *root, const struct host *host, const struct applied *applied, struct changeset *undo)
{
	struct plan *plan = plan_back(root, host, applied, undo);
	size_t known = undo->command_count;
	bool trusted = plan && same_files(&plan->changeset, undo);

	for (size_t i = 0; plan && i < plan->changeset.command_count; i++) {
		const struct command *command = &plan->changeset.commands[i];
		cleanup_strlist struct strlist news = { 0 };

		find_news(command, undo, &news);
		if (news.count)
			add_news(command, &news, trusted, undo);
	}
	if (undo->command_count > known)
		put_last(undo, known);
	plan_free(plan);
}
