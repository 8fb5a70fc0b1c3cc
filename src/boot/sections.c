/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/sections.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "boot/entries.h"
#include "boot/way_back.h"
#include "boot/words.h"
#include "edit/cmdline.h"

struct section {
	size_t start, end;
	char *name;           /* the whole line that begins it, less the key */
	struct strlist words; /* of its command line */
	char *kernel;         /* "" where it starts none */
	const char *const *found; /* the key of its command line, of the syntax; NULL where it has none */
	const char *key;          /* the same, or the usual one */
	bool fallback;
};

struct sections {
	struct section *items;
	size_t count, capacity;
	bool common; /* a command line stands before the first: it counts for those that have none */
};
#define cleanup_sections cleanup(sections_done)

static void sections_done(struct sections *sections)
{
	for (size_t i = 0; i < sections->count; i++) {
		free(sections->items[i].name);
		free(sections->items[i].kernel);
		strlist_done(&sections->items[i].words);
	}
	free(sections->items);
	*sections = (struct sections){ 0 };
}

/* Whether the line begins an entry; *RET_NAME then is the rest of it, for the caller to free. */
static bool begins_section(const struct text *bytes, const struct section_syntax *syntax,
			   const struct keyword_line *line, char **ret_name)
{
	if (syntax->label) {
		if (!keyword_is(bytes, &syntax->keyword, line, syntax->label))
			return false;
		*ret_name = keyword_value(bytes, line);
		return true;
	}
	if (!line->key_length || bytes->bytes[line->key] != syntax->mark)
		return false;
	*ret_name = memory_string_n(bytes->bytes + line->key, line->end - line->key);
	return true;
}

static const char *key_of(const struct text *bytes, const struct section_syntax *syntax,
			  const struct keyword_line *line, const char *const *keys)
{
	for (; *keys; keys++)
		if (keyword_is(bytes, &syntax->keyword, line, *keys))
			return *keys;
	return NULL;
}

static void read_line(const struct text *bytes, const struct section_syntax *syntax, const struct keyword_line *line,
		      struct section *section)
{
	for (const char *const *key = syntax->keys; *key; key++)
		if (keyword_is(bytes, &syntax->keyword, line, *key) && (!section->found || key < section->found))
			section->found = key;
	if (key_of(bytes, syntax, line, syntax->kernels)) {
		free(section->kernel);
		section->kernel = keyword_value(bytes, line);
	}
}

static struct section *begin(struct sections *sections, size_t start, char *name)
{
	struct section *section;

	sections->items = memory_grow(sections->items, sections->count, &sections->capacity, sizeof(*sections->items));
	section = &sections->items[sections->count++];
	*section = (struct section){ .start = start, .name = name, .kernel = memory_string(""),
				     .fallback = entry_speaks_of_fallback(name) };
	return section;
}

static void read_sections(const struct text *bytes, const struct section_syntax *syntax, struct sections *ret)
{
	struct section *section = NULL;
	struct keyword_line line;
	size_t at = 0;

	while (keyword_next(bytes, &syntax->keyword, &at, bytes->length, &line)) {
		char *name;

		if (begins_section(bytes, syntax, &line, &name))
			section = begin(ret, line.start, name);
		else if (section && line.key_length)
			read_line(bytes, syntax, &line, section);
		else if (key_of(bytes, syntax, &line, syntax->keys))
			ret->common = true;
		if (section)
			section->end = line.next;
	}
	for (size_t i = 0; i < ret->count; i++) {
		section = &ret->items[i];
		section->key = section->found ? *section->found : syntax->usual;
		keyword_words(bytes, &syntax->keyword, section->key, section->start, section->end, &section->words);
	}
}

/* Whether vfioconf edits it: it starts a kernel with the root= of now, and is no fallback entry. */
static bool is_edited(const struct root *root, const struct section *section)
{
	return *section->kernel && !section->fallback && !way_back_is(&section->words) &&
	       entry_words_are_of_system(root, &section->words);
}

/* What the targets of one proposal have in common. */
struct sections_file {
	const struct root *root;
	const struct section_syntax *syntax;
};

