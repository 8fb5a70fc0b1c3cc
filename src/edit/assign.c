/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit/assign.h"

#include <stdio.h>
#include <string.h>

#include "edit/cmdline.h"
#include "edit/shell.h"

/* Where in the script the walk stands. */
struct walk {
	struct shell shell;
	const struct text *bytes;
	const char *name;
	size_t name_length;
	bool self;
	struct refusal *refusal;
	char open[64];      /* what is open: the first byte of the word that will close it, or IN_ARRAY */
	size_t depth;
	bool conditional;   /* after && || | & in the same line */
	bool joined;        /* an operator came last: the next line goes on with the same command */
	bool at_command;    /* the next word may be an assignment or a command */
	bool opened;        /* "(" came last */
	bool function;      /* "()" came last: what follows is the body of a function */
	bool assigned_here; /* NAME was assigned in this simple command */
	bool found;
	struct assign assign;
};

/* Between the brackets of NAME=(...), where words are only words. */
#define IN_ARRAY 'A'

static bool in_array(const struct walk *walk)
{
	return walk->depth && walk->open[walk->depth - 1] == IN_ARRAY;
}

static bool refuse(struct walk *walk, size_t offset, const char *reason)
{
	refusal_set(walk->refusal, walk->bytes, offset, "%s", reason);
	return false;
}

static bool token_in(const struct walk *walk, const char *const *words)
{
	for (; *words; words++)
		if (shell_is(&walk->shell, *words))
			return true;
	return false;
}

/* Whether the token begins with NAME; *RET_NEXT is the byte after it ('=', '+', '[' or NUL at the token's end). */
static bool token_names(const struct walk *walk, char *ret_next)
{
	size_t length = walk->shell.end - walk->shell.start;
	const char *token = walk->bytes->bytes + walk->shell.start;

	if (length < walk->name_length || memcmp(token, walk->name, walk->name_length) != 0)
		return false;
	*ret_next = length == walk->name_length ? '\0' : token[walk->name_length];
	return !*ret_next || strchr("=+[", *ret_next);
}

/* Whether TEXT of LENGTH bytes is exactly $NAME or ${NAME}. */
static bool is_reference(const struct walk *walk, const char *text, size_t length)
{
	size_t name = walk->name_length;

	if (length == name + 1)
		return text[0] == '$' && !memcmp(text + 1, walk->name, name);
	return length == name + 3 && !memcmp(text, "${", 2) && !memcmp(text + 2, walk->name, name) &&
	       text[name + 2] == '}';
}

/* Takes a reference to the variable itself off the value, where that is all that is expanded in it. */
static bool take_self(struct walk *walk, struct assign *assign)
{
	const char *text = walk->bytes->bytes + assign->value;
	size_t length = assign->value_end - assign->value, first = 0, last = length;

	if (!walk->self || assign->quote == '\'')
		return false;
	while (first < length && text[first] != ' ' && text[first] != '\t')
		first++;
	while (last > 0 && text[last - 1] != ' ' && text[last - 1] != '\t')
		last--;
	if (is_reference(walk, text, first)) {
		assign->self = ASSIGN_SELF_FIRST;
		assign->value += first;
	} else if (is_reference(walk, text + last, length - last)) {
		assign->self = ASSIGN_SELF_LAST;
		assign->value_end = assign->value + last;
	}
	return assign->self != ASSIGN_SELF_NONE;
}

/* Whether a '$' or a backquote that is not escaped is left in the value. */
static bool expands(const struct walk *walk, const struct assign *assign)
{
	if (assign->quote == '\'')
		return false;
	for (size_t at = assign->value; at < assign->value_end; at++) {
		char byte = walk->bytes->bytes[at];

		if (byte == '\\')
			at++;
		else if (byte == '`' || byte == '$')
			return true;
	}
	return false;
}

