/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/tui.h"

#include <stdio.h>
#include <unistd.h>

#include "tui/applying.h"
#include "tui/backend.h"
#include "tui/nav.h"
#include "tui/tty.h"
#include "tui/update.h"
#include "tui/view.h"

struct tui {
	struct model model;
	struct screen screen;
	const struct tui_options *options;
	bool gone; /* the terminal is gone, or a signal asks us to end */
};

bool tui_usable(char *reason, size_t size)
{
	return tty_usable(getenv("TERM"), reason, size);
}

static void draw(struct tui *tui)
{
	if (tui->gone)
		return;
	nav_prepare(&tui->model);
	view_draw(&tui->model, &tui->screen);
	tty_show(&tui->screen.canvas);
}

/* What was drawn at the place of a click says what the click means. */
static bool click_event(const struct tui *tui, const struct tty_input *input, struct event *ret)
{
	const struct hit *hit = screen_hit(&tui->screen, input->row, input->col);

	if (!hit)
		return false;
	*ret = (struct event){ .kind = EVENT_KEY, .key = hit->key, .item = hit->item };
	if (hit->key)
		return true;
	ret->kind = hit->mark ? EVENT_MARK : input->kind == TTY_DOUBLE ? EVENT_DOUBLE : EVENT_SELECT;
	return true;
}

static bool event_of(const struct tui *tui, const struct tty_input *input, struct event *ret)
{
	switch (input->kind) {
	case TTY_KEY:
		*ret = (struct event){ .kind = EVENT_KEY, .key = input->key };
		return true;
	case TTY_CLICK:
	case TTY_DOUBLE:
		return click_event(tui, input, ret);
	case TTY_WHEEL:
		*ret = (struct event){ .kind = EVENT_WHEEL, .lines = input->lines };
		return true;
	case TTY_RESIZE:
		*ret = (struct event){ .kind = EVENT_RESIZE, .rows = input->row, .cols = input->col };
		return true;
	case TTY_NOTHING:
	case TTY_GONE:
		break;
	}
	return false;
}

/* Gives one input to the model. Returns what the terminal has to do with it, less what is done here. */
static unsigned handle(struct tui *tui, const struct tty_input *input)
{
	struct event event;
	unsigned reactions;

	if (input->kind == TTY_GONE)
		tui->gone = true;
	if (!event_of(tui, input, &event))
		return 0;
	reactions = update(&tui->model, &event);
	if (reactions & REACT_MOUSE)
		tty_mouse(tui->model.mouse);
	if (reactions & REACT_SUSPEND)
		tty_suspend();
	if (reactions & REACT_CLEAR)
		tty_repaint();
	if (reactions & REACT_FLUSH) {
		draw(tui);
		tty_flush();
	}
	return reactions;
}

/* Whatever is typed while the apply step runs; called often. */
static void pump(void *data)
{
	struct tui *tui = data;
	struct tty_input input;

	if (tui->gone)
		return;
	while ((input = tty_read(0)).kind != TTY_NOTHING && !tui->gone)
		handle(tui, &input);
	if (tui->gone) {
		/* The apply step goes on to its end, with nobody to look at it. */
		tty_close();
		return;
	}
	nav_refresh(&tui->model);
	draw(tui);
}

/* Where this program is; false where the kernel does not say. */
static bool own_path(char *buffer, size_t size)
{
	struct root *root;
	bool known;

	if (!root_open("/", &root, NULL))
		return false;
	known = root_link(root, "/proc/self/exe", buffer, size);
	root_free(root);
	return known;
}

static void apply(struct tui *tui)
{
	char self[4096];
	struct applying_view view = { .ssh = tui->options->ssh, .pump = pump, .data = tui };

	if (own_path(self, sizeof(self)))
		view.self = self;

	applying_run(&tui->model, &view);
	if (!tui->gone)
		tty_mouse(tui->model.mouse);
	update_applied(&tui->model);
}

static void loop(struct tui *tui)
{
	while (!tui->gone) {
		struct tty_input input;
		unsigned reactions = 0;

		draw(tui);
		/* All that is typed already is taken before anything is drawn again. */
		for (input = tty_read(-1); input.kind != TTY_NOTHING && !tui->gone; input = tty_read(0)) {
			reactions = handle(tui, &input);
			if (reactions & (REACT_QUIT | REACT_APPLY))
				break;
		}
		if (reactions & REACT_QUIT)
			return;
		if (reactions & REACT_APPLY)
			apply(tui);
	}
}

int tui_run(struct session *session, const struct tui_options *options)
{
	struct tui tui = { .options = options };
	struct fault fault = { 0 };

	if (!tty_open(options->color, &fault)) {
		fprintf(stderr, "vfioconf: %s\n", fault.sentence);
		return 1;
	}
	model_init(&tui.model, session, &backend_real);
	tui.model.ssh = options->ssh;
	tui.model.root = geteuid() == 0;
	tui.model.systemd = root_is_directory(session->root, "run/systemd/system");
	tui.model.ascii = options->ascii || !tty_utf8();
	tui.model.mouse = true;
	tty_size(&tui.model.rows, &tui.model.cols);
	tty_mouse(true);
	update_begin(&tui.model);
	nav_refresh(&tui.model);
	loop(&tui);
	tty_close();
	screen_done(&tui.screen);
	model_done(&tui.model);
	return tty_signal() ? 128 + tty_signal() : 0;
}
