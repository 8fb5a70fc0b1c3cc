/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/evidence.h"

#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Scores that lie closer together than this tell nothing about which one it is. */
#define SCORE_MARGIN 20

void evidence_done(struct evidence *evidence)
{
	if (!evidence)
		return;
	strlist_done(&evidence->reasons);
	*evidence = (struct evidence){ 0 };
}

void evidence_add(struct evidence *evidence, int score, const char *format, ...)
{
	cleanup_text struct text reason = { 0 };
	cleanup_text struct text visible = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&reason, format, arguments);
	va_end(arguments);
	text_append_visible(&visible, text_string(&reason), reason.length, false);
	strlist_add(&evidence->reasons, text_string(&visible));
	if (score > evidence->score)
		evidence->score = score;
}

/* "LABEL (reason; reason)" */
static void add_seen(struct text *text, const struct contender *contender, const struct evidence *evidence)
{
	cleanup_free char *reasons = strlist_join(&evidence->reasons, "; ");

	text_printf(text, "%s (%s)", contender->label, reasons);
}

/* "grub, limine, refind"; the caller frees. */
static char *names_of(const struct contender *contenders, size_t count)
{
	cleanup_strlist struct strlist names = { 0 };

	for (size_t i = 0; i < count; i++)
		strlist_add(&names, contenders[i].name);
	return strlist_join(&names, ", ");
}

/* The contender with the highest score that makes one, but for SKIPPED; COUNT where there is none. */
static size_t highest(const struct evidence *evidence, size_t count, size_t skipped)
{
	size_t best = count;

	for (size_t i = 0; i < count; i++)
		if (i != skipped && evidence[i].score >= SCORE_CONFIGURED &&
		    (best == count || evidence[i].score > evidence[best].score))
			best = i;
	return best;
}

static void unknown(const struct contest *contest, const struct contender *contenders, const struct evidence *evidence,
		    size_t count, const struct root *root, struct findings *findings)
{
	cleanup_text struct text seen = { 0 };
	cleanup_text struct text otherwise = { 0 };
	cleanup_free char *names = names_of(contenders, count);

	for (size_t i = 0; i < count; i++)
		if (evidence[i].reasons.count) {
			text_append(&seen, seen.length ? ", " : " Only traces were seen: ");
			add_seen(&seen, &contenders[i], &evidence[i]);
		}
	if (contest->otherwise)
		contest->otherwise(root, &otherwise);
	finding_remedy(findings_add(findings, contest->unknown, SEVERITY_ERROR, "It is not clear %s.%s%s",
				    contest->question, text_string(&seen), seen.length ? "." : ""),
		       "Name it with %s, one of: %s. %sWhat speaks for those that left traces is in vfioconf --check.",
		       contest->option, names, text_string(&otherwise));
}

static void ambiguous(const struct contest *contest, const struct contender *contenders,
		      const struct evidence *evidence, size_t best, size_t rival, struct findings *findings)
{
	cleanup_text struct text both = { 0 };

	add_seen(&both, &contenders[best], &evidence[best]);
	text_append(&both, ", and ");
	add_seen(&both, &contenders[rival], &evidence[rival]);
	finding_remedy(findings_add(findings, contest->ambiguous, SEVERITY_ERROR, "Two %ss look equally alive: %s.",
				    contest->noun, text_string(&both)),
		       "Say %s: %s %s or %s %s.", contest->answer, contest->option, contenders[best].name,
		       contest->option, contenders[rival].name);
}

static size_t named(const struct contest *contest, const struct contender *contenders, size_t count, const char *name,
		    struct findings *findings)
{
	cleanup_free char *names = names_of(contenders, count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(contenders[i].name, name))
			return i;
	finding_remedy(findings_add(findings, contest->unknown, SEVERITY_ERROR, "There is no %s of the name \"%s\" here.",
				    contest->noun, name),
		       "It is one of: %s.", names);
	return count;
}

size_t contender_choose(const struct contest *contest, const struct contender *contenders, size_t count,
			const struct root *root, const char *name, struct findings *findings)
{
	cleanup_free struct evidence *evidence = NULL;
	size_t best, rival;

	if (name && *name)
		return named(contest, contenders, count, name, findings);
	evidence = memory_zero(count, sizeof(*evidence));
	for (size_t i = 0; i < count; i++)
		contenders[i].probe(root, &evidence[i]);
	best = highest(evidence, count, count);
	rival = highest(evidence, count, best);
	if (best == count) {
		unknown(contest, contenders, evidence, count, root, findings);
	} else if (rival != count && evidence[rival].score + SCORE_MARGIN >= evidence[best].score) {
		ambiguous(contest, contenders, evidence, best, rival, findings);
		best = count;
	}
	for (size_t i = 0; i < count; i++)
		evidence_done(&evidence[i]);
	return best;
}
