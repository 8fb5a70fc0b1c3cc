/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/events.h"

#include <string.h>

#include <json-c/json.h>

#include "cli/json.h"
#include "cli/signals.h"

static const char *step_word(enum apply_step step)
{
	static const char *const words[] = {
		[APPLY_CHECK] = "check",     [APPLY_SAVE] = "save",         [APPLY_STAGE] = "stage",
		[APPLY_PUBLISH] = "publish", [APPLY_COMMAND] = "command",   [APPLY_PROVE] = "prove",
		[APPLY_FLUSH] = "flush",     [APPLY_COMMIT] = "commit",     [APPLY_ROLLBACK] = "rollback",
		[APPLY_DONE] = "done",
	};

	return words[step];
}

static struct json_object *event(const char *word)
{
	struct json_object *object = json_object_new_object();

	json_put(object, "event", json_text(word));
	return object;
}

/* Each at once: someone is watching. */
static void send_event(const struct cli *cli, struct json_object *object)
{
	json_print(cli, object, false);
	fflush(cli->out);
}

static void notify_json(const struct cli *cli, const struct apply_progress *progress)
{
	struct json_object *object;

	if (progress->line) {
		object = event("line");
		json_put(object, "line", json_text(progress->line));
	} else {
		object = event("step");
		json_put(object, "step", json_text(step_word(progress->step)));
		json_put(object, "number", json_object_new_int64((int64_t)progress->number));
		json_put(object, "total", json_object_new_int64((int64_t)progress->total));
		json_put(object, "what", json_text(progress->what));
	}
	send_event(cli, object);
}

static void notify_plain(struct events *events, const struct apply_progress *now)
{
	cleanup_text struct text text = { 0 };

	if (now->step == APPLY_ROLLBACK && signals_interrupted() && !events->said_interrupted) {
		text_append(&text, "Interrupted: everything is put back as it was.\n");
		events->said_interrupted = true;
	}
	if (now->line) {
		text_printf(&text, "    %s\n", now->line);
	} else {
		text_append(&text, apply_step_label(now->step));
		if (now->total)
			text_printf(&text, " (%zu of %zu)", now->number, now->total);
		if (*now->what) {
			text_append(&text, ": ");
			text_append_visible(&text, now->what, strlen(now->what), false);
		}
		text_append_char(&text, '\n');
	}
	cli_print(events->cli, &text);
	fflush(events->cli->out);
}

static void notify(void *data, const struct apply_progress *now)
{
	struct events *events = data;

	if (events->cli->options->json)
		notify_json(events->cli, now);
	else
		notify_plain(events, now);
}

static bool cancelled(void *data)
{
	(void)data;
	return signals_interrupted();
}

struct apply_observer events_observer(struct events *events)
{
	return (struct apply_observer){ .notify = notify, .cancelled = cancelled, .data = events };
}

void events_refused(const struct cli *cli, const struct findings *findings)
{
	struct json_object *object;

	if (!cli->options->json)
		return;
	object = event("refused");
	json_put(object, "status", json_object_new_int(STATUS_REFUSED));
	json_put(object, "findings", json_findings(findings));
	send_event(cli, object);
}

void events_nothing(const struct cli *cli)
{
	struct json_object *object;

	if (!cli->options->json)
		return;
	object = event("nothing");
	json_put(object, "status", json_object_new_int(STATUS_DONE));
	send_event(cli, object);
}

static struct json_object *not_proven(const struct findings *findings)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].code == FINDING_NOT_PROVEN)
			json_object_array_add(list, json_text(findings->items[i].message));
	return list;
}

void events_done(const struct cli *cli, const char *id, const struct report *report)
{
	struct json_object *object;

	if (!cli->options->json)
		return;
	object = event("done");
	json_put(object, "status", json_object_new_int(STATUS_DONE));
	json_put(object, "id", json_text(id));
	json_put(object, "reboot", json_object_new_boolean(report->reboot));
	json_put(object, "way_back", json_text(report->way_back));
	json_put(object, "not_proven", not_proven(report->findings));
	send_event(cli, object);
}

void events_fault(const struct cli *cli, enum status status, const struct fault *fault,
		    const struct apply_result *result)
{
	struct json_object *object;

	if (!cli->options->json)
		return;
	object = event("fault");
	json_put(object, "status", json_object_new_int((int)status));
	json_put(object, "message", json_text(fault->sentence));
	json_put(object, "rolled_back", json_object_new_boolean(result && result->rolled_back));
	json_put(object, "needs_attention", json_object_new_boolean(result && result->needs_attention));
	json_put(object, "kept", result ? json_strings(&result->foreign) : json_object_new_array());
	send_event(cli, object);
}

void events_recovered(const struct cli *cli, enum recovery_outcome outcome, const struct strlist *foreign)
{
	static const char *const words[] = {
		[RECOVERY_NOTHING] = "nothing",
		[RECOVERY_FINISHED] = "finished",
		[RECOVERY_UNDONE] = "undone",
		[RECOVERY_ATTENTION] = "attention",
	};
	struct json_object *object;

	if (!cli->options->json)
		return;
	object = event("recovered");
	json_put(object, "status",
		 json_object_new_int(outcome == RECOVERY_ATTENTION ? STATUS_ATTENTION : STATUS_DONE));
	json_put(object, "outcome", json_text(words[outcome]));
	json_put(object, "kept", json_strings(foreign));
	send_event(cli, object);
}
