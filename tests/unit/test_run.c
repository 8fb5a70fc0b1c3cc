/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "system/run.h"

static struct run_result shell(struct run_request request, const char *script)
{
	struct run_result result = { 0 };
	struct strlist argv = { 0 };
	struct fault fault = { 0 };

	strlist_add(&argv, "sh");
	strlist_add(&argv, "-c");
	strlist_add(&argv, script);
	request.argv = &argv;
	if (!run_command(&request, &result, &fault))
		fail_msg("%s", fault.sentence);
	strlist_done(&argv);
	return result;
}

static void expect_output(struct run_request request, const char *script, const char *wanted)
{
	struct run_result result = shell(request, script);

	assert_string_equal(text_string(&result.output), wanted);
	assert_int_equal(result.status, 0);
	run_result_done(&result);
}

static void output_and_status_come_back(void **state)
{
	struct run_request request = { 0 };
	struct run_result result = shell(request, "echo out; echo err >&2; exit 3");

	(void)state;
	assert_string_equal(text_string(&result.output), "out\nerr\n");
	assert_int_equal(result.status, 3);
	run_result_done(&result);
	result = shell(request, "kill -SEGV $$");
	assert_int_equal(result.status, 128 + SIGSEGV);
	run_result_done(&result);
}

static void a_command_that_is_not_there_is_a_fault(void **state)
{
	struct strlist argv = { 0 };
	struct run_request request = { .argv = &argv };
	struct run_result result = { 0 };
	struct fault fault = { 0 };

	(void)state;
	strlist_add(&argv, "no-such-program-here");
	assert_false(run_command(&request, &result, &fault));
	assert_int_equal(fault.error, ENOENT);
	assert_non_null(strstr(fault.sentence, "no-such-program-here"));
	assert_false(run_available(NULL, "no-such-program-here"));
	assert_true(run_available(NULL, "sh"));
	strlist_done(&argv);
}

static void the_environment_is_made_anew(void **state)
{
	struct run_request request = { 0 };
	struct strlist more = { 0 };

	(void)state;
	setenv("DPKG_MAINTSCRIPT_PACKAGE", "x", 1);
	setenv("IFS", "q", 1);
	expect_output(request, "echo ${DPKG_MAINTSCRIPT_PACKAGE-unset} $PATH $LC_ALL",
		      "unset /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin C.UTF-8\n");
	strlist_add(&more, "DPKG_FRONTEND_LOCKED=1");
	request.environment = &more;
	expect_output(request, "echo $DPKG_FRONTEND_LOCKED", "1\n");
	strlist_done(&more);
}

static void signals_umask_and_directory_are_the_standard_ones(void **state)
{
	struct run_request request = { 0 };
	mode_t old = umask(077);
	sigset_t set;

	(void)state;
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* glibc's posix_spawn(3), and so make, leaves its own signals 32 and 33 ignored; no program can undo that. */
	expect_output(request,
		      "umask; pwd; sed -n 's/[0-9a-f]80000000$/000000000/; s/^Sig\\(Ign\\|Blk\\):[[:space:]]*//p' "
		      "/proc/self/status",
		      "0022\n/\n0000000000000000\n0000000000000000\n");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	umask(old);
}

static void only_the_lock_is_inherited(void **state)
{
	struct run_request request = { 0 };
	int leaked = open("/dev/null", O_RDONLY), kept = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	char wanted[64];

	(void)state;
	assert_true(leaked > 2 && kept > 2);
	request.inherit = kept;
	snprintf(wanted, sizeof(wanted), "%d\n", kept);
	expect_output(request,
		      "for i in /proc/self/fd/*; do n=${i##*/}; [ $n -gt 2 ] && [ \"$(readlink /proc/$$/fd/$n)\" != "
		      "/proc/$$/fd ] && [ -e /proc/$$/fd/$n ] && case $(readlink /proc/$$/fd/$n) in /dev/*) echo $n;; "
		      "esac; done; :",
		      wanted);
	close(leaked);
	close(kept);
}

static void input_comes_on_stdin_and_is_empty_without(void **state)
{
	struct run_request request = { 0 };
	struct text input = { 0 };

	(void)state;
	expect_output(request, "wc -c", "0\n");
	for (int i = 0; i < 20000; i++)
		text_append(&input, "0123456789");
	request.input = &input;
	expect_output(request, "wc -c", "200000\n");
	text_done(&input);
}

static void no_terminal_can_be_asked(void **state)
{
	struct run_request request = { 0 };

	(void)state;
	expect_output(request, "(exec 3</dev/tty) 2>/dev/null || echo none", "none\n");
}

static void note_line(void *data, const char *line)
{
	text_printf(data, "[%s]", line);
}

