/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/gather.h"
#include "host/machinefile.h"
#include "system/place.h"
#include "system/store.h"
#include "system/store_copy.h"
#include "system/store_tree.h"

/* FILE is named from the working directory; the parts below us know only roots. */
static bool absolute(const char *file, char **ret, struct fault *fault)
{
	cleanup_free char *here = NULL;
	struct text path = { 0 };

	if (*file == '/') {
		*ret = memory_string(file);
		return true;
	}
	here = getcwd(NULL, 0);
	if (!here)
		return fault_system(fault, errno, NULL, "cannot tell the working directory, from which %s is meant", file);
	text_printf(&path, "%s/%s", here, file);
	*ret = text_take(&path);
	return true;
}

static bool read_stdin(size_t limit, struct text *ret, struct fault *fault)
{
	char buffer[16384];
	size_t got;

	while (ret->length <= limit && (got = fread(buffer, 1, sizeof(buffer), stdin)) > 0)
		text_append_n(ret, buffer, got);
	if (ferror(stdin))
		return fault_system(fault, errno, NULL, "cannot read standard input");
	if (ret->length > limit)
		return fault_set(fault, FAULT_INPUT, NULL, "standard input has more than the %zu bytes that are read of it",
				 limit);
	return true;
}

static bool read_file(const char *file, size_t limit, struct text *ret, struct fault *fault)
{
	cleanup_free char *path = NULL;
	struct root *root;
	bool good;

	if (!strcmp(file, "-"))
		return read_stdin(limit, ret, fault);
	if (!absolute(file, &path, fault) || !root_open("/", &root, fault))
		return false;
	good = root_read(root, path, limit, ret, fault);
	root_free(root);
	return good;
}

/* New bytes beside the old ones, then in their place: a full disk costs nobody the file that was there. */
static bool replace_file(const struct root *directory, const char *file, const struct text *bytes, struct fault *fault)
{
	cleanup_place struct place place = PLACE_NONE;
	cleanup_free char *temporary = NULL;
	struct text name = { 0 };

	if (!place_find(directory, file, &place, fault))
		return false;
	text_printf(&name, ".%.200s.vfioconf.tmp", place.name);
	temporary = text_take(&name);
	if (store_discard(&place, temporary, fault) && store_stage(&place, temporary, bytes, 0644, fault) &&
	    store_replace(&place, temporary, fault))
		return store_sync(&place, fault);
	store_discard(&place, temporary, NULL);
	return false;
}

/*
 * The user may keep files where nothing of the system is ever changed, such as a
 * stick below /run/media: its own directory is the root for them.
 */
static bool write_file(const char *path, const struct text *bytes, struct fault *fault)
{
	cleanup_free char *target = NULL, *directory = NULL;
	struct root *system, *above;
	const char *name;
	bool is_directory, good;

	if (!root_open("/", &system, fault))
		return false;
	target = root_resolve(system, path); /* where a link leads to */
	if (!target)
		target = memory_string(path);
	name = strrchr(target, '/') + 1;
	directory = memory_string_n(target, (size_t)(name - target));
	is_directory = root_is_directory(system, target);
	good = root_is_directory(system, directory);
	root_free(system);
	if (is_directory)
		return fault_system(fault, EISDIR, target, "a file is wanted");
	if (!good)
		return fault_system(fault, ENOENT, directory, "cannot use the directory %s", directory);
	if (!root_open(directory, &above, fault))
		return false;
	good = replace_file(above, name, bytes, fault);
	root_free(above);
	return good;
}

bool session_write(const char *file, const struct text *bytes, struct fault *fault)
{
	cleanup_free char *path = NULL;

	if (!strcmp(file, "-")) {
		fwrite(text_string(bytes), 1, bytes->length, stdout);
		return true;
	}
	if (absolute(file, &path, fault) && write_file(path, bytes, fault))
		return true;
	return fault_context(fault, "%s is not written", file);
}

bool session_load(struct session *session, const char *file, struct fault *fault)
{
	const char *name = strcmp(file, "-") != 0 ? file : "standard input";
	cleanup_text struct text bytes = { 0 };
	struct selection selection;

	if (!read_file(file, ROOT_LIMIT_TEXT, &bytes, fault) || !profile_parse(name, &bytes, &selection, fault))
		return false;
	selection_done(&session->selection);
	session->selection = selection;
	return true;
}