/* From the last section to the first, so that the places of those before stay right. */
static bool edit_sections(const struct target *target, const struct cmdline_change *change, struct text *ret,
			  struct refusal *refusal)
{
	const struct sections_file *file = target->data;
	cleanup_sections struct sections sections = { 0 };
	cleanup_text struct text now = { 0 };

	read_sections(&target->bytes, file->syntax, &sections);
	text_append_n(&now, text_string(&target->bytes), target->bytes.length);
	for (size_t i = sections.count; i-- > 0;) {
		const struct section *section = &sections.items[i];
		struct text after = { 0 };

		if (!is_edited(file->root, section))
			continue;
		if (!keyword_edit(&now, &file->syntax->keyword, section->key, section->start, section->end, change,
				  &after, NULL, refusal))
			return false;
		text_done(&now);
		now = after;
	}
	text_append_n(ret, text_string(&now), now.length);
	return true;
}

static bool no_section(const struct strlist *paths, struct fault *fault)
{
	cleanup_free char *all = strlist_join(paths, ", ");

	return fault_set(fault, FAULT_INPUT, paths->items[0],
			 "%s has no entry that starts this system (the same root= as now), other than for fallback",
			 all);
}

/* Whether an entry has no command line of its own. */
static bool any_without_words(const struct sections *sections)
{
	for (size_t i = 0; i < sections->count; i++)
		if (*sections->items[i].kernel && !sections->items[i].words.count)
			return true;
	return false;
}

/* The file that the line reads in, for the caller to free; NULL where it is no such line. */
static char *included_by(const struct text *bytes, const struct section_syntax *syntax, const struct keyword_line *line)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *value = keyword_value(bytes, line);
	size_t first = 0;

	if (!syntax->include)
		return NULL;
	strlist_split(&words, value, " \t");
	if (keyword_is(bytes, &syntax->keyword, line, "menu") && words.count && !strcasecmp(words.items[0], syntax->include))
		first = 1;
	else if (!keyword_is(bytes, &syntax->keyword, line, syntax->include))
		return NULL;
	return memory_string(words.count > first ? words.items[first] : "");
}

/* Reads the file NAME that PATH reads in, where it can be found: beside it, or counted from the file system's top. */
static bool read_included(const struct root *root, const char *path, const char *name, struct text *ret)
{
	static const char *const tops[] = { "", "/boot", "/boot/efi" };
	cleanup_text struct text beside = { 0 };

	text_printf(&beside, "%.*s/%s", (int)(strrchr(path, '/') - path), path, name);
	if (*name != '/' && root_read(root, text_string(&beside), ROOT_LIMIT_TEXT, ret, NULL))
		return true;
	for (size_t i = 0; i < array_size(tops); i++) {
		cleanup_text struct text full = { 0 };

		text_printf(&full, "%s%s%s", tops[i], *name == '/' ? "" : "/", name);
		if (root_read(root, text_string(&full), ROOT_LIMIT_TEXT, ret, NULL))
			return true;
	}
	return false;
}

/* Whether it is not known if the entry starts this system: a kernel, and no root= that can be read. */
static bool may_be_of_system(const struct sections_file *file, const struct sections *sections,
			     const struct section *section)
{
	const char *root = cmdline_value(&section->words, "root"), *expansion = file->syntax->expansion;
	size_t length = strlen(section->kernel);

	if (!length || (sections->common && !section->found) || section->fallback || way_back_is(&section->words) ||
	    is_edited(file->root, section))
		return false;
	/* A module of syslinux, which "kernel" may name, too. */
	if (length > 4 && !strcasecmp(section->kernel + length - 4, ".c32"))
		return false;
	return !root || (expansion && strstr(root, expansion));
}

#define INCLUDE_DEPTH 8u

/* Whether entries that start this system, or may, are in a file that PATH reads in; UNKNOWN where it is not found. */
static bool included_has_entries(const struct sections_file *file, const char *path, const char *name, bool unknown,
				 unsigned depth)
{
	cleanup_sections struct sections sections = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct keyword_line line;
	size_t at = 0;

	if (depth > INCLUDE_DEPTH || !read_included(file->root, path, name, &bytes))
		return unknown;
	read_sections(&bytes, file->syntax, &sections);
	for (size_t i = 0; i < sections.count; i++)
		if (is_edited(file->root, &sections.items[i]) || may_be_of_system(file, &sections, &sections.items[i]))
			return true;
	while (keyword_next(&bytes, &file->syntax->keyword, &at, bytes.length, &line)) {
		cleanup_free char *next = included_by(&bytes, file->syntax, &line);

		if (next && included_has_entries(file, path, next, unknown, depth + 1))
			return true;
	}
	return false;
}

