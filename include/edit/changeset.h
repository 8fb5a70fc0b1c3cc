/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of changes: files with the exact bytes before and after, and then
 * the commands, in order, with what must be true once they have run. Preview, dry run, JSON
 * and the writer all work on this; there is no other description of what will happen.
 */
#ifndef VFIOCONF_EDIT_CHANGESET_H
#define VFIOCONF_EDIT_CHANGESET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/strlist.h"
#include "base/text.h"

enum change_kind { CHANGE_CREATE, CHANGE_MODIFY, CHANGE_DELETE };

struct file_change {
	enum change_kind kind;
	char *path;         /* absolute, from the root, links not resolved */
	struct text before; /* empty for CHANGE_CREATE */
	struct text after;  /* empty for CHANGE_DELETE */
	mode_t mode;        /* of a created file; an existing one keeps its own */
	char *why;          /* one sentence for the preview */
};

/*
 * What must be true after a command, and still be once later ones have run that write the same file. All patterns are
 * for fnmatch(3) without flags.
 */
enum expect_kind {
	/*
	 * `path` is a text file. Of its lines whose first word is one of `keys`
	 * ("linux", "options"), the first must hold every word of `present`, and
	 * none may hold a word of `absent`. With `others`, not the first alone but each of a menu of syslinux must,
	 * of which an entry begins with "label", but for those of entries in which a line matches one of them.
	 */
	EXPECT_WORDS,
	/*
	 * `argv`, run without a shell of ours, lists an archive (lsinitramfs IMAGE): each
	 * pattern of `present` must match a line of its output, no pattern of `absent` any. A link in a long listing
	 * ("l... NAME -> TARGET") counts up to its name. `path` is the archive.
	 */
	EXPECT_LISTING,
	/* `path` is there, and at least half as large as it was before the command. */
	EXPECT_FILE,
	/*
	 * `path` is a text file. Of its lines whose first word is one of `keys`, one
	 * holds every word of `present`, and the first of all is another that holds none of them; none holds a word of
	 * `absent`.
	 */
	EXPECT_BESIDE,
	/*
	 * `path` is a program for UEFI firmware (a unified kernel image) whose section of the name keys[0] is text.
	 * It holds every word of `present`, and none of `absent`.
	 */
	EXPECT_SECTION,
	/*
	 * `path` is a copy of the file keys[0], byte for byte; where there is keys[1], its section of that name holds
	 * one, at a multiple of four bytes: others may stand before it and behind it.
	 */
	EXPECT_COPY
};

struct expectation {
	enum expect_kind kind;
	char *path;
	struct strlist argv;
	struct strlist keys;
	struct strlist from;    /* of EXPECT_WORDS and EXPECT_BESIDE, patterns: the first line is the first one after a
	                           line that matches one of these, where there is such; what is before it can be of others */
	struct strlist others;  /* of EXPECT_WORDS, patterns */
	struct strlist present;
	struct strlist absent;
};

/*
 * An argument of a lister that is replaced by the last initrd that the boot entry .path names by then: sdbootutil
 * calls images by their check sums.
 */
#define ENTRY_INITRD "@INITRD@"

/* An argument that is replaced by the staged temporary file which will become command.output. */
#define COMMAND_OUTPUT "@OUTPUT@"

struct command {
	struct strlist argv; /* argv[0] is looked up in a fixed PATH inside the root; no shell */
	char *why;           /* "rebuilds the initramfs images, so that ..." */
	unsigned timeout;    /* seconds */
	char *output;        /* the file that it writes through COMMAND_OUTPUT and that is exchanged in once checked; or NULL */
	struct strlist artefacts; /* files that it rewrites in place: copied before, put back on failure */
	struct strlist beside;    /* of the artefacts, those whose old file stays while and after the new one is written */
	struct strlist over;      /* of the artefacts, those whose bytes are written over: there is never a second file */
	struct strlist undo;      /* argv that takes it back where there is no file to put back; or empty */
	bool undo_later;          /* undo is for an apply that was finished: after a failure artefacts, which are all that
	                             it writes, are put back, and it would write them once more */
	struct expectation *expectations;
	size_t expectation_count;
};

/* Initialise with { 0 }. */
struct changeset {
	struct file_change *files;
	size_t file_count, file_capacity;
	struct command *commands;
	size_t command_count, command_capacity;
};

void changeset_done(struct changeset *changeset); /* accepts NULL */

/*
 * Records that PATH shall become AFTER (NULL: shall not be there); BEFORE is
 * what it is now (NULL: not there). No change, nothing recorded. A second call
 * for the same path replaces AFTER and keeps the first BEFORE; where that makes
 * it unchanged the entry goes away. MODE counts for a created file only.
 */
void changeset_file(struct changeset *changeset, const char *path, const struct text *before,
		    const struct text *after, mode_t mode, const char *why);

/* The change of PATH, whose .after are the bytes that it will have; NULL where it has none. Borrowed until the next change. */
const struct file_change *changeset_find(const struct changeset *changeset, const char *path);

/*
 * Appends a command; ARGV is NULL-terminated. Returns it (borrowed, valid until
 * the next is added) so that artefacts and expectations can be added. A command
 * with the same argv is not added twice: the first one moves to the end and is returned.
 */
struct command *changeset_command(struct changeset *changeset, const char *why, unsigned timeout,
				  const char *const argv[]);
/* Whether a command of it writes the file PATH anew. */
bool changeset_rewrites(const struct changeset *changeset, const char *path);
struct expectation *command_expect(struct command *command, enum expect_kind kind, const char *path);

bool changeset_empty(const struct changeset *changeset);
const char *change_kind_word(enum change_kind kind); /* "create", "modify", "delete" */

/* Hexadecimal SHA-256 over everything in it: what was previewed is what is applied. BUFFER has 65 bytes. */
void changeset_digest(const struct changeset *changeset, char buffer[65]);

#endif
