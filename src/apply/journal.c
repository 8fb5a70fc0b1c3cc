/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/journal.h"

#include <stdio.h>
#include <string.h>

#include "apply/record.h"

#define PLAN_LIMIT ((size_t)16 * 1024 * 1024)
#define PLAN_FIRST_LINE "vfioconf-plan 1"

void side_set(struct side *side, const struct content *content)
{
	*side = (struct side){ .there = content->there, .size = content->size };
	memcpy(side->digest, content->digest, sizeof(side->digest));
}

void side_set_bytes(struct side *side, const struct text *bytes)
{
	*side = (struct side){ .there = bytes != NULL };
	if (!bytes)
		return;
	side->size = bytes->length;
	digest_bytes(bytes->bytes, bytes->length, side->digest);
}

bool side_is(const struct side *side, const struct content *content)
{
	return side->there == content->there && (!side->there || !strcmp(side->digest, content->digest));
}

void journal_done(struct journal *journal)
{
	if (!journal)
		return;
	for (size_t i = 0; i < journal->file_count; i++) {
		free(journal->files[i].path);
		free(journal->files[i].target);
	}
	for (size_t i = 0; i < journal->artefact_count; i++) {
		free(journal->artefacts[i].path);
		free(journal->artefacts[i].target);
		strlist_done(&journal->artefacts[i].siblings);
	}
	for (size_t i = 0; i < journal->commands.command_count; i++) {
		for (size_t c = 0; c < journal->states[i].check_count; c++) {
			strlist_done(&journal->states[i].checks[c].present);
			strlist_done(&journal->states[i].checks[c].absent);
		}
		free(journal->states[i].checks);
	}
	free(journal->note);
	free(journal->boot_id);
	free(journal->files);
	free(journal->artefacts);
	free(journal->states);
	strlist_done(&journal->directories);
	strlist_done(&journal->systems);
	changeset_done(&journal->commands);
	*journal = (struct journal){ 0 };
}

struct journal_file *journal_add_file(struct journal *journal)
{
	struct journal_file *file;

	journal->files = memory_grow(journal->files, journal->file_count, &journal->file_capacity,
				     sizeof(*journal->files));
	file = &journal->files[journal->file_count++];
	*file = (struct journal_file){ 0 };
	return file;
}

struct journal_artefact *journal_add_artefact(struct journal *journal)
{
	struct journal_artefact *artefact;

	journal->artefacts = memory_grow(journal->artefacts, journal->artefact_count, &journal->artefact_capacity,
					 sizeof(*journal->artefacts));
	artefact = &journal->artefacts[journal->artefact_count++];
	*artefact = (struct journal_artefact){ 0 };
	return artefact;
}

bool journal_rewrites(const struct journal *journal, size_t command, const struct journal_artefact *artefact)
{
	return strlist_has(&journal->commands.commands[command].artefacts, artefact->path);
}

/* A command with this argv and nothing else, and its state. */
static struct command *add_command(struct journal *journal, const struct strlist *argv, const char *why,
				   unsigned timeout)
{
	char **vector = strlist_vector(argv);
	struct command *command =
		changeset_command(&journal->commands, why, timeout, (const char *const *)vector);

	free(vector);
	journal->states = reallocarray(journal->states, journal->commands.command_count, sizeof(*journal->states));
	if (!journal->states)
		abort();
	journal->states[journal->commands.command_count - 1] = (struct journal_command){ 0 };
	return command;
}

static struct expectation *add_check(struct journal *journal, enum expect_kind kind, const char *path)
{
	size_t last = journal->commands.command_count - 1;
	struct journal_command *state = &journal->states[last];

	state->checks = reallocarray(state->checks, state->check_count + 1, sizeof(*state->checks));
	if (!state->checks)
		abort();
	state->checks[state->check_count++] = (struct journal_check){ 0 };
	return command_expect(&journal->commands.commands[last], kind, path);
}

void journal_add_command(struct journal *journal, const struct command *command)
{
	struct command *copy = add_command(journal, &command->argv, command->why, command->timeout);

	copy->output = memory_string(command->output);
	strlist_add_all(&copy->artefacts, &command->artefacts);
	strlist_add_all(&copy->beside, &command->beside);
	strlist_add_all(&copy->over, &command->over);
	strlist_add_all(&copy->undo, &command->undo);
	copy->undo_later = command->undo_later;
	for (size_t i = 0; i < command->expectation_count; i++) {
		const struct expectation *from = &command->expectations[i];
		struct expectation *to = add_check(journal, from->kind, from->path);

		strlist_add_all(&to->argv, &from->argv);
		strlist_add_all(&to->keys, &from->keys);
		strlist_add_all(&to->from, &from->from);
		strlist_add_all(&to->others, &from->others);
		strlist_add_all(&to->present, &from->present);
		strlist_add_all(&to->absent, &from->absent);
	}
}

