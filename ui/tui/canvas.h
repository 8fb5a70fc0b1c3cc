/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A grid of character cells that the views draw into. It knows no terminal:
 * the same grid goes to the screen (tty.c) or into a text file (the tests).
 */
#ifndef VFIOCONF_UI_TUI_CANVAS_H
#define VFIOCONF_UI_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "tui/theme.h"

/* One base character of up to 4 bytes and up to 4 combining ones. */
#define CELL_BYTES 21

struct cell {
	char bytes[CELL_BYTES]; /* UTF-8; "" in the second column of a wide character */
	unsigned char width;    /* 1 or 2; 0: second column of the wide character to the left */
	unsigned char style;    /* enum style */
};

struct rect {
	int row, col, rows, cols;
};

/* Initialise with canvas_resize() on { 0 }. */
struct canvas {
	int rows, cols;
	struct cell *cells;
	bool ascii;                 /* draw ASCII only; anything else becomes '?' */
	int cursor_row, cursor_col; /* where the hardware cursor rests */
	bool cursor_typing;         /* text is typed there: make it visible */
};

void canvas_resize(struct canvas *canvas, int rows, int cols); /* all blank afterwards */
void canvas_done(struct canvas *canvas);                       /* accepts NULL */
void canvas_clear(struct canvas *canvas);

const struct cell *canvas_cell(const struct canvas *canvas, int row, int col); /* NULL outside */

/*
 * Draws TEXT from a position on in at most LIMIT columns; where it does not fit
 * the last of them is "~". What lies outside the canvas is not drawn. Returns the columns that were used.
 */
int canvas_text(struct canvas *canvas, int row, int col, int limit, enum style style, const char *text);

/* The same, from column SKIP of the text on (for scrolling sideways); a "~" shows that something is hidden there. */
int canvas_text_from(struct canvas *canvas, int row, int col, int limit, enum style style, const char *text, int skip);

/* Blanks of one style; and a line of the glyphs in the theme. */
void canvas_fill(struct canvas *canvas, struct rect rect, enum style style);
void canvas_vertical(struct canvas *canvas, int row, int col, int rows, enum style style);
void canvas_frame(struct canvas *canvas, struct rect rect, enum style style);

/* Gives cells that are drawn already another style. */
void canvas_restyle(struct canvas *canvas, int row, int col, int cols, enum style style);

/* How many columns TEXT takes. */
int canvas_columns(const struct canvas *canvas, const char *text);

/* The grid as lines of text without trailing blanks. */
void canvas_dump(const struct canvas *canvas, struct text *ret);

/* How many bytes the next character (with what combines with it) of TEXT has, and its columns. Returns 0 at the end. */
size_t canvas_character(const char *text, bool ascii, int *ret_columns);

#endif
