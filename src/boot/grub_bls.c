/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Red Hat's GRUB: Fedora, RHEL and their kin. The entries in /boot/loader/entries
 * are what it boots; /etc/default/grub alone changes nothing on RHEL 9 and 10, while grub2-mkconfig on Fedora
 * writes GRUB_CMDLINE_LINUX over all entries, and /etc/kernel/cmdline, where it is there, gives those of later kernels.
 * On RHEL 8 entries, later ones too, take their words from GRUB's environment.
 * All of them are changed here, files as text. That is what grubby does too, but it replaces a word of the same name
 * (intel_iommu=off would be gone for good), and its older versions find iommu= inside intel_iommu=.
 */
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/grub.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/targets.h"
#include "boot/words.h"
#include "edit/cmdline.h"

#define VARIABLE "GRUB_CMDLINE_LINUX"
#define GRUBENV "/boot/grub2/grubenv"
#define KERNELOPTS "kernelopts="

/* As Red Hat's GRUB reads an entry (blscfg.c, read_entry(), and bls_get_val(), which takes the first line of a key). */
static const struct keyword_syntax syntax = { .counts = KEYWORD_FIRST, .ends = true, .separator = '\0' };

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_grub struct grub grub = { 0 };

	grub_inspect(root, &grub);
	if (grub.way != GRUB_BLS)
		return;
	grub_evidence(root, &grub, evidence);
	if (clue_os_is(root, "fedora"))
		evidence_add(evidence, SCORE_CONFIGURED, "this is a system of Fedora's family");
	evidence_add(evidence, SCORE_CONFIGURED, "its entries are in /boot/loader/entries");
}

/*
 * RHEL 8 keeps the words for all entries, later ones too, in GRUB's environment, under the name of kernelopts: as it
 * stands there; the caller frees. NULL where there are none, and grub.cfg has words of its own for such entries.
 */
static char *read_kernelopts(const struct root *root)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text bytes = { 0 };
	char *found = NULL;

	root_read(root, GRUBENV, ROOT_LIMIT_TEXT, &bytes, NULL);
	strlist_split(&lines, text_string(&bytes), "\n");
	for (size_t i = 0; i < lines.count && !found; i++)
		if (text_starts_with(lines.items[i], KERNELOPTS) && lines.items[i][strlen(KERNELOPTS)])
			found = memory_string(lines.items[i] + strlen(KERNELOPTS));
	return found;
}

static bool starts_from_environment(const struct entry *entry)
{
	return strlist_has(&entry->options, "$kernelopts");
}

/* An entry whose root= is in kernelopts does not say it itself. */
static bool is_of_system(const struct root *root, const struct entry *entry)
{
	return entry_is_edited(root, entry) ||
	       (!entry->fallback && *entry->linux_path && starts_from_environment(entry));
}

/* Where the words of the environment count, they are changed there. */
static bool is_edited(const struct root *root, const struct entry *entry)
{
	cleanup_free char *kernelopts = read_kernelopts(root);

	return is_of_system(root, entry) && !(kernelopts && starts_from_environment(entry));
}

static const struct entry *first_entry(const struct root *root, const struct entries *entries)
{
	for (size_t i = entries->count; i-- > 0;)
		if (is_of_system(root, &entries->items[i]))
			return &entries->items[i];
	return NULL;
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_free char *kernelopts = read_kernelopts(root);
	cleanup_entries struct entries entries = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	const struct entry *entry;

	entries_read(root, &entries);
	entry = first_entry(root, &entries);
	if (!entry)
		return entries_none(fault);
	keyword_words(&entry->bytes, &syntax, "options", 0, entry->bytes.length, &words);
	for (size_t i = 0; i < words.count; i++)
		if (strcmp(words.items[i], "$kernelopts") != 0)
			strlist_add(ret_words, words.items[i]);
		else if (kernelopts)
			cmdline_split(kernelopts, ret_words);
	return true;
}