char *journal_prefix(const struct journal *journal, char *buffer)
{
	snprintf(buffer, JOURNAL_NAME_SIZE, ".vfioconf-%s-", journal->id);
	return buffer;
}

char *journal_file_temporary(const struct journal *journal, size_t file, char *buffer)
{
	snprintf(buffer, JOURNAL_NAME_SIZE, ".vfioconf-%s-%zu.tmp", journal->id, file);
	return buffer;
}

char *journal_artefact_temporary(const struct journal *journal, size_t artefact, char *buffer)
{
	return journal_file_temporary(journal, journal->file_count + artefact, buffer);
}

char *journal_copy_name(size_t number, char *buffer)
{
	snprintf(buffer, JOURNAL_NAME_SIZE, "%04zu", number);
	return buffer;
}

/* "20261122T141500Z-1" */
bool journal_id_parse(const char *name, uint64_t *ret_number)
{
	static const char form[] = "ddddddddTddddddZ-";
	size_t i;

	for (i = 0; form[i]; i++)
		if (form[i] == 'd' ? name[i] < '0' || name[i] > '9' : name[i] != form[i])
			return false;
	return strlen(name) < JOURNAL_ID_SIZE && record_parse_number(name + i, ret_number);
}

static void write_side(struct text *text, const struct side *side)
{
	record_number(text, side->there);
	record_word(text, side->digest);
	record_number(text, side->size);
}

static void write_file(struct text *text, const struct journal_file *file)
{
	record_begin(text, "file");
	record_word(text, change_kind_word(file->kind));
	record_word(text, file->path);
	record_word(text, file->target);
	record_number(text, file->mode);
	write_side(text, &file->old);
	write_side(text, &file->new);
	record_end(text);
}

static void write_list(struct text *text, const char *keyword, const struct strlist *list)
{
	if (!list->count)
		return;
	record_begin(text, keyword);
	record_words(text, list);
	record_end(text);
}

static void write_artefact(struct text *text, const struct journal_artefact *artefact)
{
	record_begin(text, "artefact");
	record_number(text, artefact->command);
	record_number(text, artefact->output);
	record_word(text, artefact->path);
	record_word(text, artefact->target);
	write_side(text, &artefact->old);
	record_end(text);
	write_list(text, "siblings", &artefact->siblings);
}

static void write_command(struct text *text, const struct command *command, const struct journal_command *state)
{
	record_begin(text, "command");
	record_number(text, command->timeout);
	record_word(text, command->why);
	record_words(text, &command->argv);
	record_end(text);
	if (command->output) {
		record_begin(text, "output");
		record_word(text, command->output);
		record_end(text);
	}
	write_list(text, "artefacts", &command->artefacts);
	write_list(text, "beside", &command->beside);
	write_list(text, "over", &command->over);
	write_list(text, command->undo_later ? "undo-later" : "undo", &command->undo);
	for (size_t i = 0; i < command->expectation_count; i++) {
		const struct expectation *expectation = &command->expectations[i];

		record_begin(text, "expect");
		record_number(text, expectation->kind);
		record_word(text, expectation->path);
		record_number(text, state->checks[i].size);
		record_end(text);
		write_list(text, "argv", &expectation->argv);
		write_list(text, "keys", &expectation->keys);
		write_list(text, "from", &expectation->from);
		write_list(text, "others", &expectation->others);
		write_list(text, "present", &expectation->present);
		write_list(text, "absent", &expectation->absent);
		write_list(text, "back-present", &state->checks[i].present);
		write_list(text, "back-absent", &state->checks[i].absent);
	}
}

void journal_text(const struct journal *journal, struct text *ret)
{
	cleanup_text struct text text = { 0 };
	char digest[DIGEST_SIZE];

	text_append(&text, PLAN_FIRST_LINE "\nid");
	record_word(&text, journal->id);
	text_append(&text, "\nnote");
	record_word(&text, journal->note);
	text_append(&text, "\nboot");
	record_word(&text, journal->boot_id);
	text_append(&text, "\ntime");
	record_number(&text, journal->time);
	text_append(&text, "\nversion");
	record_word(&text, VERSION);
	record_end(&text);
	write_list(&text, "directories", &journal->directories);
	write_list(&text, "systems", &journal->systems);
	for (size_t i = 0; i < journal->file_count; i++)
		write_file(&text, &journal->files[i]);
	for (size_t i = 0; i < journal->commands.command_count; i++)
		write_command(&text, &journal->commands.commands[i], &journal->states[i]);
	for (size_t i = 0; i < journal->artefact_count; i++)
		write_artefact(&text, &journal->artefacts[i]);
	digest_bytes(text.bytes, text.length, digest);
	text_printf(&text, "sha256 %s\n", digest);
	text_append_n(ret, text.bytes, text.length);
}

