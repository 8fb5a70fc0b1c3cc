/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What things look like: styles by meaning, and line glyphs. No meaning is carried by colour alone. */
#ifndef VFIOCONF_UI_TUI_THEME_H
#define VFIOCONF_UI_TUI_THEME_H

#include <stdbool.h>

enum style {
	STYLE_PLAIN,
	STYLE_HEADER, /* the line on top */
	STYLE_BANNER, /* something that the user must know before anything else */
	STYLE_GROUP,  /* the line of an IOMMU group */
	STYLE_TICKED,
	STYLE_FAINT,    /* cannot be ticked, or matters less */
	STYLE_SELECTED, /* the row under the cursor */
	STYLE_TITLE,    /* of a page, of a dialog */
	STYLE_LABEL,
	STYLE_ERROR,
	STYLE_WARNING,
	STYLE_NOTE,
	STYLE_GOOD,
	STYLE_ADDED,
	STYLE_REMOVED,
	STYLE_HUNK,
	STYLE_MESSAGE,
	STYLE_KEY, /* a key in the footer */
	STYLE_FOOTER,
	STYLE_FRAME,
	STYLE_MATCH, /* found by a search */
	STYLE_GOES_ON, /* the sign at the end of a row */
	STYLE_COUNT
};

enum theme_color {
	COLOR_OWN = -1,
	COLOR_0_BLACK,
	COLOR_1_RED,
	COLOR_2_GREEN,
	COLOR_3_YELLOW,
	COLOR_4_BLUE,
	COLOR_5_MAGENTA,
	COLOR_6_CYAN,
	COLOR_7_WHITE
};

#define LOOK_BOLD 1u
#define LOOK_REVERSE 2u
#define LOOK_UNDERLINE 4u

struct look {
	enum theme_color foreground, background; /* COLOR_OWN: the terminal's own */
	unsigned attributes;                     /* with colour */
	unsigned mono;                           /* without */
};
const struct look *theme_look(enum style style);

enum glyph {
	GLYPH_VERTICAL,
	GLYPH_HORIZONTAL,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_OPEN,   /* an unfolded group */
	GLYPH_CLOSED, /* a folded one */
	GLYPH_BRANCH, /* a member */
	GLYPH_LAST,   /* the last member */
	GLYPH_ARROW,  /* from the driver today to the driver to be */
	GLYPH_CURSOR, /* beside the selected row of a list */
	GLYPH_ABOVE,  /* the text goes on above what is seen */
	GLYPH_BELOW,
	GLYPH_GOES_ON, /* the line goes on in the next row */
	GLYPH_COUNT
};
const char *theme_glyph(enum glyph glyph, bool ascii);

#endif