/* The quotes around the value, if they are around all of it and nothing else is quoted. */
static bool read_quotes(struct walk *walk, struct assign *assign)
{
	const char *bytes = walk->bytes->bytes;
	size_t at = assign->value;
	char quote = at < assign->value_end ? bytes[at] : '\0';

	assign->quote = quote == '"' || quote == '\'' ? quote : '\0';
	if (assign->quote) {
		assign->value++;
		for (at++; bytes[at] != quote; at++)
			at += quote == '"' && bytes[at] == '\\';
		if (at + 1 != assign->value_end)
			return refuse(walk, assign->start, "the value is quoted in parts");
		assign->value_end--;
		return true;
	}
	for (; at < assign->value_end; at++) {
		if (bytes[at] == '~' && (at == assign->value || bytes[at - 1] == ':'))
			return refuse(walk, assign->start, "the shell puts a directory in place of ~");
		if (bytes[at] == '"' || bytes[at] == '\'')
			return refuse(walk, assign->start, "the value is quoted in parts");
		if (bytes[at] == '\\' && bytes[++at] != ' ')
			return refuse(walk, assign->start, "a backslash in a value without quotes");
	}
	return true;
}

/* The token is NAME=...: understands its value or refuses. */
static bool read_assignment(struct walk *walk)
{
	unsigned flags = walk->shell.flags;
	struct assign assign = { .start = walk->shell.start,
				 .end = walk->shell.end,
				 .value = walk->shell.start + walk->name_length + 1,
				 .value_end = walk->shell.end };

	if (walk->bytes->bytes[assign.end - 1] == '\r')
		return refuse(walk, assign.start, "the line ends as on Windows, with a carriage return that the shell "
						  "takes for a part of the value");
	if (walk->found)
		return refuse(walk, assign.start, "the variable is assigned a second time here");
	if (walk->depth || walk->conditional)
		return refuse(walk, assign.start,
			      "the assignment depends on a condition, or stands in a loop or function");
	if (assign.value == assign.end && walk->bytes->bytes[assign.end] == '(')
		return refuse(walk, assign.start, "an array where one string is expected");
	if (flags & SHELL_CONTINUED)
		return refuse(walk, assign.start, "the value goes on after a backslash at the end of the line");
	if (flags & SHELL_NEWLINE_IN)
		return refuse(walk, assign.start, "the value goes over more than one line");
	if (!read_quotes(walk, &assign))
		return false;
	take_self(walk, &assign);
	if (expands(walk, &assign))
		return refuse(walk, assign.start, flags & SHELL_SUBSTITUTION ?
			      "a command is substituted into the value, and its result is not known here" :
			      "another variable is substituted into the value, and what it holds is not known here");
	walk->assign = assign;
	walk->found = walk->assigned_here = true;
	return true;
}

/* Words that begin something, and the word that ends it. */
static const struct {
	const char *opens, *closes;
	bool command; /* a command follows it at once */
} brackets[] = {
	{ "if", "fi", true },       { "while", "done", true },   { "until", "done", true }, { "for", "done", false },
	{ "select", "done", false }, { "case", "esac", false }, { "{", "}", true },
};
static const char *const leaving_words[] = { "return", "exit", "exec", NULL };
static const char *const middle_words[] = { "then", "else", "elif", "do", "!", "time", NULL };

/* Whether the token has the form of an assignment of any variable. */
static bool is_assignment(const struct walk *walk)
{
	const char *token = walk->bytes->bytes + walk->shell.start;
	size_t length = walk->shell.end - walk->shell.start;
	size_t name = strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	return name && name < length && (token[name] == '=' || (token[name] == '+' && token[name + 1] == '='));
}

static bool push(struct walk *walk, char close)
{
	if (walk->depth == sizeof(walk->open))
		return refuse(walk, walk->shell.start, "conditions or loops are nested too deeply");
	walk->open[walk->depth++] = close;
	return true;
}

static bool pop(struct walk *walk, char close)
{
	if (!walk->depth || walk->open[walk->depth - 1] != close)
		return refuse(walk, walk->shell.start, "something is closed here that was not opened");
	walk->depth--;
	return true;
}

