/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a transaction has done, line by line, each durable before the next
 * step: "SEQUENCE CRC32 WORDS". From the first line on that is not whole and in
 * order (the crash tore it) the rest counts as not written.
 *
 *   publish                      everything is staged; from now on files are exchanged
 *   start N                      command N is about to run: what it writes is nothing that can be relied on
 *   made A THERE DIGEST SIZE     artefact A is this, now or in a moment
 *   finish N                     command N is done and proven
 *   undo N                       the undo of command N has run
 *   kept A                       artefact A was made anew by others; the copy of what it was is not thrown away
 */
#ifndef VFIOCONF_APPLY_LOG_H
#define VFIOCONF_APPLY_LOG_H

#include "apply/journal.h"
#include "base/fault.h"
#include "system/store_tree.h"

/* Initialise with LOG_NONE. */
struct log {
	int descriptor;
	uint64_t next; /* sequence number of the next line */
};
#define LOG_NONE { .descriptor = -1 }

/* Opens the log in FOLDER (made where it is missing) and notes in JOURNAL what it says. */
bool log_open(const struct folder *folder, struct journal *journal, struct log *ret, struct fault *fault);
void log_done(struct log *log);

/* Each appends its line, and notes it in JOURNAL. */
bool log_publish(struct log *log, struct journal *journal, struct fault *fault);
bool log_start(struct log *log, struct journal *journal, size_t command, struct fault *fault);
bool log_made(struct log *log, struct journal *journal, size_t artefact, const struct content *content,
	      struct fault *fault);
bool log_finish(struct log *log, struct journal *journal, size_t command, struct fault *fault);
bool log_undo(struct log *log, struct journal *journal, size_t command, struct fault *fault);
bool log_kept(struct log *log, struct journal *journal, size_t artefact, struct fault *fault);

#endif
