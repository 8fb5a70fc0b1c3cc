/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that the interface knows: plain data, without a terminal. Events
 * change it (update.h), views draw it (view.h).
 */
#ifndef VFIOCONF_UI_TUI_MODEL_H
#define VFIOCONF_UI_TUI_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "apply/verify.h"
#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"
#include "host/detail.h"
#include "session.h"
#include "tui/keys.h"
#include "tui/layout.h"
#include "tui/page.h"
#include "tui/feed.h"
#include "tui/rows.h"

/* A boot loader or a generator that could be chosen, with what speaks for it. */
struct choice {
	const char *name, *label; /* NULL, "...": found out by itself */
	struct strlist reasons;
};
enum choice_kind { CHOICE_LOADER, CHOICE_GENERATOR };
struct choices {
	enum choice_kind kind;
	struct choice *items;
	size_t count, capacity;
};
void choices_done(struct choices *choices);
struct choice *choices_add(struct choices *choices, const char *name, const char *label);

/* What the interface asks of the rest of the program; the tests put their own in its place. */
struct backend {
	bool (*plan)(struct session *session, struct fault *fault);
	bool (*rescan)(struct session *session, const char *ssh, struct fault *fault);
	void (*detail)(const struct session *session, struct address address, struct detail *ret);
	void (*verify)(const struct session *session, struct verification *ret);
	bool (*diff)(const struct session *session, struct text *ret, struct fault *fault);
	void (*choices)(const struct session *session, enum choice_kind kind, struct choices *ret);
	bool (*interrupted)(const struct session *session); /* an apply was cut off and not recovered yet */
	bool (*busy)(const struct session *session);        /* someone else is applying right now */
	/* Whether the last apply is to be confirmed; *RET_KNOWN: whether this user may know. And that it is seen now. */
	bool (*unconfirmed)(const struct session *session, bool *ret_known);
	bool (*confirm)(const struct session *session, struct fault *fault);
	size_t (*follow)(struct session *session); /* ticks what has moved where it is now; returns how many */
	bool (*exists)(const char *path); /* a file that would be overwritten */
	bool (*save)(const struct session *session, const char *path, struct fault *fault);
};

/* A line of text that is being typed. */
enum entry { ENTRY_NONE, ENTRY_SEARCH, ENTRY_FILTER, ENTRY_SAVE, ENTRY_YES };
struct edit {
	char text[512];
};

/* A box that asks; each answer is one key. */
enum question {
	QUESTION_NONE,
	QUESTION_MATES,   /* tick the others of the group as well? */
	QUESTION_UNTICKED, /* untick the others of the group as well? */
	QUESTION_ALLOW,   /* override this finding? */
	QUESTION_ENABLE,  /* untick everything for the IOMMU alone? */
	QUESTION_QUIT,    /* leave with unsaved ticks? */
	QUESTION_REPLACE, /* overwrite this file? */
	QUESTION_RECOVER, /* put right what an apply left that was cut off? */
	QUESTION_STOP     /* stop applying? */
};
#define ANSWERS 4
struct dialog {
	enum question question;
	char *title;
	struct strlist body; /* paragraphs */
	size_t top;          /* the first line of them that is seen */
	struct {
		int key;
		const char *label;
	} answers[ANSWERS];
	size_t answer_count;
	size_t function; /* index, where the question is about a group's others */
	char *subject;   /* a finding's code, a file name */
};

/* Where the user is on a page. */
struct place {
	enum view view;
	size_t top;    /* first line that is shown */
	size_t cursor; /* row of the tree, or chosen item */
	int side;      /* columns scrolled to the right */
	size_t match;  /* the line that a search found last, counted from 1; 0: none */
};
#define PLACES 12

