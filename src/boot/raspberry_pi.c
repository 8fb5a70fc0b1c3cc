/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Raspberry Pi's firmware: cmdline.txt, of exactly one line. */
#include "boot/clue.h"
#include "boot/targets.h"
#include "boot/loaders.h"
#include "edit/oneline.h"

static const char *const configs[] = { "/boot/firmware/cmdline.txt", "/boot/cmdline.txt" };

static const char *find_config(const struct root *root)
{
	return clue_first(root, configs, array_size(configs));
}

static void probe(const struct root *root, struct evidence *evidence)
{
	const char *config = find_config(root);

	if (!config)
		return;
	if (clue_file_holds(root, "proc/device-tree/model", ROOT_LIMIT_ATTRIBUTE, "Raspberry Pi"))
		evidence_add(evidence, SCORE_USED, "this is a Raspberry Pi, and %s is there", config);
	else
		evidence_add(evidence, SCORE_TRACE, "%s is there", config);
}

static bool read_file(const struct root *root, const char **ret_path, struct text *bytes, struct fault *fault)
{
	*ret_path = find_config(root);
	if (!*ret_path)
		return fault_set(fault, FAULT_INPUT, configs[0], "there is no %s", configs[0]);
	return root_read(root, *ret_path, ROOT_LIMIT_TEXT, bytes, fault);
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };
	const char *path;

	if (!read_file(root, &path, &bytes, fault))
		return false;
	if (!oneline_words(&bytes, true, &words, &refusal))
		return refusal_fault(&refusal, path, fault);
	strlist_add_all(ret_words, &words);
	return true;
}

static bool edit_line(const struct target *target, const struct cmdline_change *change, struct text *ret,
		      struct refusal *refusal)
{
	return oneline_edit(&target->bytes, true, change, ret, NULL, refusal);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_targets struct targets targets = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct target *target;
	const char *path;

	if (!request->wanted->count && !request->ours->count)
		return true;
	if (!read_file(root, &path, &bytes, fault))
		return false;
	target = targets_add(&targets, path, edit_line);
	text_append_n(&target->bytes, text_string(&bytes), bytes.length);
	oneline_words(&bytes, true, &target->words, NULL);
	return targets_propose(&targets, request, changeset, findings, added, fault);
}

const struct loader loader_raspberry_pi = {
	.name = "raspberry-pi",
	.label = "Raspberry Pi firmware",
	.systems = "Raspberry Pi OS",
	.files = "/boot/firmware/cmdline.txt",
	.apply = "nothing",
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
