/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/words.h"

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

void words_gone(const struct boot_request *request, const struct strlist *kept, struct strlist *ret)
{
	cleanup_strlist struct strlist dropped = { 0 };

	words_dropped(request, &dropped);
	for (size_t i = 0; i < dropped.count; i++)
		if (!cmdline_has(kept, dropped.items[i]))
			strlist_add(ret, dropped.items[i]);
}

void words_missing(const struct boot_request *request, const struct strlist *present, struct strlist *ret)
{
	for (size_t i = 0; i < request->wanted->count; i++)
		if (!cmdline_has(present, request->wanted->items[i]))
			strlist_add_once(ret, request->wanted->items[i]);
}

void words_added(const struct boot_request *request, const struct strlist *new_words, struct strlist *ret)
{
	for (size_t i = 0; i < request->ours->count; i++)
		if (cmdline_has(request->wanted, request->ours->items[i]))
			strlist_add_once(ret, request->ours->items[i]);
	for (size_t i = 0; i < new_words->count; i++)
		strlist_add_once(ret, new_words->items[i]);
}
