/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/prove.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "apply/preview.h"
#include "apply/prove_copy.h"
#include "system/pe.h"

#define SECTION_LIMIT ((size_t)64 * 1024)
#define LISTING_LIMIT ((size_t)32 * 1024 * 1024)
#define LISTING_TIMEOUT 300
#define BLANKS " \t\r"

/* Called for each line of a text, its words already apart; false ends the walk. */
typedef bool line_function(void *data, const struct strlist *words);

static bool is_key(const struct strlist *keys, const struct strlist *words)
{
	return words->count && (!keys->count || strlist_has(keys, words->items[0]));
}

static void each_line(const struct text *text, const struct strlist *keys, line_function *function, void *data)
{
	const char *at = text_string(text), *end = at + text->length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		char *line = memory_string_n(at, length);
		struct strlist words = { 0 };
		bool more = true;

		strlist_split(&words, line, BLANKS);
		if (is_key(keys, &words))
			more = function(data, &words);
		strlist_done(&words);
		free(line);
		if (!more || !newline)
			return;
		at = newline + 1;
	}
}

/* Where the first line begins that matches one of PATTERNS; 0 where none does. */
static size_t find_line(const struct text *text, const struct strlist *patterns)
{
	const char *all = text_string(text);

	for (size_t at = 0, length; patterns->count && at < text->length; at += length + 1) {
		cleanup_free char *line = NULL;

		length = strcspn(all + at, "\n");
		line = memory_string_n(all + at, length);
		for (size_t i = 0; i < patterns->count; i++)
			if (!fnmatch(patterns->items[i], line, 0))
				return at;
	}
	return 0;
}

/* The lines before the place that EXPECTATION.from tells, and then, with *RET_COUNTS set, those from there on. */
static void each_line_from(const struct text *text, const struct expectation *expectation, line_function *function,
			   void *data, bool *ret_counts)
{
	size_t start = find_line(text, &expectation->from);
	cleanup_text struct text before = { 0 };
	cleanup_text struct text rest = { 0 };

	text_append_n(&before, text_string(text), start);
	text_append_n(&rest, text_string(text) + start, text->length - start);
	*ret_counts = false;
	each_line(&before, &expectation->keys, function, data);
	*ret_counts = true;
	each_line(&rest, &expectation->keys, function, data);
}

static bool any_matches(const struct strlist *words, const char *pattern)
{
	for (size_t i = 0; i < words->count; i++)
		if (!fnmatch(pattern, words->items[i], 0))
			return true;
	return false;
}

/* What an EXPECT_WORDS finds: the patterns that the lines that count do not have, and those that any line has. */
struct word_search {
	const struct expectation *expectation;
	bool counts; /* the line may be the first one, */
	bool each;   /* or each counts */
	bool seen;
	struct strlist missing;
	struct strlist unwanted;
};

static bool search_line(void *data, const struct strlist *words)
{
	struct word_search *search = data;
	const struct expectation *expectation = search->expectation;

	for (size_t i = 0; search->counts && (search->each || !search->seen) && i < expectation->present.count; i++)
		if (!any_matches(words, expectation->present.items[i]))
			strlist_add_once(&search->missing, expectation->present.items[i]);
	search->seen = search->seen || search->counts;
	for (size_t i = 0; i < expectation->absent.count; i++)
		if (any_matches(words, expectation->absent.items[i]))
			strlist_add_once(&search->unwanted, expectation->absent.items[i]);
	return true;
}

static void word_search_done(struct word_search *search)
{
	strlist_done(&search->missing);
	strlist_done(&search->unwanted);
}

/* How a fault speaks of the file: by its own name, even while it is staged. */
static const char *where(const struct proof *proof, const struct expectation *expectation)
{
	const struct command *command = proof->command;

	if (proof->staged && command->output && !strcmp(command->output, expectation->path))
		return proof->staged;
	return expectation->path;
}

static bool not_so(const struct proof *proof, const struct expectation *expectation, const char *what,
		   const struct strlist *words, struct fault *fault)
{
	char *list = strlist_join(words, " ");

	fault_set(fault, FAULT_COMMAND, expectation->path, "after %s, %s %s: %s", proof->command->argv.items[0],
		  expectation->path, what, list);
	free(list);
	return false;
}

/* The words of a section: it has no lines and ends in a NUL, or in none. */
static bool read_section(const struct root *root, const char *path, const struct expectation *expectation,
			 struct text *ret, struct fault *fault)
{
	cleanup_text struct text section = { 0 };

