/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/applying.h"

#include <string.h>
#include <time.h>

#include "plan/profile.h"
#include "system/run.h"
#include "tui/nav.h"
#include "tui/tty.h"

#define APPLY_SECONDS (6 * 3600)    /* images for many kernels on a slow disk, and someone looking for the password */
#define ROLLBACK_SECONDS (3 * 3600) /* what is undone may have to run the same commands again */

struct applying {
	struct model *model;
	const struct applying_view *view;
	bool asking; /* the terminal is given away, for a password */
	bool begun;
};

static const char *find_launcher(void)
{
	static const char *const launchers[] = { "sudo", "pkexec", "doas" };

	for (size_t i = 0; i < array_size(launchers); i++)
		if (run_available(NULL, launchers[i]))
			return launchers[i];
	return NULL;
}

void applying_command(const struct model *model, const char *self, const char *launcher, struct strlist *ret)
{
	const struct session *session = model->session;
	char digest[65];

	if (launcher)
		strlist_add(ret, launcher);
	strlist_add(ret, self);
	if (model->recovering) {
		strlist_add(ret, "--recover");
	} else {
		changeset_digest(&session->plan->changeset, digest);
		strlist_add(ret, "--apply-saved");
		strlist_add(ret, "-");
		strlist_add(ret, "--yes");
		strlist_add(ret, "--expect");
		strlist_add(ret, digest);
	}
	strlist_add(ret, "--json");
	for (size_t i = 0; !model->recovering && i < session->allow.count; i++) {
		strlist_add(ret, "--allow");
		strlist_add(ret, session->allow.items[i]);
	}
	if (!root_is_running_system(session->root)) {
		strlist_add(ret, "--root");
		strlist_add(ret, root_directory(session->root));
	}
}

/* What the password prompt says of itself goes to the terminal as it is; the first event takes the terminal back. */
static void on_line(void *data, const char *line)
{
	struct applying *applying = data;

	if (applying->asking && *line != '{') {
		tty_say(line);
		feed_line(&applying->model->feed, line);
		return;
	}
	if (applying->asking)
		tty_return();
	applying->asking = false;
	feed_line(&applying->model->feed, line);
}

static bool on_poll(void *data)
{
	struct applying *applying = data;

	if (!applying->asking)
		applying->view->pump(applying->view->data);
	return applying->model->feed.stopping;
}

static void give_up(struct model *model, const char *sentence)
{
	model->feed.outcome = OUTCOME_FAULT;
	model->feed.message = memory_string(sentence);
}

static void run(struct model *model, const struct applying_view *view, const char *launcher)
{
	struct applying applying = { .model = model, .view = view, .asking = launcher != NULL };
	cleanup_strlist struct strlist argv = { 0 }, environment = { 0 };
	cleanup_text struct text profile = { 0 };
	struct run_result result = { 0 };
	struct fault fault = { 0 };
	struct run_request request = { .argv = &argv,
				       .environment = &environment,
				       .input = model->recovering ? NULL : &profile,
				       .timeout = APPLY_SECONDS,
				       .grace = ROLLBACK_SECONDS,
				       .inherit = -1,
				       .on_terminal = launcher != NULL,
				       .line = on_line,
				       .cancelled = on_poll,
				       .data = &applying };

	applying_command(model, view->self, launcher, &argv);
	profile_write(&model->session->selection, &profile);
	if (view->ssh)
		strlist_printf(&environment, "SSH_CONNECTION=%s", view->ssh);
	if (launcher)
		tty_leave("vfioconf: this needs root. You may be asked for a password now.");
	if (run_command(&request, &result, &fault))
		feed_ended(&model->feed, result.status);
	else
		give_up(model, fault.sentence);
	tty_return();
	run_result_done(&result);
}

void applying_run(struct model *model, const struct applying_view *view)
{
	const char *launcher = model->root ? NULL : find_launcher();

	feed_done(&model->feed);
	model->feed.recovery = model->recovering;
	if (!model->root && !launcher) {
		give_up(model,
			model->recovering
				? "this needs root, and neither sudo, pkexec nor doas is here. Run  vfioconf --recover  as root"
				: "applying needs root, and neither sudo, pkexec nor doas is here. Save the profile with s, "
				  "then run  vfioconf --apply-saved FILE  as root");
		return;
	}
	if (!view->self) {
		give_up(model, "this program does not know its own path: /proc is not mounted");
		return;
	}
	model->running = true;
	model->depth = 1;
	nav_open(model, VIEW_PROGRESS);
	nav_refresh(model);
	if (!launcher)
		view->pump(view->data);
	run(model, view, launcher);
	model->running = false;
}
