/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system/bytes.h"
#include "system/children.h"

#define POLL_MILLISECONDS 100
#define LINE_LIMIT 4096

/*
 * Given anew, never inherited: with DPKG_MAINTSCRIPT_PACKAGE set, for one,
 * update-initramfs only queues a trigger and answers 0.
 */
static const char *const path_directories[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
						"/usr/bin",        "/sbin",          "/bin" };
static const char *const fixed_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"LC_ALL=C.UTF-8",
	"HOME=/root",
	"SHELL=/bin/sh",
	"DEBIAN_FRONTEND=noninteractive",
};

/* What the child needs, made ready before the fork: after it only async-signal-safe calls are allowed. */
struct child {
	char *program;
	char **argv;
	char **environment;
	int root; /* to chroot into, or -1 */
	int input;
	int output;
	int report; /* gets an errno where the program cannot be started */
	int inherit;
	bool own_session;
};

/* A running command, as the parent sees it. */
struct watch {
	const struct run_request *request;
	const struct children *before; /* ours, before it was started */
	struct run_result *result;
	pid_t pid;
	int exited; /* pidfd */
	int output;
	size_t limit;
	struct text line;
	uint64_t deadline; /* of the next escalation, in milliseconds */
	int sent;          /* the last signal sent to it, or 0 */
};

void run_result_done(struct run_result *result)
{
	if (result)
		text_done(&result->output);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static bool executable(const struct root *root, const char *path)
{
	struct stat status;

	if (root ? !root_stat(root, path, &status) : stat(path, &status) < 0)
		return false;
	return S_ISREG(status.st_mode) && status.st_mode & 0111;
}

/* The path of PROGRAM as it is called inside the root; NULL where there is none. The caller frees. */
static char *look_up(const struct root *root, const char *program)
{
	if (strchr(program, '/'))
		return executable(root, program) ? memory_string(program) : NULL;
	for (size_t i = 0; i < array_size(path_directories); i++) {
		struct text path = { 0 };

		text_printf(&path, "%s/%s", path_directories[i], program);
		if (executable(root, text_string(&path)))
			return text_take(&path);
		text_done(&path);
	}
	return NULL;
}

bool run_available(const struct root *root, const char *program)
{
	char *path = look_up(root, program);
	bool found = path != NULL;

	free(path);
	return found;
}

bool run_bytes(const struct text *bytes, int *ret, struct fault *fault)
{
	int descriptor = memfd_create("vfioconf", MFD_CLOEXEC);

	if (descriptor < 0)
		return fault_system(fault, errno, NULL, "cannot make memory for the input of a command");
	if (!bytes_write(descriptor, text_string(bytes), bytes->length) || lseek(descriptor, 0, SEEK_SET) < 0) {
		fault_system(fault, errno, NULL, "cannot fill the input of a command");
		close(descriptor);
		return false;
	}
	*ret = descriptor;
	return true;
}

static void close_the_rest(int inherit)
{
	/* musl has no wrapper; before Linux 5.11 the flag is unknown and the loop does it. */
	if (syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */) < 0)
		for (int i = 3; i < 4096; i++)
			fcntl(i, F_SETFD, FD_CLOEXEC);
	if (inherit > 2)
		fcntl(inherit, F_SETFD, 0);
}

