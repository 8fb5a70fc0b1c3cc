/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/entry.h"

#include <stdio.h>
#include <string.h>

#include "apply/preview.h"
#include "tui/ask.h"
#include "tui/nav.h"
#include "tui/tick.h"
#include "tui/update.h"

void entry_open(struct model *model, enum entry entry, const char *text)
{
	model->entry = entry;
	snprintf(model->edit.text, sizeof(model->edit.text), "%s", text);
}

const char *entry_prompt(enum entry entry)
{
	static const char *const prompts[] = {
		[ENTRY_NONE] = "",
		[ENTRY_SEARCH] = "Search: ",
		[ENTRY_FILTER] = "Show only: ",
		[ENTRY_SAVE] = "Save the profile as: ",
		[ENTRY_YES] = "Type yes and Enter to apply: ",
	};

	return prompts[entry];
}

static void append(struct edit *edit, int key)
{
	size_t length = strlen(edit->text);
	char bytes[4];
	size_t count;
	unsigned point = (unsigned)key;

	if (point < 0x80) {
		bytes[0] = (char)point;
		count = 1;
	} else if (point < 0x800) {
		bytes[0] = (char)(0xc0 | point >> 6);
		count = 2;
	} else if (point < 0x10000) {
		bytes[0] = (char)(0xe0 | point >> 12);
		count = 3;
	} else {
		bytes[0] = (char)(0xf0 | point >> 18);
		count = 4;
	}
	for (size_t i = 1; i < count; i++)
		bytes[i] = (char)(0x80 | (point >> 6 * (count - 1 - i) & 0x3f));
	if (length + count >= sizeof(edit->text) || text_utf8_length(bytes, count) != count)
		return;
	memcpy(edit->text + length, bytes, count);
	edit->text[length + count] = '\0';
}

static void erase(struct edit *edit)
{
	size_t length = strlen(edit->text);

	while (length && ((unsigned char)edit->text[--length] & 0xc0u) == 0x80u)
		;
	edit->text[length] = '\0';
}

static void erase_word(struct edit *edit)
{
	size_t length = strlen(edit->text);

	while (length && strchr(" /", edit->text[length - 1]))
		length--;
	while (length && !strchr(" /", edit->text[length - 1]))
		length--;
	edit->text[length] = '\0';
}

/* The command line that applies the profile in PATH to this machine. The caller frees. */
static char *command_for(const struct model *model, const char *path)
{
	const struct session *session = model->session;
	cleanup_strlist struct strlist argv = { 0 };

	strlist_add(&argv, "vfioconf");
	strlist_add(&argv, "--apply-saved");
	strlist_add(&argv, path);
	/* A profile holds what is wanted, not in spite of what. */
	for (size_t i = 0; i < session->allow.count; i++) {
		strlist_add(&argv, "--allow");
		strlist_add(&argv, session->allow.items[i]);
	}
	if (!session->read_only && !root_is_running_system(session->root)) {
		strlist_add(&argv, "--root");
		strlist_add(&argv, root_directory(session->root));
	}
	return preview_command(&(struct command){ .argv = argv });
}

static void say_saved(struct model *model, const char *path)
{
	cleanup_free char *command = command_for(model, path);
	const struct plan *plan;
	size_t errors;

	if (!tick_plan(model)) {
		model_say(model, STYLE_WARNING, "Saved, but it cannot be planned: %s", model->plan_fault.sentence);
		return;
	}
	plan = model_plan(model);
	errors = findings_count(&plan->findings, SEVERITY_ERROR);
	if (plan->refused)
		model_say(model, STYLE_WARNING,
			  "Saved, but %zu thing%s in the way of applying it: f shows %s. Then:  %s", errors,
			  errors == 1 ? "" : "s", errors == 1 ? "it" : "them", command);
	else
		model_say(model, STYLE_GOOD, "Saved. %s%s  applies it.",
			  model->session->read_only ? "On that machine  " : "", command);
}

/* What was typed is not lost where it was no good. */
static void save_again(struct model *model, const char *path, const char *why)
{
	model_say(model, STYLE_ERROR, "%s", why);
	entry_open(model, ENTRY_SAVE, path);
}

void entry_save(struct model *model, const char *path, bool replace)
{
	struct fault fault = { 0 };
	const char *to = strcmp(path, "-") != 0 ? path : "./-"; /* standard output is the screen */

	if (!*path) {
		model_say(model, STYLE_MESSAGE, "Nothing was saved: no name was typed.");
		return;
	}
	if (*path == '~') {
		save_again(model, path, "~ means no directory here: type the whole path, from / on.");
		return;
	}
	if (!replace && model->backend->exists(to)) {
		ask_replace(model, to);
		return;
	}
	if (!model->backend->save(model->session, to, &fault)) {
		save_again(model, path, fault.sentence);
		return;
	}
	selection_copy(&model->saved, &model->session->selection);
	say_saved(model, to);
}

static unsigned confirm(struct model *model, const char *typed)
{
	if (!strcmp(typed, "yes"))
		return REACT_APPLY;
	model_say(model, STYLE_WARNING, "Nothing was applied: type the three letters of yes, or Esc to go back.");
	entry_open(model, ENTRY_YES, "");
	return 0;
}

static unsigned accept(struct model *model)
{
	enum entry entry = model->entry;
	struct edit edit = model->edit;

	model->entry = ENTRY_NONE;
	switch (entry) {
	case ENTRY_SEARCH:
		snprintf(model->search, sizeof(model->search), "%s", edit.text);
		nav_search(model, 1, true);
		break;
	case ENTRY_FILTER:
		if (*model->filter && !model->tree.count)
			model_say(model, STYLE_WARNING, "Nothing matches \"%s\". Esc shows everything again.",
				  model->filter);
		break;
	case ENTRY_SAVE:
		entry_save(model, edit.text, false);
		break;
	case ENTRY_YES:
		return confirm(model, edit.text);
	case ENTRY_NONE:
		break;
	}
	return 0;
}

static void cancel(struct model *model)
{
	if (model->entry == ENTRY_FILTER)
		nav_filter(model, "");
	if (model->entry == ENTRY_YES)
		nav_back(model);
	model->entry = ENTRY_NONE;
}

/* Where "yes" is asked for, some keys lead elsewhere as long as nothing is typed. */
static bool leads_away(const struct model *model, int key)
{
	return model->entry == ENTRY_YES && !*model->edit.text &&
	       (key == 'd' || key == 'f' || key == '?' || key == 'q');
}

bool entry_key(struct model *model, int key, unsigned *reactions)
{
	struct edit *edit = &model->edit;

	if (leads_away(model, key))
		return false;
	if (key == INPUT_ENTER) {
		*reactions |= accept(model);
		return true;
	}
	if (key == INPUT_ESCAPE || key == CONTROL('C') || key == CONTROL('G')) {
		cancel(model);
		return true;
	}
	if (key == INPUT_BACKSPACE || key == 0x7f || key == CONTROL('H'))
		erase(edit);
	else if (key == CONTROL('U'))
		edit->text[0] = '\0';
	else if (key == CONTROL('W'))
		erase_word(edit);
	else if (key >= 0x20 && key < INPUT_BASE && !(key >= 0x7f && key < 0xa0))
		append(edit, key);
	else
		return false;
	if (model->entry == ENTRY_FILTER)
		nav_filter(model, edit->text);
	return true;
}