static void lines_are_shown_visibly_one_by_one(void **state)
{
	struct text lines = { 0 };
	struct run_request request = { .line = note_line, .data = &lines };
	struct run_result result = shell(request, "printf 'a\\n\\n10%%\\r20%%\\r\\n\\033[31mred\\nrest'");

	(void)state;
	assert_string_equal(text_string(&lines), "[a][][10%][20%][][^[[31mred][rest]");
	run_result_done(&result);
	text_done(&lines);
}

static void output_over_the_limit_is_dropped_not_stored(void **state)
{
	struct run_request request = { .output_limit = 1000 };
	struct run_result result = shell(request, "head -c 3000000 /dev/zero | tr '\\0' x");

	(void)state;
	assert_int_equal(result.output.length, 1000);
	assert_int_equal(result.status, 0);
	run_result_done(&result);
}

static void a_hanging_command_is_ended(void **state)
{
	struct run_request request = { .timeout = 1, .grace = 1 };
	time_t start = time(NULL);
	struct run_result result = shell(request, "sleep 100");

	(void)state;
	assert_true(result.timed_out);
	assert_int_equal(result.status, 128 + SIGTERM);
	run_result_done(&result);
	result = shell(request, "trap '' TERM; while :; do sleep 1; done");
	assert_true(result.timed_out);
	assert_int_equal(result.status, 128 + SIGKILL);
	assert_true(time(NULL) - start < 15);
	run_result_done(&result);
}

static bool cancel_now(void *data)
{
	return ++*(int *)data > 2;
}

static void a_cancelled_command_is_ended(void **state)
{
	int polls = 0;
	struct run_request request = { .cancelled = cancel_now, .data = &polls };
	struct run_result result = shell(request, "sleep 100");

	(void)state;
	assert_true(result.cancelled);
	assert_false(result.timed_out);
	run_result_done(&result);
}

/* A child that stays behind would go on writing while its output is being checked. */
static void nothing_goes_on_running_after(const char *start)
{
	char name[] = "/tmp/vfioconf-run-XXXXXX";
	int descriptor = mkstemp(name);
	struct run_request request = { 0 };
	struct run_result result;
	char script[256];
	struct stat before, after;

	snprintf(script, sizeof(script), start, name);
	result = shell(request, script);
	assert_string_equal(text_string(&result.output), "started\n");
	fstat(descriptor, &before);
	usleep(300000);
	fstat(descriptor, &after);
	assert_int_equal(before.st_size, after.st_size);
	run_result_done(&result);
	close(descriptor);
	unlink(name);
}

static void nothing_of_the_command_goes_on_running(void **state)
{
	(void)state;
	nothing_goes_on_running_after("(while :; do echo x >> %s; sleep 0.05; done) & echo started");
}

/* In a session of its own, and deaf to TERM. */
static void nothing_that_left_its_group_goes_on_running(void **state)
{
	pid_t child = fork();

	(void)state;
	if (!child) {
		pause();
		_exit(0);
	}
	nothing_goes_on_running_after("setsid "
				      "sh -c 'trap \"\" TERM; while :; do echo x >> %s; sleep 0.05; done' & echo started");
	/* Nor is anything else ended. */
	assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void programs_are_looked_up_inside_the_root(void **state)
{
	char name[] = "/tmp/vfioconf-run-XXXXXX", path[64];
	struct root *root;
	struct fault fault = { 0 };

	(void)state;
	assert_non_null(mkdtemp(name));
	assert_true(root_open(name, &root, &fault));
	assert_false(run_available(root, "sh"));
	snprintf(path, sizeof(path), "%s/bin", name);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/bin/sh", name);
	close(open(path, O_CREAT | O_WRONLY, 0755));
	assert_true(run_available(root, "sh"));
	chmod(path, 0644);
	assert_false(run_available(root, "sh"));
	unlink(path);
	snprintf(path, sizeof(path), "%s/bin", name);
	rmdir(path);
	rmdir(name);
	root_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_and_status_come_back),
		cmocka_unit_test(a_command_that_is_not_there_is_a_fault),
		cmocka_unit_test(the_environment_is_made_anew),
		cmocka_unit_test(signals_umask_and_directory_are_the_standard_ones),
		cmocka_unit_test(only_the_lock_is_inherited),
		cmocka_unit_test(input_comes_on_stdin_and_is_empty_without),
		cmocka_unit_test(no_terminal_can_be_asked),
		cmocka_unit_test(lines_are_shown_visibly_one_by_one),
		cmocka_unit_test(output_over_the_limit_is_dropped_not_stored),
		cmocka_unit_test(a_hanging_command_is_ended),
		cmocka_unit_test(a_cancelled_command_is_ended),
		cmocka_unit_test(nothing_of_the_command_goes_on_running),
		cmocka_unit_test(nothing_that_left_its_group_goes_on_running),
		cmocka_unit_test(programs_are_looked_up_inside_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