static void reset_signals(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;

	/* An ignored signal would be inherited, and a shell cannot trap what came in ignored. */
	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &standard, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* We may have been started with a standard descriptor closed; then one of these has its number. */
static void move_up(int *descriptor)
{
	if (*descriptor <= 2)
		*descriptor = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
}

static bool become(struct child *child)
{
	move_up(&child->report);
	move_up(&child->input);
	move_up(&child->output);
	if (child->own_session && setsid() < 0)
		return false;
	if (child->root >= 0 && (fchdir(child->root) < 0 || chroot(".") < 0))
		return false;
	if (chdir("/") < 0 || dup2(child->input, 0) < 0 || dup2(child->output, 1) < 0 || dup2(child->output, 2) < 0)
		return false;
	umask(022);
	return true;
}

static __attribute__((noreturn)) void child_run(struct child *child)
{
	int error;
	ssize_t written;

	if (become(child)) {
		close_the_rest(child->inherit);
		reset_signals();
		execve(child->program, child->argv, child->environment);
	}
	error = errno;
	written = write(child->report, &error, sizeof(error));
	_exit(written == sizeof(error) ? 127 : 126);
}

static char **environment_vector(const struct strlist *more)
{
	size_t fixed = array_size(fixed_environment), count = more ? more->count : 0;
	char **vector = memory_zero(fixed + count + 1, sizeof(*vector));

	for (size_t i = 0; i < fixed; i++)
		vector[i] = memory_string(fixed_environment[i]);
	for (size_t i = 0; i < count; i++)
		vector[fixed + i] = memory_string(more->items[i]);
	return vector;
}

static void child_done(struct child *child)
{
	for (size_t i = 0; child->environment && child->environment[i]; i++)
		free(child->environment[i]);
	free(child->environment);
	free(child->argv);
	free(child->program);
	memory_close(&child->input);
	memory_close(&child->output);
	memory_close(&child->report);
}

static void emit_line(struct watch *watch)
{
	struct text visible = { 0 };

	if (watch->request->line) {
		text_append_visible(&visible, text_string(&watch->line), watch->line.length, false);
		watch->request->line(watch->request->data, text_string(&visible));
	}
	text_done(&visible);
	text_reset(&watch->line);
}

/* A carriage return ends a line too: that is how tools draw their progress. */
static void take_output(struct watch *watch, const char *bytes, size_t length)
{
	size_t room = watch->limit - watch->result->output.length;

	text_append_n(&watch->result->output, bytes, length < room ? length : room);
	for (size_t i = 0; i < length; i++) {
		bool end = bytes[i] == '\n' || bytes[i] == '\r';

		if (!end)
			text_append_char(&watch->line, bytes[i]);
		if (watch->line.length >= LINE_LIMIT || (end && (watch->line.length || bytes[i] == '\n')))
			emit_line(watch);
	}
}

/* Reads what is there; closes the pipe at its end. */
static void drain(struct watch *watch)
{
	char buffer[16384];
	ssize_t got;

	while (watch->output >= 0) {
		got = read(watch->output, buffer, sizeof(buffer));
		if (got > 0) {
			take_output(watch, buffer, (size_t)got);
			if ((size_t)got == sizeof(buffer))
				return; /* much is coming: look at the clock in between */
			continue;
		}
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		close(watch->output);
		watch->output = -1;
	}
}

static void send_signal(struct watch *watch, int signal)
{
	unsigned grace = watch->request->grace ? watch->request->grace : 20;

	kill(watch->request->on_terminal ? watch->pid : -watch->pid, signal);
	watch->sent = signal;
	watch->deadline = now() + grace * 1000ull;
}

/* TERM, later KILL; false where even that did not end it within its grace (a child that is not ours to kill). */
static bool escalate(struct watch *watch)
{
	if (!watch->sent && watch->request->cancelled && watch->request->cancelled(watch->request->data)) {
		watch->result->cancelled = true;
		send_signal(watch, SIGTERM);
	}
	if (now() < watch->deadline)
		return true;
	if (!watch->sent) {
		watch->result->timed_out = true;
		send_signal(watch, SIGTERM);
	} else if (watch->sent == SIGTERM) {
		send_signal(watch, SIGKILL);
	} else {
		return false;
	}
	return true;
}

static bool ended(struct watch *watch)
{
	int status;

	if (waitpid(watch->pid, &status, WNOHANG) != watch->pid)
		return false;
	watch->result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return true;
}

static void wait_for_end(struct watch *watch)
{
	while (!ended(watch)) {
		struct pollfd wait[] = { { .fd = watch->exited, .events = POLLIN },
					 { .fd = watch->output, .events = POLLIN } };

		poll(wait, array_size(wait), POLL_MILLISECONDS);
		drain(watch);
		if (!escalate(watch)) {
			watch->result->status = 128 + SIGKILL;
			return;
		}
	}
}

static bool group_lives(pid_t group)
{
	while (waitpid(-group, NULL, WNOHANG) > 0)
		;
	return !kill(-group, 0) || errno == EPERM;
}

/* Children that we did not have BEFORE: processes that left the group and came to us when the command ended. */
static bool orphans_live(const struct children *before, struct children *ret)
{
	/* Twice: while one of them ends the kernel's list may be without its neighbour. */
	for (int attempt = 0; attempt < 2; attempt++) {
		children_read(ret);
		for (size_t i = ret->count; i-- > 0;)
			if (children_have(before, ret->pids[i]) ||
			    waitpid(ret->pids[i], NULL, WNOHANG) == ret->pids[i])
				ret->pids[i] = ret->pids[--ret->count];
		if (ret->count)
			return true;
	}
	return false;
}

static void signal_rest(const struct watch *watch, const struct children *orphans, int signal)
{
	kill(-watch->pid, signal);
	for (size_t i = 0; i < orphans->count; i++)
		kill(orphans->pids[i], signal);
}

/*
 * What the command left running, in its group or in a session of its own, would go on writing while we look at what
 * was written, or after that was put back: it gets a short time, then it is ended, TERM first and KILL 2 s later; what
 * even then does not end (a disk that hangs) is not waited for. As we are the subreaper such orphans come to us and do
 * not stay as zombies.
 */
static void end_rest(struct watch *watch)
{
	static const struct timespec pause = { .tv_nsec = 10000000L };
	uint64_t since = now();
	int sent = 0;

	while (!watch->request->on_terminal && now() < since + 6000) {
		struct children orphans;
		bool group = group_lives(watch->pid), others = orphans_live(watch->before, &orphans);
		int due = now() >= since + 4000 ? SIGKILL : now() >= since + 2000 ? SIGTERM : 0;

		if (!group && !others)
			return;
		drain(watch);
		/* KILL again and again: whom it ends may leave children of its own to us. */
		if (due == SIGKILL || due != sent)
			signal_rest(watch, &orphans, due);
		sent = due;
		nanosleep(&pause, NULL);
	}
}

static void watch_child(const struct run_request *request, const struct children *before, pid_t pid, int output,
			struct run_result *result)
{
	struct watch watch = {
		.request = request,
		.before = before,
		.result = result,
		.pid = pid,
		.output = output,
		.limit = request->output_limit ? request->output_limit : 1048576,
		.deadline = now() + (request->timeout ? request->timeout : 60) * 1000ull,
	};

	watch.exited = (int)syscall(SYS_pidfd_open, pid, 0);
	fcntl(output, F_SETFL, O_NONBLOCK);
	wait_for_end(&watch);
	end_rest(&watch);
	for (size_t known = SIZE_MAX; watch.output >= 0 && known != result->output.length;) {
		known = result->output.length;
		drain(&watch);
	}
	if (watch.line.length)
		emit_line(&watch);
	memory_close(&watch.output);
	memory_close(&watch.exited);
	text_done(&watch.line);
}

/* Starts the child; its errno comes through a pipe that a successful exec closes. */
static bool start(struct child *child, int report, pid_t *ret)
{
	int error = 0;
	ssize_t got;
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (!pid)
		child_run(child);
	close(child->report);
	child->report = -1;
	do
		got = read(report, &error, sizeof(error));
	while (got < 0 && errno == EINTR);
	if (got != sizeof(error)) {
		*ret = pid;
		return true;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = error;
	return false;
}

static bool prepare(const struct run_request *request, struct child *child, struct fault *fault)
{
	const char *name = request->argv->items[0];

	child->program = look_up(request->root, name);
	if (!child->program)
		return fault_system(fault, ENOENT, NULL, "cannot run %s", name);
	child->argv = strlist_vector(request->argv);
	child->environment = environment_vector(request->environment);
	child->inherit = request->inherit;
	child->own_session = !request->on_terminal;
	if (request->root && !root_is_running_system(request->root))
		child->root = root_descriptor(request->root);
	if (request->input)
		return run_bytes(request->input, &child->input, fault);
	child->input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return child->input >= 0 || fault_system(fault, errno, "/dev/null", "cannot open /dev/null");
}

static int take_descriptor(int *descriptor)
{
	int taken = *descriptor;

	*descriptor = -1;
	return taken;
}

bool run_command(const struct run_request *request, struct run_result *ret, struct fault *fault)
{
	struct child child = { .root = -1, .input = -1, .output = -1, .report = -1 };
	int output[2] = { -1, -1 }, report[2] = { -1, -1 }, reaper = 0;
	struct run_result result = { 0 };
	struct children before;
	pid_t pid = -1;
	bool started = false;

	if (!prepare(request, &child, fault))
		goto out;
	if (pipe2(output, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0) {
		fault_system(fault, errno, NULL, "cannot run %s", request->argv->items[0]);
		goto out;
	}
	child.output = output[1];
	child.report = report[1];
	prctl(PR_GET_CHILD_SUBREAPER, &reaper, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	children_read(&before);
	started = start(&child, report[0], &pid);
	if (!started)
		fault_system(fault, errno, NULL, "cannot run %s", request->argv->items[0]);
	memory_close(&child.output);
	child.output = -1;
	if (started)
		watch_child(request, &before, pid, take_descriptor(&output[0]), &result);
	prctl(PR_SET_CHILD_SUBREAPER, reaper, 0, 0, 0);
out:
	child_done(&child);
	memory_close(&output[0]);
	memory_close(&report[0]);
	if (started)
		*ret = result;
	return started;
}