bool journal_write(const struct journal *journal, const struct folder *folder, struct fault *fault)
{
	cleanup_text struct text text = { 0 };

	journal_text(journal, &text);
	return folder_write(folder, "plan", &text, fault);
}

static bool read_side(const struct strlist *words, size_t at, struct side *ret)
{
	uint64_t there;

	if (!record_parse_number(words->items[at], &there) || there > 1 ||
	    strlen(words->items[at + 1]) != (there ? DIGEST_SIZE - 1 : 0) ||
	    !record_parse_number(words->items[at + 2], &ret->size))
		return false;
	ret->there = there;
	memcpy(ret->digest, words->items[at + 1], strlen(words->items[at + 1]) + 1);
	return true;
}

static bool read_file(struct journal *journal, const struct strlist *words)
{
	struct journal_file *file = journal_add_file(journal);
	uint64_t mode;

	if (words->count != 11 || !record_parse_number(words->items[4], &mode) || mode > 07777)
		return false;
	while (strcmp(words->items[1], change_kind_word(file->kind)) != 0)
		if (file->kind++ == CHANGE_DELETE)
			return false;
	file->path = memory_string(words->items[2]);
	file->target = memory_string(words->items[3]);
	file->mode = (mode_t)mode;
	return read_side(words, 5, &file->old) && read_side(words, 8, &file->new);
}

static bool read_artefact(struct journal *journal, const struct strlist *words)
{
	struct journal_artefact *artefact = journal_add_artefact(journal);
	uint64_t command, output;

	if (words->count != 8 || !record_parse_number(words->items[1], &command) ||
	    command >= journal->commands.command_count || !record_parse_number(words->items[2], &output))
		return false;
	artefact->command = command;
	artefact->output = output;
	artefact->path = memory_string(words->items[3]);
	artefact->target = memory_string(words->items[4]);
	return read_side(words, 5, &artefact->old);
}

/* The words from index FROM on. */
static void take_words(const struct strlist *words, size_t from, struct strlist *list)
{
	for (size_t i = from; i < words->count; i++)
		strlist_add(list, words->items[i]);
}

static bool read_command(struct journal *journal, const struct strlist *words)
{
	cleanup_strlist struct strlist argv = { 0 };
	uint64_t timeout;

	if (words->count < 4 || !record_parse_number(words->items[1], &timeout))
		return false;
	take_words(words, 3, &argv);
	add_command(journal, &argv, words->items[2], (unsigned)timeout);
	return true;
}

static bool read_expectation(struct journal *journal, const struct strlist *words)
{
	struct journal_command *state;
	uint64_t kind;

	if (words->count != 4 || !journal->commands.command_count || !record_parse_number(words->items[1], &kind) ||
	    kind > EXPECT_COPY)
		return false;
	add_check(journal, (enum expect_kind)kind, words->items[2]);
	state = &journal->states[journal->commands.command_count - 1];
	return record_parse_number(words->items[3], &state->checks[state->check_count - 1].size);
}

/* The list that KEYWORD continues; NULL where nothing it belongs to has come yet. */
static struct strlist *list_for(struct journal *journal, const char *keyword)
{
	size_t count = journal->commands.command_count;
	struct command *command = count ? &journal->commands.commands[count - 1] : NULL;
	struct expectation *expectation =
		command && command->expectation_count ? &command->expectations[command->expectation_count - 1] : NULL;
	struct journal_check *check =
		expectation ? &journal->states[count - 1].checks[command->expectation_count - 1] : NULL;

