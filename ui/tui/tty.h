/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal: the only file that knows curses. It shows a canvas and gives keys; there is one of it. */
#ifndef VFIOCONF_UI_TUI_TTY_H
#define VFIOCONF_UI_TUI_TTY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "tui/canvas.h"

/* Whether the interface can run on standard input and output with the terminal type TERM (or NULL); else why not. */
bool tty_usable(const char *term, char *reason, size_t size);

bool tty_open(bool color, struct fault *fault);
void tty_close(void); /* the terminal is as it was; may be called twice */
bool tty_utf8(void);  /* whether the locale's characters are UTF-8 */

void tty_size(int *rows, int *cols);
void tty_show(const struct canvas *canvas); /* sends what differs from what was shown last */
void tty_repaint(void);                     /* the next tty_show() sends everything */
void tty_mouse(bool wanted);
void tty_flush(void);   /* forgets what was typed and not read yet */
void tty_suspend(void); /* as ^Z does; returns when we are continued */

/* Gives the terminal to another program that may ask on it, and takes it back. */
void tty_leave(const char *sentence);
void tty_say(const char *line); /* while it is given away */
void tty_return(void);

enum tty_kind {
	TTY_NOTHING, /* the time is over */
	TTY_KEY,
	TTY_CLICK,
	TTY_DOUBLE,
	TTY_WHEEL,
	TTY_RESIZE,
	TTY_GONE /* the terminal hung up, or a signal asks us to end */
};
struct tty_input {
	enum tty_kind kind;
	int key;      /* a character or INPUT_... of keys.h */
	int row, col; /* of a click; the new size */
	int lines;    /* of the wheel */
};

/* Waits at most so many milliseconds (-1: until something comes). */
struct tty_input tty_read(int milliseconds);

/* The signal that asked us to end, or 0. */
int tty_signal(void);

#endif
