/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/signals.h"

#include <signal.h>

static volatile sig_atomic_t first_caught, interrupted, ended_reader;

static void note(int number)
{
	if (!first_caught)
		first_caught = number;
	if (number == SIGINT || number == SIGTERM)
		interrupted = 1;
	if (number == SIGPIPE)
		ended_reader = 1;
}

/* Without SA_RESTART: a read or write that blocks comes back, and the program can end. */
void signals_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction action = { .sa_handler = note };
	struct sigaction old;

	sigemptyset(&action.sa_mask);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		/* What our parent ignores (nohup) stays ignored. */
		if (!sigaction(numbers[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

bool signals_interrupted(void)
{
	return interrupted;
}

bool signals_ended_reader(void)
{
	return ended_reader;
}

void signals_end(void)
{
	if (!first_caught)
		return;
	signal(first_caught, SIG_DFL);
	raise(first_caught);
}
