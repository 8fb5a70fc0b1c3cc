/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/feed.h"

#include <json-c/json.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

void feed_done(struct feed *feed)
{
	if (!feed)
		return;
	strlist_done(&feed->done);
	strlist_done(&feed->lines);
	strlist_done(&feed->findings);
	strlist_done(&feed->not_proven);
	free(feed->step);
	free(feed->what);
	free(feed->message);
	free(feed->id);
	free(feed->way_back);
	free(feed->recovered);
	strlist_done(&feed->kept);
	*feed = (struct feed){ 0 };
}

const char *feed_label(const char *step)
{
	static const char *const labels[][2] = {
		{ "check", "Checking that the files are as they were planned on" },
		{ "save", "Copying the old files and images" },
		{ "stage", "Writing the new files beside the old ones" },
		{ "publish", "Putting the new files in place" },
		{ "command", "Running" },
		{ "prove", "Looking into what the command made" },
		{ "flush", "Flushing to the disk" },
		{ "commit", "Recording that it is done" },
		{ "rollback", "Something failed: putting everything back" },
		{ "done", "Done" },
	};

	for (size_t i = 0; i < array_size(labels); i++)
		if (!strcmp(labels[i][0], step))
			return labels[i][1];
	return step;
}

static void keep_line(struct feed *feed, const char *line)
{
	cleanup_text struct text visible = { 0 };

	text_append_visible(&visible, line, strlen(line), false);
	if (feed->lines.count >= FEED_LINES)
		strlist_remove(&feed->lines, 0);
	strlist_add(&feed->lines, text_string(&visible));
}

/* A member of the event as a string that is safe to show; "" where it is not there. The caller frees. */
static char *string_of(struct json_object *event, const char *key)
{
	struct json_object *member;
	struct text visible = { 0 };

	if (json_object_object_get_ex(event, key, &member) && json_object_is_type(member, json_type_string))
		text_append_visible(&visible, json_object_get_string(member),
				    (size_t)json_object_get_string_len(member), true);
	return text_take(&visible);
}

static bool flag_of(struct json_object *event, const char *key)
{
	struct json_object *member;

	return json_object_object_get_ex(event, key, &member) && json_object_get_boolean(member);
}

static size_t number_of(struct json_object *event, const char *key)
{
	struct json_object *member;
	int64_t number = 0;

	if (json_object_object_get_ex(event, key, &member))
		number = json_object_get_int64(member);
	return number > 0 && number < 1000000 ? (size_t)number : 0;
}

static void set(char **to, char *owned)
{
	free(*to);
	*to = owned;
}

static void take_step(struct feed *feed, struct json_object *event)
{
	char *step = string_of(event, "step");

	if (feed->step && (strcmp(feed->step, step) != 0 || !strcmp(step, "command"))) {
		if (!strcmp(feed->step, "command") && feed->what)
			strlist_printf(&feed->done, "Ran %s", feed->what);
		else if (strcmp(feed->step, "done") != 0)
			strlist_add_once(&feed->done, feed_label(feed->step));
	}
	set(&feed->step, step);
	set(&feed->what, string_of(event, "what"));
	feed->number = number_of(event, "number");
	feed->total = number_of(event, "total");
}

static void take_findings(struct feed *feed, struct json_object *event)
{
	struct json_object *list;

	if (!json_object_object_get_ex(event, "findings", &list) || !json_object_is_type(list, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(list) && i < 100; i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		cleanup_free char *severity = string_of(item, "severity"), *message = string_of(item, "message");

		if (!strcmp(severity, "error"))
			strlist_add(&feed->findings, message);
	}
}

/* The strings of a list in the event, safe to show. */
static void take_strings(struct json_object *event, const char *key, struct strlist *ret)
{
	struct json_object *list;

	if (!json_object_object_get_ex(event, key, &list) || !json_object_is_type(list, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(list) && i < 100; i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		cleanup_text struct text visible = { 0 };

		if (!json_object_is_type(item, json_type_string))
			continue;
		text_append_visible(&visible, json_object_get_string(item), (size_t)json_object_get_string_len(item), true);
		strlist_add(ret, text_string(&visible));
	}
}

/* The last event of a recovery by itself; before an apply the first. */
static void take_recovered(struct feed *feed, struct json_object *event)
{
	set(&feed->recovered, string_of(event, "outcome"));
	take_strings(event, "kept", &feed->kept);
	feed->needs_attention = !strcmp(feed->recovered, "attention");
}

static void take_fault(struct feed *feed, struct json_object *event)
{
	feed->outcome = OUTCOME_FAULT;
	set(&feed->message, string_of(event, "message"));
	feed->rolled_back = flag_of(event, "rolled_back");
	feed->needs_attention = flag_of(event, "needs_attention");
}

static bool take_event(struct feed *feed, struct json_object *event)
{
	cleanup_free char *kind = string_of(event, "event"), *line = NULL;

	if (!strcmp(kind, "step")) {
		take_step(feed, event);
	} else if (!strcmp(kind, "line")) {
		line = string_of(event, "line");
		keep_line(feed, line);
	} else if (!strcmp(kind, "done")) {
		feed->outcome = OUTCOME_DONE;
		feed->reboot = flag_of(event, "reboot");
		set(&feed->way_back, string_of(event, "way_back"));
		set(&feed->id, string_of(event, "id"));
		take_strings(event, "not_proven", &feed->not_proven);
	} else if (!strcmp(kind, "fault")) {
		take_fault(feed, event);
	} else if (!strcmp(kind, "refused")) {
		feed->outcome = OUTCOME_REFUSED;
		set(&feed->message, string_of(event, "message"));
		take_findings(feed, event);
	} else if (!strcmp(kind, "recovered")) {
		take_recovered(feed, event);
	} else if (!strcmp(kind, "nothing")) {
		feed->outcome = OUTCOME_NOTHING;
	} else {
		return false;
	}
	return true;
}

void feed_line(struct feed *feed, const char *line)
{
	struct json_object *event = *line == '{' ? json_tokener_parse(line) : NULL;

	if (!event || !json_object_is_type(event, json_type_object) || !take_event(feed, event))
		keep_line(feed, line);
	json_object_put(event);
}

void feed_ended(struct feed *feed, int status)
{
	feed->status = status;
	if (feed->outcome != OUTCOME_NONE)
		return;
	feed->outcome = feed->recovered ? OUTCOME_RECOVERED : OUTCOME_UNKNOWN;
	if (feed->lines.count)
		set(&feed->message, memory_string(feed->lines.items[feed->lines.count - 1]));
}
