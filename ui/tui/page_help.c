/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys, from the one table of them, and what the signs mean. */
#include <stdio.h>

#include "tui/pages.h"

#define SIGN_COLS 14

static void sign(struct page *page, const char *what, const char *meaning)
{
	cleanup_text struct text first = { 0 };
	int columns = page_columns(page, what);

	/* By columns: an arrow has more bytes than columns. */
	text_printf(&first, "  %s%*s ", what, columns < SIGN_COLS ? SIGN_COLS - columns : 0, "");
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, text_string(&first), 0, meaning);
}

static void signs(const struct model *model, struct page *page)
{
	char arrow[32];

	snprintf(arrow, sizeof(arrow), "a %s b", theme_glyph(GLYPH_ARROW, model->ascii));
	page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "What the signs mean");
	sign(page, "[ ]  [x]", "a function that can be ticked; one that is: it shall go to a guest");
	sign(page, "[-]", "a bridge or a part of the chipset: it stays with the host");
	sign(page, arrow, "driven by a today, by b after applying and a reboot");
	sign(page, "bound", "at vfio-pci already");
	sign(page, "as found", "what is ticked is what someone else has set up: W changes nothing");
	sign(page, "disk net", "the host's own disk or network is on it");
	sign(page, "screen input", "the host's screen, or its keyboard and mouse, are on it");
	sign(page, theme_glyph(GLYPH_BELOW, model->ascii), "there is more below: PgDn, or Down in a question");
	sign(page, "~", "something is cut off here; a wider window shows more");
	sign(page, theme_glyph(GLYPH_GOES_ON, model->ascii), "at the end of a row: the next row is the rest of the same line");
	sign(page, "! 2 in the way", "a group goes to a guest as a whole, and the host drives two of it");
	page_blank(page);
}

void page_of_help(const struct model *model, struct page *page)
{
	char keys[64];

	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0,
		  "Tick the devices that a virtual machine shall own, read the findings and the diff, then apply and "
		  "reboot. "
		  "Nothing is changed before you type yes.");
	page_blank(page);
	page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "Keys");
	for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
		keys_all(action, keys, sizeof(keys));
		sign(page, keys, action_help(action));
	}
	page_blank(page);
	signs(model, page);
	page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "Mouse");
	sign(page, "click", "moves there; on [ ] ticks; on a key below does what the key does");
	sign(page, "double click", "opens");
	sign(page, "wheel", "scrolls");
}
