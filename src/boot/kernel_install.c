/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd-boot whose entries kernel-install writes from /etc/kernel/cmdline. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/kernel_cmdline.h"
#include "boot/kernel_install.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/sdboot.h"
#include "boot/words.h"

/* dracut may be started by it, once for each kernel. */
#define TIMEOUT 900u

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_entries struct entries entries = { 0 };
	char release[256];

	entries_read(root, &entries);
	if (sdboot_way(root, &entries) != SDBOOT_KERNEL_INSTALL)
		return;
	sdboot_evidence(root, &entries, evidence);
	for (size_t i = 0; i < entries.count; i++)
		if (sdboot_entry_release(root, &entries.items[i], release, sizeof(release))) {
			evidence_add(evidence, 0, "%s was written by kernel-install", entries.items[i].path);
			break;
		}
}

/* Where the kernel itself is, other than the copy on the ESP. */
static bool find_kernel(const struct root *root, const char *release, struct text *ret)
{
	static const char *const places[] = { "/boot/vmlinuz-%s", "/usr/lib/modules/%s/vmlinuz",
					      "/lib/modules/%s/vmlinuz" };

	for (size_t i = 0; i < array_size(places); i++) {
		text_reset(ret);
		text_printf(ret, places[i], release);
		if (root_exists(root, text_string(ret)))
			return true;
	}
	return false;
}

/* What kernel-install writes for the entry: the entry, and everything beside the kernel's copy. */
static void add_artefacts(const struct root *root, const struct entry *entry, const char *mount,
			  struct command *command)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_text struct text directory = { 0 };
	struct stat status;

	text_printf(&directory, "%s%.*s", mount, (int)(strrchr(entry->linux_path, '/') - entry->linux_path),
		    entry->linux_path);
	root_list(root, text_string(&directory), &names, NULL);
	strlist_add_once(&command->artefacts, entry->path);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", text_string(&directory), names.items[i]);
		if (root_stat(root, text_string(&path), &status) && S_ISREG(status.st_mode))
			strlist_add_once(&command->artefacts, text_string(&path));
	}
}

static void expect_words(const char *path, const struct strlist *wanted, const struct strlist *gone,
			 struct command *command)
{
	struct expectation *expectation = command_expect(command, EXPECT_WORDS, path);

	strlist_add(&expectation->keys, "options");
	strlist_add_all(&expectation->present, wanted);
	strlist_add_all(&expectation->absent, gone);
}

/* The initrd is copied under its own name to beside the kernel's copy. One that is not there yet is not waited for. */
static void expect_copy(const struct root *root, const struct entry *entry, const char *mount, struct command *command)
{
	const char *initrd = kernel_install_initrd(command);
	cleanup_text struct text path = { 0 };

	if (!initrd)
		return;
	text_printf(&path, "%s%.*s%s", mount, (int)(strrchr(entry->linux_path, '/') - entry->linux_path),
		    entry->linux_path, strrchr(initrd, '/'));
	if (root_exists(root, text_string(&path)))
		strlist_add(&command_expect(command, EXPECT_COPY, text_string(&path))->keys, initrd);
}

/* Where the distribution keeps the initrd beside the kernel. */
static void initrd_path(const char *release, struct text *ret)
{
	text_printf(ret, "/boot/initrd.img-%s", release);
}

bool kernel_install_gives_initrd(const struct root *root, const char *release)
{
	cleanup_text struct text initrd = { 0 };

	initrd_path(release, &initrd);
	return root_exists(root, text_string(&initrd));
}

bool kernel_install_has_new_initrd(const char *release, const struct changeset *changeset)
{
	cleanup_text struct text initrd = { 0 };

	initrd_path(release, &initrd);
	return changeset_rewrites(changeset, text_string(&initrd));
}

/* kernel-install add VERSION KERNEL [INITRD] */
const char *kernel_install_initrd(const struct command *command)
{
	return command->argv.count > 4 ? command->argv.items[4] : NULL;
}

/* Whether what is at PATH is started when nobody chooses, or was just now. */
static bool is_default(const struct root *root, const char *release, const char *path)
{
	static const char *const variables[] = { "LoaderEntryDefault", "LoaderEntrySelected" };
	char value[256];

	if (root_attribute(root, "proc/sys/kernel/osrelease", value, sizeof(value)) && !strcmp(value, release))
		return true;
	for (size_t i = 0; i < array_size(variables); i++)
		if (clue_efi_variable(root, variables[i], value, sizeof(value)) &&
		    entry_name_is(strrchr(path, '/') + 1, value))
			return true;
	return false;
}

static void note_missing(const struct root *root, const char *release, const char *path, struct findings *findings)
{
	bool refused = is_default(root, release, path);
	cleanup_text struct text paste = { 0 };
	struct finding *finding;

	finding = findings_add(findings, FINDING_LOADER_MANUAL, refused ? SEVERITY_ERROR : SEVERITY_WARNING,
			       "The kernel %s is neither in /boot nor in /usr/lib/modules, so kernel-install cannot "
			       "write %s anew%s", release, path,
			       refused ? "." : ": started from there, it takes no part in the device passthrough.");
	finding_remedy(finding, "Install its package again, or take it away like this where it is not needed any more.");
	text_append(&paste, "kernel-install remove ");
	text_append_word(&paste, release);
	finding_paste(finding, "%s", text_string(&paste));
}

