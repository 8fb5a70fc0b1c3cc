/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A finding: the machine is so, or the choice is so. It has a stable code that
 * programs and --allow can name, a severity, the functions it is about, a
 * sentence that names them in words, and a remedy: what to do next, with what to type or paste for that.
 */
#ifndef VFIOCONF_BASE_FINDING_H
#define VFIOCONF_BASE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/address.h"
#include "base/memory.h"
#include "base/strlist.h"

enum severity {
	SEVERITY_NOTE,    /* tells */
	SEVERITY_WARNING, /* asks */
	SEVERITY_ERROR    /* refuses */
};

/* code in C, code in words, whether --allow may override an error of it. Codes never change their meaning. */
#define FINDING_CODES(X)                                             \
	X(FINDING_IOMMU_ABSENT, "iommu-absent", false)               \
	X(FINDING_IOMMU_OFF, "iommu-off", true)                      \
	X(FINDING_IOMMU_DISABLED, "iommu-disabled", false)           \
	X(FINDING_IOMMU_BY_ITSELF, "iommu-by-itself", false)         \
	X(FINDING_GROUP_INCOMPLETE, "group-incomplete", true)        \
	X(FINDING_BRIDGE_TICKED, "bridge-ticked", false)             \
	X(FINDING_FUNCTION_ABSENT, "function-absent", false)         \
	X(FINDING_TWIN_IDS, "twin-ids", true)                        \
	X(FINDING_IDS_TOO_LONG, "ids-too-long", false)               \
	X(FINDING_DRIVER_SHARED, "driver-shared", true)              \
	X(FINDING_DRIVER_BUILTIN, "driver-builtin", true)            \
	X(FINDING_VFIO_BUILTIN, "vfio-builtin", true)                \
	X(FINDING_VFIO_MISSING, "vfio-missing", false)               \
	X(FINDING_STORAGE_IN_USE, "storage-in-use", true)            \
	X(FINDING_NETWORK_IN_USE, "network-in-use", true)            \
	X(FINDING_DISPLAY_IN_USE, "display-in-use", true)            \
	X(FINDING_INPUT_IN_USE, "input-in-use", true)                \
	X(FINDING_RESERVED_REGION, "reserved-region", true)          \
	X(FINDING_NO_RESET, "no-reset", true)                        \
	X(FINDING_SRIOV_ACTIVE, "sriov-active", true)                \
	X(FINDING_VIRTUAL_FUNCTION, "virtual-function", false)       \
	X(FINDING_ACS_UNPATCHED, "acs-unpatched", false)             \
	X(FINDING_ACS_UNSAFE, "acs-unsafe", true)                    \
	X(FINDING_GUEST_HAS_IT, "guest-has-it", false)               \
	X(FINDING_FOREIGN_SETUP, "foreign-setup", true)              \
	X(FINDING_PROFILE_MISMATCH, "profile-mismatch", false)       \
	X(FINDING_LOADER_UNKNOWN, "loader-unknown", false)           \
	X(FINDING_LOADER_AMBIGUOUS, "loader-ambiguous", false)       \
	X(FINDING_LOADER_ABSENT, "loader-absent", false)             \
	X(FINDING_LOADER_MANUAL, "loader-manual", false)             \
	X(FINDING_NOT_PROVEN, "not-proven", false)                   \
	X(FINDING_WORDS_LOST, "words-lost", true)                    \
	X(FINDING_PARAMETERS_TOO_LONG, "parameters-too-long", false) \
	X(FINDING_NO_MENU_ENTRY, "no-menu-entry", false)             \
	X(FINDING_GENERATOR_UNKNOWN, "generator-unknown", false)     \
	X(FINDING_GENERATOR_AMBIGUOUS, "generator-ambiguous", false) \
	X(FINDING_GENERATOR_LIMITED, "generator-limited", true)      \
	X(FINDING_IMAGE_MISSING, "image-missing", false)             \
	X(FINDING_IMAGE_UNUSED, "image-unused", false)               \
	X(FINDING_SYNTAX_NOT_UNDERSTOOD, "syntax-not-understood", false) \
	X(FINDING_FILE_FOREIGN, "file-foreign", false)               \
	X(FINDING_FILE_UNREADABLE, "file-unreadable", false)

enum finding_code {
#define FINDING_ENUM(name, word, overridable) name,
	FINDING_CODES(FINDING_ENUM)
#undef FINDING_ENUM
	FINDING_CODE_COUNT
};

struct finding {
	enum finding_code code;
	enum severity severity;
	bool allowed; /* an error that the user overrode with --allow: shown, but does not refuse */
	struct address *functions;
	size_t function_count;
	char *message; /* sentences, control characters made visible */
	char *remedy;  /* what to do, or NULL */
	char *paste;   /* lines to type or paste just so, or NULL; the remedy says where */
};

/* A list of findings that it owns, in the order in which they were made. Initialise with { 0 }. */
struct findings {
	struct finding *items;
	size_t count;
	size_t capacity;
};

void findings_done(struct findings *findings); /* accepts NULL */
#define cleanup_findings cleanup(findings_done)

const char *finding_code_word(enum finding_code code);
bool finding_code_parse(const char *word, enum finding_code *ret);
bool finding_code_overridable(enum finding_code code);
const char *severity_word(enum severity severity); /* "note", "warning", "error" */

/*
 * Appends a finding that has no more than its message, which is made as in
 * printf(3) and made visible. The pointer is borrowed and valid until the next
 * is added: use it at once with the functions below.
 */
struct finding *findings_add(struct findings *findings, enum finding_code code, enum severity severity,
			     const char *format, ...) __attribute__((format(printf, 4, 5)));
void finding_remedy(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
void finding_function(struct finding *finding, struct address address); /* appended once */

/*
 * Lines that are shown as they are: never wrapped, without anything before or behind them that would be pasted along.
 * A tab is none of them: in a shell that it is pasted into it would complete a word. No newline at the end.
 */
void finding_paste(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Marks errors whose code is in WORDS (a list of code words) as allowed, where their code may be overridden. */
void findings_allow(struct findings *findings, const struct strlist *words);

/* Whether any finding refuses: an error that is not allowed. */
bool findings_refuse(const struct findings *findings);

/* How many findings have this severity (allowed errors count as warnings). */
size_t findings_count(const struct findings *findings, enum severity severity);

/* Most severe first; otherwise the order is kept. */
void findings_sort(struct findings *findings);

#endif
