/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "host/gather.h"
#include "host/machinefile.h"

#define MACHINES "tests/machines"

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void remove_all(const char *path)
{
	nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS);
}

static struct machine *open_bytes(const struct text *bytes, const char *name)
{
	const char *temporary = getenv("TMPDIR");
	bool memory = !temporary && !access("/dev/shm", W_OK); /* much faster than a disk */
	struct machine *machine = memory_zero(1, sizeof(*machine));
	struct fault fault = { 0 };
	struct text directory = { 0 };

	text_printf(&directory, "%s/vfioconf-machine-XXXXXX", temporary ? temporary : memory ? "/dev/shm" : "/tmp");
	if (!mkdtemp(directory.bytes))
		fail_msg("cannot make %s: %s", directory.bytes, strerror(errno));
	machine->directory = text_take(&directory);
	if (!machinefile_materialise(bytes, name, machine->directory, &fault) ||
	    !root_open(machine->directory, &machine->root, &fault)) {
		remove_all(machine->directory);
		fail_msg("%s", fault.sentence);
	}
	return machine;
}

static bool read_file(const char *path, struct text *ret)
{
	FILE *file = fopen(path, "re");
	char buffer[16384];
	size_t got;

	if (!file)
		return false;
	while ((got = fread(buffer, 1, sizeof(buffer), file)))
		text_append_n(ret, buffer, got);
	fclose(file);
	return true;
}

struct machine *machine_open(const char *name)
{
	cleanup_text struct text path = { 0 }, bytes = { 0 };

	text_printf(&path, MACHINES "/%s.machine", name);
	if (!read_file(path.bytes, &bytes))
		fail_msg("cannot read %s: %s", path.bytes, strerror(errno));
	return open_bytes(&bytes, path.bytes);
}

struct machine *machine_open_text(const char *text)
{
	cleanup_text struct text bytes = { 0 };

	if (!text_starts_with(text, "machine "))
		text_append(&bytes, "machine 1\n");
	text_append(&bytes, text);
	return open_bytes(&bytes, "text");
}

void machine_close(struct machine *machine)
{
	if (!machine)
		return;
	host_free(machine->host);
	root_free(machine->root);
	remove_all(machine->directory);
	free(machine->directory);
	free(machine);
}

const struct host *machine_host(struct machine *machine)
{
	struct fault fault = { 0 };

	if (!machine->host && !host_gather(machine->root, NULL, &machine->host, &fault))
		fail_msg("%s", fault.sentence);
	return machine->host;
}

const struct function *machine_function(struct machine *machine, const char *address)
{
	const struct function *function;
	struct address parsed;

	if (!address_parse(address, &parsed))
		fail_msg("\"%s\" is no address", address);
	function = host_find(machine_host(machine), parsed);
	if (!function)
		fail_msg("no function at %s", address);
	return function;
}

void machine_has_use(struct machine *machine, const char *address, enum use_kind kind, bool vital, const char *part)
{
	const struct function *function = machine_function(machine, address);

	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].kind == kind && function->uses[i].vital == vital &&
		    strstr(function->uses[i].what, part))
			return;
	fail_msg("%s is not told to be in use: %s", address, part);
}

void machine_has_no_use(struct machine *machine, const char *address)
{
	const struct function *function = machine_function(machine, address);

	if (function->use_count)
		fail_msg("%s: %s", address, function->uses[0].what);
}

bool machine_is_incomplete(const struct host *host, const char *part)
{
	for (size_t i = 0; i < host->incomplete.count; i++)
		if (strstr(host->incomplete.items[i], part))
			return true;
	return false;
}

static char *path_in(struct machine *machine, const char *path)
{
	return root_join(machine->root, path);
}

static void make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			fail_msg("cannot make %s: %s", path, strerror(errno));
		*slash = '/';
	}
}

void machine_write_n(struct machine *machine, const char *path, const void *bytes, size_t length)
{
	cleanup_free char *there = path_in(machine, path);
	FILE *file;

	make_directories(there);
	file = fopen(there, "we");
	if (!file || fwrite(bytes, 1, length, file) != length || fclose(file))
		fail_msg("cannot write %s: %s", there, strerror(errno));
}

void machine_write(struct machine *machine, const char *path, const char *content)
{
	machine_write_n(machine, path, content, strlen(content));
}

void machine_link(struct machine *machine, const char *path, const char *target)
{
	cleanup_free char *there = path_in(machine, path);

	make_directories(there);
	remove_all(there);
	if (symlink(target, there) < 0)
		fail_msg("cannot link %s: %s", there, strerror(errno));
}

void machine_remove(struct machine *machine, const char *path)
{
	cleanup_free char *there = path_in(machine, path);

	remove_all(there);
}

void machine_apply(struct machine *machine, const struct changeset *changeset)
{
	for (size_t i = 0; i < changeset->file_count; i++) {
		const struct file_change *change = &changeset->files[i];

		if (change->kind == CHANGE_DELETE)
			machine_remove(machine, change->path);
		else
			machine_write_n(machine, change->path, text_string(&change->after), change->after.length);
	}
}

char *machine_read(struct machine *machine, const char *path)
{
	struct text bytes = { 0 };
	struct fault fault = { 0 };

	if (!root_read(machine->root, path, ROOT_LIMIT_GENERATED, &bytes, &fault))
		fail_msg("%s", fault.sentence);
	return text_take(&bytes);
}

void machine_names(struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };
	struct root *here = NULL;
	struct fault fault = { 0 };

	if (!root_open(".", &here, &fault) || !root_list(here, MACHINES, &names, &fault))
		fail_msg("%s", fault.sentence);
	for (size_t i = 0; i < names.count; i++)
		if (text_ends_with(names.items[i], ".machine"))
			strlist_add_n(ret, names.items[i], strlen(names.items[i]) - strlen(".machine"));
	root_free(here);
}
