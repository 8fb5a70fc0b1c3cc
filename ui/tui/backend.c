/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/backend.h"

#include <unistd.h>

#include "apply/follow.h"
#include "apply/history.h"
#include "apply/preview.h"
#include "apply/recovery.h"
#include "boot/loader.h"
#include "host/detail.h"
#include "initramfs/initramfs.h"

static void detail(const struct session *session, struct address address, struct detail *ret)
{
	detail_read(session->root, address, ret);
}

static void verify(const struct session *session, struct verification *ret)
{
	verify_run(session->root, session->host, &session->applied, ret);
}

static bool diff(const struct session *session, struct text *ret, struct fault *fault)
{
	const struct changeset *changes = &session->plan->changeset;

	for (size_t i = 0; i < changes->file_count; i++) {
		cleanup_text struct text raw = { 0 };

		if (!preview_file(&changes->files[i], &raw, fault))
			return false;
		if (ret->length)
			text_append(ret, "\n");
		if (changes->files[i].why)
			text_printf(ret, "# %s\n", changes->files[i].why);
		text_append_visible(ret, text_string(&raw), raw.length, true);
	}
	for (size_t i = 0; i < changes->command_count; i++) {
		cleanup_free char *command = preview_command(&changes->commands[i]);

		text_printf(ret, "\n# then run: %s\n", command);
		if (changes->commands[i].why)
			text_printf(ret, "#   %s\n", changes->commands[i].why);
	}
	return true;
}

/* What was found for each of a list, sorted into those that left traces and those that did not. */
struct traces {
	struct choices *seen, *unseen;
	int best; /* score */
};

static void add_choice(struct traces *traces, const char *name, const char *label, struct evidence *evidence)
{
	if (evidence->score > SCORE_NONE)
		strlist_add_all(&choices_add(traces->seen, name, label)->reasons, &evidence->reasons);
	else
		choices_add(traces->unseen, name, label);
	if (evidence->score > traces->best)
		traces->best = evidence->score;
	evidence_done(evidence);
}

/* Where none is recognised, any may be meant: then those without a trace follow the others. */
static void choices(const struct session *session, enum choice_kind kind, struct choices *ret)
{
	struct choices unseen = { 0 };
	struct traces traces = { .seen = ret, .unseen = &unseen };
	struct evidence evidence = { 0 };

	for (size_t i = 0; kind == CHOICE_LOADER && loaders[i]; i++) {
		loaders[i]->probe(session->root, &evidence);
		add_choice(&traces, loaders[i]->name, loaders[i]->label, &evidence);
	}
	for (size_t i = 0; kind == CHOICE_GENERATOR && generators[i]; i++) {
		generators[i]->probe(session->root, &evidence);
		add_choice(&traces, generators[i]->name, generators[i]->label, &evidence);
	}
	for (size_t i = 0; traces.best < SCORE_CONFIGURED && i < unseen.count; i++)
		choices_add(ret, unseen.items[i].name, unseen.items[i].label);
	choices_done(&unseen);
}

static bool interrupted(const struct session *session)
{
	return recovery_needed(session->root);
}

static bool busy(const struct session *session)
{
	return recovery_under_way(session->root);
}

static bool unconfirmed(const struct session *session, bool *ret_known)
{
	return history_unconfirmed(session->root, ret_known);
}

static bool confirm(const struct session *session, struct fault *fault)
{
	return history_confirm(session->root, fault);
}

static size_t follow(struct session *session)
{
	selection_copy(&session->selection, &session->applied.selection);
	return follow_moved(session->root, session->host, &session->applied, &session->selection);
}

static bool exists(const char *path)
{
	cleanup_free char *here = *path == '/' ? NULL : getcwd(NULL, 0);
	struct text whole = { 0 };
	struct root *root;
	bool found;

	if ((*path != '/' && !here) || !root_open("/", &root, NULL))
		return false;
	text_printf(&whole, "%s/%s", here ? here : "", path);
	found = root_exists(root, text_string(&whole)) && !root_is_directory(root, text_string(&whole));
	text_done(&whole);
	root_free(root);
	return found;
}

const struct backend backend_real = {
	.plan = session_plan,
	.rescan = session_rescan,
	.detail = detail,
	.verify = verify,
	.diff = diff,
	.choices = choices,
	.interrupted = interrupted,
	.busy = busy,
	.unconfirmed = unconfirmed,
	.confirm = confirm,
	.follow = follow,
	.exists = exists,
	.save = session_save,
};
