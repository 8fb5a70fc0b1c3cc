/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a transaction is about to do, written down before it does anything, so
 * that whoever comes after a crash can take it back.
 *
 *   STATE_DIRECTORY/
 *     lock
 *     txn/.prep-ID/   being made; worth nothing
 *     txn/active/     under way: at most one
 *     history/ID/     finished
 *   each with
 *     plan            this structure; its last line is the SHA-256 of the rest
 *     old/ new/       the bytes of the files before and after, by number
 *     art/            copies of what the commands rewrite (gone once it is finished, but for what others made anew)
 *     out/            what the commands said
 *     log             what has been done, see apply/log.h
 *     commit          there from the moment on when everything is done
 *     undone          there from the moment on when everything is put back
 */
#ifndef VFIOCONF_APPLY_JOURNAL_H
#define VFIOCONF_APPLY_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/fault.h"
#include "base/strlist.h"
#include "edit/changeset.h"
#include "system/place.h"
#include "system/store_tree.h"

#define JOURNAL_ID_SIZE 32
#define JOURNAL_NAME_SIZE 64 /* of names made from an id and a number */

/* A file at one moment: not there, or bytes of this digest. */
struct side {
	bool there;
	char digest[DIGEST_SIZE];
	uint64_t size;
};

struct journal_file {
	enum change_kind kind;
	char *path;   /* as the changeset names it */
	char *target; /* links resolved */
	mode_t mode;
	struct side old, new;
};

/* A file that a command makes: through a temporary (output), or by writing where it stands (artefact). */
struct journal_artefact {
	size_t command;
	bool output;
	char *path;
	char *target;
	struct side old;
	bool is_signed;          /* before, for Secure Boot; not in the plan file, since nobody goes on with a plan later */
	struct strlist siblings; /* names beside it, before, that begin with its own and a dot */
	bool made;               /* from the log: no command is at it any more, and this is what they made */
	bool shared;             /* from the log: a later command writes this output, too, and where it stands */
	bool kept;               /* from the log: others made it anew; the copy of what it was stays in the history */
	struct side new;
};

/* What an expectation needs besides itself. */
struct journal_check {
	uint64_t size;         /* of the file, before */
	struct strlist present; /* words to be expected, or not, once it has been taken back (where words are told) */
	struct strlist absent;
};

struct journal_command {
	bool started, finished, undone; /* from the log */
	struct journal_check *checks;   /* as many as its expectations */
	size_t check_count;
};

/* Initialise with { 0 }. */
struct journal {
	char id[JOURNAL_ID_SIZE];
	char *note;
	char *boot_id;
	uint64_t time;
	struct strlist directories; /* made for the files, outermost first */
	struct strlist systems;     /* where the file systems begin that all this is on: "/", "/boot"; see apply/systems.h */
	struct journal_file *files;
	size_t file_count, file_capacity;
	struct journal_artefact *artefacts;
	size_t artefact_count, artefact_capacity;
	struct changeset commands;       /* commands only */
	struct journal_command *states; /* as many as commands.command_count */
	bool publishing;                /* from the log: files may have been exchanged */
};

void journal_done(struct journal *journal); /* accepts NULL */

struct journal_file *journal_add_file(struct journal *journal);
struct journal_artefact *journal_add_artefact(struct journal *journal);
/* Whether COMMAND writes ARTEFACT where it stands: several may, one after the other. */
bool journal_rewrites(const struct journal *journal, size_t command, const struct journal_artefact *artefact);
/* A copy of COMMAND at the end. */
void journal_add_command(struct journal *journal, const struct command *command);

/* The plan file, appended to RET, and in FOLDER. */
void journal_text(const struct journal *journal, struct text *ret);
bool journal_write(const struct journal *journal, const struct folder *folder, struct fault *fault);
bool journal_read(const struct folder *folder, struct journal *ret, struct fault *fault);

void side_set(struct side *side, const struct content *content);
void side_set_bytes(struct side *side, const struct text *bytes); /* NULL: not there */
bool side_is(const struct side *side, const struct content *content);

/*
 * Names; BUFFER has JOURNAL_NAME_SIZE bytes and is returned. Temporaries begin
 * with a dot and end in .tmp, so that nothing that reads a directory of
 * configuration takes them for a part of it; PREFIX is what all of a transaction begin with.
 */
char *journal_prefix(const struct journal *journal, char *buffer);
char *journal_file_temporary(const struct journal *journal, size_t file, char *buffer);
char *journal_artefact_temporary(const struct journal *journal, size_t artefact, char *buffer);
char *journal_copy_name(size_t number, char *buffer);

/* Whether NAME is an id, and the number of that transaction, by which they are ordered. */
bool journal_id_parse(const char *name, uint64_t *ret_number);

#endif
