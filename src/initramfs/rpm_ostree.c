/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpm-ostree: the image belongs to the deployment; it makes one for this machine
 * when it is told to, with the files of /etc as they are then.
 */
#include "initramfs/generators.h"

#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "initramfs/image.h"

#define DEPLOYMENTS "/ostree/deploy"
#define TIMEOUT 1800u

static void probe(const struct root *root, struct evidence *evidence)
{
	if (root_exists(root, "run/ostree-booted") && root_exists(root, "usr/bin/rpm-ostree"))
		evidence_add(evidence, SCORE_PROVEN + 30, "/run/ostree-booted is there, and rpm-ostree is installed");
}

/* What the deployments' own descriptions say: none of our business, ours, or somebody else's arguments. */
enum state { STATE_OFF, STATE_OURS, STATE_FOREIGN };

static void note_origin(const struct root *root, const char *path, enum state *state)
{
	cleanup_text struct text bytes = { 0 };

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL) ||
	    !strstr(text_string(&bytes), "regenerate-initramfs=true"))
		return;
	if (!strstr(text_string(&bytes), "vfioconf.conf"))
		*state = STATE_FOREIGN;
	else if (*state == STATE_OFF)
		*state = STATE_OURS;
}

static enum state read_state(const struct root *root)
{
	cleanup_strlist struct strlist systems = { 0 };
	enum state state = STATE_OFF;

	root_list(root, DEPLOYMENTS, &systems, NULL);
	for (size_t i = 0; i < systems.count; i++) {
		cleanup_strlist struct strlist names = { 0 };
		cleanup_text struct text directory = { 0 };

		text_printf(&directory, DEPLOYMENTS "/%s/deploy", systems.items[i]);
		root_list(root, text_string(&directory), &names, NULL);
		for (size_t j = 0; j < names.count; j++) {
			cleanup_text struct text path = { 0 };

			text_printf(&path, "%s/%s", text_string(&directory), names.items[j]);
			if (text_ends_with(names.items[j], ".origin"))
				note_origin(root, text_string(&path), &state);
		}
	}
	return state;
}

static void add_command(const struct early_request *request, bool again, struct changeset *changeset)
{
	cleanup_strlist struct strlist argv = { 0 };
	cleanup_free char **vector = NULL;
	struct expectation *expectation;
	struct command *command;

	strlist_split(&argv, request->wanted ? "rpm-ostree initramfs --enable" : "rpm-ostree initramfs --disable", " ");
	for (size_t i = 0; request->wanted && i < request->modules->count; i++) {
		strlist_add(&argv, "--arg=--force-drivers");
		strlist_printf(&argv, "--arg=%s", request->modules->items[i]);
	}
	for (size_t i = 0; request->wanted && i < request->files->count; i++) {
		strlist_add(&argv, "--arg=-I");
		strlist_printf(&argv, "--arg=%s", request->files->items[i]);
	}
	vector = strlist_vector(&argv);
	command = changeset_command(changeset, "makes a new deployment with an initramfs of this machine's own",
				    TIMEOUT, (const char *const *)vector);
	if (request->wanted && !again)
		strlist_split(&command->undo, "rpm-ostree initramfs --disable", " ");
	expectation = command_expect(command, EXPECT_LISTING, "/ostree");
	strlist_split(&expectation->argv, "rpm-ostree initramfs", " ");
	for (size_t i = 0; i < request->files->count; i++)
		strlist_printf(request->wanted ? &expectation->present : &expectation->absent, "*%s*",
			       request->files->items[i]);
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	enum state state = read_state(root);

	if (!image_words_are_plain(request, fault))
		return false;
	if (request->wanted && state == STATE_FOREIGN) {
		struct finding *finding = findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_ERROR,
						       "rpm-ostree makes an initramfs with arguments of yours already, "
						       "which new ones would replace.");

		finding_remedy(finding, "See them with rpm-ostree initramfs, and give them again behind this command.");
		finding_paste(finding, "rpm-ostree initramfs --enable --arg=--force-drivers --arg=vfio-pci --arg=-I "
			      "--arg=/etc/modprobe.d/00-vfioconf.conf");
		return true;
	}
	if (request->wanted ? state == STATE_OFF || request->contents_changed : state == STATE_OURS)
		add_command(request, state == STATE_OURS, changeset);
	return true;
}

const struct initramfs initramfs_rpm_ostree = {
	.name = "rpm-ostree",
	.label = "rpm-ostree",
	.systems = "Fedora Silverblue, Kinoite; Bazzite",
	.files = "the deployment",
	.apply = "rpm-ostree initramfs --enable",
	.probe = probe,
	.propose = propose,
};