	if (!pe_section(root, path, expectation->keys.items[0], SECTION_LIMIT, &section, fault))
		return false;
	for (size_t i = 0; i < section.length; i++)
		text_append_char(ret, section.bytes[i] && section.bytes[i] != '\n' ? section.bytes[i] : ' ');
	return true;
}

/* How long the entry at TEXT is: up to the next line "label ..." behind its first. */
static size_t entry_length(const char *text)
{
	size_t length = 0;

	do {
		length += strcspn(text + length, "\n");
		length += text[length] == '\n';
	} while (text[length] && strncasecmp(text + length + strspn(text + length, BLANKS), "label", strlen("label")) != 0);
	return length;
}

static bool has_match(const struct text *entry, const struct strlist *patterns)
{
	cleanup_strlist struct strlist lines = { 0 };

	strlist_split(&lines, text_string(entry), "\n");
	for (size_t i = 0; i < patterns->count; i++)
		if (any_matches(&lines, patterns->items[i]))
			return true;
	return false;
}

/* In each entry of a menu but those of others. Where all seem to be theirs, the first one counts. */
static void search_entries(const struct text *menu, const struct expectation *expectation, struct word_search *ret)
{
	const char *all = text_string(menu);

	ret->each = true;
	for (size_t at = 0, length; at < menu->length && all[at]; at += length) {
		cleanup_text struct text entry = { 0 };

		length = entry_length(all + at);
		text_append_n(&entry, all + at, length);
		ret->counts = !has_match(&entry, &expectation->others);
		each_line(&entry, &expectation->keys, search_line, ret);
	}
	ret->each = false;
	ret->counts = true;
	if (!ret->seen)
		each_line(menu, &expectation->keys, search_line, ret);
}

/* Looks for the words of EXPECTATION in what PATH holds now. */
static bool search_words(const struct root *root, const char *path, const struct expectation *expectation,
			 struct word_search *ret, struct fault *fault)
{
	static const struct strlist any = { 0 };
	cleanup_text struct text text = { 0 };
	bool section = expectation->kind == EXPECT_SECTION;

	if (section ? !read_section(root, path, expectation, &text, fault) :
		      !root_read(root, path, ROOT_LIMIT_GENERATED, &text, fault))
		return false;
	if (section) {
		ret->counts = true;
		each_line(&text, &any, search_line, ret);
	} else if (expectation->others.count) {
		search_entries(&text, expectation, ret);
	} else {
		each_line_from(&text, expectation, search_line, ret, &ret->counts);
	}
	return true;
}

static bool prove_words(const struct proof *proof, const struct expectation *expectation, struct fault *fault)
{
	struct word_search search = { .expectation = expectation };
	bool done = false;

	if (!search_words(proof->root, where(proof, expectation), expectation, &search, fault))
		return fault_context(fault, "after %s", proof->command->argv.items[0]);
	if (!search.seen && expectation->present.count)
		not_so(proof, expectation, expectation->kind == EXPECT_SECTION ?
		       "is without the words of" : "has no line that begins with", &expectation->keys, fault);
	else if (search.missing.count)
		not_so(proof, expectation, "does not have what it should have", &search.missing, fault);
	else if (search.unwanted.count)
		not_so(proof, expectation, "still has what it should not have", &search.unwanted, fault);
	else
		done = true;
	word_search_done(&search);
	return done;
}

/* What an EXPECT_BESIDE finds. */
struct beside_search {
	const struct expectation *expectation;
	bool counts; /* the line may be the first one */
	bool first_seen, first_has, beside;
	struct strlist unwanted;
};

static bool search_beside(void *data, const struct strlist *words)
{
	struct beside_search *search = data;
	const struct expectation *expectation = search->expectation;
	size_t found = 0;

	for (size_t i = 0; i < expectation->present.count; i++)
		found += any_matches(words, expectation->present.items[i]);
	if (search->counts && !search->first_seen)
		search->first_has = found > 0;
	else
		search->beside = search->beside || found == expectation->present.count;
	search->first_seen = search->first_seen || search->counts;
	for (size_t i = 0; i < expectation->absent.count; i++)
		if (any_matches(words, expectation->absent.items[i]))
			strlist_add_once(&search->unwanted, expectation->absent.items[i]);
	return true;
}