	if (!strcmp(keyword, "directories"))
		return &journal->directories;
	if (!strcmp(keyword, "systems"))
		return &journal->systems;
	if (!strcmp(keyword, "siblings"))
		return journal->artefact_count ? &journal->artefacts[journal->artefact_count - 1].siblings : NULL;
	if (!strcmp(keyword, "artefacts"))
		return command ? &command->artefacts : NULL;
	if (!strcmp(keyword, "beside"))
		return command ? &command->beside : NULL;
	if (!strcmp(keyword, "over"))
		return command ? &command->over : NULL;
	if (!strcmp(keyword, "undo"))
		return command ? &command->undo : NULL;
	if (command && !strcmp(keyword, "undo-later")) {
		command->undo_later = true;
		return &command->undo;
	}
	if (!strcmp(keyword, "argv"))
		return expectation ? &expectation->argv : NULL;
	if (!strcmp(keyword, "keys"))
		return expectation ? &expectation->keys : NULL;
	if (!strcmp(keyword, "from"))
		return expectation ? &expectation->from : NULL;
	if (!strcmp(keyword, "others"))
		return expectation ? &expectation->others : NULL;
	if (!strcmp(keyword, "present"))
		return expectation ? &expectation->present : NULL;
	if (!strcmp(keyword, "absent"))
		return expectation ? &expectation->absent : NULL;
	if (!strcmp(keyword, "back-present"))
		return check ? &check->present : NULL;
	return check && !strcmp(keyword, "back-absent") ? &check->absent : NULL;
}

static bool read_scalar(struct journal *journal, const struct strlist *words)
{
	const char *keyword = words->items[0], *value = words->items[1];
	size_t count = journal->commands.command_count;
	uint64_t number;

	if (!strcmp(keyword, "id")) {
		if (!journal_id_parse(value, &number))
			return false;
		snprintf(journal->id, sizeof(journal->id), "%s", value);
	} else if (!strcmp(keyword, "note") && !journal->note) {
		journal->note = memory_string(value);
	} else if (!strcmp(keyword, "boot") && !journal->boot_id) {
		journal->boot_id = memory_string(value);
	} else if (!strcmp(keyword, "time")) {
		return record_parse_number(value, &journal->time);
	} else if (!strcmp(keyword, "output") && count && !journal->commands.commands[count - 1].output) {
		journal->commands.commands[count - 1].output = memory_string(value);
	} else {
		return !strcmp(keyword, "version");
	}
	return true;
}

static bool read_line(struct journal *journal, const char *line, size_t length)
{
	cleanup_strlist struct strlist words = { 0 };
	struct strlist *list;

	if (!record_parse(line, length, &words))
		return false;
	if (!strcmp(words.items[0], "file"))
		return read_file(journal, &words);
	if (!strcmp(words.items[0], "artefact"))
		return read_artefact(journal, &words);
	if (!strcmp(words.items[0], "command"))
		return read_command(journal, &words);
	if (!strcmp(words.items[0], "expect"))
		return read_expectation(journal, &words);
	list = list_for(journal, words.items[0]);
	if (!list)
		return words.count == 2 && read_scalar(journal, &words);
	take_words(&words, 1, list);
	return true;
}

/* Length of the plan without its last line, where that is the digest of the rest; 0 where it is not. */
static size_t checked_length(const struct text *text)
{
	static const char keyword[] = "sha256 ";
	size_t tail = strlen(keyword) + DIGEST_SIZE; /* the NUL's place is the newline's */
	char digest[DIGEST_SIZE];
	size_t length;

	if (text->length < tail || text->bytes[text->length - 1] != '\n')
		return 0;
	length = text->length - tail;
	digest_bytes(text->bytes, length, digest);
	if (strncmp(text->bytes + length, keyword, strlen(keyword)) != 0 ||
	    strncmp(text->bytes + length + strlen(keyword), digest, DIGEST_SIZE - 1) != 0)
		return 0;
	return length;
}

static bool read_lines(struct journal *journal, const char *at, const char *end)
{
	bool first = true;

	for (const char *newline; at < end; at = newline + 1, first = false) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			return false;
		if (first ? strncmp(at, PLAN_FIRST_LINE "\n", strlen(PLAN_FIRST_LINE) + 1) != 0 :
			    !read_line(journal, at, (size_t)(newline - at)))
			return false;
	}
	return *journal->id && journal->note && journal->boot_id;
}

bool journal_read(const struct folder *folder, struct journal *ret, struct fault *fault)
{
	cleanup_text struct text text = { 0 };
	struct journal journal = { 0 };
	size_t length;

	if (!folder_read(folder, "plan", PLAN_LIMIT, &text, fault))
		return false;
	length = checked_length(&text);
	if (!length || !read_lines(&journal, text.bytes, text.bytes + length)) {
		journal_done(&journal);
		return fault_set(fault, FAULT_INPUT, folder->path,
				 "%s/plan is damaged, or from a newer version of vfioconf, which then can read it; nothing was "
				 "changed", folder->path);
	}
	*ret = journal;
	return true;
}
