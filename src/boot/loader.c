/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/loader.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "boot/loaders.h"

/* Scores that lie closer together than this tell nothing about which one it is. */
#define SCORE_MARGIN 20

const struct loader *const loaders[] = {
	&loader_grub_dropin,
	&loader_grub,
	&loader_grub_bls,
	&loader_kernel_install,
	&loader_systemd_boot,
	&loader_sdboot_manage,
	&loader_sdbootutil,
	&loader_clr_boot_manager,
	&loader_kernelstub,
	&loader_proxmox,
	&loader_uki_mkinitcpio,
	&loader_uki_kernel_install,
	&loader_uki_dracut,
	&loader_refind,
	&loader_limine,
	&loader_limine_entry_tool,
	&loader_syslinux,
	&loader_update_extlinux,
	&loader_u_boot_menu,
	&loader_raspberry_pi,
	&loader_rpm_ostree,
	&loader_bootc,
	&loader_zfsbootmenu,
	&loader_efistub,
	&loader_nixos,
	NULL,
};

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

int evidence_choose(const struct evidence *evidence, size_t count, size_t *ret_best, size_t *ret_rival)
{
	size_t best = 0, rival = 0;
	bool tied = false;

	for (size_t i = 1; i < count; i++)
		if (evidence[i].score > evidence[best].score)
			best = i;
	if (!count || evidence[best].score < SCORE_CONFIGURED)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (i != best && evidence[i].score >= SCORE_CONFIGURED &&
		    evidence[i].score + SCORE_MARGIN >= evidence[best].score &&
		    (!tied || evidence[i].score > evidence[rival].score)) {
			rival = i;
			tied = true;
		}
	*ret_best = best;
	if (tied)
		*ret_rival = rival;
	return tied ? 2 : 1;
}

void evidence_sentence(struct text *text, const char *label, const struct evidence *evidence)
{
	cleanup_free char *reasons = strlist_join(&evidence->reasons, "; ");

	text_printf(text, "%s (%s)", label, reasons);
}

const struct loader *loader_find(const char *name)
{
	for (size_t i = 0; loaders[i]; i++)
		if (!strcmp(loaders[i]->name, name))
			return loaders[i];
	return NULL;
}

static void unknown(const struct evidence *evidence, struct findings *findings)
{
	cleanup_text struct text seen = { 0 };

	for (size_t i = 0; loaders[i]; i++)
		if (evidence[i].reasons.count) {
			text_append(&seen, seen.length ? ", " : " Only traces were seen: ");
			evidence_sentence(&seen, loaders[i]->label, &evidence[i]);
		}
	finding_remedy(findings_add(findings, FINDING_LOADER_UNKNOWN, SEVERITY_ERROR,
				    "It is not clear which boot loader starts this system.%s%s", text_string(&seen),
				    seen.length ? "." : ""),
		       "Name it with --loader NAME; vfioconf --check lists the names, and what speaks for each.");
}

static void ambiguous(const struct evidence *evidence, size_t best, size_t rival, struct findings *findings)
{
	cleanup_text struct text both = { 0 };

	evidence_sentence(&both, loaders[best]->label, &evidence[best]);
	text_append(&both, ", and ");
	evidence_sentence(&both, loaders[rival]->label, &evidence[rival]);
	finding_remedy(findings_add(findings, FINDING_LOADER_AMBIGUOUS, SEVERITY_ERROR,
				    "Two boot loaders look equally alive: %s.", text_string(&both)),
		       "Say which one starts this system: --loader %s or --loader %s.", loaders[best]->name,
		       loaders[rival]->name);
}

static const struct loader *named(const char *name, struct findings *findings)
{
	const struct loader *loader = loader_find(name);

	if (loader)
		return loader;
	finding_remedy(findings_add(findings, FINDING_LOADER_UNKNOWN, SEVERITY_ERROR,
				    "There is no boot loader of the name \"%s\" here.", name),
		       "vfioconf --check lists the names.");
	return NULL;
}

const struct loader *loader_choose(const struct root *root, const char *name, struct findings *findings)
{
	const size_t count = array_size(loaders) - 1;
	struct evidence evidence[array_size(loaders) - 1] = { 0 };
	size_t best = 0, rival = 0;
	int candidates;

	if (name && *name)
		return named(name, findings);
	for (size_t i = 0; i < count; i++)
		loaders[i]->probe(root, &evidence[i]);
	candidates = evidence_choose(evidence, count, &best, &rival);
	if (!candidates)
		unknown(evidence, findings);
	else if (candidates > 1)
		ambiguous(evidence, best, rival, findings);
	for (size_t i = 0; i < count; i++)
		evidence_done(&evidence[i]);
	return candidates == 1 ? loaders[best] : NULL;
}