static bool prove_beside(const struct proof *proof, const struct expectation *expectation, struct fault *fault)
{
	struct beside_search search = { .expectation = expectation };
	cleanup_text struct text text = { 0 };
	bool wanted = expectation->present.count > 0, done = false;

	if (!root_read(proof->root, where(proof, expectation), ROOT_LIMIT_GENERATED, &text, fault))
		return fault_context(fault, "after %s", proof->command->argv.items[0]);
	each_line_from(&text, expectation, search_beside, &search, &search.counts);
	if (wanted && search.first_has)
		not_so(proof, expectation, "has in its first entry what only another one should have",
		       &expectation->present, fault);
	else if (wanted && !search.beside)
		not_so(proof, expectation, "has no entry beside the first with", &expectation->present, fault);
	else if (search.unwanted.count)
		not_so(proof, expectation, "still has what it should not have", &search.unwanted, fault);
	else
		done = true;
	strlist_done(&search.unwanted);
	return done;
}

/* Both ways round it is one question: was there such an entry before? */
static void inverse_beside(const struct expectation *expectation, const struct text *text, struct strlist *ret_present,
			   struct strlist *ret_absent)
{
	const struct strlist *words = expectation->present.count ? &expectation->present : &expectation->absent;
	struct expectation asked = { .present = *words, .keys = expectation->keys, .from = expectation->from };
	struct beside_search search = { .expectation = &asked };

	each_line_from(text, &asked, search_beside, &search, &search.counts);
	if (search.beside && !search.first_has)
		strlist_add_all(ret_present, words);
	else if (!search.beside && !search.first_has)
		strlist_add_all(ret_absent, words);
}

void prove_inverse(const struct root *root, const struct expectation *expectation, struct strlist *ret_present,
		   struct strlist *ret_absent)
{
	struct expectation first = *expectation;
	struct word_search search = { .expectation = &first };
	cleanup_text struct text text = { 0 };

	first.others = (struct strlist){ 0 };
	if (expectation->kind == EXPECT_BESIDE && root_read(root, expectation->path, ROOT_LIMIT_GENERATED, &text, NULL))
		inverse_beside(expectation, &text, ret_present, ret_absent);
	if ((expectation->kind != EXPECT_WORDS && expectation->kind != EXPECT_SECTION) ||
	    !search_words(root, expectation->path, &first, &search, NULL))
		return;
	/* Of a word to go, only the first line counts when it must be back. */
	if (search.seen) {
		strlist_add_all(ret_present, &search.unwanted);
		strlist_add_all(ret_absent, &search.missing);
	}
	word_search_done(&search);
}

/* The last word of the last line "initrd ..." of a boot entry. */
static bool note_initrd(void *data, const struct strlist *words)
{
	struct text *path = data;

	text_reset(path);
	text_append(path, words->items[words->count - 1]);
	return true;
}

/* On the file system that the entry lies on: MOUNT/loader/entries/NAME. */
static bool entry_initrd(const struct proof *proof, const struct expectation *expectation, struct text *ret,
			 struct fault *fault)
{
	const char *below = strstr(expectation->path, "/loader/entries/");
	cleanup_text struct text bytes = { 0 }, initrd = { 0 };
	struct strlist keys = { 0 };

	if (!root_read(proof->root, expectation->path, ROOT_LIMIT_TEXT, &bytes, fault))
		return fault_context(fault, "after %s", proof->command->argv.items[0]);
	strlist_add(&keys, "initrd");
	each_line(&bytes, &keys, note_initrd, &initrd);
	strlist_done(&keys);
	if (!below || !text_starts_with(text_string(&initrd), "/"))
		return fault_set(fault, FAULT_COMMAND, expectation->path, "after %s, %s names no initrd",
				 proof->command->argv.items[0], expectation->path);
	text_printf(ret, "%.*s%s", (int)(below - expectation->path), expectation->path, text_string(&initrd));
	return true;
}

/* Whatever stands in an argument for a path that is known only now. */
static bool lister_argument(const struct proof *proof, const struct expectation *expectation, const char *argument,
			    struct strlist *ret, struct fault *fault)
{
	cleanup_text struct text path = { 0 };

	if (!strcmp(argument, ENTRY_INITRD)) {
		if (!entry_initrd(proof, expectation, &path, fault))
			return false;
		strlist_add(ret, text_string(&path));
	} else {
		strlist_add(ret, strcmp(argument, COMMAND_OUTPUT) != 0 ? argument : where(proof, expectation));
	}
	return true;
}

static bool run_lister(const struct proof *proof, const struct expectation *expectation, struct text *ret,
		       struct fault *fault)
{
	struct run_request request = *proof->manner;
	struct run_result result = { 0 };
	struct strlist argv = { 0 };
	bool done = true;

