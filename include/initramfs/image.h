/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all generators have in common: the images, and what must be found in them after they were rebuilt. */
#ifndef VFIOCONF_INITRAMFS_IMAGE_H
#define VFIOCONF_INITRAMFS_IMAGE_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"
#include "edit/changeset.h"
#include "initramfs/initramfs.h"
#include "system/root.h"

/* Where the stamp of early_request stands in every image, less the leading slash. */
#define IMAGE_STAMP_DIRECTORY "usr/lib/vfioconf"

/* How a kernel has a module: read from the lists that depmod and the kernel's build leave in lib/modules. */
enum image_module { IMAGE_MODULE_FILE, IMAGE_MODULE_BUILTIN, IMAGE_MODULE_NONE };
enum image_module image_module(const struct root *root, const char *release, const char *module);

/*
 * The images of RELEASE under the names that distributions use, where they are
 * there: /boot/initrd.img-RELEASE, /boot/initramfs-RELEASE.img, ESP/TOKEN/RELEASE/initrd ...
 */
void image_find(const struct root *root, const char *release, struct strlist *ret);

/*
 * Adds to COMMAND that it rewrites IMAGE of RELEASE, and what must be true of it
 * then: it lists (by LISTER, words of a command that is given the image's name)
 * every file and module of REQUEST, a shell and its stamp, or, where nothing is wanted,
 * none of the files and no stamp. STAMP false: the generator cannot put it in.
 */
void image_expect(const struct root *root, struct command *command, const char *lister, const char *image,
		  const char *release, const struct early_request *request, bool stamp);

/*
 * The same for the image that the boot entry ENTRY names, whatever it is called by then. LISTER is given its name.
 */
void image_expect_entry(const struct root *root, struct command *command, const char *lister, const char *entry,
			const char *release, const struct early_request *request);

/* The same for a generator that only puts modules into its images. */
void image_expect_modules(const struct root *root, struct command *command, const char *lister, const char *image,
			  const char *release, const struct early_request *request);

/*
 * Adds that the image has a shell, where RELEASE has a module of REQUEST as a file: libkmod runs the install line of
 * vfio-pci by system(3), and without a shell a softdep on it fails and is passed over. image_expect() does so itself.
 */
void image_expect_shell(const struct root *root, struct expectation *expectation, const char *release,
			const struct early_request *request);

/*
 * The names in the first cpio archive of an image, of which HEAD are the first bytes: it is uncompressed wherever
 * something is put in front for the kernel itself (microcode). As far as HEAD reaches; nothing where it is none.
 */
void image_head_names(const struct text *head, struct strlist *ret);

/* Whether the first archive of IMAGE holds NAME. */
bool image_begins_with(const struct root *root, const char *image, const char *name);

/*
 * Records that PATH, which the generator reads for every image, shall hold CONTENT, or not be there where nothing is
 * wanted. *RET_DUE: the images are to be made anew, because it changes or what it puts into them does; not where a
 * finding refuses.
 */
bool image_own_file(const struct root *root, const struct early_request *request, const char *path,
		    const struct text *content, mode_t mode, struct changeset *changeset, struct findings *findings,
		    bool *ret_due, struct fault *fault);

/* Why the images are rebuilt, for the preview. */
const char *image_why(const struct early_request *request);

/* The words of a request end up in scripts and settings: they must mean nothing to a shell. */
bool image_words_are_plain(const struct early_request *request, struct fault *fault);

#endif