static bool open_or_close(struct walk *walk)
{
	if (shell_is(&walk->shell, "function"))
		return refuse(walk, walk->shell.start, "a function, in a form that not every shell knows");
	for (size_t i = 0; i < array_size(brackets); i++) {
		if (shell_is(&walk->shell, brackets[i].opens)) {
			walk->at_command = brackets[i].command;
			return push(walk, *brackets[i].closes);
		}
		if (shell_is(&walk->shell, brackets[i].closes))
			return pop(walk, *brackets[i].closes);
	}
	return true;
}

static bool is_name_byte(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_';
}

/*
 * Whether the token has NAME in it, whatever quotes are around, other than to read it: a command may assign it then, as
 * export "NAME=x" does, and : "${NAME:=x}". EXPANDED: only an expansion counts.
 */
static bool holds_name(const struct walk *walk, bool expanded)
{
	const char *all = walk->bytes->bytes, *start = all + walk->shell.start, *end = all + walk->shell.end, *at = start;

	for (; (at = memmem(at, (size_t)(end - at), walk->name, walk->name_length)); at++) {
		const char *after = at + walk->name_length;
		bool braces = at - start >= 2 && at[-1] == '{' && at[-2] == '$';
		/* ${NAME=x} and ${NAME:=x} assign; ${NAME:-x}, ${NAME%x} and the like only read. */
		bool assigns = braces && after < end &&
			       (*after == '=' || (*after == ':' && after + 1 < end && after[1] == '='));

		if ((at > start && is_name_byte(at[-1])) || (after < end && is_name_byte(*after)))
			continue;
		if (assigns || (!expanded && !braces && (at == start || at[-1] != '$')))
			return true;
	}
	return false;
}

/* Such a word may be any command, one that assigns or leaves among them. */
static bool is_spelled_oddly(const struct walk *walk)
{
	if (walk->shell.flags & (SHELL_SUBSTITUTION | SHELL_EXPANSION | SHELL_CONTINUED))
		return true;
	for (size_t at = walk->shell.start; at < walk->shell.end; at++)
		if (strchr("\"'\\", walk->bytes->bytes[at]))
			return true;
	return false;
}

static const char uses_reason[] = "the variable is used by a command (export, unset, read or another)";

/* A word where a command may begin. */
static bool command_word(struct walk *walk)
{
	char next;

	if (token_names(walk, &next) && next == '=' && !walk->function)
		return read_assignment(walk);
	if (token_names(walk, &next) && next)
		return refuse(walk, walk->shell.start, next == '+' ?
			      "+= appends to a value that is set elsewhere (and /bin/sh need not know it)" :
			      "an array where one string is expected");
	if (is_assignment(walk) && !walk->function)
		return !holds_name(walk, true) || refuse(walk, walk->shell.start, uses_reason);
	if (walk->assigned_here)
		return refuse(walk, walk->shell.start,
			      "the assignment stands before a command and counts for that alone");
	if (shell_is(&walk->shell, ".") || shell_is(&walk->shell, "source"))
		return refuse(walk, walk->shell.start,
			      "another file is read in here, and it may assign the variable too");
	if (shell_is(&walk->shell, "eval"))
		return refuse(walk, walk->shell.start, "what is put together and run here may assign the variable too");
	if (is_spelled_oddly(walk))
		return refuse(walk, walk->shell.start, "a command whose name is quoted or put together");
	if (walk->function && !shell_is(&walk->shell, "{"))
		return refuse(walk, walk->shell.start, "a function whose body is not in braces");
	walk->function = false;
	if (token_in(walk, leaving_words))
		return refuse(walk, walk->shell.start, "what follows is not read, or not always");
	walk->at_command = token_in(walk, middle_words);
	return open_or_close(walk);
}

static bool word(struct walk *walk)
{
	walk->joined = false;
	if (walk->shell.flags & SHELL_UNSURE)
		return refuse(walk, walk->shell.start, "shells differ in where this word ends");
	if (walk->at_command)
		return command_word(walk);
	return !holds_name(walk, in_array(walk)) || refuse(walk, walk->shell.start, uses_reason);
}

