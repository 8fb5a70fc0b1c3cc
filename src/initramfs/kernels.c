/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/kernels.h"

#include <string.h>

#include "base/text.h"

#define KERNEL "VERSION"

static bool exists(const struct root *root, const char *format, const char *release)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, format, release);
	return root_exists(root, text_string(&path));
}

bool kernel_is_whole(const struct root *root, const char *release)
{
	static const char *const places[] = {
		"/boot/vmlinuz-%s", "/boot/vmlinux-%s",	       "/boot/kernel-%s",
		"/boot/Image-%s",   "/usr/lib/modules/%s/vmlinuz", "/lib/modules/%s/vmlinuz",
	};

	if (!exists(root, "/lib/modules/%s/modules.dep", release))
		return false;
	for (size_t i = 0; i < array_size(places); i++)
		if (exists(root, places[i], release))
			return true;
	return false;
}

void kernels_whole(const struct root *root, const struct strlist *kernels, struct strlist *ret)
{
	size_t known = ret->count;

	for (size_t i = 0; i < kernels->count; i++)
		if (kernel_is_whole(root, kernels->items[i]))
			strlist_add(ret, kernels->items[i]);
	if (ret->count == known)
		strlist_add_all(ret, kernels);
}

void kernel_without_image(const struct root *root, const struct early_request *request, const char *release,
			  const char *generator, const char *how, struct findings *findings)
{
	const char *version = strstr(how, KERNEL);
	cleanup_text struct text paste = { 0 };
	char running[256] = "";
	struct finding *finding;
	bool runs;

	if (!request->wanted || !kernel_is_whole(root, release))
		return;
	root_attribute(root, "proc/sys/kernel/osrelease", running, sizeof(running));
	runs = !strcmp(running, release);
	finding = findings_add(findings, FINDING_GENERATOR_LIMITED, runs ? SEVERITY_WARNING : SEVERITY_NOTE,
			       "The kernel %s%s has no image under a name that %s is known to use: none is made anew for it. "
			       "An image of another name stays as it is, and with it this kernel may take the devices for "
			       "the host.", release, runs ? ", which runs now," : "", generator);
	finding_remedy(finding, "Where the kernel is not needed any more, remove its package. If it starts with an image, "
		       "make that anew after this%s.", strstr(how, "IMAGE") ? ", with its name in place of IMAGE" : "");
	text_append_n(&paste, how, (size_t)(version - how));
	text_append_word(&paste, release);
	text_append(&paste, version + strlen(KERNEL));
	finding_paste(finding, "%s", text_string(&paste));
}
