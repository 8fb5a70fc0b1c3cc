/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/targets.h"

#include "boot/words.h"
#include "edit/assign.h"
#include "edit/oneline.h"

void targets_done(struct targets *targets)
{
	if (!targets)
		return;
	for (size_t i = 0; i < targets->count; i++) {
		free(targets->items[i].path);
		free(targets->items[i].form);
		text_done(&targets->items[i].bytes);
		strlist_done(&targets->items[i].words);
	}
	free(targets->items);
	*targets = (struct targets){ 0 };
}

struct target *targets_add(struct targets *targets, const char *path,
			   bool (*edit)(const struct target *target, const struct cmdline_change *change,
					struct text *ret, struct refusal *refusal))
{
	struct target *target;

	targets->items = memory_grow(targets->items, targets->count, &targets->capacity, sizeof(*targets->items));
	target = &targets->items[targets->count++];
	*target = (struct target){ .path = memory_string(path), .edit = edit };
	return target;
}

static bool edit_entry(const struct target *target, const struct cmdline_change *change, struct text *ret,
		       struct refusal *refusal)
{
	return keyword_edit(&target->bytes, target->data, "options", 0, target->bytes.length, change, ret, NULL, refusal);
}

static void add_entry(struct targets *targets, const struct entry *entry, const struct keyword_syntax *syntax)
{
	struct target *target = targets_add(targets, entry->path, edit_entry);

	target->data = syntax;
	target->form = memory_string("options " WORDS_DOTS);
	text_append_n(&target->bytes, text_string(&entry->bytes), entry->bytes.length);
	keyword_words(&entry->bytes, syntax, "options", 0, entry->bytes.length, &target->words);
}

bool targets_add_entries(const struct root *root, struct targets *targets, const struct entries *entries,
			 const struct keyword_syntax *syntax,
			 bool (*is_edited)(const struct root *root, const struct entry *entry),
			 const struct boot_request *request, struct fault *fault)
{
	for (size_t i = 0; i < entries->count; i++)
		if (is_edited(root, &entries->items[i]))
			add_entry(targets, &entries->items[i], syntax);
	return targets->count || (!request->wanted->count && !request->ours->count) || entries_none(fault);
}

static bool edit_assignment(const struct target *target, const struct cmdline_change *change, struct text *ret,
			    struct refusal *refusal)
{
	return assign_edit(&target->bytes, target->name, change, ret, NULL, refusal) != ASSIGN_REFUSED;
}

/* Adds nothing where the file is not there or cannot be read. */
static struct target *add_file(const struct root *root, struct targets *targets, const char *path,
			       bool (*edit)(const struct target *target, const struct cmdline_change *change,
					    struct text *ret, struct refusal *refusal))
{
	cleanup_text struct text bytes = { 0 };
	struct target *target;

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return NULL;
	target = targets_add(targets, path, edit);
	text_append_n(&target->bytes, text_string(&bytes), bytes.length);
	return target;
}

void targets_add_assignment(const struct root *root, struct targets *targets, const char *path, const char *name)
{
	struct target *target = add_file(root, targets, path, edit_assignment);
	struct assign assign = { 0 };

	struct text form = { 0 };

	if (!target)
		return;
	target->name = name;
	text_printf(&form, "%s=\"" WORDS_DOTS "\"", name);
	target->form = text_take(&form);
	if (assign_find(&target->bytes, name, false, &assign, NULL) == ASSIGN_FOUND) {
		cleanup_free char *value = assign_value(&target->bytes, &assign);

		cmdline_split(value, &target->words);
	}
}

static bool edit_oneline(const struct target *target, const struct cmdline_change *change, struct text *ret,
			 struct refusal *refusal)
{
	return oneline_edit(&target->bytes, false, change, ret, NULL, refusal);
}

void targets_add_oneline(const struct root *root, struct targets *targets, const char *path)
{
	struct target *target = add_file(root, targets, path, edit_oneline);

	if (!target)
		return;
	target->form = memory_string("root=" WORDS_DOTS);
	oneline_words(&target->bytes, false, &target->words, NULL);
}

static bool everywhere(const struct targets *targets, const char *word)
{
	for (size_t i = 0; i < targets->count; i++)
		if (!cmdline_has(&targets->items[i].words, word))
			return false;
	return true;
}

static bool edit_all(const struct targets *targets, const struct words_edit *edit, struct changeset *changeset,
		     struct findings *findings)
{
	const struct cmdline_change change = words_edit_change(edit);

	for (size_t i = 0; i < targets->count; i++) {
		const struct target *target = &targets->items[i];
		cleanup_refusal struct refusal refusal = { 0 };
		cleanup_text struct text after = { 0 };

		if (!target->edit(target, &change, &after, &refusal)) {
			words_refuse_form(&refusal, target->path, target->form, &edit->wanted, &edit->dropped, findings);
			return false;
		}
		if (changeset && target->put)
			target->put(target, &after, edit, changeset);
		else if (changeset)
			changeset_file(changeset, target->path, &target->bytes, &after, 0644,
				       edit->wanted.count ? "gives the kernel its parameters" :
				       "the kernel needs no parameters from vfioconf");
	}
	return true;
}

bool targets_propose(const struct targets *targets, const struct boot_request *request, struct changeset *changeset,
		     struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_words_edit struct words_edit edit = { 0 };

	if (!words_are_plain(request->wanted, fault))
		return false;
	words_edit_begin(request, &edit);
	for (size_t i = 0; i < request->wanted->count; i++)
		words_edit_add(request, request->wanted->items[i], everywhere(targets, request->wanted->items[i]),
			       &edit);
	if (!edit_all(targets, &edit, NULL, findings))
		return true;
	edit_all(targets, &edit, changeset, findings);
	words_added(request, &edit.appended, added);
	return true;
}
