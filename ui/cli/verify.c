/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/verify.h"

#include <string.h>

#include <json-c/json.h>

#include "apply/verify.h"
#include "cli/json.h"

static void plain(const struct cli *cli, const struct verification *verification)
{
	cleanup_text struct text text = { 0 };

	for (size_t i = 0; i < verification->count; i++) {
		const struct verdict *verdict = &verification->items[i];
		const char *word = verdict_word(verdict->kind);
		cleanup_text struct text first = { 0 };

		cli_tone(cli, &first, verdict->kind == VERDICT_ARRIVED ? TONE_GOOD : TONE_ERROR, word);
		text_append(&first, ": ");
		cli_paragraph(cli, &text, text_string(&first), strlen(word) + 2, "  ", verdict->sentence);
		if (verdict->next)
			cli_paragraph(cli, &text, "  -> ", 5, "     ", verdict->next);
	}
	if (!verification->count && selection_empty(&cli->session->applied.selection))
		cli_paragraph(cli, &text, "", 0, "", "vfioconf has nothing set up on this machine: there is nothing to verify.");
	else if (verification->arrived)
		cli_paragraph(cli, &text, "", 0, "", "Everything is as it was applied.");
	cli_print(cli, &text);
}

static void json(const struct cli *cli, const struct verification *verification)
{
	struct json_object *object = json_object_new_object(), *array = json_object_new_array();

	for (size_t i = 0; i < verification->count; i++) {
		const struct verdict *verdict = &verification->items[i];
		struct json_object *item = json_object_new_object();

		json_put(item, "address", verdict->general ? NULL : json_address(verdict->address));
		json_put(item, "verdict", json_text(verdict_word(verdict->kind)));
		json_put(item, "message", json_text(verdict->sentence));
		json_put(item, "next", json_text(verdict->next));
		json_object_array_add(array, item);
	}
	json_put(object, "arrived", json_object_new_boolean(verification->arrived));
	json_put(object, "functions", array);
	json_print(cli, object, true);
}

bool cli_verify(struct cli *cli, struct fault *fault)
{
	struct verification verification = { 0 };

	if (cli->session->record.kind != FAULT_NONE) {
		*fault = cli->session->record;
		return false;
	}
	verify_run(cli->session->root, cli->session->host, &cli->session->applied, &verification);
	if (cli->options->json)
		json(cli, &verification);
	else
		plain(cli, &verification);
	cli->status = verification.arrived ? STATUS_DONE : STATUS_ATTENTION;
	verification_done(&verification);
	return true;
}