static bool edit_kernelopts(const struct target *target, const struct cmdline_change *change, struct text *ret,
			    struct refusal *refusal)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *after = NULL;

	if (strchr(text_string(&target->bytes), '\\') || !cmdline_split(text_string(&target->bytes), &words)) {
		refusal_set(refusal, &target->bytes, 0, "kernelopts has a backslash, or a quote that is not closed");
		return false;
	}
	after = cmdline_edit(text_string(&target->bytes), change, NULL);
	text_append(ret, after);
	return true;
}

/* The line of kernelopts begins with its first word. */
static void expect_kernelopts(struct command *command, const struct target *target, const char *after,
			      const struct words_edit *edit)
{
	struct expectation *expectation = command_expect(command, EXPECT_WORDS, target->path);
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text key = { 0 };

	cmdline_split(after, &words);
	text_printf(&key, KERNELOPTS "%.*s", (int)strcspn(after, " \t"), after);
	strlist_add(&expectation->keys, text_string(&key));
	for (size_t i = 0; i < edit->wanted.count; i++)
		if (strcmp(edit->wanted.items[i], words.items[0]) != 0)
			strlist_add(&expectation->present, edit->wanted.items[i]);
	for (size_t i = 0; i < edit->dropped.count; i++)
		if (!cmdline_has(&words, edit->dropped.items[i]))
			strlist_add(&expectation->absent, edit->dropped.items[i]);
	strlist_add_all(&expectation->absent, edit->aside);
}

/* GRUB and others write to the environment at every boot, so its own tool is asked, for this variable alone. */
static void put_kernelopts(const struct target *target, const struct text *after, const struct words_edit *edit,
			   struct changeset *changeset)
{
	cleanup_text struct text now = { 0 };
	cleanup_text struct text then = { 0 };
	const char *argv[] = { "grub2-editenv", "-", "set", NULL, NULL };
	struct command *command;

	if (text_equal(&target->bytes, after))
		return;
	text_printf(&now, KERNELOPTS "%s", text_string(after));
	text_printf(&then, KERNELOPTS "%s", text_string(&target->bytes));
	argv[3] = text_string(&now);
	command = changeset_command(changeset, "changes the parameters that all boot entries take from GRUB's environment", 60,
				    argv);
	for (size_t i = 0; i < 3; i++)
		strlist_add(&command->undo, argv[i]);
	strlist_add(&command->undo, text_string(&then));
	strlist_add(&command->artefacts, target->path);
	expect_kernelopts(command, target, text_string(after), edit);
}

/* Where an entry takes its words from there. */
static void add_kernelopts(const struct root *root, const struct entries *entries, struct targets *targets)
{
	cleanup_free char *kernelopts = read_kernelopts(root);
	cleanup_free char *path = root_resolve(root, GRUBENV);
	const struct entry *user = NULL;
	struct target *target;

	for (size_t i = 0; i < entries->count; i++)
		if (is_of_system(root, &entries->items[i]) && starts_from_environment(&entries->items[i]))
			user = &entries->items[i];
	if (!kernelopts || !path || !user)
		return;
	target = targets_add(targets, path, edit_kernelopts);
	target->put = put_kernelopts;
	text_append(&target->bytes, kernelopts);
	cmdline_split(kernelopts, &target->words);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_targets struct targets targets = { 0 };

	entries_read(root, &entries);
	add_kernelopts(root, &entries, &targets);
	if (!targets_add_entries(root, &targets, &entries, &syntax, is_edited, request, fault))
		return false;
	targets_add_assignment(root, &targets, GRUB_DEFAULT_FILE, VARIABLE);
	targets_add_oneline(root, &targets, KERNEL_CMDLINE);
	return targets_propose(&targets, request, changeset, findings, added, fault);
}

const struct loader loader_grub_bls = {
	.name = "grub-bls",
	.label = "GRUB (boot loader entries)",
	.systems = "Fedora, RHEL and their kin",
	.files = "/boot/loader/entries/*.conf, " GRUB_DEFAULT_FILE ", " KERNEL_CMDLINE,
	.apply = "nothing, or grub2-editenv",
	.menu = GRUB_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