/* The entry that the line is in, or that it names as the default. */
static const struct section *section_of(const struct sections_file *file, const struct sections *sections,
					const struct text *bytes, const struct keyword_line *line, bool *ret_default)
{
	cleanup_free char *value = keyword_value(bytes, line);
	const struct section *in = NULL;

	*ret_default = keyword_is(bytes, &file->syntax->keyword, line, "menu") && !strcasecmp(value, "default");
	for (size_t i = 0; i < sections->count; i++)
		if (sections->items[i].start <= line->start)
			in = &sections->items[i];
	if (!file->syntax->chosen || !keyword_is(bytes, &file->syntax->keyword, line, file->syntax->chosen))
		return in;
	*ret_default = true;
	for (size_t i = 0; i < sections->count; i++)
		if (!strcmp(sections->items[i].name, value))
			return &sections->items[i];
	return NULL;
}

/*
 * A line on which the command lines of this system may depend, and which is not understood: fills in the refusal, and
 * returns what to do; NULL where it is none such. EDITED: there are sections that are edited.
 */
static const char *is_unclear(const struct sections_file *file, const char *path, const struct text *bytes,
			      const struct sections *sections, const struct keyword_line *line, bool edited,
			      struct refusal *refusal)
{
	const struct section_syntax *syntax = file->syntax;
	size_t first = sections->count ? sections->items[0].start : bytes->length;
	cleanup_free char *value = keyword_value(bytes, line);
	cleanup_free char *included = included_by(bytes, syntax, line);
	bool is_words = key_of(bytes, syntax, line, syntax->keys), is_default;
	const struct section *section = section_of(file, sections, bytes, line, &is_default);
	bool unclear = section && may_be_of_system(file, sections, section);
	cleanup_strlist struct strlist words = { 0 };

	cmdline_split(value, &words);
	if (is_words && line->start < first && any_without_words(sections) &&
	    entry_words_are_of_system(file->root, &words)) {
		refusal_set(refusal, bytes, line->start, "it stands before the first entry, and counts for each that "
							 "has no such line of its own");
		return "Give every entry that starts this system such a line of its own, then plan again.";
	}
	if (included && included_has_entries(file, path, included, !edited, 0)) {
		refusal_set(refusal, bytes, line->start, "another file is read in here, whose entries are not edited");
		return "Put the entries that start this system into this file, then plan again.";
	}
	if ((unclear || !edited) && is_words && syntax->expansion && strstr(value, syntax->expansion)) {
		refusal_set(refusal, bytes, line->start, "something else is put in place of %s...}", syntax->expansion);
		return "Write out what stands for it, above all root=, then plan again.";
	}
	if (unclear && is_default) {
		refusal_set(refusal, bytes, line->start, "the default entry has no root= of its own, by which it would be "
							 "known for one of this system");
		return "Write root=... into the command line of that entry, as it is in /proc/cmdline, then plan again.";
	}
	return NULL;
}

static const char *find_unclear(const struct sections_file *file, const char *path, const struct text *bytes,
				const struct sections *sections, bool edited, struct refusal *refusal)
{
	const char *remedy = NULL;
	struct keyword_line line;
	size_t at = 0;

	while (!remedy && keyword_next(bytes, &file->syntax->keyword, &at, bytes->length, &line))
		remedy = is_unclear(file, path, bytes, sections, &line, edited, refusal);
	return remedy;
}

