/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/tty.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

/* The wide interface of curses. */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
#undef lines
#undef columns

#include "base/memory.h"
#include "tui/keys.h"

#define DOUBLE_CLICK 400 /* milliseconds */

static const int ending_signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

/* There is one terminal, and curses keeps its state for the whole process anyway. */
static struct {
	SCREEN *screen;
	bool color;
	bool away; /* given to another program */
	struct cell *shown;
	int rows, cols;
	int cursor; /* what curs_set() was told last */
	struct termios before;
	struct sigaction old_ending[4], old_crash[5];
	sigset_t old_mask;
	char restore[128]; /* what puts the terminal right in a crash; made ready before */
	size_t restore_length;
	int empty_reads;
	int click_row, click_col;
	uint64_t click_time;
} tty;

static volatile sig_atomic_t signalled;

static void on_ending(int number)
{
	signalled = number;
}

/* Only async-signal-safe calls: the terminal is put right, then the signal takes its course. */
static void on_crash(int number)
{
	ssize_t written = write(STDOUT_FILENO, tty.restore, tty.restore_length);

	(void)written;
	tcsetattr(STDIN_FILENO, TCSANOW, &tty.before);
	for (size_t i = 0; i < array_size(crash_signals); i++)
		if (crash_signals[i] == number)
			sigaction(number, &tty.old_crash[i], NULL);
	raise(number); /* sent from outside it would not come again by itself */
}

int tty_signal(void)
{
	return signalled;
}

bool tty_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* What is loaded to look at is let go of again: tty_open() loads it for itself. */
static bool can_move_cursor(void)
{
	const char *cup = tigetstr("cup");
	bool can = cup && cup != (char *)-1;

	del_curterm(cur_term);
	return can;
}

bool tty_usable(const char *term, char *reason, size_t size)
{
	int error = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		snprintf(reason, size, "standard input and output are not a terminal");
	else if (!term || !*term)
		snprintf(reason, size, "TERM is not set: the kind of terminal is not known");
	else if (setupterm(term, STDOUT_FILENO, &error) != OK)
		snprintf(reason, size,
			 error < 0 ? "there is no terminfo database to look TERM=%.60s up in"
				   : "the terminal type TERM=%.60s is not known here, or is no screen",
			 term);
	else if (!can_move_cursor())
		snprintf(reason, size, "the terminal type TERM=%.60s cannot move its cursor", term);
	else
		return true;
	return false;
}

static void append_capability(const char *name)
{
	const char *bytes = tigetstr(name);
	size_t length = bytes && bytes != (char *)-1 ? strlen(bytes) : 0;

	if (tty.restore_length + length > sizeof(tty.restore))
		return;
	if (length)
		memcpy(tty.restore + tty.restore_length, bytes, length);
	tty.restore_length += length;
}

static void prepare_restore(void)
{
	static const char mouse_off[] = "\033[?1000l\033[?1006l";

	tty.restore_length = 0;
	if (key_defined("\033[<") || tigetstr("kmous") != (char *)-1) {
		memcpy(tty.restore, mouse_off, sizeof(mouse_off) - 1);
		tty.restore_length = sizeof(mouse_off) - 1;
	}
	append_capability("sgr0");
	append_capability("cnorm");
	append_capability("rmkx");
	append_capability("rmcup");
}

/* Signals that end us or tell of a new size come only while we wait, so that none is missed between look and wait. */
static void take_signals(void)
{
	struct sigaction ending = { .sa_handler = on_ending }, crash = { .sa_handler = on_crash };
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGWINCH);
	for (size_t i = 0; i < array_size(ending_signals); i++) {
		sigaddset(&held, ending_signals[i]);
		sigaction(ending_signals[i], &ending, &tty.old_ending[i]);
	}
	for (size_t i = 0; i < array_size(crash_signals); i++)
		sigaction(crash_signals[i], &crash, &tty.old_crash[i]);
	sigprocmask(SIG_BLOCK, &held, &tty.old_mask);
}

static void release_signals(void)
{
	for (size_t i = 0; i < array_size(ending_signals); i++)
		sigaction(ending_signals[i], &tty.old_ending[i], NULL);
	for (size_t i = 0; i < array_size(crash_signals); i++)
		sigaction(crash_signals[i], &tty.old_crash[i], NULL);
	sigprocmask(SIG_SETMASK, &tty.old_mask, NULL);
}

