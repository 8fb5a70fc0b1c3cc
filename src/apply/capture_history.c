/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/capture_history.h"

#include <stdio.h>
#include <string.h>

#include "apply/history.h"
#include "apply/journal.h"
#include "apply/record.h"
#include "apply/transaction.h"
#include "host/machinewrite.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define THIS_BOOT "this-boot"
#define ANOTHER_BOOT "another-boot"

static void put(const char *id, const char *name, const struct text *bytes, struct text *out)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, STATE_DIRECTORY "/history/%s/%s", id, name);
	machinewrite_file(out, text_string(&path), 0600, bytes);
}

static void put_entry(const struct history_entry *entry, bool same_boot, struct text *out)
{
	cleanup_text struct text plan = { 0 }, mark = { 0 };
	struct journal journal = { .note = memory_string("captured without what it changed"),
				   .boot_id = memory_string(same_boot ? THIS_BOOT : ANOTHER_BOOT),
				   .time = (uint64_t)entry->time };

	snprintf(journal.id, sizeof(journal.id), "%s", entry->id);
	journal_text(&journal, &plan);
	put(entry->id, "plan", &plan, out);
	record_begin(&mark, "time");
	record_number(&mark, (uint64_t)entry->time);
	record_end(&mark);
	put(entry->id, "commit", &mark, out);
	text_reset(&mark);
	if (entry->confirmed)
		put(entry->id, "confirmed", &mark, out);
	journal_done(&journal);
}

void capture_history(const struct root *root, struct text *out)
{
	cleanup_text struct text now = { 0 };
	struct history history = { 0 };
	char boot[64] = "";
	size_t last = 0;

	if (!history_read(root, &history, NULL))
		return;
	while (last < history.count && !history.entries[last].applied)
		last++;
	if (last < history.count) {
		root_attribute(root, BOOT_ID, boot, sizeof(boot));
		text_append(&now, THIS_BOOT "\n");
		machinewrite_file(out, BOOT_ID, 0644, &now);
		put_entry(&history.entries[last], *boot && !strcmp(history.entries[last].boot_id, boot), out);
	}
	history_done(&history);
}