/*
 * Whether kernel-install writes the file of that name. With tries to be counted it makes a new one, and an entry of the
 * old name stays: the boot loader cannot tell which of the two is meant.
 */
static bool is_rewritten(const struct root *root, const char *release, const char *path, struct findings *findings)
{
	const char *name = strrchr(path, '/') + 1, *at = strstr(name, release), *ending = strrchr(name, '.');
	const char *now = at ? at + strlen(release) : ending;
	cleanup_text struct text tries = { 0 };
	cleanup_text struct text written = { 0 };
	char number[64] = "";
	struct finding *finding;
	bool counts = root_attribute(root, "etc/kernel/tries", number, sizeof(number)) && *number;

	if (counts)
		text_printf(&tries, "+%s", number);
	text_printf(&written, "%.*s%s%s", (int)(now - name), name, text_string(&tries), ending);
	/* A name of another form is not kernel-install's own. */
	if (!strcmp(name, text_string(&written)) || (now != ending && !entry_is_tries(now, (size_t)(ending - now))))
		return true;
	finding = findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
			       "kernel-install counts the tries of a kernel in a name: it would write %s, not %s, which "
			       "might be started in its place.", text_string(&written), path);
	finding_remedy(finding, counts ? "Have it not count them while vfioconf works, and give this file its name back when "
					 "that is done." :
					 "Start that kernel until it counts as good, which takes the number out of the name. "
					 "This command does that for the running one at once.");
	finding_paste(finding, "%s", counts ? "mv /etc/kernel/tries /etc/kernel/tries.off" :
					      "/usr/lib/systemd/systemd-bless-boot good");
	return false;
}

struct command *kernel_install_command(const struct root *root, const char *release, const char *path,
				       struct changeset *changeset, struct findings *findings)
{
	cleanup_text struct text kernel = { 0 };
	cleanup_text struct text initrd = { 0 };
	const char *argv[] = { "kernel-install", "add", release, NULL, NULL, NULL };

	if (!find_kernel(root, release, &kernel)) {
		note_missing(root, release, path, findings);
		return NULL;
	}
	if (!is_rewritten(root, release, path, findings))
		return NULL;
	argv[3] = text_string(&kernel);
	initrd_path(release, &initrd);
	if (kernel_install_gives_initrd(root, release))
		argv[4] = text_string(&initrd);
	return changeset_command(changeset, "writes a boot entry anew, with the parameters for the kernel", TIMEOUT,
				 argv);
}

static void install(const struct root *root, const struct entry *entry, const char *mount, const char *release,
		    const struct strlist *wanted, const struct strlist *gone, struct changeset *changeset,
		    struct findings *findings)
{
	struct command *command = kernel_install_command(root, release, entry->path, changeset, findings);

	if (!command)
		return;
	add_artefacts(root, entry, mount, command);
	expect_words(entry->path, wanted, gone, command);
	expect_copy(root, entry, mount, command);
}

/* The mount that the entry lies below: its path is MOUNT/loader/entries/NAME. */
static char *mount_of(const struct entry *entry)
{
	cleanup_free char *directory = memory_string_n(entry->path, strlen(entry->path) - strlen(entry->name) - 1);

	return entries_mount(directory);
}

static void install_all(const struct root *root, const struct strlist *wanted, const struct strlist *gone,
			bool changed, struct changeset *changeset, struct findings *findings)
{
	cleanup_entries struct entries entries = { 0 };
	char release[256];

	entries_read(root, &entries);
	for (size_t i = 0; i < entries.count; i++) {
		cleanup_free char *mount = mount_of(&entries.items[i]);

		if (!sdboot_entry_release(root, &entries.items[i], release, sizeof(release)) ||
		    (!changed && !words_are_stale(&entries.items[i].options, wanted, gone) &&
		     !kernel_install_has_new_initrd(release, changeset)))
			continue;
		install(root, &entries.items[i], mount, release, wanted, gone, changeset, findings);
	}
}

static bool is_written(const struct root *root, const struct entry *entry)
{
	char release[256];

	return sdboot_entry_release(root, entry, release, sizeof(release));
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!managed_check_entries(root, request, is_written, "no boot entry of this system that kernel-install wrote in "
				   "loader/entries of an EFI system partition", findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!kernel_cmdline_propose(root, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (findings->count == known)
		install_all(root, request->wanted, &gone, changed, changeset, findings);
	return true;
}

const struct loader loader_kernel_install = {
	.name = "kernel-install",
	.label = "systemd-boot (kernel-install)",
	.systems = "Debian, EndeavourOS, Gentoo",
	.files = KERNEL_CMDLINE,
	.apply = "kernel-install add VERSION KERNEL",
	.proven = { .booted = "Debian 12, 13, sid", .run = "Debian 12, 13, sid" },
	.menu = SDBOOT_MENU,
	.applies = true,
	.whole_line = true,
	.sets_aside = true,
	.probe = probe,
	.read = kernel_cmdline_read,
	.propose = propose,
};
