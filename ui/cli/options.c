/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>

#include "base/finding.h"
#include "base/text.h"
#include "boot/loader.h"
#include "initramfs/initramfs.h"
#include "plan/guest.h"
#include "plan/selection.h"

enum {
	OPTION_LIST = 256,
	OPTION_CHECK,
	OPTION_DEVICE,
	OPTION_IOMMU,
	OPTION_ACS,
	OPTION_ADOPT,
	OPTION_MENU_ENTRY,
	OPTION_SAVE,
	OPTION_APPLY_SAVED,
	OPTION_DRY_RUN,
	OPTION_REMOVE,
	OPTION_VERIFY,
	OPTION_FOLLOW,
	OPTION_HISTORY,
	OPTION_UNDO,
	OPTION_RECOVER,
	OPTION_BIND,
	OPTION_UNBIND,
	OPTION_PRINT,
	OPTION_ALLOW,
	OPTION_ROOT,
	OPTION_CAPTURE,
	OPTION_MACHINE,
	OPTION_JSON,
	OPTION_ASCII,
	OPTION_COLOR,
	OPTION_YES,
	OPTION_EXPECT,
	OPTION_LOADER,
	OPTION_GENERATOR,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_END
};

#define APPLYING (MODE_APPLY | MODE_REMOVE | MODE_UNDO | MODE_FOLLOW)
#define REBINDING (MODE_BIND | MODE_UNBIND)
#define PLANNING (MODE_APPLY | MODE_REMOVE | MODE_FOLLOW | MODE_INTERFACE)
#define EVERY_MODE (~0u)

/* In the order of the enumeration above. `goes_with`: the modes in which the option means something. */
static const struct {
	const char *name;
	int argument;
	unsigned goes_with;
} table[] = {
	{ "list", no_argument, EVERY_MODE },
	{ "check", no_argument, EVERY_MODE },
	{ "device", required_argument, MODE_APPLY | MODE_SAVE },
	{ "iommu", no_argument, MODE_APPLY | MODE_SAVE },
	{ "acs", required_argument, MODE_APPLY | MODE_SAVE },
	{ "adopt", no_argument, MODE_APPLY | MODE_SAVE },
	{ "menu-entry", required_argument, MODE_APPLY | MODE_SAVE | MODE_INTERFACE },
	{ "save", required_argument, MODE_SAVE },
	{ "apply-saved", required_argument, EVERY_MODE },
	{ "dry-run", no_argument, APPLYING | REBINDING },
	{ "remove", no_argument, EVERY_MODE },
	{ "verify", no_argument, EVERY_MODE },
	{ "follow", no_argument, EVERY_MODE },
	{ "history", no_argument, EVERY_MODE },
	{ "undo", optional_argument, EVERY_MODE },
	{ "recover", no_argument, EVERY_MODE },
	{ "bind", required_argument, EVERY_MODE },
	{ "unbind", required_argument, EVERY_MODE },
	{ "print", required_argument, EVERY_MODE },
	{ "allow", required_argument, PLANNING | REBINDING },
	{ "root", required_argument, EVERY_MODE },
	{ "capture", required_argument, EVERY_MODE },
	{ "machine", required_argument, EVERY_MODE & ~(MODE_HISTORY | MODE_UNDO | MODE_RECOVER) },
	{ "json", no_argument, APPLYING | MODE_LIST | MODE_CHECK | MODE_VERIFY | MODE_HISTORY | MODE_RECOVER },
	{ "ascii", no_argument, EVERY_MODE },
	{ "color", required_argument, EVERY_MODE },
	{ "yes", no_argument, APPLYING },
	{ "expect", required_argument, APPLYING },
	{ "loader", required_argument, PLANNING | MODE_SAVE | MODE_CHECK },
	{ "generator", required_argument, PLANNING | MODE_SAVE | MODE_CHECK },
	{ "help", no_argument, EVERY_MODE },
	{ "version", no_argument, EVERY_MODE },
};

