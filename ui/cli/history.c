/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/history.h"

#include <string.h>

#include <json-c/json.h>

#include "apply/history.h"
#include "apply/since.h"
#include "cli/apply.h"
#include "cli/json.h"
#include "cli/recover.h"
#include "host/gather.h"

static void time_text(time_t time, const char *format, char *buffer, size_t size)
{
	struct tm parts;

	if (!localtime_r(&time, &parts) || !strftime(buffer, size, format, &parts))
		snprintf(buffer, size, "?");
}

static void plain(const struct cli *cli, const struct history *history)
{
	cleanup_text struct text text = { 0 };

	for (size_t i = 0; i < history->count; i++) {
		const struct history_entry *entry = &history->entries[i];
		const char *state = entry->damaged ? "cannot be read: " : entry->applied ? "" : "failed: ";
		cleanup_text struct text first = { 0 }, note = { 0 };
		char when[64] = "-";

		if (!entry->damaged)
			time_text(entry->time, "%Y-%m-%d %H:%M", when, sizeof(when));
		text_printf(&first, "%s  %s  ", entry->id, when);
		if (*state)
			cli_tone(cli, &first, TONE_WARNING, state);
		text_append_visible(&note, entry->note, strlen(entry->note), false);
		cli_paragraph(cli, &text, text_string(&first), strlen(entry->id) + strlen(when) + strlen(state) + 4,
			      "    ", text_string(&note));
		for (size_t j = 0; j < entry->files.count; j++) {
			text_append(&text, "    ");
			text_append_visible(&text, entry->files.items[j], strlen(entry->files.items[j]), false);
			text_append_char(&text, '\n');
		}
		for (size_t j = 0; j < entry->commands.count; j++) {
			text_append(&text, "    # ");
			text_append_visible(&text, entry->commands.items[j], strlen(entry->commands.items[j]), false);
			text_append_char(&text, '\n');
		}
		for (size_t j = 0; j < entry->kept.count; j++)
			cli_paragraph(cli, &text, "  ! ", 4, "    ", entry->kept.items[j]);
	}
	if (!history->count)
		text_append(&text, "Nothing was applied here yet.\n");
	cli_print(cli, &text);
}

static void json(const struct cli *cli, const struct history *history)
{
	struct json_object *object = json_object_new_object(), *array = json_object_new_array();

	for (size_t i = 0; i < history->count; i++) {
		const struct history_entry *entry = &history->entries[i];
		struct json_object *item = json_object_new_object();
		char when[64];

		time_text(entry->time, "%Y-%m-%dT%H:%M:%S%z", when, sizeof(when));
		json_put(item, "id", json_text(entry->id));
		json_put(item, "time", json_text(when));
		json_put(item, "applied", json_object_new_boolean(entry->applied));
		json_put(item, "damaged", json_object_new_boolean(entry->damaged));
		json_put(item, "confirmed", json_object_new_boolean(entry->confirmed));
		json_put(item, "note", json_text(entry->note));
		json_put(item, "boot_id", json_text(entry->boot_id));
		json_put(item, "files", json_strings(&entry->files));
		json_put(item, "commands", json_strings(&entry->commands));
		json_put(item, "kept", json_strings(&entry->kept));
		json_object_array_add(array, item);
	}
	json_put(object, "transactions", array);
	json_print(cli, object, true);
}

bool cli_history(struct cli *cli, struct fault *fault)
{
	struct history history = { 0 };

	if (!history_read(cli->session->root, &history, fault))
		return false;
	if (cli->options->json)
		json(cli, &history);
	else
		plain(cli, &history);
	history_done(&history);
	return true;
}

/* What cannot be read now must keep nobody from undoing: then the journal's own commands have to do. */
static void add_since(const struct cli *cli, struct changeset *changeset)
{
	struct applied applied = { 0 };
	struct host *host = NULL;

	if (host_gather(cli->session->root, NULL, &host, NULL) && applied_read(cli->session->root, &applied, NULL)) {
		since_add(cli->session->root, host, &applied, changeset);
		applied_done(&applied);
	}
	host_free(host);
}

static bool take_back(struct cli *cli, struct changeset *changeset, struct findings *findings, struct fault *fault)
{
	cleanup_free char *id = NULL;
	char note[64];
	struct report report = { .findings = findings, .changeset = changeset };

	if (!history_undo(cli->session->root, cli->options->undo, changeset, findings, &id, fault))
		return false;
	if (!id && !cli->options->json) {
		cli_printf(cli, "Nothing to undo: nothing has been applied yet.\n");
		return true;
	}
	if (id)
		add_since(cli, changeset);
	findings_sort(findings);
	report.refused = findings_refuse(findings);
	report.changed = report.reboot = !changeset_empty(changeset);
	snprintf(note, sizeof(note), "undo of %s", id ? id : "nothing");
	return cli_apply_changes(cli, &report, note, fault);
}

bool cli_undo(struct cli *cli, struct fault *fault)
{
	cleanup_findings struct findings findings = { 0 };
	struct changeset changeset = { 0 };
	bool go_on = true, good;

	if (options_apply(cli->options) && !cli_recover_first(cli, &go_on, fault))
		return false;
	good = !go_on || take_back(cli, &changeset, &findings, fault);
	changeset_done(&changeset);
	return good;
}
