/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/theme.h"

static const struct look looks[STYLE_COUNT] = {
	[STYLE_PLAIN] = { COLOR_OWN, COLOR_OWN, 0, 0 },
	[STYLE_HEADER] = { COLOR_OWN, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_BANNER] = { COLOR_3_YELLOW, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_GROUP] = { COLOR_6_CYAN, COLOR_OWN, 0, 0 },
	[STYLE_TICKED] = { COLOR_2_GREEN, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_FAINT] = { COLOR_OWN, COLOR_OWN, 0, 0 },
	[STYLE_SELECTED] = { COLOR_0_BLACK, COLOR_6_CYAN, 0, LOOK_REVERSE },
	[STYLE_TITLE] = { COLOR_OWN, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_LABEL] = { COLOR_6_CYAN, COLOR_OWN, 0, 0 },
	[STYLE_ERROR] = { COLOR_1_RED, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_WARNING] = { COLOR_3_YELLOW, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_NOTE] = { COLOR_6_CYAN, COLOR_OWN, 0, 0 },
	[STYLE_GOOD] = { COLOR_2_GREEN, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_ADDED] = { COLOR_2_GREEN, COLOR_OWN, 0, 0 },
	[STYLE_REMOVED] = { COLOR_1_RED, COLOR_OWN, 0, 0 },
	[STYLE_HUNK] = { COLOR_6_CYAN, COLOR_OWN, 0, LOOK_BOLD },
	[STYLE_MESSAGE] = { COLOR_OWN, COLOR_OWN, 0, 0 },
	[STYLE_KEY] = { COLOR_OWN, COLOR_OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_FOOTER] = { COLOR_0_BLACK, COLOR_6_CYAN, 0, LOOK_REVERSE },
	[STYLE_FRAME] = { COLOR_OWN, COLOR_OWN, 0, 0 },
	[STYLE_GOES_ON] = { COLOR_OWN, COLOR_OWN, LOOK_REVERSE, LOOK_REVERSE },
	[STYLE_MATCH] = { COLOR_OWN, COLOR_OWN, LOOK_UNDERLINE | LOOK_BOLD, LOOK_UNDERLINE | LOOK_BOLD },
};

const struct look *theme_look(enum style style)
{
	return &looks[style];
}

const char *theme_glyph(enum glyph glyph, bool ascii)
{
	static const char *const glyphs[GLYPH_COUNT][2] = {
		[GLYPH_VERTICAL] = { "│", "|" },    [GLYPH_HORIZONTAL] = { "─", "-" },
		[GLYPH_TOP_LEFT] = { "┌", "+" },    [GLYPH_TOP_RIGHT] = { "┐", "+" },
		[GLYPH_BOTTOM_LEFT] = { "└", "+" }, [GLYPH_BOTTOM_RIGHT] = { "┘", "+" },
		[GLYPH_OPEN] = { "▾", "-" },        [GLYPH_CLOSED] = { "▸", "+" },
		[GLYPH_BRANCH] = { "├", "|" },      [GLYPH_LAST] = { "└", "`" },
		[GLYPH_ARROW] = { "→", "->" },      [GLYPH_CURSOR] = { "▸", ">" },
		[GLYPH_ABOVE] = { "↑", "^" },       [GLYPH_BELOW] = { "↓", "v" },
		[GLYPH_GOES_ON] = { "»", ">" },
	};

	return glyphs[glyph][ascii];
}