static const char help[] =
	"Usage: vfioconf [OPTION]...       hands PCI devices over to virtual machines\n"
	"  (no option)         the interactive interface\n"
	"  --list              the IOMMU groups as a tree;  --check: is all ready?\n"
	"  --device ADDR       tick this function as well, e.g. 02:00.0 (repeatable)\n"
	"  --iommu             have the IOMMU on;  --acs VALUE|no: split groups (unsafe)\n"
	"  --adopt             take over what others have set up for vfio-pci\n"
	"  --menu-entry yes|no a boot menu entry without passthrough (yes by itself)\n"
	"  --save FILE         write this choice as a profile, and change nothing\n"
	"  --apply-saved FILE  apply such a profile (\"-\" for FILE: standard input)\n"
	"  --remove            give all back to the host;  --follow: tick what has moved\n"
	"  --dry-run           only show the findings, the changes and the commands\n"
	"  --allow CODE        go on in spite of this finding (repeatable)\n"
	"  --yes               do not ask;  --expect DIGEST: only what --dry-run showed\n"
	"  --loader NAME       this boot loader;  --generator NAME: this initramfs tool\n"
	"  --verify            after the reboot: did every function arrive at vfio-pci?\n"
	"  --history           what was applied;  --undo[=ID]: take it back\n"
	"  --bind ADDR         to vfio-pci now, until a reboot;  --unbind ADDR: back\n"
	"  --recover           put right what an interrupted run left\n"
	"  --root DIR          the system below DIR instead of this one\n"
	"  --capture FILE      write this machine as text;  --machine FILE: look at such\n"
	"  --print libvirt|qemu  for guests;  --json  --ascii  --color=auto|always|never\n"
	"  --help  --version   The manual: man vfioconf\n"
	"Exit status: 0 done, 1 not done, 2 usage, 3 refused, 4 needs attention\n";

struct parser {
	struct options *options;
	struct fault *fault;
	const char *mode_option; /* the option that chose the mode, or NULL */
	bool seen[OPTION_END - OPTION_LIST];
};

static const char *option_name(int option)
{
	return table[option - OPTION_LIST].name;
}