struct model {
	struct session *session;
	const struct backend *backend;
	const char *ssh; /* for reading the machine again; or NULL */
	int rows, cols;  /* of the screen */
	bool root;       /* we are root: the apply step can be stopped from here */
	bool systemd;      /* it runs here, and has its own word for a reboot */
	bool ascii;
	bool mouse;        /* we take the mouse */
	bool pane_focus;   /* the arrows scroll the pane */
	bool planned;      /* session.plan is that of the selection */
	bool diffed;       /* diff is that of the plan */
	bool detail_known; /* detail is that of detail_of */
	bool verified;     /* something is applied, and verification tells of it */
	bool verdict_first; /* the page of the verdict is there because it comes first */
	bool unconfirmed;  /* nobody has said yet that what became of it is seen */
	bool interrupted;  /* an apply was cut off: recovery comes first */
	bool busy;         /* someone else is applying */
	bool running;      /* the apply step runs */
	bool recovering;   /* and it is to put right, or puts right, what another one left */

	struct place finding; /* the findings, from where the user went to a function: Esc leads back */
	bool came_from_finding;
	struct place places[PLACES];
	size_t depth; /* places in use; at least 1 */

	struct rows tree;
	char filter[512], search[512];
	struct page page; /* what the view shows, unless it is the tree */
	struct page pane; /* details of the function under the cursor, beside the tree */
	size_t pane_top;

	struct dialog dialog;
	struct edit edit;
	enum entry entry;
	enum style message_style;
	char *message;

	struct text diff;
	struct detail detail;
	struct address detail_of;
	struct fault plan_fault; /* why it could not be planned; kind FAULT_NONE where it could */
	struct verification verification;
	struct choices choices;
	struct feed feed;
	struct selection saved; /* what was last saved or applied: leaving with anything else asks */
};

void model_init(struct model *model, struct session *session, const struct backend *backend);
void model_done(struct model *model);

/* Looks whether an apply is under way or was cut off. */
void model_look_runs(struct model *model);

/* Looks at that, and at what became of the last apply. */
void model_look(struct model *model);

/* Whether that is what the user has to see first. */
bool model_verdict_first(const struct model *model);

/* Whether the verdict is one that waits: for the reboot, or for a boot without the way back. */
bool model_verdict_waits(const struct model *model);

/* The command that reboots this machine. */
const char *model_reboot(const struct model *model);

struct place *model_place(struct model *model);
enum view model_view(const struct model *model);
const struct host *model_host(const struct model *model);

/* The row under the cursor, its function (NULL on a group's row), or NULL where nothing is shown. */
const struct row *model_row(const struct model *model);
const struct function *model_function(const struct model *model);

/* The plan of what is ticked now; NULL where it was not made yet or could not be made. */
const struct plan *model_plan(const struct model *model);

/* Whether there are ticks or options that are neither saved nor applied. */
bool model_unsaved(const struct model *model);

/* The lines on top that must be known before anything else, made anew; the caller ends the page. */
void model_banner(const struct model *model, struct page *page);

/*
 * What stands at the bottom above the keys, made anew: the message, and where something is typed a last line for it.
 * Nothing of it is in the last columns: there the signs stand that the message, and the page above it, go on.
 */
#define MODEL_SIGN_COLS 2
void model_bottom(const struct model *model, struct page *page);
struct layout model_layout(const struct model *model);

/* Whether an action would do something now: the footer and the help show only those. */
bool model_can(const struct model *model, enum action action);

/* Its word in the footer, which is another where the same key leads back: from the pane, from turning the IOMMU on. */
const char *model_word(const struct model *model, enum action action);

/* Whether the arrows scroll the details beside the tree. */
bool model_in_pane(const struct model *model);

/* One line at the bottom; replaces the one before. */
void model_say(struct model *model, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* How many members of a group are ticked; and how many could be. */
size_t model_ticked_in(const struct model *model, size_t group, size_t *ret_tickable);

/* "GM204 [GeForce GTX 970] (02:00.0)"; the caller frees. */
char *model_name(const struct model *model, const struct function *function);

/* The finding that is chosen in the findings view, or NULL. */
const struct finding *model_finding(const struct model *model);

#endif
