/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/entry.h"

#include <stdio.h>
#include <string.h>

#include "tui/ask.h"
#include "tui/nav.h"
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

void entry_save(struct model *model, const char *path, bool replace)
{
	struct fault fault = { 0 };

	if (!*path)
		return;
	if (!replace && model->backend->exists(path)) {
		ask_replace(model, path);
		return;
	}
	if (!model->backend->save(model->session, path, &fault)) {
		model_say(model, STYLE_ERROR, "Not saved: %s", fault.sentence);
		return;
	}
	selection_done(&model->saved);
	selection_init(&model->saved);
	selection_copy(&model->saved, &model->session->selection);
	model_say(model, STYLE_GOOD, "Saved. vfioconf --apply-saved %s applies it.", path);
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
