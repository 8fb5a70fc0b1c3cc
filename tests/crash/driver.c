/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver apply ROOT     applies one changeset of every kind: two files modified, one created in a directory that has
 *                       to be made, one deleted, a command with an artefact, another one with the same, one whose own
 *                       artefact the first one's hook has written already, one with an undo, one that copies and is its
 *                       own undo, one with an output
 * driver undo ROOT      takes it back
 * driver recover ROOT   what the next start does
 *
 * Prints one line, "OUTCOME sentence", and exits with 0 (done), 1 (fault), 4 (attention) or 5 (busy).
 */
#include <stdio.h>
#include <string.h>

#include "apply/history.h"
#include "apply/recovery.h"
#include "apply/transaction.h"

static void change(struct changeset *changeset, const char *path, const char *before, const char *after)
{
	struct text old = { 0 }, new = { 0 };

	text_append(&old, before ? before : "");
	text_append(&new, after ? after : "");
	changeset_file(changeset, path, before ? &old : NULL, after ? &new : NULL, 0644, "");
	text_done(&old);
	text_done(&new);
}

static void plan(struct changeset *changeset)
{
	static const char *const image[] = { "update-initramfs", "-u", NULL };
	static const char *const sign[] = { "sign-image", NULL };
	static const char *const install[] = { "kernel-install", NULL };
	static const char *const refresh[] = { "refresh", NULL };
	static const char *const arguments[] = { "set-arguments", "new", NULL };
	static const char *const menu[] = { "grub-mkconfig", "-o", COMMAND_OUTPUT, NULL };
	struct expectation *expectation;
	struct command *command;

	change(changeset, "/etc/default/grub", "old grub\n", "new grub\n");
	change(changeset, "/etc/default/grub.d/vfioconf.cfg", NULL, "new drop-in\n");
	change(changeset, "/etc/modprobe.d/kept.conf", "old kept\n", "new kept\n");
	change(changeset, "/etc/modprobe.d/gone.conf", "old gone\n", NULL);
	command = changeset_command(changeset, "", 20, image);
	strlist_add(&command->artefacts, "/boot/initrd.img");
	command_expect(command, EXPECT_FILE, "/boot/initrd.img");
	command = changeset_command(changeset, "", 20, sign);
	strlist_add(&command->artefacts, "/boot/initrd.img");
	command = changeset_command(changeset, "", 20, install);
	strlist_add(&command->artefacts, "/boot/efi/initrd");
	command = changeset_command(changeset, "", 20, refresh);
	strlist_add(&command->undo, "refresh");
	command = changeset_command(changeset, "", 20, arguments);
	strlist_add(&command->undo, "set-arguments");
	strlist_add(&command->undo, "old");
	command = changeset_command(changeset, "", 20, menu);
	command->output = memory_string("/boot/grub/grub.cfg");
	expectation = command_expect(command, EXPECT_WORDS, "/boot/grub/grub.cfg");
	strlist_add(&expectation->keys, "linux");
	strlist_add(&expectation->present, "new");
}

static int report(bool done, bool attention, const struct fault *fault)
{
	if (attention) {
		printf("attention %s\n", fault->sentence);
		return 4;
	}
	printf("%s %s\n", done ? "done" : fault->kind == FAULT_BUSY ? "busy" : "fault", fault->sentence);
	return done ? 0 : fault->kind == FAULT_BUSY ? 5 : 1;
}

static int apply(const struct root *root, const struct changeset *changeset)
{
	struct apply_result result;
	struct fault fault = { 0 };
	bool done = transaction_apply(root, changeset, "a crash test", NULL, &result, &fault);

	return report(done, result.needs_attention, &fault);
}

static int undo(const struct root *root)
{
	struct changeset changeset = { 0 };
	struct findings findings = { 0 };
	struct fault fault = { 0 };
	char *id = NULL;
	int status;

	if (!history_undo(root, NULL, &changeset, &findings, &id, &fault))
		return report(false, false, &fault);
	status = findings_refuse(&findings) ? 3 : apply(root, &changeset);
	changeset_done(&changeset);
	findings_done(&findings);
	free(id);
	return status;
}

static int recover(const struct root *root)
{
	enum recovery_outcome outcome = RECOVERY_NOTHING;
	struct strlist foreign = { 0 };
	struct fault fault = { 0 };
	bool done = recovery_run(root, NULL, &outcome, &foreign, &fault);

	if (foreign.count)
		fault_set(&fault, FAULT_CONFLICT, NULL, "%s", foreign.items[0]);
	strlist_done(&foreign);
	return report(done, done && outcome == RECOVERY_ATTENTION, &fault);
}

int main(int argc, char **argv)
{
	struct changeset changeset = { 0 };
	struct fault fault = { 0 };
	struct root *root;
	int status = 2;

	if (argc != 3 || !root_open(argv[2], &root, &fault))
		return 2;
	plan(&changeset);
	if (!strcmp(argv[1], "apply"))
		status = apply(root, &changeset);
	else if (!strcmp(argv[1], "undo"))
		status = undo(root);
	else if (!strcmp(argv[1], "recover"))
		status = recover(root);
	changeset_done(&changeset);
	root_free(root);
	return status;
}
