/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/ask.h"

void ask_close(struct model *model)
{
	struct dialog *dialog = &model->dialog;

	free(dialog->title);
	free(dialog->subject);
	strlist_done(&dialog->body);
	*dialog = (struct dialog){ 0 };
}

static struct dialog *open_box(struct model *model, enum question question, char *title)
{
	ask_close(model);
	model->dialog.question = question;
	model->dialog.title = title;
	return &model->dialog;
}

static void answer(struct dialog *dialog, int key, const char *label)
{
	dialog->answers[dialog->answer_count].key = key;
	dialog->answers[dialog->answer_count++].label = label;
}

void ask_mates(struct model *model, const struct function *function, const size_t *mates, size_t count)
{
	const struct host *host = model_host(model);
	const struct group *group = host_group_of(host, function);
	cleanup_free char *name = model_name(model, function);
	struct text title = { 0 };
	struct dialog *dialog;

	text_printf(&title, "Also tick %zu other%s of group %u?", count, count == 1 ? "" : "s",
		    group ? group->number : 0);
	dialog = open_box(model, QUESTION_MATES, text_take(&title));
	dialog->function = host_index(host, function);
	strlist_printf(
		&dialog->body,
		"A guest gets a group as a whole. %s cannot go to a guest while the host drives the rest:", name);
	for (size_t i = 0; i < count; i++) {
		const struct function *mate = &host->functions[mates[i]];
		cleanup_free char *mate_name = model_name(model, mate);
		char uses[32];

		rows_uses(mate, uses);
		strlist_printf(&dialog->body, "- %s, %s%s%s", mate_name,
			       mate->driver ? mate->driver : "no driver now, but a module would claim it",
			       *uses ? ", used by the host: " : "", uses);
	}
	answer(dialog, 'y', "Tick them too");
	answer(dialog, 'n', "Only this one");
	answer(dialog, INPUT_ESCAPE, "Tick nothing");
}

void ask_unticked(struct model *model, const struct function *function, const size_t *mates, size_t count)
{
	const struct host *host = model_host(model);
	const struct group *group = host_group_of(host, function);
	cleanup_free char *name = model_name(model, function);
	struct text title = { 0 };
	struct dialog *dialog;

	text_printf(&title, "Also untick %zu other%s of group %u?", count, count == 1 ? "" : "s",
		    group ? group->number : 0);
	dialog = open_box(model, QUESTION_UNTICKED, text_take(&title));
	dialog->function = host_index(host, function);
	strlist_printf(&dialog->body, "A guest gets a group as a whole. With %s left to the host, these cannot go to one:",
		       name);
	for (size_t i = 0; i < count; i++) {
		cleanup_free char *mate_name = model_name(model, &host->functions[mates[i]]);

		strlist_printf(&dialog->body, "- %s", mate_name);
	}
	answer(dialog, 'y', "Untick them too");
	answer(dialog, 'n', "Only this one");
	answer(dialog, INPUT_ESCAPE, "Untick nothing");
}

void ask_allow(struct model *model, const struct finding *finding)
{
	struct text title = { 0 };
	struct dialog *dialog;

	text_printf(&title, "Override %s?", finding_code_word(finding->code));
	dialog = open_box(model, QUESTION_ALLOW, text_take(&title));
	dialog->subject = memory_string(finding_code_word(finding->code));
	/* The caution first: the finding has been read, and may be long. */
	strlist_printf(&dialog->body,
		       "Do this only where you know why it does no harm here: this and every other %s finding no longer "
		       "stands in the way of applying.",
		       finding_code_word(finding->code));
	strlist_add(&dialog->body, finding->message);
	answer(dialog, 'y', "Override");
	answer(dialog, 'n', "Leave it");
}

void ask_enable(struct model *model)
{
	struct dialog *dialog = open_box(model, QUESTION_ENABLE,
					 memory_string("Untick all and have only the IOMMU switched on?"));

	strlist_add(&dialog->body, "As long as it is off there are no groups, and nobody can tell which devices go to a "
				   "guest together. With it on, reboot, and come back to tick.");
	answer(dialog, 'y', "Only the IOMMU");
	answer(dialog, 'n', "Leave the ticks");
}

void ask_quit(struct model *model)
{
	bool file = model->session->read_only; /* a machine file: applying is out of the question */
	struct dialog *dialog = open_box(model, QUESTION_QUIT,
					 memory_string(file ? "Leave without saving?" : "Leave without applying?"));

	strlist_add(&dialog->body, file ? "What you chose here is not saved." :
					  "What you chose here is neither applied nor saved. The machine is as it was.");
	answer(dialog, 'y', "Leave");
	answer(dialog, 's', "Save a profile");
	answer(dialog, 'n', "Stay");
}

void ask_replace(struct model *model, const char *path)
{
	struct dialog *dialog = open_box(model, QUESTION_REPLACE, memory_string("Overwrite the file?"));

	dialog->subject = memory_string(path);
	strlist_printf(&dialog->body, "%s is there already.", path);
	answer(dialog, 'y', "Overwrite");
	answer(dialog, 'n', "Do not save");
}

void ask_recover(struct model *model)
{
	struct dialog *dialog = open_box(model, QUESTION_RECOVER, memory_string("An apply was cut off: put that right?"));

	strlist_add(&dialog->body, "This comes before anything else. Every file is put back as it was before that apply; "
				   "where all of it had been done, what it left is tidied up.");
	strlist_add(&dialog->body, "What is ticked here stays ticked: W applies it afterwards.");
	answer(dialog, 'y', "Put it right");
	answer(dialog, 'n', "Not now");
}

void ask_stop(struct model *model)
{
	struct dialog *dialog = open_box(model, QUESTION_STOP, memory_string("Stop and put everything back?"));

	strlist_add(&dialog->body,
		    "What was changed so far is undone, and the files are as they were. This may take as "
		    "long as what was done already.");
	answer(dialog, 'y', "Stop");
	answer(dialog, 'n', "Go on");
}

static bool is_answer(const struct dialog *dialog, int key)
{
	for (size_t i = 0; i < dialog->answer_count; i++)
		if (dialog->answers[i].key == key)
			return true;
	return false;
}

int ask_chosen(const struct dialog *dialog, int key)
{
	/* Who wants to leave and says so again is let go; any other question but that to stop, ^C calls off. */
	if (dialog->question == QUESTION_QUIT && (key == CONTROL('C') || key == INPUT_F10))
		return 'y';
	if (key == CONTROL('C') && dialog->question != QUESTION_STOP)
		key = INPUT_ESCAPE;
	if (key >= 'A' && key <= 'Z')
		key += 'a' - 'A';
	if (is_answer(dialog, key))
		return key;
	return key == INPUT_ESCAPE && is_answer(dialog, 'n') ? 'n' : 0;
}
