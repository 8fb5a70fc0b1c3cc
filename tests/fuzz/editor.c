/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The editors as a program, for tests that need them from outside.
 *
 *   editor NAME apply DIRECTORY WORD...   writes FILE.after or FILE.refused for every FILE there
 *   editor NAME fuzz SECONDS SEED         mutates the files of tests/awkward and holds the editor to the laws
 *   editor NAME check FILE                holds it to the laws on one file: to look at what the fuzzer found
 *   editor list                           the names
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/editors.h"
#include "system/root.h"

#define CORPUS "tests/awkward"
#define SIZE_MAX_OF_INPUT 8192u

/* What the fuzzer is trying, for whoever finds the program dead. */
static struct text trying;
static const struct editor *tried;

/* Only there under a sanitizer. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static const struct editor *find_editor(const char *name)
{
	for (const struct editor *editor = editors; editor->name; editor++)
		if (!strcmp(editor->name, name))
			return editor;
	fprintf(stderr, "editor: no editor %s\n", name);
	exit(2);
}

static bool write_file(const char *path, const struct text *content)
{
	FILE *file = fopen(path, "w");
	bool written = file && fwrite(text_string(content), 1, content->length, file) == content->length;

	return file && !fclose(file) && written;
}

static void keep_input(void)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "%s/fuzz-%s", getenv("FUZZ_OUTPUT") ? getenv("FUZZ_OUTPUT") : ".", tried->name);
	if (write_file(text_string(&path), &trying))
		fprintf(stderr, "the input is in %s\n", text_string(&path));
}

static struct root *open_or_die(const char *directory)
{
	struct fault fault = { 0 };
	struct root *root = NULL;

	if (!root_open(directory, &root, &fault)) {
		fprintf(stderr, "editor: %s\n", fault.sentence);
		exit(2);
	}
	return root;
}

static int apply(const struct editor *editor, const char *directory, struct strlist *words)
{
	struct root *root = open_or_die(directory);
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, "/", &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text bytes = { 0 };
		cleanup_text struct text result = { 0 };
		cleanup_text struct text path = { 0 };
		cleanup_refusal struct refusal refusal = { 0 };
		bool done;

		if (!root_read(root, names.items[i], ROOT_LIMIT_TEXT, &bytes, NULL))
			continue;
		done = editor->edit(&bytes, &(struct cmdline_change){ .add = words }, &result, NULL, &refusal);
		if (!done)
			text_printf(&result, "%u: %s\n", refusal.line, refusal.reason);
		text_printf(&path, "%s/%s.%s", directory, names.items[i], done ? "after" : "refused");
		if (!write_file(text_string(&path), &result))
			return 1;
	}
	root_free(root);
	return 0;
}

struct corpus {
	struct text *texts;
	size_t count, capacity;
};

static void load(struct corpus *corpus)
{
	struct root *root = open_or_die(CORPUS);

	for (const struct editor *editor = editors; editor->name; editor++) {
		cleanup_strlist struct strlist names = { 0 };

		root_list(root, editor->name, &names, NULL);
		for (size_t i = 0; i < names.count; i++) {
			cleanup_text struct text path = { 0 };
			struct text bytes = { 0 };

			text_printf(&path, "%s/%s", editor->name, names.items[i]);
			if (!root_read(root, text_string(&path), ROOT_LIMIT_TEXT, &bytes, NULL))
				continue;
			corpus->texts = memory_grow(corpus->texts, corpus->count, &corpus->capacity, sizeof(bytes));
			corpus->texts[corpus->count++] = bytes;
		}
	}
	root_free(root);
}

static uint32_t state;

static uint32_t random_below(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return limit ? state % limit : 0;
}

static void splice(struct text *text, size_t at, size_t gone, const char *bytes, size_t length)
{
	struct text result = { 0 };

	text_append_n(&result, text_string(text), at);
	text_append_n(&result, bytes, length);
	text_append_n(&result, text_string(text) + at + gone, text->length - at - gone);
	text_done(text);
	*text = result;
}

static void mutate(struct text *text, const struct corpus *corpus)
{
	static const char *const pieces[] = {
		"GRUB_CMDLINE_LINUX_DEFAULT=", "options ", "cmdline: ", "# Added by vfioconf:\n", "\"", "'", "\\", "\n", "\r\n",
		"$", "`", "$(", ")", "${", "}", "(", "if ", "fi\n", "&&", "||", ";", "#", "=", "+=", " ", "\t", "iommu=pt",
		"intel_iommu=on", "\"\"", "\xff", "<<", "case a in a) ", ";; esac",
	};
	size_t at = random_below((uint32_t)text->length + 1);
	size_t rest = text->length - at;
	const struct text *other = &corpus->texts[random_below((uint32_t)corpus->count)];
	const char *piece = pieces[random_below(array_size(pieces))];
	size_t from = random_below((uint32_t)other->length + 1);
	char byte = (char)random_below(256);

	switch (random_below(6)) {
	case 0:
		splice(text, at, random_below((uint32_t)(rest < 12 ? rest : 12) + 1), "", 0);
		break;
	case 1:
		splice(text, at, rest > 0, &byte, 1);
		break;
	case 2:
		splice(text, at, 0, text_string(other) + from, random_below((uint32_t)(other->length - from) + 1));
		break;
	default:
		splice(text, at, 0, piece, strlen(piece));
	}
}

static int fuzz(const struct editor *editor, int seconds, uint32_t seed)
{
	cleanup_strlist struct strlist words = { 0 };
	struct corpus corpus = { 0 };
	time_t end = time(NULL) + seconds;
	unsigned long rounds = 0;
	const char *broken = NULL;

	strlist_split(&words, "intel_iommu=on iommu=pt", " ");
	state = seed ? seed : 1;
	tried = editor;
	load(&corpus);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_input);
	for (; !broken && (rounds % 256 || time(NULL) < end); rounds++) {
		const struct text *begin = &corpus.texts[random_below((uint32_t)corpus.count)];

		text_reset(&trying);
		text_append_n(&trying, text_string(begin), begin->length);
		for (uint32_t count = 1 + random_below(6); count; count--)
			mutate(&trying, &corpus);
		if (trying.length < SIZE_MAX_OF_INPUT)
			broken = editor_breaks_law(editor, &trying, &words);
	}
	for (size_t i = 0; i < corpus.count; i++)
		text_done(&corpus.texts[i]);
	free(corpus.texts);
	printf("%s: %lu inputs%s%s\n", editor->name, rounds, broken ? ": " : "", broken ? broken : "");
	if (broken)
		keep_input();
	text_done(&trying);
	return broken != NULL;
}

static int check(const struct editor *editor, const char *path)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct root *root = open_or_die("/");
	char *full = realpath(path, NULL);
	const char *broken;

	strlist_split(&words, "intel_iommu=on iommu=pt", " ");
	if (!full || !root_read(root, full, ROOT_LIMIT_TEXT, &bytes, NULL)) {
		fprintf(stderr, "editor: cannot read %s\n", path);
		return 2;
	}
	broken = editor_breaks_law(editor, &bytes, &words);
	printf("%s\n", broken ? broken : "all laws hold");
	free(full);
	root_free(root);
	return broken != NULL;
}

int main(int argc, char **argv)
{
	cleanup_strlist struct strlist words = { 0 };

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (const struct editor *editor = editors; editor->name; editor++)
			puts(editor->name);
		return 0;
	}
	if (argc == 4 && !strcmp(argv[2], "check"))
		return check(find_editor(argv[1]), argv[3]);
	if (argc == 5 && !strcmp(argv[2], "fuzz"))
		return fuzz(find_editor(argv[1]), atoi(argv[3]), (uint32_t)strtoul(argv[4], NULL, 0));
	if (argc < 4 || strcmp(argv[2], "apply") != 0)
		return fputs("usage: editor NAME apply|fuzz|check ...\n", stderr), 2;
	for (int i = 4; i < argc; i++)
		strlist_add(&words, argv[i]);
	return apply(find_editor(argv[1]), argv[3], &words);
}
