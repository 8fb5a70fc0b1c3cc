/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine made by hand, and a stand-in for the backend: what the interface's tests look at. */
#ifndef VFIOCONF_TESTS_SCREENS_DEMO_H
#define VFIOCONF_TESTS_SCREENS_DEMO_H

#include "tui/model.h"
#include "tui/view.h"

struct demo {
	struct session session;
	struct model model;
	struct screen screen;
};

/* How often the backend was asked. */
struct demo_counts {
	unsigned plans, rescans, details, diffs, saves, confirms;
	char saved[128]; /* the last file name */
};
extern struct demo_counts demo_counts;
extern bool demo_plan_fails, demo_save_fails, demo_file_exists, demo_ambiguous, demo_unknown, demo_interrupted, demo_patched;
extern const char *demo_paste; /* what a boot loader is to be told by hand; NULL: nothing */

/* A desktop with two graphics cards: group 10 has two members in each other's way, 12 holds the host's screen. */
void demo_open(struct demo *demo, int rows, int cols);
/* The same with the cursor on the function at an address ("02:00.0"). */
void demo_open_at(struct demo *demo, const char *address, int rows, int cols);
/* The same with the IOMMU off: no groups. */
void demo_open_off(struct demo *demo, int rows, int cols);
/* The same with the graphics card applied before, and verified as not in effect. */
void demo_open_applied(struct demo *demo, int rows, int cols);
/* The same again, but with this verdict of each function, and starting with the page that comes first. */
struct demo_verdict {
	enum verdict_kind kind;
	const char *sentence, *next; /* NULL: the usual ones */
	bool seen;     /* the last apply is confirmed already */
	bool hidden;   /* this user may not read the history */
	bool found;    /* something like the first function is elsewhere: at 06:00.0 */
	bool moved;    /* and it is beyond doubt that it is the same */
	bool busy;     /* someone else is applying */
};
void demo_open_verdict(struct demo *demo, const struct demo_verdict *verdict, int rows, int cols);
/* Many functions, one to a group. */
void demo_open_many(struct demo *demo, size_t count, int rows, int cols);
void demo_close(struct demo *demo);

/* Each returns the reactions. Keys of a string are typed one by one; "\r" is Enter, "\033" is Esc. */
unsigned demo_key(struct demo *demo, int key);
unsigned demo_type(struct demo *demo, const char *keys);
void demo_resize(struct demo *demo, int rows, int cols);

/* Puts the cursor on the function at an address ("02:00.0"). */
void demo_goto(struct demo *demo, const char *address);
const struct function *demo_function(struct demo *demo, const char *address);
bool demo_ticked(struct demo *demo, const char *address);

/* Draws, and gives the picture as text that the caller frees. */
char *demo_picture(struct demo *demo);

/* The picture must hold TEXT (or not); the test fails with the picture where it is otherwise. */
void demo_shows(struct demo *demo, const char *text);
void demo_hides(struct demo *demo, const char *text);

/* Compares the picture with tests/screens/NAME.txt; with GENERATE=1 in the environment writes it. */
void demo_golden(struct demo *demo, const char *name);

#endif