/* A file without a section that is edited adds none: it is of another system, or a trace. */
static bool add_target(const struct sections_file *file, const char *path, struct targets *targets,
		       struct findings *findings, struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	const char *remedy;
	cleanup_sections struct sections sections = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct target *target = NULL;

	if (!root_read(file->root, path, ROOT_LIMIT_TEXT, &bytes, fault))
		return false;
	read_sections(&bytes, file->syntax, &sections);
	for (size_t i = 0; i < sections.count; i++) {
		if (!is_edited(file->root, &sections.items[i]))
			continue;
		if (target) {
			words_keep_common(&target->words, &sections.items[i].words);
			continue;
		}
		target = targets_add(targets, path, edit_sections);
		target->data = file;
		target->form = memory_string(file->syntax->form);
		strlist_add_all(&target->words, &sections.items[i].words);
	}
	if (target)
		text_append_n(&target->bytes, text_string(&bytes), bytes.length);
	remedy = find_unclear(file, path, &bytes, &sections, target != NULL, &refusal);
	if (remedy)
		finding_remedy(refusal_finding(&refusal, path, findings), "%s", remedy);
	return true;
}

bool sections_words(const struct root *root, const struct section_syntax *syntax, const struct strlist *paths,
		    struct strlist *ret, struct fault *fault)
{
	for (size_t i = 0; i < paths->count; i++) {
		cleanup_sections struct sections sections = { 0 };
		cleanup_text struct text bytes = { 0 };

		if (!root_read(root, paths->items[i], ROOT_LIMIT_TEXT, &bytes, fault))
			return false;
		read_sections(&bytes, syntax, &sections);
		for (size_t j = 0; j < sections.count; j++)
			if (is_edited(root, &sections.items[j])) {
				strlist_add_all(ret, &sections.items[j].words);
				return true;
			}
	}
	return no_section(paths, fault);
}

/* The lines of SECTION that start its kernel, with WORDS behind its command line. */
static bool carry(const struct section_syntax *syntax, const struct text *bytes, const struct section *section,
		  const struct strlist *words, struct text *ret)
{
	const struct cmdline_change change = { .repeat = words };
	cleanup_text struct text lines = { 0 };
	struct keyword_line line;
	size_t at = section->start;

	text_append(&lines, syntax->heading);
	while (keyword_next(bytes, &syntax->keyword, &at, section->end, &line))
		if (key_of(bytes, syntax, &line, syntax->carried)) {
			text_append_n(&lines, bytes->bytes + line.start, line.end - line.start);
			text_append_char(&lines, '\n');
		}
	return keyword_edit(&lines, &syntax->keyword, section->key, 0, lines.length, &change, ret, NULL, NULL);
}

static bool propose_way_back(const struct sections_file *file, const char *path, const struct boot_request *request,
			     struct changeset *changeset, struct fault *fault)
{
	cleanup_way_back_file struct way_back_file config = { 0 };
	cleanup_sections struct sections sections = { 0 };
	cleanup_text struct text lines = { 0 };

	if (!way_back_open(file->root, path, changeset, &config, fault))
		return false;
	read_sections(&config.now, file->syntax, &sections);
	for (size_t i = 0; way_back_wanted(request) && i < sections.count; i++)
		if (is_edited(file->root, &sections.items[i])) {
			carry(file->syntax, &config.now, &sections.items[i], request->way_back, &lines);
			break;
		}
	way_back_put(&config, request, &lines, changeset);
	return true;
}

static bool propose_words(const struct sections_file *file, const struct strlist *paths,
			  const struct boot_request *request, struct changeset *changeset, struct findings *findings,
			  struct strlist *added, struct fault *fault)
{
	cleanup_targets struct targets targets = { 0 };
	size_t known = findings->count;

	for (size_t i = 0; i < paths->count; i++)
		if (!add_target(file, paths->items[i], &targets, findings, fault))
			return false;
	if (findings->count > known)
		return true;
	return targets.count ? targets_propose(&targets, request, changeset, findings, added, fault) :
			       no_section(paths, fault);
}

bool sections_propose(const struct root *root, const struct section_syntax *syntax, const struct strlist *paths,
		      const struct boot_request *request, struct changeset *changeset, struct findings *findings,
		      struct strlist *added, struct fault *fault)
{
	const struct sections_file file = { root, syntax };

	if (request->wanted->count || request->ours->count)
		if (!propose_words(&file, paths, request, changeset, findings, added, fault))
			return false;
	for (size_t i = 0; i < paths->count; i++)
		if (!propose_way_back(&file, paths->items[i], request, changeset, fault))
			return false;
	return true;
}
