/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/oneline.h"

#include <string.h>

#include "edit/cmdline.h"

/* Where the content ends: what follows are line ends, which stay as they are. */
static size_t content_end(const struct text *bytes)
{
	size_t end = bytes->length;

	while (end > 0 && (bytes->bytes[end - 1] == '\n' || bytes->bytes[end - 1] == '\r'))
		end--;
	return end;
}

static bool refuse(const struct text *bytes, size_t at, struct refusal *refusal, const char *reason)
{
	refusal_set(refusal, bytes, at, "%s", reason);
	return false;
}

static bool understand(const struct text *bytes, bool single, size_t end, struct strlist *words,
		       struct refusal *refusal)
{
	cleanup_free char *line = NULL;
	bool line_start = true;

	for (size_t at = 0; at < end; at++) {
		char byte = bytes->bytes[at];

		if (!byte)
			return refuse(bytes, at, refusal, "a NUL byte: this is not a text file");
		if (line_start && byte == '#')
			return refuse(bytes, at, refusal, "a comment in a file that is a kernel command line");
		if (single && byte == '\n')
			return refuse(bytes, at + 1, refusal, "a second line, which is not read");
		if (byte != ' ' && byte != '\t')
			line_start = byte == '\n';
	}
	line = memory_string_n(text_string(bytes), end);
	return cmdline_split(line, words) ||
	       refuse(bytes, 0, refusal, "a double quote on the kernel command line is not closed");
}

bool oneline_words(const struct text *bytes, bool single, struct strlist *ret, struct refusal *refusal)
{
	return understand(bytes, single, content_end(bytes), ret, refusal);
}

bool oneline_edit(const struct text *bytes, bool single, const struct cmdline_change *change, struct text *ret,
		  struct strlist *added, struct refusal *refusal)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *before = NULL;
	cleanup_free char *after = NULL;
	size_t end = content_end(bytes);

	if (!understand(bytes, single, end, &words, refusal))
		return false;
	before = memory_string_n(text_string(bytes), end);
	after = cmdline_edit(before, change, added);
	text_append(ret, after);
	text_append_n(ret, text_string(bytes) + end, bytes->length - end);
	return true;
}
