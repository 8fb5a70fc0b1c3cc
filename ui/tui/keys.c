/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static const struct {
	unsigned views;
	const char *word, *help;
} actions[ACTION_COUNT] = {
#define ACTION_ROW(name, views, word, help) [ACTION_##name] = { views, word, help },
	ACTIONS(ACTION_ROW)
#undef ACTION_ROW
};

/* The first key of an action is the one that the footer names. Every function key has a letter beside it. */
static const struct {
	enum action action;
	int key;
	const char *name;
} keys[] = {
	{ ACTION_HELP, '?', "?" },
	{ ACTION_HELP, INPUT_F1, "F1" },
	{ ACTION_HELP, 'h', "h" },
	{ ACTION_TICK, ' ', "Space" },
	{ ACTION_OPEN, INPUT_ENTER, "Enter" },
	{ ACTION_CHANGE, ' ', "Space" },
	{ ACTION_CHANGE, INPUT_ENTER, "Enter" },
	{ ACTION_TAKE, INPUT_ENTER, "Enter" },
	{ ACTION_TAKE, ' ', "Space" },
	{ ACTION_ALLOW, 'a', "a" },
	{ ACTION_CONTINUE, INPUT_ENTER, "Enter" },
	{ ACTION_CONTINUE, ' ', "Space" },
	{ ACTION_FOLLOW, 'F', "F" },
	{ ACTION_CONFIRM, 'y', "y" },
	{ ACTION_STOP, 'c', "c" },
	{ ACTION_STOP, CONTROL('C'), "^C" },
	{ ACTION_QUIT, 'q', "q" }, /* in the tree; elsewhere it goes back */
	{ ACTION_BACK, INPUT_ESCAPE, "Esc" },
	{ ACTION_BACK, 'q', "q" },
	{ ACTION_ENABLE, 'i', "i" },
	{ ACTION_FINDINGS, 'f', "f" },
	{ ACTION_DIFF, 'd', "d" },
	{ ACTION_APPLY, 'W', "W" },
	{ ACTION_VERDICT, 'v', "v" },
	{ ACTION_OPTIONS, 'o', "o" },
	{ ACTION_SEARCH, '/', "/" },
	{ ACTION_FILTER, '\\', "\\" },
	{ ACTION_SAVE, 's', "s" },
	{ ACTION_LEAVE, INPUT_F10, "F10" },
	{ ACTION_LEAVE, CONTROL('C'), "^C" },
	{ ACTION_NEXT, 'n', "n" },
	{ ACTION_PREVIOUS, 'N', "N" },
	{ ACTION_UP, INPUT_UP, "Up" },
	{ ACTION_UP, 'k', "k" },
	{ ACTION_UP, CONTROL('P'), "^P" },
	{ ACTION_DOWN, INPUT_DOWN, "Down" },
	{ ACTION_DOWN, 'j', "j" },
	{ ACTION_DOWN, CONTROL('N'), "^N" },
	{ ACTION_PAGE_UP, INPUT_PAGE_UP, "PgUp" },
	{ ACTION_PAGE_UP, CONTROL('B'), "^B" },
	{ ACTION_PAGE_DOWN, INPUT_PAGE_DOWN, "PgDn" },
	{ ACTION_PAGE_DOWN, CONTROL('F'), "^F" },
	{ ACTION_HOME, INPUT_HOME, "Home" },
	{ ACTION_HOME, 'g', "g" },
	{ ACTION_END, INPUT_END, "End" },
	{ ACTION_END, 'G', "G" },
	{ ACTION_FOLD, INPUT_LEFT, "Left" },
	{ ACTION_FOLD, '-', "-" },
	{ ACTION_UNFOLD, INPUT_RIGHT, "Right" },
	{ ACTION_UNFOLD, '+', "+" },
	{ ACTION_FOLD_ALL, '*', "*" },
	{ ACTION_SIDE_LEFT, INPUT_LEFT, "Left" },
	{ ACTION_SIDE_RIGHT, INPUT_RIGHT, "Right" },
	{ ACTION_PANE, INPUT_TAB, "Tab" },
	{ ACTION_PANE, INPUT_BACK_TAB, "Shift-Tab" },
	{ ACTION_UNTICK_ALL, 'U', "U" },
	{ ACTION_RESCAN, 'R', "R" },
	{ ACTION_RESCAN, INPUT_F5, "F5" },
	{ ACTION_MOUSE, 'm', "m" },
	{ ACTION_REDRAW, CONTROL('L'), "^L" },
	{ ACTION_SUSPEND, CONTROL('Z'), "^Z" },
};

bool action_in(enum action action, enum view view)
{
	return action != ACTION_NONE && (actions[action].views & IN(view));
}

const char *action_word(enum action action)
{
	return actions[action].word;
}

const char *action_help(enum action action)
{
	return actions[action].help;
}

enum action keys_action(int key, enum view view)
{
	for (size_t i = 0; i < array_size(keys); i++)
		if (keys[i].key == key && action_in(keys[i].action, view))
			return keys[i].action;
	return ACTION_NONE;
}

const char *keys_first(enum action action)
{
	for (size_t i = 0; i < array_size(keys); i++)
		if (keys[i].action == action)
			return keys[i].name;
	return "";
}

const char *keys_name(int key, char buffer[8])
{
	if (key == INPUT_ESCAPE)
		return "Esc";
	if (key == INPUT_ENTER)
		return "Enter";
	snprintf(buffer, 8, "%c", key);
	return buffer;
}

int keys_code(enum action action)
{
	for (size_t i = 0; i < array_size(keys); i++)
		if (keys[i].action == action)
			return keys[i].key;
	return INPUT_UNKNOWN;
}

void keys_all(enum action action, char *buffer, size_t size)
{
	size_t used = 0;

	buffer[0] = '\0';
	for (size_t i = 0; i < array_size(keys); i++) {
		if (keys[i].action != action)
			continue;
		used += (size_t)snprintf(buffer + used, size - used, "%s%s", used ? ", " : "", keys[i].name);
		if (used >= size)
			return;
	}
}