	for (size_t i = 0; done && i < expectation->argv.count; i++)
		done = lister_argument(proof, expectation, expectation->argv.items[i], &argv, fault);
	request.argv = &argv;
	request.root = proof->root;
	request.timeout = LISTING_TIMEOUT;
	request.output_limit = LISTING_LIMIT;
	request.line = NULL;
	done = done && run_command(&request, &result, fault);
	if (done && result.cancelled)
		done = fault_set(fault, FAULT_CANCELLED, expectation->path, "interrupted while looking into %s",
				 expectation->path);
	else if (done && (result.status || result.timed_out))
		done = fault_set(fault, FAULT_COMMAND, expectation->path,
				 "after %s, %s cannot be read: %s ended with status %d",
				 proof->command->argv.items[0], expectation->path, argv.items[0], result.status);
	if (done)
		text_append_n(ret, text_string(&result.output), result.output.length);
	run_result_done(&result);
	strlist_done(&argv);
	return done;
}

/* "lrwxrwxrwx ... usr/bin/sh -> bash", as lsinitrd shows a link: its name is as good as that of a file. */
static void cut_targets(struct strlist *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		char *arrow = strstr(lines->items[i], " -> ");

		if (*lines->items[i] == 'l' && arrow)
			*arrow = '\0';
	}
}

static bool prove_listing(const struct proof *proof, const struct expectation *expectation, struct fault *fault)
{
	cleanup_text struct text text = { 0 };
	cleanup_strlist struct strlist lines = { 0 }, wrong = { 0 };

	if (!run_lister(proof, expectation, &text, fault))
		return false;
	strlist_split(&lines, text_string(&text), "\r\n");
	cut_targets(&lines);
	for (size_t i = 0; i < expectation->present.count; i++)
		if (!any_matches(&lines, expectation->present.items[i]))
			strlist_add(&wrong, expectation->present.items[i]);
	if (wrong.count)
		return not_so(proof, expectation, "does not hold what it should hold", &wrong, fault);
	for (size_t i = 0; i < expectation->absent.count; i++)
		if (any_matches(&lines, expectation->absent.items[i]))
			strlist_add(&wrong, expectation->absent.items[i]);
	return !wrong.count || not_so(proof, expectation, "still holds what it should not hold", &wrong, fault);
}

/*
 * It may well be right (MODULES=most was changed to dep, hostonly was switched on), but nobody has seen it boot. Its
 * maker alone, without vfioconf, shows whether it does, and it is then what later images are measured by.
 */
static bool shrunken(const struct proof *proof, const struct expectation *expectation, off_t now, uint64_t before,
		     struct fault *fault)
{
	cleanup_free char *line = preview_command(proof->command);

	return fault_set(fault, FAULT_COMMAND, expectation->path,
			 "after %s, %s is much smaller than it was (%llu bytes, before %llu). Either it is not whole, or "
			 "the settings of what makes it were changed since it was made the last time (such as MODULES= of "
			 "initramfs-tools, hostonly= of dracut, HOOKS= of mkinitcpio), and such an image was not started "
			 "yet. Make it once without vfioconf: type %s, restart, see that the machine starts with it, and "
			 "apply again", proof->command->argv.items[0], expectation->path, (unsigned long long)now,
			 (unsigned long long)before, line);
}

static bool prove_file(const struct proof *proof, const struct expectation *expectation, uint64_t size,
		       struct fault *fault)
{
	struct stat status;

	if (!root_stat(proof->root, where(proof, expectation), &status))
		return fault_set(fault, FAULT_COMMAND, expectation->path, "after %s, %s is not there: %s",
				 proof->command->argv.items[0], expectation->path, strerror(errno));
	if (!S_ISREG(status.st_mode) || !status.st_size)
		return fault_set(fault, FAULT_COMMAND, expectation->path, "after %s, %s is %s: it cannot be whole",
				 proof->command->argv.items[0], expectation->path,
				 S_ISREG(status.st_mode) ? "empty" : "no file");
	return (uint64_t)status.st_size >= size / 2 || shrunken(proof, expectation, status.st_size, size, fault);
}

bool prove_expectation(const struct proof *proof, const struct expectation *expectation, uint64_t size,
		       struct fault *fault)
{
	switch (expectation->kind) {
	case EXPECT_WORDS:
	case EXPECT_SECTION:
		return prove_words(proof, expectation, fault);
	case EXPECT_LISTING:
		return prove_listing(proof, expectation, fault);
	case EXPECT_FILE:
		return prove_file(proof, expectation, size, fault);
	case EXPECT_BESIDE:
		return prove_beside(proof, expectation, fault);
	case EXPECT_COPY:
		return prove_copy(proof, expectation, fault);
	}
	return false;
}