static bool operator(struct walk *walk)
{
	/* The text of a here-document reads like commands, and is none. */
	if (text_starts_with(walk->bytes->bytes + walk->shell.start, "<<"))
		return refuse(walk, walk->shell.start, "a here-document");
	if (in_array(walk))
		return refuse(walk, walk->shell.start, "an operator among the elements of an array");
	if (strchr("&|", walk->bytes->bytes[walk->shell.start])) {
		if (walk->assigned_here)
			return refuse(walk, walk->shell.start, "the assignment is part of a longer command");
		walk->conditional = walk->joined = true;
		walk->at_command = true;
	}
	return true;
}

static bool open_bracket(struct walk *walk)
{
	bool array = walk->shell.start > 0 && walk->bytes->bytes[walk->shell.start - 1] == '=';

	walk->function = false;
	walk->at_command = !array;
	return push(walk, array ? IN_ARRAY : ')');
}

static bool close_bracket(struct walk *walk)
{
	bool array = in_array(walk);

	walk->at_command = true;
	walk->function = walk->opened && !array;
	/* Inside "case" it ends a pattern. */
	if (walk->depth && walk->open[walk->depth - 1] == 'e')
		return true;
	return pop(walk, array ? IN_ARRAY : ')');
}

static bool step(struct walk *walk, enum shell_token token)
{
	switch (token) {
	case SHELL_WORD:
		return word(walk);
	case SHELL_OPERATOR:
		return operator(walk);
	case SHELL_OPEN:
		return open_bracket(walk);
	case SHELL_CLOSE:
		return close_bracket(walk);
	case SHELL_UNCLOSED:
		return refuse(walk, walk->shell.start, "a quote or bracket that begins here is never closed");
	default:
		walk->conditional &= walk->joined;
		walk->at_command = !in_array(walk);
		walk->assigned_here = false;
		return true;
	}
}

enum assign_result assign_find(const struct text *bytes, const char *name, bool self, struct assign *ret,
			       struct refusal *refusal)
{
	struct walk walk = { .shell = { .bytes = bytes }, .bytes = bytes, .name = name, .name_length = strlen(name),
			     .self = self, .refusal = refusal, .at_command = true };
	const char *nul = bytes->length ? memchr(bytes->bytes, '\0', bytes->length) : NULL;
	enum shell_token token;

	if (nul) {
		refuse(&walk, (size_t)(nul - bytes->bytes), "a NUL byte: this is not a text file");
		return ASSIGN_REFUSED;
	}
	do {
		token = shell_next(&walk.shell);
		if (!step(&walk, token))
			return ASSIGN_REFUSED;
		walk.opened = token == SHELL_OPEN;
	} while (token != SHELL_END);
	if (walk.depth || walk.joined || walk.function) {
		refuse(&walk, bytes->length, "an if, loop, function or command is not complete at the end of the file");
		return ASSIGN_REFUSED;
	}
	if (!walk.found)
		return ASSIGN_NONE;
	*ret = walk.assign;
	return ASSIGN_FOUND;
}

char *assign_value(const struct text *bytes, const struct assign *assign)
{
	struct text value = { 0 };

	for (size_t at = assign->value; at < assign->value_end; at++) {
		char byte = bytes->bytes[at];

		if (byte == '\\' && assign->quote != '\'' &&
		    (!assign->quote || strchr("\\\"$`", bytes->bytes[at + 1])))
			byte = bytes->bytes[++at];
		text_append_char(&value, byte);
	}
	return text_take(&value);
}

/* Without quotes, a blank of the value is written as a backslash and a blank: nothing of the user's is re-quoted. */
static void append_raw(struct text *ret, const char *value, char quote)
{
	for (; *value; value++) {
		if (!quote && *value == ' ')
			text_append_char(ret, '\\');
		text_append_char(ret, *value);
	}
}

/*
 * The value as it stands between its quotes. Escapes stay: words are cut at the same places with and without the
 * backslashes, and the words that are added and removed have none.
 */
