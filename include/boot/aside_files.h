/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of the kernel command line that are set aside (edit/cmdline.h) in the user's own files, where a loader's words
 * come from several of them and ours are in one that is wholly ours, which cannot take away what another one gives.
 */
#ifndef VFIOCONF_BOOT_ASIDE_FILES_H
#define VFIOCONF_BOOT_ASIDE_FILES_H

#include <stdbool.h>

#include "boot/loader.h"
#include "edit/cmdline.h"
#include "edit/refusal.h"

/*
 * Appends the whole file after CHANGE, which has nothing but .aside, to RET; every other byte stays. False, with
 * nothing promised of RET: a line with such a word is not understood.
 */
typedef bool aside_editor(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
			  struct refusal *refusal);

/*
 * Appends the change of the file PATH that sets aside, and gives back, as REQUEST has it; *CHANGED becomes true where
 * there is one. A file that is not there or does not speak of such words stays. False: it is not understood, a finding
 * says so.
 */
bool aside_in_file(const struct root *root, const char *path, const struct boot_request *request, aside_editor *edit,
		   struct changeset *changeset, struct findings *findings, bool *changed);

/* The same for all files of DIRECTORY whose names end in SUFFIX, other than OWN (a whole path). */
bool aside_in_directory(const struct root *root, const char *directory, const char *suffix, const char *own,
			const struct boot_request *request, aside_editor *edit, struct changeset *changeset,
			struct findings *findings, bool *changed);

/* Whether the bytes hold a word of ASIDE, or one that is set aside, whatever they mean there. */
bool aside_is_mentioned(const struct strlist *aside, const char *bytes, size_t length);

/* For editors: appends START to END of BYTES, a command line, after CHANGE; false where it is not understood. */
bool aside_part(const struct text *bytes, size_t start, size_t end, const struct cmdline_change *change,
		struct text *ret, struct refusal *refusal);

/*
 * An editor of lines: appends BYTES to RET, each line as it is but for the part that PART finds in it, from *RET_START
 * to *RET_END of the line. PART is given a line without its end. A line without such a part whose words matter is
 * refused where PART says that it is not understood.
 */
enum aside_line_kind { ASIDE_LINE_OTHER, ASIDE_LINE_WORDS, ASIDE_LINE_UNKNOWN };
typedef enum aside_line_kind aside_line_part(const char *line, size_t length, size_t *ret_start, size_t *ret_end);
bool aside_lines(const struct text *bytes, const struct cmdline_change *change, aside_line_part *part,
		 struct text *ret, struct refusal *refusal);

#endif
