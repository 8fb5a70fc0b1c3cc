/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the user can do, and with which keys. One table makes the dispatch, the
 * footer and the help page, so that they cannot tell different stories.
 */
#ifndef VFIOCONF_UI_TUI_KEYS_H
#define VFIOCONF_UI_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* The pages. The tree is the first and always there; the others lie on top of it. */
enum view {
	VIEW_TREE,
	VIEW_DETAIL,
	VIEW_FINDINGS,
	VIEW_DIFF,
	VIEW_OPTIONS,
	VIEW_CHOICE,   /* of a boot loader or a generator */
	VIEW_VERDICT,  /* what became of the last apply */
	VIEW_CONFIRM,  /* what will be done, and the typed "yes" */
	VIEW_PROGRESS, /* being done */
	VIEW_RESULT,
	VIEW_HELP
};

#define IN(view) (1u << (view))
#define IN_ALL (~0u & ~IN(VIEW_PROGRESS))
#define IN_SETTINGS (IN(VIEW_OPTIONS) | IN(VIEW_CHOICE))
#define IN_DEVICES (IN(VIEW_TREE) | IN(VIEW_DETAIL))
#define IN_SEARCH (IN(VIEW_TREE) | IN(VIEW_DETAIL) | IN(VIEW_DIFF) | IN(VIEW_HELP))

/* Keys that are no character. */
enum {
	INPUT_BASE = 0x110000,
	INPUT_UP,
	INPUT_DOWN,
	INPUT_LEFT,
	INPUT_RIGHT,
	INPUT_PAGE_UP,
	INPUT_PAGE_DOWN,
	INPUT_HOME,
	INPUT_END,
	INPUT_ENTER,
	INPUT_ESCAPE,
	INPUT_TAB,
	INPUT_BACK_TAB,
	INPUT_BACKSPACE,
	INPUT_DELETE,
	INPUT_F1,
	INPUT_F5,
	INPUT_F10,
	INPUT_UNKNOWN
};
#define CONTROL(letter) ((letter) & 0x1f)

/*
 * action, views, word in the footer ("" keeps it out of there), what it does (for the help page).
 * The order is that of the footer, by importance: what does not fit is left out from the end.
 */
#define ACTIONS(X)                                                                                                   \
	X(HELP, IN_ALL, "Help", "show this page")                                                                    \
	X(TICK, IN_DEVICES, "Tick", "tick or untick the function, or all functions of the group")                    \
	X(OPEN, IN(VIEW_TREE) | IN(VIEW_FINDINGS), "Open", "open: the details, a group, what a finding is about")    \
	X(CHANGE, IN(VIEW_OPTIONS), "Change", "change the option under the cursor")                                  \
	X(TAKE, IN(VIEW_CHOICE), "Take", "take the one under the cursor, where it is asked which it is")             \
	X(ALLOW, IN(VIEW_FINDINGS), "Override", "override the finding under the cursor, or take that back")          \
	X(STOP, IN(VIEW_PROGRESS), "Stop", "stop applying and put everything back")                                  \
	X(CONTINUE, IN(VIEW_VERDICT), "Go on", "from the first page after an apply to the tree")                     \
	X(FOLLOW, IN(VIEW_VERDICT) | IN(VIEW_FINDINGS), "Follow", "tick a device that has moved where it is now")    \
	X(CONFIRM, IN(VIEW_VERDICT), "Leave it so", "take the last apply as it is, and do not begin with it again")  \
	X(BACK, IN_ALL, "Back", "go back one level; Esc in the tree ends the filter")                                     \
	X(ENABLE, IN_ALL & ~IN(VIEW_CONFIRM), "Enable", "have the IOMMU on at the next boot, or not")                 \
	X(FINDINGS, IN_ALL & ~IN(VIEW_FINDINGS), "Findings", "show what was found about the machine and the choice") \
	X(DIFF, IN_ALL & ~IN(VIEW_DIFF), "Diff", "show every change as a diff, and the commands")                    \
	X(APPLY, IN_ALL & ~IN(VIEW_CONFIRM), "Apply", "apply: shows what will be done and asks")                     \
	X(QUIT, IN(VIEW_TREE), "Quit", "leave; nothing is changed without W")                                        \
	X(VERDICT, IN_ALL & ~IN(VIEW_VERDICT), "Last apply", "show what became of the last apply")                   \
	X(OPTIONS, IN_ALL & ~IN_SETTINGS, "Options", "how functions are bound, and other options")                   \
	X(PANE, IN(VIEW_TREE), "Details", "scroll the details beside the tree (from 100 columns on), and back")      \
	X(SEARCH, IN_SEARCH, "Search", "search")                                                                     \
	X(FILTER, IN(VIEW_TREE), "Filter", "show only functions that match; Esc shows all again")                    \
	X(SAVE, IN_ALL, "Save", "save what is ticked as a profile")                                                  \
	X(LEAVE, IN_ALL, "", "leave from any page")                                                                  \
	X(NEXT, IN_SEARCH, "", "next match")                                                                         \
	X(PREVIOUS, IN_SEARCH, "", "previous match")                                                                 \
	X(UP, ~0u, "", "move up")                                                                                    \
	X(DOWN, ~0u, "", "move down")                                                                                \
	X(PAGE_UP, ~0u, "", "move up a page")                                                                        \
	X(PAGE_DOWN, ~0u, "", "move down a page")                                                                    \
	X(HOME, ~0u, "", "to the top")                                                                               \
	X(END, ~0u, "", "to the end")                                                                                \
	X(FOLD, IN(VIEW_TREE), "", "fold the group")                                                                 \
	X(UNFOLD, IN(VIEW_TREE), "", "unfold the group")                                                             \
	X(FOLD_ALL, IN(VIEW_TREE), "", "fold or unfold all groups")                                                  \
	X(SIDE_LEFT, IN(VIEW_DIFF), "", "scroll to the left")                                                        \
	X(SIDE_RIGHT, IN(VIEW_DIFF), "More", "scroll to the right")                                                  \
	X(UNTICK_ALL, IN(VIEW_TREE), "", "untick everything")                                                        \
	X(RESCAN, IN_ALL & ~IN(VIEW_CONFIRM), "", "read the machine again")                                          \
	X(MOUSE, IN_ALL, "", "release the mouse, so that the terminal can mark and copy, or take it back")           \
	X(REDRAW, ~0u, "", "draw the screen again")                                                                  \
	X(SUSPEND, ~0u, "", "back to the shell; `fg` returns")

enum action {
	ACTION_NONE,
#define ACTION_ENUM(name, views, word, help) ACTION_##name,
	ACTIONS(ACTION_ENUM)
#undef ACTION_ENUM
	ACTION_COUNT
};

bool action_in(enum action action, enum view view);
const char *action_word(enum action action); /* for the footer; "" where it does not stand there */
const char *action_help(enum action action);

/* What KEY does in VIEW; ACTION_NONE: nothing. */
enum action keys_action(int key, enum view view);

/* The name of the key that the footer shows for an action ("Space"), and of all its keys ("k, Up, ^P"). */
const char *keys_first(enum action action);
const char *keys_name(int key, char buffer[8]); /* of an answer to a question: "y", "Esc" */
int keys_code(enum action action); /* of the first key */
void keys_all(enum action action, char *buffer, size_t size);

#endif
