/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs commands in turn, many times, and prints for each its shortest time and
 * its largest memory:
 *
 *   measure ROUNDS COMMAND ARGUMENT... -- COMMAND ARGUMENT...
 *
 * One line per command: microseconds from start to end, microseconds of
 * processor, KiB, exit status of the last run. The shortest of many runs side
 * by side is what a busy machine disturbs least. It is a small program of its
 * own because a child's peak memory counts from that of whoever starts it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMAND_LIMIT 8

struct measured {
	char **argv;
	uint64_t best; /* nanoseconds */
	uint64_t busy; /* microseconds of processor */
	long memory;   /* KiB */
	int status;
};

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t processor(const struct rusage *usage)
{
	return (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000u +
	       (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

static void start(char **argv)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0)
		_exit(126);
	execvp(argv[0], argv);
	_exit(127);
}

static void run(struct measured *command)
{
	uint64_t begin = now(), taken;
	struct rusage usage;
	pid_t child = fork();
	int status;

	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (!child)
		start(command->argv);
	while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR)
		continue;
	taken = now() - begin;
	if (!command->best || taken < command->best)
		command->best = taken;
	if (!command->busy || processor(&usage) < command->busy)
		command->busy = processor(&usage);
	if (usage.ru_maxrss > command->memory)
		command->memory = usage.ru_maxrss;
	command->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Cuts ARGV at each "--"; returns how many commands there are. */
static size_t split(char **argv, struct measured *commands)
{
	size_t count = 0;

	while (*argv && count < COMMAND_LIMIT) {
		commands[count++].argv = argv;
		while (*argv && strcmp(*argv, "--") != 0)
			argv++;
		if (*argv)
			*argv++ = NULL;
	}
	return count;
}

int main(int argc, char **argv)
{
	struct measured commands[COMMAND_LIMIT] = { 0 };
	long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	size_t count = rounds > 0 ? split(argv + 2, commands) : 0;

	if (!count) {
		fprintf(stderr, "usage: measure ROUNDS COMMAND ARGUMENT... [-- COMMAND ARGUMENT...]\n");
		return 2;
	}
	for (long round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++)
			run(&commands[i]);
	for (size_t i = 0; i < count; i++)
		printf("%llu %llu %ld %d\n", (unsigned long long)commands[i].best / 1000,
		       (unsigned long long)commands[i].busy, commands[i].memory, commands[i].status);
	return 0;
}