static char *raw_value(const struct text *bytes, const struct assign *assign)
{
	if (assign->quote)
		return memory_string_n(bytes->bytes + assign->value, assign->value_end - assign->value);
	return assign_value(bytes, assign);
}

/* Whether what is appended begins a line of its own. */
static bool may_append(const struct text *bytes, struct refusal *refusal)
{
	size_t end = bytes->length;

	while (end > 0 && bytes->bytes[end - 1] == '\n')
		end--;
	if (!end || bytes->bytes[end - 1] != '\\')
		return true;
	refusal_set(refusal, bytes, end - 1, "a backslash at the end of the file would take in what is appended");
	return false;
}

/*
 * The two lines at the end of a file where NAME was not assigned. A file without a last line end gets one before them
 * and none after, so that taking them away finds the way back.
 */
static void append_block(const struct text *bytes, const char *name, const char *value, struct text *ret)
{
	bool ended = !bytes->length || bytes->bytes[bytes->length - 1] == '\n';

	text_append_n(ret, text_string(bytes), bytes->length);
	text_printf(ret, "%s" ASSIGN_MARK "\n%s=\"%s\"%s", ended ? "" : "\n", name, value, ended ? "\n" : "");
}

/* Where the block of append_block() around ASSIGN begins; false where the assignment is not ours. */
static bool block_start(const struct text *bytes, const struct assign *assign, size_t *ret)
{
	const char mark[] = ASSIGN_MARK "\n";
	size_t length = sizeof(mark) - 1;

	if (assign->start < length || memcmp(bytes->bytes + assign->start - length, mark, length) != 0)
		return false;
	*ret = assign->start - length;
	return !*ret || bytes->bytes[*ret - 1] == '\n';
}

static void remove_block(const struct text *bytes, const struct assign *assign, size_t start, struct text *ret)
{
	size_t end = assign->end;

	if (end < bytes->length)
		end++;
	else if (start > 0)
		start--;
	text_append_n(ret, bytes->bytes, start);
	text_append_n(ret, bytes->bytes + end, bytes->length - end);
}

static void replace_value(const struct text *bytes, const struct assign *assign, const char *value, struct text *ret)
{
	size_t block;
	bool whole = assign->end == bytes->length || bytes->bytes[assign->end] == '\n';

	if (!*value && whole && block_start(bytes, assign, &block)) {
		remove_block(bytes, assign, block, ret);
		return;
	}
	text_append_n(ret, bytes->bytes, assign->value);
	append_raw(ret, value, assign->quote);
	text_append_n(ret, bytes->bytes + assign->value_end, bytes->length - assign->value_end);
}

enum assign_result assign_edit(const struct text *bytes, const char *name, const struct cmdline_change *change,
			       struct text *ret, struct strlist *added, struct refusal *refusal)
{
	struct assign assign = { 0 };
	enum assign_result result = assign_find(bytes, name, false, &assign, refusal);
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *before = NULL;
	cleanup_free char *after = NULL;
	size_t block;

	if (result == ASSIGN_REFUSED)
		return result;
	before = result == ASSIGN_FOUND ? raw_value(bytes, &assign) : memory_string("");
	if (!cmdline_split(before, &words)) {
		refusal_set(refusal, bytes, assign.start, "a double quote in the kernel command line is not closed");
		return ASSIGN_REFUSED;
	}
	if (result == ASSIGN_NONE && !may_append(bytes, refusal))
		return ASSIGN_REFUSED;
	if (result == ASSIGN_FOUND && !*before && block_start(bytes, &assign, &block)) {
		refusal_set(refusal, bytes, assign.start,
			    "nothing is left of what vfioconf added here; delete the line and the comment before it");
		return ASSIGN_REFUSED;
	}
	after = cmdline_edit(before, change, added);
	if (!strcmp(before, after))
		text_append_n(ret, text_string(bytes), bytes->length);
	else if (result == ASSIGN_NONE)
		append_block(bytes, name, after, ret);
	else
		replace_value(bytes, &assign, after, ret);
	return result;
}
