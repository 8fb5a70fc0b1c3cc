/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/words.h"

#include <string.h>

#include "base/text.h"
#include "edit/cmdline.h"

bool words_are_plain(const struct strlist *words, struct fault *fault)
{
	for (size_t i = 0; i < words->count; i++)
		if (!cmdline_word_is_plain(words->items[i]))
			return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" cannot stand on a kernel command line",
					 words->items[i]);
	return true;
}

void words_dropped(const struct boot_request *request, struct strlist *ret)
{
	for (size_t i = 0; i < request->ours->count; i++)
		if (!cmdline_has(request->wanted, request->ours->items[i]))
			strlist_add(ret, request->ours->items[i]);
}

const struct strlist *words_aside(const struct boot_request *request)
{
	static const struct strlist none = { 0 };

	return request->aside ? request->aside : &none;
}

bool words_need_aside(const struct boot_request *request, const struct strlist *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *inner = cmdline_aside(words->items[i]);

		if (strlist_has(words_aside(request), inner ? inner : words->items[i]) != (inner != NULL))
			return true;
	}
	return false;
}

void words_gone(const struct boot_request *request, const struct strlist *kept, struct strlist *ret)
{
	cleanup_strlist struct strlist dropped = { 0 };

	words_dropped(request, &dropped);
	for (size_t i = 0; i < dropped.count; i++)
		if (!cmdline_has(kept, dropped.items[i]))
			strlist_add(ret, dropped.items[i]);
	strlist_add_all(ret, words_aside(request));
}

void words_without_ours(const struct boot_request *request, const struct strlist *words, struct strlist *ret)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *inner = cmdline_aside(words->items[i]);

		if (!strlist_has(request->ours, words->items[i]))
			strlist_add(ret, inner ? inner : words->items[i]);
	}
}

void words_missing(const struct boot_request *request, const struct strlist *present, struct strlist *ret)
{
	for (size_t i = 0; i < request->wanted->count; i++)
		if (!cmdline_has(present, request->wanted->items[i]))
			strlist_add_once(ret, request->wanted->items[i]);
}

void words_keep_common(struct strlist *words, const struct strlist *others)
{
	for (size_t i = words->count; i-- > 0;)
		if (!cmdline_has(others, words->items[i]))
			strlist_remove(words, i);
}

void words_added(const struct boot_request *request, const struct strlist *new_words, struct strlist *ret)
{
	for (size_t i = 0; i < request->ours->count; i++)
		if (cmdline_has(request->wanted, request->ours->items[i]))
			strlist_add_once(ret, request->ours->items[i]);
	for (size_t i = 0; i < new_words->count; i++)
		strlist_add_once(ret, new_words->items[i]);
}

bool words_to_tell(const struct boot_request *request, const struct strlist *now, struct strlist *missing,
		   struct strlist *dropped, struct strlist *added, struct fault *fault)
{
	if (!words_are_plain(request->wanted, fault) || !words_are_plain(request->ours, fault))
		return false;
	words_missing(request, now, missing);
	words_dropped(request, dropped);
	for (size_t i = dropped->count; i-- > 0;)
		if (!strlist_has(now, dropped->items[i]))
			strlist_remove(dropped, i);
	words_added(request, missing, added);
	return true;
}

void words_edit_done(struct words_edit *edit)
{
	if (!edit)
		return;
	strlist_done(&edit->wanted);
	strlist_done(&edit->dropped);
	strlist_done(&edit->renewed);
	strlist_done(&edit->appended);
}

void words_edit_begin(const struct boot_request *request, struct words_edit *ret)
{
	strlist_add_all(&ret->wanted, request->wanted);
	words_dropped(request, &ret->dropped);
	ret->aside = words_aside(request);
}

void words_edit_add(const struct boot_request *request, const char *word, bool everywhere, struct words_edit *edit)
{
	if (strlist_has(request->ours, word))
		strlist_add_once(&edit->renewed, word);
	else if (!everywhere)
		strlist_add_once(&edit->appended, word);
}

struct cmdline_change words_edit_change(const struct words_edit *edit)
{
	return (struct cmdline_change){ .remove = &edit->dropped, .add = &edit->renewed, .repeat = &edit->appended,
					.aside = edit->aside };
}

bool words_are_stale(const struct strlist *now, const struct strlist *wanted, const struct strlist *gone)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (!cmdline_has(now, wanted->items[i]))
			return true;
	for (size_t i = 0; i < gone->count; i++)
		if (strlist_has(now, gone->items[i]))
			return true;
	return false;
}

void words_refuse(const struct refusal *refusal, const char *path, const struct strlist *missing,
		  const struct strlist *dropped, struct findings *findings)
{
	cleanup_text struct text remedy = { 0 };
	cleanup_free char *add = strlist_join(missing, " ");
	cleanup_free char *remove = strlist_join(dropped, " ");
	struct finding *finding = refusal_finding(refusal, path, findings);

	if (dropped->count)
		text_printf(&remedy, "Take these words out of the kernel's parameters there: %s%s", remove,
			    missing->count ? ". " : "");
	if (missing->count) {
		text_append(&remedy, "Add these words to the kernel's parameters there, then plan again.");
		finding_paste(finding, "%s", add);
	}
	finding_remedy(finding, "%s", text_string(&remedy));
}

void words_refuse_form(const struct refusal *refusal, const char *path, const char *form, const struct strlist *missing,
		       const struct strlist *dropped, struct findings *findings)
{
	const char *dots = form ? strstr(form, WORDS_DOTS) : NULL;
	cleanup_free char *add = strlist_join(missing, " ");
	cleanup_free char *remove = strlist_join(dropped, " ");
	struct finding *finding;

	if (!dots) {
		words_refuse(refusal, path, missing, dropped, findings);
		return;
	}
	dots += strlen(WORDS_DOTS);
	finding = refusal_finding(refusal, path, findings);
	finding_remedy(finding, "Make it one plain line like this, with your own words in place of the dots%s%s; then plan "
		       "again.", dropped->count ? ", without " : "", remove);
	finding_paste(finding, "%.*s%s%s%s", (int)(dots - form), form, missing->count ? " " : "", add, dots);
}
