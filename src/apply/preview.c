/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/preview.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "system/run.h"

#define DIFF_LIMIT ((size_t)64 * 1024 * 1024)

/* "a/etc/default/grub", or /dev/null for the side on which the file is not there. */
static void add_label(struct strlist *argv, const char *side, const char *path, bool there)
{
	strlist_add(argv, "--label");
	if (there)
		strlist_printf(argv, "%s/%s", side, path + strspn(path, "/"));
	else
		strlist_add(argv, "/dev/null");
}

/* One side comes on stdin, the other through an inherited descriptor: nothing touches a disk. */
static bool run_diff(const struct file_change *change, int before, struct run_result *ret, struct fault *fault)
{
	struct strlist argv = { 0 };
	struct run_request request = {
		.argv = &argv,
		.input = &change->after,
		.inherit = before,
		.output_limit = DIFF_LIMIT,
		.timeout = 30,
	};
	bool done;

	strlist_split(&argv, "diff --unified --text", " ");
	add_label(&argv, "a", change->path, change->kind != CHANGE_CREATE);
	add_label(&argv, "b", change->path, change->kind != CHANGE_DELETE);
	strlist_add(&argv, "--");
	strlist_printf(&argv, "/dev/fd/%d", before);
	strlist_add(&argv, "-");
	done = run_command(&request, ret, fault);
	strlist_done(&argv);
	return done;
}

bool preview_file(const struct file_change *change, struct text *ret, struct fault *fault)
{
	cleanup_close int before = -1;
	struct run_result result = { 0 };
	struct fault reason = { 0 };

	if (!run_bytes(&change->before, &before, fault))
		return false;
	if (!run_diff(change, before, &result, &reason)) {
		if (reason.error == ENOENT)
			return fault_set(fault, FAULT_COMMAND, NULL,
					 "the program diff is not installed, and without it the changes cannot be "
					 "shown: install the package diffutils");
		if (fault)
			*fault = reason;
		return fault_context(fault, "cannot show the change of %s", change->path);
	}
	if (result.status > 1) {
		fault_set(fault, FAULT_COMMAND, change->path, "diff could not compare %s (status %d): %s", change->path,
			  result.status, text_string(&result.output));
		run_result_done(&result);
		return false;
	}
	text_append_n(ret, text_string(&result.output), result.output.length);
	run_result_done(&result);
	return true;
}

char *preview_command(const struct command *command)
{
	struct text line = { 0 };

	for (size_t i = 0; i < command->argv.count; i++) {
		const char *word = command->argv.items[i];

		if (i)
			text_append_char(&line, ' ');
		text_append_word(&line, command->output && !strcmp(word, COMMAND_OUTPUT) ? command->output : word);
	}
	return text_take(&line);
}

bool preview_all(const struct changeset *changeset, struct text *ret, struct fault *fault)
{
	cleanup_text struct text raw = { 0 };

	for (size_t i = 0; i < changeset->file_count; i++)
		if (!preview_file(&changeset->files[i], &raw, fault))
			return false;
	for (size_t i = 0; i < changeset->command_count; i++) {
		char *line = preview_command(&changeset->commands[i]);

		text_printf(&raw, "# %s\n", line);
		free(line);
	}
	text_append_visible(ret, text_string(&raw), raw.length, true);
	return true;
}
