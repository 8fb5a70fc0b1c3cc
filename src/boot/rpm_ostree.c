/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpm-ostree: Fedora Silverblue and Kinoite, Bazzite. The words belong to a deployment; changing them makes a new
 * one, which is started next, and the one of now stays in the menu.
 */
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/grub.h"
#include "boot/loaders.h"
#include "boot/words.h"

#define TIMEOUT 1800u

/* There between a change and the reboot; what it holds gets an entry only on the way down. */
#define STAGED "run/ostree/staged-deployment"

static void probe(const struct root *root, struct evidence *evidence)
{
	if (root_exists(root, "run/ostree-booted") && root_exists(root, "usr/bin/rpm-ostree"))
		evidence_add(evidence, SCORE_PROVEN, "/run/ostree-booted is there, and rpm-ostree is installed");
}

/* The entry of the newest deployment: ostree-2.conf goes before ostree-1.conf. */
static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };

	entries_read(root, &entries);
	for (size_t i = entries.count; i-- > 0;)
		if (text_starts_with(entries.items[i].name, "ostree")) {
			strlist_add_all(ret_words, &entries.items[i].options);
			return true;
		}
	return entries_none(fault);
}

/* The arguments, and those that take it back. */
static void add_arguments(const struct strlist *words, const char *option, struct strlist *argv)
{
	for (size_t i = 0; i < words->count; i++)
		strlist_printf(argv, "%s=%s", option, words->items[i]);
}

static void run(const struct strlist *missing, const struct strlist *dropped, struct changeset *changeset)
{
	cleanup_strlist struct strlist argv = { 0 };
	cleanup_free char **vector = NULL;
	struct expectation *expectation;
	struct command *command;

	strlist_add(&argv, "rpm-ostree");
	strlist_add(&argv, "kargs");
	add_arguments(missing, "--append-if-missing", &argv);
	add_arguments(dropped, "--delete-if-present", &argv);
	vector = strlist_vector(&argv);
	command = changeset_command(changeset, "makes a new deployment with these parameters for the kernel", TIMEOUT,
				    (const char *const *)vector);
	strlist_add(&command->undo, "rpm-ostree");
	strlist_add(&command->undo, "kargs");
	add_arguments(missing, "--delete-if-present", &command->undo);
	add_arguments(dropped, "--append-if-missing", &command->undo);
	/* Without options it prints the words of the deployment that is started next. */
	expectation = command_expect(command, EXPECT_LISTING, "/ostree");
	strlist_add(&expectation->argv, "rpm-ostree");
	strlist_add(&expectation->argv, "kargs");
	for (size_t i = 0; i < missing->count; i++)
		strlist_printf(&expectation->present, "* %s*", missing->items[i]);
	for (size_t i = 0; i < dropped->count; i++)
		strlist_printf(&expectation->absent, "* %s*", dropped->items[i]);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist now = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_strlist struct strlist dropped = { 0 };

	(void)findings;
	if (!request->wanted->count && !request->ours->count)
		return true;
	if (!read_words(root, &now, fault))
		return false;
	/* The entries do not tell yet: what was added is there, to be taken back and not to be added again. */
	if (root_exists(root, STAGED))
		strlist_add_all(&now, request->ours);
	if (!words_to_tell(request, &now, &missing, &dropped, added, fault))
		return false;
	if (missing.count || dropped.count)
		run(&missing, &dropped, changeset);
	return true;
}

const struct loader loader_rpm_ostree = {
	.name = "rpm-ostree",
	.label = "rpm-ostree",
	.systems = "Fedora Silverblue, Kinoite; Bazzite",
	.files = "the deployment",
	.apply = "rpm-ostree kargs",
	.menu = GRUB_MENU,
	.applies = true,
	.take_out = "rpm-ostree kargs --delete=%s takes it out.",
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
