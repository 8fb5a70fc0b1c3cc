/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/record.h"

#define LOG_LIMIT ((size_t)1024 * 1024)

static uint32_t crc32(const char *bytes, size_t length)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < length; i++) {
		crc ^= (uint8_t)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* "made A THERE DIGEST SIZE" */
static bool note_made(struct journal_artefact *artefact, const struct strlist *words)
{
	uint64_t there;

	if (words->count != 5 || strlen(words->items[3]) >= DIGEST_SIZE ||
	    !record_parse_number(words->items[2], &there))
		return false;
	artefact->made = true;
	artefact->new.there = there;
	memcpy(artefact->new.digest, words->items[3], strlen(words->items[3]) + 1);
	return record_parse_number(words->items[4], &artefact->new.size);
}

/* From now on, and until it is noted anew, what this command writes may be anything: half of an image, too. */
static void note_start(struct journal *journal, size_t command)
{
	journal->states[command].started = true;
	for (size_t i = 0; i < journal->artefact_count; i++) {
		struct journal_artefact *artefact = &journal->artefacts[i];

		if (!journal_rewrites(journal, command, artefact))
			continue;
		artefact->made = false;
		artefact->shared = artefact->shared || artefact->output;
	}
}

static bool note_artefact(struct journal *journal, const struct strlist *words, uint64_t number)
{
	if (number >= journal->artefact_count)
		return false;
	if (!strcmp(words->items[0], "made"))
		return note_made(&journal->artefacts[number], words);
	return journal->artefacts[number].kept = true;
}

static bool note(struct journal *journal, const struct strlist *words)
{
	struct journal_command *state;
	uint64_t number;

	if (words->count == 1 && !strcmp(words->items[0], "publish"))
		return journal->publishing = true;
	if (words->count < 2 || !record_parse_number(words->items[1], &number))
		return false;
	if (!strcmp(words->items[0], "made") || !strcmp(words->items[0], "kept"))
		return note_artefact(journal, words, number);
	if (number >= journal->commands.command_count || words->count != 2)
		return false;
	state = &journal->states[number];
	if (!strcmp(words->items[0], "start"))
		note_start(journal, number);
	else if (!strcmp(words->items[0], "finish"))
		state->finished = true;
	else if (!strcmp(words->items[0], "undo"))
		state->undone = true;
	else
		return false;
	return true;
}

/* "SEQUENCE CRC32 " before the words; the words are what the sum is of. */
static bool read_line(struct journal *journal, const char *line, size_t length, uint64_t sequence)
{
	cleanup_strlist struct strlist words = { 0 };
	char head[40];
	size_t head_length;
	const char *blank = memchr(line, ' ', length);

	blank = blank ? memchr(blank + 1, ' ', length - (size_t)(blank + 1 - line)) : NULL;
	if (!blank)
		return false;
	head_length = (size_t)(blank + 1 - line);
	snprintf(head, sizeof(head), "%llu %08x ", (unsigned long long)sequence,
		 crc32(line + head_length, length - head_length));
	if (strlen(head) != head_length || memcmp(line, head, head_length) != 0)
		return false;
	return record_parse(line + head_length, length - head_length, &words) && note(journal, &words);
}

bool log_open(const struct folder *folder, struct journal *journal, struct log *ret, struct fault *fault)
{
	cleanup_text struct text text = { 0 };
	struct log log = LOG_NONE;
	const char *at, *newline;

	if (folder_has(folder, "log") && !folder_read(folder, "log", LOG_LIMIT, &text, fault))
		return false;
	for (at = text_string(&text); (newline = strchr(at, '\n')); at = newline + 1, log.next++)
		if (!read_line(journal, at, (size_t)(newline - at), log.next))
			break;
	if (!folder_open_log(folder, "log", (uint64_t)(at - text_string(&text)), &log.descriptor, fault))
		return false;
	*ret = log;
	return true;
}

void log_done(struct log *log)
{
	if (!log)
		return;
	memory_close(&log->descriptor);
	*log = (struct log)LOG_NONE;
}

static bool add(struct log *log, struct journal *journal, const struct text *words, struct fault *fault)
{
	cleanup_text struct text line = { 0 };
	cleanup_strlist struct strlist parsed = { 0 };

	text_printf(&line, "%llu %08x %s\n", (unsigned long long)log->next, crc32(words->bytes, words->length),
		    text_string(words));
	if (!folder_append(log->descriptor, text_string(&line), line.length))
		return fault_system(fault, errno, "log", "cannot write the log of the transaction in /var/lib/vfioconf");
	log->next++;
	return record_parse(words->bytes, words->length, &parsed) && note(journal, &parsed);
}

static bool add_number(struct log *log, struct journal *journal, const char *keyword, size_t number,
		       struct fault *fault)
{
	cleanup_text struct text words = { 0 };

	text_append(&words, keyword);
	record_number(&words, number);
	return add(log, journal, &words, fault);
}

bool log_publish(struct log *log, struct journal *journal, struct fault *fault)
{
	cleanup_text struct text words = { 0 };

	text_append(&words, "publish");
	return add(log, journal, &words, fault);
}

bool log_start(struct log *log, struct journal *journal, size_t command, struct fault *fault)
{
	return add_number(log, journal, "start", command, fault);
}

bool log_finish(struct log *log, struct journal *journal, size_t command, struct fault *fault)
{
	return add_number(log, journal, "finish", command, fault);
}

bool log_undo(struct log *log, struct journal *journal, size_t command, struct fault *fault)
{
	return add_number(log, journal, "undo", command, fault);
}

bool log_kept(struct log *log, struct journal *journal, size_t artefact, struct fault *fault)
{
	return add_number(log, journal, "kept", artefact, fault);
}

bool log_made(struct log *log, struct journal *journal, size_t artefact, const struct content *content,
	      struct fault *fault)
{
	cleanup_text struct text words = { 0 };

	text_append(&words, "made");
	record_number(&words, artefact);
	record_number(&words, content->there);
	record_word(&words, content->digest);
	record_number(&words, content->size);
	return add(log, journal, &words, fault);
}
