/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/pretend.h"

#include <string.h>

#include "boot/grub_way_back.h"
#include "boot/way_back.h"
#include "edit/cmdline.h"

static void write_file(struct machine *machine, const struct file_change *change)
{
	if (change->kind == CHANGE_DELETE)
		machine_remove(machine, change->path);
	else
		machine_write_n(machine, change->path, text_string(&change->after), change->after.length);
}

/* Whether the first word of the line is one of the keys. */
static bool is_meant(const char *line, const struct strlist *keys)
{
	cleanup_strlist struct strlist words = { 0 };

	strlist_split(&words, line, " \t");
	return words.count && strlist_has(keys, words.items[0]);
}

static void remove_words(struct strlist *words, const struct strlist *absent)
{
	for (size_t i = words->count; i-- > 0;)
		if (strlist_has(absent, words->items[i]))
			strlist_remove(words, i);
}

static void rewrite_line(const char *line, const struct expectation *expectation, bool first, struct text *ret)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *joined = NULL;
	cleanup_free char *whole = NULL;

	strlist_split(&words, line, " \t");
	remove_words(&words, &expectation->absent);
	joined = strlist_join(&words, " ");
	whole = cmdline_edit(joined, &(struct cmdline_change){ .add = first ? &expectation->present : NULL }, NULL);
	text_printf(ret, "\t%s\n", whole);
}

static void fulfil(struct machine *machine, const struct expectation *expectation)
{
	cleanup_free char *old = machine_read(machine, expectation->path);
	cleanup_text struct text now = { 0 };
	bool first = true;

	for (const char *at = old; *at;) {
		cleanup_free char *line = memory_string_n(at, strcspn(at, "\n"));

		at += strlen(line) + (at[strlen(line)] == '\n');
		if (is_meant(line, &expectation->keys)) {
			rewrite_line(line, expectation, first, &now);
			first = false;
		} else {
			text_printf(&now, "%s\n", line);
		}
	}
	machine_write_n(machine, expectation->path, text_string(&now), now.length);
}

/* What our script in /etc/grub.d has grub-mkconfig add, or that it is not there any more. */
static void fulfil_beside(struct machine *machine, const struct expectation *expectation)
{
	static const char begin[] = GRUB_WAY_BACK_BEGIN "\n";
	cleanup_free char *old = machine_read(machine, expectation->path);
	cleanup_free char *words = strlist_join(&expectation->present, " ");
	cleanup_text struct text now = { 0 };
	const char *at = strstr(old, begin);

	text_append_n(&now, old, at ? (size_t)(at - old) : strlen(old));
	if (expectation->present.count)
		text_printf(&now, "%ssubmenu '" WAY_BACK_TITLE "' {\n\tlinux\t/boot/vmlinuz ro %s\n}\n", begin, words);
	machine_write_n(machine, expectation->path, text_string(&now), now.length);
}

/* The words of every option OPTION=WORD of a command. */
static void option_words(const struct command *command, const char *option, struct strlist *ret)
{
	for (size_t i = 0; i < command->argv.count; i++)
		if (text_starts_with(command->argv.items[i], option))
			strlist_add(ret, command->argv.items[i] + strlen(option));
}

/* The last of the names below DIRECTORY that begin and end so, as a path; NULL where there is none. */
static char *last_path(struct machine *machine, const char *directory, const char *beginning, const char *end)
{
	cleanup_strlist struct strlist names = { 0 };
	struct text path = { 0 };

	root_list(machine->root, directory, &names, NULL);
	for (size_t i = names.count; i-- > 0;)
		if (text_starts_with(names.items[i], beginning) && text_ends_with(names.items[i], end)) {
			text_printf(&path, "%s/%s", directory, names.items[i]);
			return text_take(&path);
		}
	return NULL;
}

/* "rpm-ostree kargs": in the entry of the deployment that is started next. */
static void ostree_kargs(struct machine *machine, const struct command *command)
{
	cleanup_free char *path = last_path(machine, "/boot/loader/entries", "ostree", ".conf");
	struct expectation entry = { .path = path };

	if (!path)
		return;
	strlist_add(&entry.keys, "options");
	option_words(command, "--append-if-missing=", &entry.present);
	option_words(command, "--delete-if-present=", &entry.absent);
	fulfil(machine, &entry);
	strlist_done(&entry.keys);
	strlist_done(&entry.present);
	strlist_done(&entry.absent);
}

/* "rpm-ostree initramfs": what the description of the deployment says of it. */
static void ostree_initramfs(struct machine *machine, const struct command *command)
{
	cleanup_free char *systems = last_path(machine, "/ostree/deploy", "", "");
	cleanup_text struct text directory = { 0 };
	cleanup_strlist struct strlist arguments = { 0 };
	cleanup_free char *path = NULL;
	cleanup_text struct text origin = { 0 };

	text_printf(&directory, "%s/deploy", systems ? systems : "");
	path = last_path(machine, text_string(&directory), "", ".origin");
	if (!path)
		return;
	text_append(&origin, "[origin]\ncontainer-image-reference=ostree-image-signed:docker://example.org/desk:41\n");
	option_words(command, "--arg=", &arguments);
	if (strlist_has(&command->argv, "--enable")) {
		cleanup_free char *joined = strlist_join(&arguments, ";");

		text_printf(&origin, "[rpmostree]\nregenerate-initramfs=true\ninitramfs-args=%s\n", joined);
	}
	machine_write_n(machine, path, text_string(&origin), origin.length);
}

/* "grub2-editenv - set NAME=value": one line of GRUB's environment. */
static void set_environment(struct machine *machine, const struct command *command)
{
	cleanup_free char *old = machine_read(machine, command->artefacts.items[0]);
	size_t name = strcspn(command->argv.items[3], "=") + 1;
	cleanup_text struct text now = { 0 };

	for (const char *at = old; *at;) {
		size_t length = strcspn(at, "\n");
		bool meant = !strncmp(at, command->argv.items[3], name);

		text_append_n(&now, meant ? command->argv.items[3] : at, meant ? strlen(command->argv.items[3]) : length);
		text_append(&now, at[length] ? "\n" : "");
		at += length + (at[length] == '\n');
	}
	machine_write_n(machine, command->artefacts.items[0], text_string(&now), now.length);
}

static void run(struct machine *machine, const struct command *command)
{
	if (!strcmp(command->argv.items[0], "grub2-editenv")) {
		set_environment(machine, command);
		return;
	}
	for (size_t i = 0; i < command->expectation_count; i++)
		if (command->expectations[i].kind == EXPECT_WORDS)
			fulfil(machine, &command->expectations[i]);
		else if (command->expectations[i].kind == EXPECT_BESIDE)
			fulfil_beside(machine, &command->expectations[i]);
	if (command->argv.count < 2 || strcmp(command->argv.items[0], "rpm-ostree") != 0)
		return;
	if (!strcmp(command->argv.items[1], "kargs"))
		ostree_kargs(machine, command);
	else
		ostree_initramfs(machine, command);
}

void pretend_applied(struct machine *machine, const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->file_count; i++)
		write_file(machine, &changeset->files[i]);
	for (size_t i = 0; i < changeset->command_count; i++)
		run(machine, &changeset->commands[i]);
}
