/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of keys, and the events of the apply step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tui/feed.h"
#include "tui/keys.h"

static void every_action_has_a_key_that_leads_to_it(void **state)
{
	(void)state;
	for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
		bool reached = false;

		assert_true(strlen(keys_first(action)) > 0);
		assert_true(strlen(action_help(action)) > 0);
		for (enum view view = VIEW_TREE; view <= VIEW_HELP; view++)
			reached |= keys_action(keys_code(action), view) == action;
		if (!reached)
			fail_msg("no view gives \"%s\" for its first key", action_help(action));
	}
}

static void a_key_has_one_meaning_in_a_view(void **state)
{
	static const int special[] = { INPUT_UP,  INPUT_LEFT, INPUT_ENTER, INPUT_ESCAPE,
				       INPUT_TAB, INPUT_F1,   INPUT_F5,    INPUT_F10 };

	(void)state;
	/* Whatever comes later in the table for the same key and view could never be reached. */
	assert_int_equal(keys_action('q', VIEW_TREE), ACTION_QUIT);
	assert_int_equal(keys_action('q', VIEW_DIFF), ACTION_BACK);
	assert_int_equal(keys_action(' ', VIEW_OPTIONS), ACTION_CHANGE);
	assert_int_equal(keys_action('W', VIEW_CONFIRM), ACTION_NONE);
	for (size_t i = 0; i < array_size(special); i++)
		assert_int_not_equal(keys_action(special[i], VIEW_TREE) | keys_action(special[i], VIEW_DIFF),
				     ACTION_NONE);
}

static void while_applying_only_harmless_keys_work(void **state)
{
	(void)state;
	for (int key = 0; key <= INPUT_UNKNOWN; key++) {
		enum action action = keys_action(key, VIEW_PROGRESS);

		if (action == ACTION_TICK || action == ACTION_APPLY || action == ACTION_QUIT ||
		    action == ACTION_LEAVE || action == ACTION_BACK || action == ACTION_RESCAN)
			fail_msg("key %d does something while files are changed", key);
	}
	assert_int_equal(keys_action('c', VIEW_PROGRESS), ACTION_STOP);
}

static void the_events_of_the_apply_step_are_followed(void **state)
{
	struct feed feed = { 0 };

	(void)state;
	feed_line(&feed, "{\"event\":\"step\",\"step\":\"check\",\"number\":0,\"total\":0,\"what\":\"\"}");
	feed_line(
		&feed,
		"{\"event\":\"step\",\"step\":\"command\",\"number\":1,\"total\":2,\"what\":\"update-initramfs -u\"}");
	feed_line(&feed, "{\"event\":\"line\",\"line\":\"Generating\\u001b[31m\"}");
	feed_line(&feed, "{\"event\":\"step\",\"step\":\"command\",\"number\":2,\"total\":2,\"what\":\"update-grub\"}");
	assert_string_equal(feed.step, "command");
	assert_string_equal(feed.what, "update-grub");
	assert_int_equal(feed.number, 2);
	assert_int_equal(feed.done.count, 2);
	assert_string_equal(feed.done.items[1], "Ran update-initramfs -u");
	assert_string_equal(feed.lines.items[0], "Generating^[[31m");
	feed_line(&feed, "{\"event\":\"done\",\"status\":0,\"id\":\"20261122T141500Z-1\",\"reboot\":true,"
			 "\"not_proven\":[\"on the ESPs\\u0007\",5,null]}");
	assert_int_equal(feed.not_proven.count, 1);
	assert_string_equal(feed.not_proven.items[0], "on the ESPs^G");
	feed_ended(&feed, 0);
	assert_int_equal(feed.outcome, OUTCOME_DONE);
	assert_true(feed.reboot);
	feed_done(&feed);
}

static void a_fault_says_whether_everything_was_put_back(void **state)
{
	struct feed feed = { 0 };

	(void)state;
	feed_line(&feed, "{\"event\":\"fault\",\"status\":4,\"message\":\"a foreign edit\",\"rolled_back\":false,"
			 "\"needs_attention\":true}");
	feed_ended(&feed, 4);
	assert_int_equal(feed.outcome, OUTCOME_FAULT);
	assert_true(feed.needs_attention);
	assert_false(feed.rolled_back);
	assert_string_equal(feed.message, "a foreign edit");
	feed_done(&feed);
}

static void a_recovery_is_an_end_by_itself_and_a_beginning_before_an_apply(void **state)
{
	struct feed feed = { 0 };

	(void)state;
	feed_line(&feed, "{\"event\":\"recovered\",\"status\":5,\"outcome\":\"attention\",\"kept\":[\"/etc/x is\"]}");
	assert_int_equal(feed.lines.count, 0);
	feed_ended(&feed, 5);
	assert_int_equal(feed.outcome, OUTCOME_RECOVERED);
	assert_true(feed.needs_attention);
	assert_string_equal(feed.kept.items[0], "/etc/x is");
	feed_done(&feed);
	feed_line(&feed, "{\"event\":\"recovered\",\"status\":0,\"outcome\":\"undone\",\"kept\":[]}");
	feed_line(&feed, "{\"event\":\"nothing\",\"status\":0}");
	feed_ended(&feed, 0);
	assert_int_equal(feed.outcome, OUTCOME_NOTHING);
	assert_string_equal(feed.recovered, "undone");
	feed_done(&feed);
}

static void what_is_no_event_is_kept_as_output(void **state)
{
	static const char *const lines[] = {
		"sudo: a password is required", "{",   "{}", "{\"event\":1}", "[1]", "", "{\"event\":\"line\"",
		"{\"event\":\"unknown\"}",      "null"
	};
	struct feed feed = { 0 };

	(void)state;
	for (size_t i = 0; i < array_size(lines); i++)
		feed_line(&feed, lines[i]);
	assert_int_equal(feed.lines.count, array_size(lines));
	feed_line(&feed, "{\"event\":\"step\",\"step\":null,\"number\":-5,\"total\":\"x\"}");
	feed_line(&feed, "{\"event\":\"refused\",\"status\":3,\"findings\":[1,null,{\"severity\":\"error\"}]}");
	assert_int_equal(feed.outcome, OUTCOME_REFUSED);
	feed_done(&feed);
}

static void an_end_without_a_word_is_told_as_that(void **state)
{
	struct feed feed = { 0 };

	(void)state;
	feed_line(&feed, "sudo: a password is required");
	feed_ended(&feed, 1);
	assert_int_equal(feed.outcome, OUTCOME_UNKNOWN);
	assert_string_equal(feed.message, "sudo: a password is required");
	feed_done(&feed);
}

static void endless_output_is_kept_in_bounds(void **state)
{
	struct feed feed = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++)
		feed_line(&feed, i == 4999 ? "the last" : "a line");
	assert_int_equal(feed.lines.count, FEED_LINES);
	assert_string_equal(feed.lines.items[FEED_LINES - 1], "the last");
	feed_done(&feed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_has_a_key_that_leads_to_it),
		cmocka_unit_test(a_key_has_one_meaning_in_a_view),
		cmocka_unit_test(while_applying_only_harmless_keys_work),
		cmocka_unit_test(the_events_of_the_apply_step_are_followed),
		cmocka_unit_test(a_fault_says_whether_everything_was_put_back),
		cmocka_unit_test(a_recovery_is_an_end_by_itself_and_a_beginning_before_an_apply),
		cmocka_unit_test(what_is_no_event_is_kept_as_output),
		cmocka_unit_test(an_end_without_a_word_is_told_as_that),
		cmocka_unit_test(endless_output_is_kept_in_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