bool session_save(const struct session *session, const char *file, struct fault *fault)
{
	cleanup_text struct text bytes = { 0 };

	profile_write(&session->selection, &bytes);
	return session_write(file, &bytes, fault);
}

/* The machine in the file becomes a directory, and that the root. */
static bool sit_down(struct session *session, const struct session_options *options, struct fault *fault)
{
	cleanup_text struct text bytes = { 0 };

	return read_file(options->machine, MACHINEFILE_LIMIT, &bytes, fault) &&
	       tree_temporary(options->temporary, &session->machine_directory, fault) &&
	       machinefile_materialise(&bytes, options->machine, session->machine_directory, fault) &&
	       root_open(session->machine_directory, &session->root, fault);
}

/* A record that cannot be read must not keep anyone from looking at the machine, or from undoing. */
static bool look(struct session *session, const char *ssh, struct fault *fault)
{
	selection_init(&session->applied.selection);
	session->record = (struct fault){ 0 };
	applied_read(session->root, &session->applied, &session->record);
	/* The network of this very session is not in a machine file, nor below another root. */
	if (!host_gather(session->root, root_is_running_system(session->root) ? ssh : NULL, &session->host, fault))
		return false;
	selection_init(&session->today.selection);
	today_read(session->root, session->host, &session->applied, &session->today);
	return true;
}

static bool open_session(const struct session_options *options, struct session *session, struct fault *fault)
{
	session->read_only = options->machine != NULL;
	session->bare = options->bare;
	if (options->machine ? !sit_down(session, options, fault) :
			       !root_open(options->root ? options->root : "/", &session->root, fault))
		return false;
	if (session->bare)
		return true;
	if (!look(session, options->ssh, fault))
		return false;
	selection_copy(&session->selection, &session->today.selection);
	return true;
}

bool session_open(const struct session_options *options, struct session *ret, struct fault *fault)
{
	struct session session = { 0 };

	selection_init(&session.selection);
	selection_init(&session.today.selection);
	if (!open_session(options, &session, fault)) {
		session_done(&session);
		return false;
	}
	*ret = session;
	return true;
}

void session_done(struct session *session)
{
	if (!session)
		return;
	plan_free(session->plan);
	strlist_done(&session->allow);
	selection_done(&session->selection);
	today_done(&session->today);
	applied_done(&session->applied);
	host_free(session->host);
	root_free(session->root);
	if (session->machine_directory)
		tree_remove(session->machine_directory, NULL);
	free(session->machine_directory);
	*session = (struct session){ 0 };
}

/* Of what we applied ourselves the planner knows that there is nothing to do. */
bool session_is_as_found(const struct session *session)
{
	return (session->today.origin == TODAY_BOUND || session->today.origin == TODAY_CONFIGURED) &&
	       selection_equal(&session->selection, &session->today.selection);
}

bool session_plan(struct session *session, struct fault *fault)
{
	struct plan *plan;

	if (session->record.kind != FAULT_NONE) {
		if (fault)
			*fault = session->record;
		return fault_context(fault, "the record of what vfioconf has set up cannot be used");
	}
	if (!session->asked && session_is_as_found(session)) {
		plan = today_plan(session->root, session->host, &session->today);
		plan_free(session->plan);
		session->plan = plan;
		return true;
	}
	if (!plan_make(session->root, session->host, &session->applied, &session->selection, &session->allow, &plan,
		       fault))
		return false;
	plan_free(session->plan);
	session->plan = plan;
	return true;
}

/* A selection that nobody has touched follows what is found; one that was touched stays. */
static void follow_today(struct session *session, struct today *today)
{
	if (selection_equal(&session->selection, &session->today.selection))
		selection_copy(&session->selection, &today->selection);
	today_done(&session->today);
	session->today = *today;
}

bool session_rescan(struct session *session, const char *ssh, struct fault *fault)
{
	struct session fresh = { .root = session->root };

	if (session->bare)
		return true;
	if (!look(&fresh, ssh, fault)) {
		today_done(&fresh.today);
		applied_done(&fresh.applied);
		return false;
	}
	follow_today(session, &fresh.today);
	applied_done(&session->applied);
	host_free(session->host);
	session->applied = fresh.applied;
	session->record = fresh.record;
	session->host = fresh.host;
	/* It points into the machine as it was. */
	plan_free(session->plan);
	session->plan = NULL;
	return true;
}
