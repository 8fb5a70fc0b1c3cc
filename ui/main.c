/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place where everything is put together: the environment is read, the
 * session opened, and the command or the interface given the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/apply.h"
#include "cli/capture.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/events.h"
#include "cli/history.h"
#include "cli/list.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/rebind.h"
#include "cli/recover.h"
#include "cli/signals.h"
#include "cli/verify.h"
#include "session.h"
#include "tui/tui.h"

static const struct {
	enum mode mode;
	bool (*run)(struct cli *cli, struct fault *fault);
} commands[] = {
	{ MODE_LIST, cli_list },	{ MODE_CHECK, cli_check },
	{ MODE_APPLY, cli_apply },	{ MODE_REMOVE, cli_apply },	{ MODE_FOLLOW, cli_follow },
	{ MODE_SAVE, cli_save },	{ MODE_VERIFY, cli_verify },
	{ MODE_HISTORY, cli_history }, { MODE_UNDO, cli_undo },
	{ MODE_RECOVER, cli_recover }, { MODE_BIND, cli_rebind },
	{ MODE_UNBIND, cli_rebind },	{ MODE_PRINT, cli_print_guest },
	{ MODE_CAPTURE, cli_capture },
};

/* What these do needs no look at the machine, and must work where that fails. */
#define BARE_MODES (MODE_HISTORY | MODE_UNDO | MODE_RECOVER | MODE_CAPTURE)

/* The environment as the program sees it; an empty variable is an unset one. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* A file opened later must not become the standard output of this or another program. */
static bool streams_open(void)
{
	for (int descriptor = 0; descriptor < 3; descriptor++)
		if (fcntl(descriptor, F_GETFD) < 0)
			return false;
	return true;
}

static unsigned terminal_width(void)
{
	struct winsize size = { 0 };

	if (!isatty(STDOUT_FILENO))
		return 0;
	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80;
}

static bool wants_color(const struct options *options)
{
	const char *name = environment("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && name && strcmp(name, "dumb") != 0 && !environment("NO_COLOR");
}

/* What the options say of loader, generator and the boot menu holds for every plan that is made in the interface. */
static void preselect(struct selection *selection, const struct options *options)
{
	if (options->loader) {
		free(selection->loader);
		selection->loader = memory_string(options->loader);
	}
	if (options->menu_entry)
		selection->menu_entry = !strcmp(options->menu_entry, "yes");
	if (options->generator) {
		free(selection->generator);
		selection->generator = memory_string(options->generator);
	}
}

static bool interface(struct cli *cli, struct fault *fault)
{
	struct tui_options options = { .ascii = cli->options->ascii, .color = cli->color, .ssh = cli->ssh };
	char why[256];

	preselect(&cli->session->selection, cli->options);
	if (tui_usable(why, sizeof(why))) {
		cli->status = (enum status)tui_run(cli->session, &options);
		return true;
	}
	cli_complain("no usable terminal for the interactive interface: %s. So here is the list; "
		     "vfioconf --help shows what else can be done without one", why);
	return cli_list(cli, fault);
}

static bool run(struct cli *cli, struct fault *fault)
{
	for (size_t i = 0; i < array_size(commands); i++)
		if (commands[i].mode == cli->options->mode)
			return commands[i].run(cli, fault);
	return interface(cli, fault);
}

/* A program that reads events gets this as one. */
static void tell_fault(const struct cli *cli, const struct fault *fault)
{
	fflush(stdout);
	if (cli->options->json && options_apply(cli->options))
		events_fault(cli, STATUS_FAULT, fault, NULL);
	else
		cli_complain("%s", fault->sentence);
}

static enum status open_and_run(const struct options *options, struct fault *fault)
{
	const char *temporary = environment("TMPDIR");
	struct session session = { 0 };
	struct session_options where = { .root = options->root,
					 .machine = options->machine,
					 .temporary = temporary ? temporary : "/tmp",
					 .ssh = environment("SSH_CONNECTION"),
					 .bare = options->mode & BARE_MODES };
	struct cli cli = { .options = options,
			   .session = &session,
			   .out = stdout,
			   .width = terminal_width(),
			   .color = wants_color(options),
			   .unicode = !options->ascii && !strcmp(nl_langinfo(CODESET), "UTF-8"),
			   .person = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO),
			   .ssh = where.ssh };
	bool good = session_open(&where, &session, fault);

	if (good) {
		strlist_add_all(&session.allow, &options->allow);
		if (!options_apply(options))
			cli_recover_remind(&cli);
		good = run(&cli, fault);
	}
	session_done(&session);
	if (!good) {
		cli.status = STATUS_FAULT;
		tell_fault(&cli, fault);
	}
	return cli.status;
}

/*
 * What could not be written is no answer; a reader that went away wants none.
 * What became of the machine counts more than whether someone was there to read of it.
 */
static enum status finish(enum status status, bool applied)
{
	bool flushed = (errno = 0, fflush(stdout) != EOF);

	if (flushed && !ferror(stdout))
		return status;
	if (errno != EPIPE && !signals_ended_reader())
		cli_complain("standard output cannot be written%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
	return status == STATUS_DONE && !applied ? STATUS_FAULT : status;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct fault fault = { 0 };
	enum status status = STATUS_FAULT;
	bool applied;

	if (!streams_open()) {
		fputs("vfioconf: standard input, output and error must all be open (/dev/null will do)\n", stderr);
		return STATUS_FAULT;
	}
	setlocale(LC_CTYPE, "");
	if (!options_parse(argc, argv, &options, &fault)) {
		cli_complain("%s", fault.sentence);
		return STATUS_USAGE;
	}
	signals_catch();
	if (options.mode == MODE_HELP) {
		options_help(stdout);
		status = STATUS_DONE;
	} else if (options.mode == MODE_VERSION) {
		puts("vfioconf " VERSION);
		status = STATUS_DONE;
	} else {
		status = open_and_run(&options, &fault);
	}
	applied = options_apply(&options);
	options_done(&options);
	status = finish(status, applied);
	if (!applied)
		signals_end();
	return (int)status;
}
