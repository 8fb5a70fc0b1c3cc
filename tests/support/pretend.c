/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/pretend.h"

#include <string.h>

#include "edit/cmdline.h"

static void write_file(struct machine *machine, const struct file_change *change)
{
	if (change->kind == CHANGE_DELETE)
		machine_remove(machine, change->path);
	else
		machine_write_n(machine, change->path, text_string(&change->after), change->after.length);
}

/* Whether the first word of the line is one of the keys. */
static bool is_meant(const char *line, const struct strlist *keys)
{
	cleanup_strlist struct strlist words = { 0 };

	strlist_split(&words, line, " \t");
	return words.count && strlist_has(keys, words.items[0]);
}

static void remove_words(struct strlist *words, const struct strlist *absent)
{
	for (size_t i = words->count; i-- > 0;)
		if (strlist_has(absent, words->items[i]))
			strlist_remove(words, i);
}

static void rewrite_line(const char *line, const struct expectation *expectation, bool first, struct text *ret)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *joined = NULL;
	cleanup_free char *whole = NULL;

	strlist_split(&words, line, " \t");
	remove_words(&words, &expectation->absent);
	joined = strlist_join(&words, " ");
	whole = cmdline_edit(joined, &(struct cmdline_change){ .add = first ? &expectation->present : NULL }, NULL);
	text_printf(ret, "\t%s\n", whole);
}

static void fulfil(struct machine *machine, const struct expectation *expectation)
{
	cleanup_free char *old = machine_read(machine, expectation->path);
	cleanup_text struct text now = { 0 };
	bool first = true;

	for (const char *at = old; *at;) {
		cleanup_free char *line = memory_string_n(at, strcspn(at, "\n"));

		at += strlen(line) + (at[strlen(line)] == '\n');
		if (is_meant(line, &expectation->keys)) {
			rewrite_line(line, expectation, first, &now);
			first = false;
		} else {
			text_printf(&now, "%s\n", line);
		}
	}
	machine_write_n(machine, expectation->path, text_string(&now), now.length);
}

void pretend_applied(struct machine *machine, const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->file_count; i++)
		write_file(machine, &changeset->files[i]);
	for (size_t i = 0; i < changeset->command_count; i++)
		for (size_t j = 0; j < changeset->commands[i].expectation_count; j++)
			if (changeset->commands[i].expectations[j].kind == EXPECT_WORDS)
				fulfil(machine, &changeset->commands[i].expectations[j]);
}