/* Each pair of colours gets a number; the terminal's own is number 0. */
static void make_colors(void)
{
	bool own = use_default_colors() == OK;

	for (int style = 0; style < STYLE_COUNT; style++) {
		const struct look *look = theme_look((enum style)style);
		short fore = (short)look->foreground, back = (short)look->background;

		if (!own && fore == COLOR_OWN)
			fore = COLOR_WHITE;
		if (!own && back == COLOR_OWN)
			back = COLOR_BLACK;
		init_pair((short)(style + 1), fore, back);
	}
}

/* Not every build of curses asks for the new size by itself. */
static void follow_size(void)
{
	struct winsize size;

	if (!ioctl(STDIN_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col &&
	    is_term_resized(size.ws_row, size.ws_col))
		resize_term(size.ws_row, size.ws_col);
}

/* Many a terminal sends other keys than its description says: the other form of an arrow, or keys that a vt100 lacks. */
static void define_keys(void)
{
	static const struct {
		const char *bytes;
		int key;
	} keys[] = {
		{ "\033[A", KEY_UP },     { "\033[B", KEY_DOWN },   { "\033[C", KEY_RIGHT },  { "\033[D", KEY_LEFT },
		{ "\033OA", KEY_UP },     { "\033OB", KEY_DOWN },   { "\033OC", KEY_RIGHT },  { "\033OD", KEY_LEFT },
		{ "\033[H", KEY_HOME },   { "\033[F", KEY_END },    { "\033OH", KEY_HOME },   { "\033OF", KEY_END },
		{ "\033[1~", KEY_HOME },  { "\033[4~", KEY_END },   { "\033[7~", KEY_HOME },  { "\033[8~", KEY_END },
		{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE }, { "\033[3~", KEY_DC },    { "\033[Z", KEY_BTAB },
		{ "\033OP", KEY_F(1) },   { "\033[11~", KEY_F(1) }, { "\033[[A", KEY_F(1) },  { "\033[15~", KEY_F(5) },
		{ "\033[[E", KEY_F(5) },  { "\033[21~", KEY_F(10) },
	};

	for (size_t i = 0; i < array_size(keys); i++)
		if (!key_defined(keys[i].bytes))
			define_key(keys[i].bytes, keys[i].key);
}

bool tty_open(bool color, struct fault *fault)
{
	if (tcgetattr(STDIN_FILENO, &tty.before) < 0)
		return fault_system(fault, errno, NULL, "cannot ask the terminal for its settings");
	/* An exported LINES or COLUMNS must not freeze the size. */
	use_tioctl(TRUE);
	tty.screen = newterm(NULL, stdout, stdin);
	if (!tty.screen)
		return fault_set(fault, FAULT_INPUT, NULL, "the terminal cannot be used as a screen");
	if (!getenv("ESCDELAY"))
		set_escdelay(50);
	raw();
	noecho();
	nonl();
	follow_size();
	keypad(stdscr, TRUE);
	define_keys();
	nodelay(stdscr, TRUE);
	idlok(stdscr, TRUE);
	mouseinterval(0);
	tty.color = color && has_colors() && start_color() == OK;
	if (tty.color)
		make_colors();
	tty.cursor = -1;
	prepare_restore();
	take_signals();
	return true;
}

void tty_close(void)
{
	if (!tty.screen)
		return;
	if (!tty.away) {
		tty_mouse(false);
		endwin();
	}
	release_signals();
	delscreen(tty.screen);
	free(tty.shown);
	tty.screen = NULL;
	tty.shown = NULL;
	tty.rows = tty.cols = 0;
	tty.away = false;
}

void tty_size(int *rows, int *cols)
{
	getmaxyx(stdscr, *rows, *cols);
}

void tty_mouse(bool wanted)
{
	mousemask(wanted ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

static attr_t attributes_of(enum style style, short *ret_pair)
{
	const struct look *look = theme_look(style);
	unsigned wanted = tty.color ? look->attributes : look->mono;
	attr_t attributes = A_NORMAL;

	if (wanted & LOOK_BOLD)
		attributes |= A_BOLD;
	if (wanted & LOOK_REVERSE)
		attributes |= A_REVERSE;
	if (wanted & LOOK_UNDERLINE)
		attributes |= A_UNDERLINE;
	*ret_pair = 0;
	if (tty.color && (look->foreground != COLOR_OWN || look->background != COLOR_OWN))
		*ret_pair = (short)(style + 1);
	return attributes;
}

static void put_cell(int row, int col, const struct cell *cell)
{
	wchar_t wide[CCHARW_MAX + 1] = { 0 };
	const char *bytes = cell->bytes;
	mbstate_t state = { 0 };
	short pair;
	attr_t attributes = attributes_of((enum style)cell->style, &pair);
	cchar_t character;

	if (!cell->width)
		return;
	mbsrtowcs(wide, &bytes, CCHARW_MAX, &state);
	if (setcchar(&character, *wide ? wide : L"?", attributes, pair, NULL) == OK)
		mvadd_wch(row, col, &character);
}

static bool same(const struct cell *a, const struct cell *b)
{
	return a->width == b->width && a->style == b->style && !strcmp(a->bytes, b->bytes);
}

/* From the first cell of a row that differs to the last, so that the halves of wide characters stay together. */
static void put_row(const struct canvas *canvas, int row, int cols)
{
	const struct cell *cells = &canvas->cells[row * canvas->cols], *shown = &tty.shown[row * canvas->cols];
	int first = 0, last = cols - 1;

	while (first < cols && same(&cells[first], &shown[first]))
		first++;
	while (last > first && same(&cells[last], &shown[last]))
		last--;
	while (first > 0 && first < cols && !cells[first].width)
		first--;
	for (int col = first; col <= last && col < cols; col++)
		put_cell(row, col, &cells[col]);
}

static void show_cursor(const struct canvas *canvas)
{
	int wanted = canvas->cursor_typing ? 1 : 0;

	/* The cursor is moved to the selected row even where it is hidden: that is what screen readers follow. */
	if (tty.cursor != wanted && !wanted)
		wanted = 1;
	if (tty.cursor != wanted)
		curs_set(wanted);
	tty.cursor = wanted;
	move(canvas->cursor_row, canvas->cursor_col);
}

void tty_show(const struct canvas *canvas)
{
	size_t size = (size_t)canvas->rows * (size_t)canvas->cols * sizeof(*tty.shown);
	int rows, cols;

	if (!tty.screen || tty.away)
		return;
	tty_size(&rows, &cols);
	if (canvas->rows != tty.rows || canvas->cols != tty.cols) {
		free(tty.shown);
		tty.shown = memory_zero(1, size);
		tty.rows = canvas->rows;
		tty.cols = canvas->cols;
	}
	for (int row = 0; row < canvas->rows && row < rows; row++)
		put_row(canvas, row, canvas->cols < cols ? canvas->cols : cols);
	memcpy(tty.shown, canvas->cells, size);
	show_cursor(canvas);
	refresh();
}

void tty_repaint(void)
{
	if (tty.screen && !tty.away)
		clearok(curscr, TRUE);
}

void tty_flush(void)
{
	flushinp();
}

void tty_suspend(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL }, old;
	sigset_t stop;

	endwin();
	sigaction(SIGTSTP, &standard, &old);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &old, NULL);
	tty_repaint();
}

void tty_leave(const char *sentence)
{
	if (!tty.screen || tty.away)
		return;
	tty_mouse(false);
	endwin();
	tty.away = true;
	tty_say(sentence);
}

void tty_say(const char *line)
{
	if (!tty.away)
		return;
	fprintf(stderr, "%s\r\n", line);
	fflush(stderr);
}

/* ^C at a password prompt went to us as well, but was not meant for us. */
static void forget_interrupts(void)
{
	const struct timespec now = { 0 };
	sigset_t interrupts;

	sigemptyset(&interrupts);
	sigaddset(&interrupts, SIGINT);
	sigaddset(&interrupts, SIGQUIT);
	while (sigtimedwait(&interrupts, NULL, &now) > 0)
		;
}

void tty_return(void)
{
	if (!tty.screen || !tty.away)
		return;
	tty.away = false;
	forget_interrupts();
	tty_flush();
	tty_repaint();
}

static uint64_t milliseconds_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static struct tty_input mouse_input(void)
{
	struct tty_input input = { .kind = TTY_NOTHING };
	uint64_t time = milliseconds_now();
	MEVENT event;

	if (getmouse(&event) != OK)
		return input;
	input.row = event.y;
	input.col = event.x;
	if (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		input.kind = TTY_WHEEL;
		input.lines = event.bstate & BUTTON4_PRESSED ? -3 : 3;
	} else if (event.bstate & BUTTON1_PRESSED) {
		bool again =
			event.y == tty.click_row && event.x == tty.click_col && time - tty.click_time < DOUBLE_CLICK;

		input.kind = again ? TTY_DOUBLE : TTY_CLICK;
		tty.click_row = event.y;
		tty.click_col = event.x;
		tty.click_time = again ? 0 : time;
	}
	return input;
}

static int special_key(wint_t code)
{
	static const struct {
		int curses, ours;
	} keys[] = {
		{ KEY_UP, INPUT_UP },         { KEY_DOWN, INPUT_DOWN },     { KEY_LEFT, INPUT_LEFT },
		{ KEY_RIGHT, INPUT_RIGHT },   { KEY_PPAGE, INPUT_PAGE_UP }, { KEY_NPAGE, INPUT_PAGE_DOWN },
		{ KEY_HOME, INPUT_HOME },     { KEY_END, INPUT_END },       { KEY_ENTER, INPUT_ENTER },
		{ KEY_BTAB, INPUT_BACK_TAB }, { KEY_DC, INPUT_DELETE },     { KEY_BACKSPACE, INPUT_BACKSPACE },
		{ KEY_F(1), INPUT_F1 },       { KEY_F(5), INPUT_F5 },       { KEY_F(10), INPUT_F10 },
	};

	for (size_t i = 0; i < array_size(keys); i++)
		if ((wint_t)keys[i].curses == code)
			return keys[i].ours;
	return INPUT_UNKNOWN;
}

static int plain_key(wint_t character)
{
	switch (character) {
	case '\r':
	case '\n':
		return INPUT_ENTER;
	case '\t':
		return INPUT_TAB;
	case 27:
		return INPUT_ESCAPE;
	case 8:
	case 127:
		return INPUT_BACKSPACE;
	default:
		return character < INPUT_BASE ? (int)character : INPUT_UNKNOWN;
	}
}

/* The next character of a sequence that has begun; 0: no more of it comes. */
static wint_t next_of_sequence(void)
{
	wint_t character;
	int got;

	timeout(ESCDELAY);
	got = get_wch(&character);
	nodelay(stdscr, TRUE);
	if (got == KEY_CODE_YES)
		ungetch((int)character);
	return got == OK ? character : 0;
}

/* A key that nobody here knows is taken whole: what was left of it would be commands. False: it was Esc alone. */
static bool swallow_sequence(void)
{
	wint_t character;
	int got = get_wch(&character);

	if (got == ERR)
		return false;
	if (got == KEY_CODE_YES || (character != '[' && character != 'O')) {
		if (got == KEY_CODE_YES)
			ungetch((int)character);
		else
			unget_wch((wchar_t)character);
		return false;
	}
	if (character == 'O') {
		next_of_sequence();
		return true;
	}
	character = next_of_sequence();
	if (character == '[') /* the Linux console's function keys */
		next_of_sequence();
	else
		while (character >= 0x20 && character < 0x40)
			character = next_of_sequence();
	return true;
}

/* One input that is there already. */
static struct tty_input take_input(void)
{
	struct tty_input input = { .kind = TTY_NOTHING };
	wint_t character;
	int got = get_wch(&character);

	if (got == ERR)
		return input;
	tty.empty_reads = 0;
	if (got == KEY_CODE_YES && character == KEY_MOUSE)
		return mouse_input();
	if (got == KEY_CODE_YES && character == KEY_RESIZE) {
		input.kind = TTY_RESIZE;
		follow_size();
		tty_size(&input.row, &input.col);
		return input;
	}
	input.kind = TTY_KEY;
	input.key = got == KEY_CODE_YES ? special_key(character) : plain_key(character);
	if (input.key == INPUT_ESCAPE && swallow_sequence())
		input.key = INPUT_UNKNOWN;
	return input;
}

struct tty_input tty_read(int milliseconds)
{
	struct timespec limit = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
	struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
	struct tty_input input;
	sigset_t open_mask = tty.old_mask;

	for (;;) {
		int ready;

		if (signalled)
			return (struct tty_input){ .kind = TTY_GONE };
		input = take_input();
		if (input.kind != TTY_NOTHING)
			return input;
		ready = ppoll(&wait, 1, milliseconds < 0 ? NULL : &limit, &open_mask);
		if (!ready)
			return input;
		/* Readable, and nothing to be read, time and again: the terminal is gone. */
		if (ready > 0 && ((wait.revents & (POLLHUP | POLLERR | POLLNVAL)) || ++tty.empty_reads > 20)) {
			input = take_input();
			if (input.kind == TTY_NOTHING)
				input.kind = TTY_GONE;
			return input;
		}
	}
}