static bool usage(struct parser *parser, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool usage(struct parser *parser, const char *format, ...)
{
	cleanup_text struct text text = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	return fault_set(parser->fault, FAULT_INPUT, NULL, "%s", text_string(&text));
}

static bool set_mode(struct parser *parser, enum mode mode, int option)
{
	if (parser->mode_option && strcmp(parser->mode_option, option_name(option)) != 0)
		return usage(parser, "--%s and --%s cannot go together: run vfioconf once for each",
			     parser->mode_option, option_name(option));
	parser->options->mode = mode;
	parser->mode_option = option_name(option);
	return true;
}

static bool set_string(struct parser *parser, const char **to, int option, const char *value)
{
	if (!*value)
		return usage(parser, "--%s needs a name, and got an empty one", option_name(option));
	if (*to && strcmp(*to, value) != 0)
		return usage(parser, "--%s can be given once, and was given as %s and %s", option_name(option), *to,
			     value);
	*to = value;
	return true;
}

static bool add_device(struct parser *parser, int option, const char *value)
{
	struct options *options = parser->options;
	struct address address;

	if (!address_parse(value, &address))
		return usage(parser,
			     "--%s %s is not a PCI address: write it as vfioconf --list shows it, "
			     "02:00.0 or 0000:02:00.0",
			     option_name(option), value);
	options->devices = reallocarray(options->devices, options->device_count + 1, sizeof(address));
	if (!options->devices)
		abort();
	options->devices[options->device_count++] = address;
	return true;
}

static bool add_allowed(struct parser *parser, const char *value)
{
	cleanup_text struct text words = { 0 };
	enum finding_code code;

	if (finding_code_parse(value, &code)) {
		if (!finding_code_overridable(code))
			return usage(parser, "--allow %s: this finding cannot be overridden, only what it names can "
				     "be put right", value);
		strlist_add_once(&parser->options->allow, value);
		return true;
	}
	for (int i = 0; i < FINDING_CODE_COUNT; i++)
		if (finding_code_overridable((enum finding_code)i))
			text_printf(&words, "%s%s", words.length ? " " : "", finding_code_word((enum finding_code)i));
	return usage(parser, "--allow %s: there is no such finding; those that can be overridden are: %s", value,
		     text_string(&words));
}

static bool set_color(struct parser *parser, const char *value)
{
	static const char *const words[] = { [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always",
					     [COLOR_NEVER] = "never" };

	for (size_t i = 0; i < array_size(words); i++) {
		if (strcmp(words[i], value) != 0)
			continue;
		parser->options->color = (enum color_when)i;
		return true;
	}
	return usage(parser, "--color=%s: say auto, always or never", value);
}

static bool set_digest(struct parser *parser, const char *value)
{
	if (strlen(value) != 64 || strspn(value, "0123456789abcdef") != 64)
		return usage(parser, "--expect %s is not a digest as --dry-run shows it (64 hexadecimal digits)", value);
	return set_string(parser, &parser->options->expect, OPTION_EXPECT, value);
}

/* It becomes part of a path below the state directory: nothing but what an identifier is made of. */
static bool set_undo(struct parser *parser, const char *value)
{
	if (!value)
		return true;
	if (!*value || strlen(value) > 31 || strspn(value, "0123456789TZ-") != strlen(value))
		return usage(parser, "--undo=%s is not an entry of the history: vfioconf --history lists them", value);
	return set_string(parser, &parser->options->undo, OPTION_UNDO, value);
}

static bool set_loader(struct parser *parser, const char *value)
{
	cleanup_text struct text names = { 0 };

	if (loader_find(value))
		return set_string(parser, &parser->options->loader, OPTION_LOADER, value);
	for (size_t i = 0; loaders[i]; i++)
		text_printf(&names, "%s%s", i ? " " : "", loaders[i]->name);
	return usage(parser, "--loader %s: there is no such boot loader; known are: %s", value, text_string(&names));
}

static bool set_generator(struct parser *parser, const char *value)
{
	cleanup_text struct text names = { 0 };

	if (initramfs_find(value))
		return set_string(parser, &parser->options->generator, OPTION_GENERATOR, value);
	for (size_t i = 0; generators[i]; i++)
		text_printf(&names, "%s%s", i ? " " : "", generators[i]->name);
	return usage(parser, "--generator %s: there is no such initramfs generator; known are: %s", value,
		     text_string(&names));
}

static bool set_acs(struct parser *parser, const char *value)
{
	if (strcmp(value, ACS_OVERRIDE_NONE) != 0 && !acs_override_valid(value))
		return usage(parser, "--acs %s: say downstream, multifunction, id:vvvv:dddd (at most %u of these), or "
			     "several with commas between them; or " ACS_OVERRIDE_NONE, value, ACS_OVERRIDE_IDS);
	return set_string(parser, &parser->options->acs, OPTION_ACS, value);
}

static bool set_menu_entry(struct parser *parser, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return usage(parser, "--menu-entry %s: say yes or no", value);
	return set_string(parser, &parser->options->menu_entry, OPTION_MENU_ENTRY, value);
}

static bool set_print(struct parser *parser, const char *value)
{
	enum guest_kind kind;

	if (!guest_kind_parse(value, &kind))
		return usage(parser, "--print %s: say libvirt or qemu", value);
	return set_mode(parser, MODE_PRINT, OPTION_PRINT) &&
	       set_string(parser, &parser->options->print, OPTION_PRINT, value);
}

static bool take_mode(struct parser *parser, int option, const char *value)
{
	struct options *options = parser->options;

	switch (option) {
	case OPTION_LIST:
		return set_mode(parser, MODE_LIST, option);
	case OPTION_CHECK:
		return set_mode(parser, MODE_CHECK, option);
	case OPTION_SAVE:
		return set_mode(parser, MODE_SAVE, option) && set_string(parser, &options->save, option, value);
	case OPTION_APPLY_SAVED:
		return set_mode(parser, MODE_APPLY, option) && set_string(parser, &options->profile, option, value);
	case OPTION_REMOVE:
		return set_mode(parser, MODE_REMOVE, option);
	case OPTION_VERIFY:
		return set_mode(parser, MODE_VERIFY, option);
	case OPTION_FOLLOW:
		return set_mode(parser, MODE_FOLLOW, option);
	case OPTION_HISTORY:
		return set_mode(parser, MODE_HISTORY, option);
	case OPTION_UNDO:
		return set_mode(parser, MODE_UNDO, option) && set_undo(parser, value);
	case OPTION_BIND:
		return set_mode(parser, MODE_BIND, option) && add_device(parser, option, value);
	case OPTION_UNBIND:
		return set_mode(parser, MODE_UNBIND, option) && add_device(parser, option, value);
	case OPTION_PRINT:
		return set_print(parser, value);
	case OPTION_CAPTURE:
		return set_mode(parser, MODE_CAPTURE, option) && set_string(parser, &options->capture, option, value);
	default:
		return set_mode(parser, MODE_RECOVER, option);
	}
}

static bool take_option(struct parser *parser, int option, const char *value)
{
	struct options *options = parser->options;

	parser->seen[option - OPTION_LIST] = true;
	switch (option) {
	case OPTION_DEVICE:
		return add_device(parser, option, value);
	case OPTION_ALLOW:
		return add_allowed(parser, value);
	case OPTION_ROOT:
		return set_string(parser, &options->root, option, value);
	case OPTION_MACHINE:
		return set_string(parser, &options->machine, option, value);
	case OPTION_COLOR:
		return set_color(parser, value);
	case OPTION_EXPECT:
		return set_digest(parser, value);
	case OPTION_MENU_ENTRY:
		return set_menu_entry(parser, value);
	case OPTION_LOADER:
		return set_loader(parser, value);
	case OPTION_GENERATOR:
		return set_generator(parser, value);
	case OPTION_IOMMU:
		return options->iommu = true;
	case OPTION_ADOPT:
		return options->adopt = true;
	case OPTION_ACS:
		return set_acs(parser, value);
	case OPTION_DRY_RUN:
		return options->dry_run = true;
	case OPTION_YES:
		return options->yes = true;
	case OPTION_JSON:
		return options->json = true;
	case OPTION_ASCII:
		return options->ascii = true;
	default:
		return take_mode(parser, option, value);
	}
}

/* What the options mean together. */
static bool settle(struct parser *parser)
{
	struct options *options = parser->options;

	bool chosen = options->device_count || options->iommu || options->acs || options->adopt;

	if (options->mode == MODE_INTERFACE && chosen)
		options->mode = MODE_APPLY;
	if (options->profile && chosen)
		return usage(parser, "--apply-saved applies what the profile says: --%s cannot add to it",
			     options->device_count ? "device" : options->iommu ? "iommu" : options->acs ? "acs" : "adopt");
	if (options->mode == MODE_SAVE && !chosen)
		return usage(parser, "--save needs to know what to write: name the functions with --device, or give "
				     "--iommu, --acs or --adopt");
	for (int i = OPTION_LIST; i < OPTION_END; i++) {
		if (!parser->seen[i - OPTION_LIST] || table[i - OPTION_LIST].goes_with & options->mode)
			continue;
		if (parser->mode_option)
			return usage(parser, "--%s has no meaning together with --%s", option_name(i),
				     parser->mode_option);
		return usage(parser, "--%s has no meaning by itself: vfioconf --help shows what it goes with",
			     option_name(i));
	}
	if (options->root && options->machine)
		return usage(parser, "--root and --machine cannot go together: each names the machine to look at");
	if (options->machine && options_apply(options))
		return usage(parser, "a machine file can only be looked at: add --dry-run to see what would be done");
	return true;
}

/* getopt_long(3) has refused argv[optind - 1]. */
static bool refuse(struct parser *parser, int result, char **argv)
{
	const char *word = argv[optind - 1];

	if (result == ':')
		return usage(parser, "--%s needs a value", option_name(optopt));
	if (optopt >= OPTION_LIST && optopt < OPTION_END)
		return usage(parser, "--%s takes no value", option_name(optopt));
	if (optopt)
		return usage(parser, "there is no option -%c: all options are long, vfioconf --help lists them", optopt);
	return usage(parser, "there is no option %s, or it is cut too short: vfioconf --help lists them", word);
}

static bool parse(struct parser *parser, int argc, char **argv)
{
	struct option long_options[array_size(table) + 1] = { 0 };
	int option;

	for (size_t i = 0; i < array_size(table); i++)
		long_options[i] = (struct option){ table[i].name, table[i].argument, NULL, OPTION_LIST + (int)i };
	optind = 0; /* a fresh start, also for the second call in one process */
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (option == OPTION_HELP || option == OPTION_VERSION) {
			parser->options->mode = option == OPTION_HELP ? MODE_HELP : MODE_VERSION;
			return true;
		}
		if (option == ':' || option == '?')
			return refuse(parser, option, argv);
		if (!take_option(parser, option, optarg))
			return false;
	}
	if (optind < argc && parser->options->mode == MODE_UNDO && !parser->options->undo)
		if (!set_undo(parser, argv[optind++]))
			return false;
	if (optind < argc)
		return usage(parser, "\"%s\" stands alone: everything is said by options, vfioconf --help lists them",
			     argv[optind]);
	return settle(parser);
}

bool options_parse(int argc, char **argv, struct options *ret, struct fault *fault)
{
	struct options options = { .mode = MODE_INTERFACE };
	struct parser parser = { .options = &options, .fault = fault };

	if (!parse(&parser, argc, argv)) {
		options_done(&options);
		return false;
	}
	*ret = options;
	return true;
}

void options_done(struct options *options)
{
	if (!options)
		return;
	free(options->devices);
	strlist_done(&options->allow);
	*options = (struct options){ 0 };
}

bool options_apply(const struct options *options)
{
	return (options->mode & (APPLYING | REBINDING) && !options->dry_run) || options->mode == MODE_RECOVER;
}

void options_help(FILE *stream)
{
	fputs(help, stream);
}
