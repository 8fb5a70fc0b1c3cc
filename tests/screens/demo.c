/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "screens/demo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan/member.h"
#include "tui/nav.h"
#include "tui/update.h"

struct demo_counts demo_counts;
static const struct demo_verdict usual_verdict = {
	.kind = VERDICT_NATIVE_DRIVER,
	.sentence = "GM204 [GeForce GTX 970] (02:00.0) is driven by nouveau, not by vfio-pci.",
	.next = "Rebuild the initramfs images and reboot.",
	.seen = true,
};
static struct demo_verdict demo_verdict;
bool demo_plan_fails, demo_save_fails, demo_file_exists, demo_ambiguous, demo_unknown, demo_interrupted, demo_patched;
const char *demo_paste;

struct line {
	const char *address;
	int group;
	uint32_t class;
	uint16_t vendor, device;
	const char *vendor_name, *device_name, *class_name, *driver, *module;
	int use; /* enum use_kind, or -1 */
};

static const struct line desktop[] = {
	{ "00:00.0", 0, 0x060000, 0x8086, 0x191f, "Intel Corporation", "Xeon E3-1200 v5 Host Bridge", "Host bridge",
	  NULL, NULL, -1 },
	{ "00:01.0", 1, 0x060400, 0x8086, 0x1901, "Intel Corporation", "PCIe Controller (x16)", "PCI bridge",
	  "pcieport", NULL, -1 },
	{ "00:14.0", 2, 0x0c0330, 0x8086, 0xa12f, "Intel Corporation", "100 Series USB 3.0 xHCI Controller",
	  "USB controller", "xhci_hcd", "xhci_pci", USE_INPUT },
	{ "00:17.0", 4, 0x010601, 0x8086, 0xa102, "Intel Corporation", "Q170/Z170 SATA Controller [AHCI Mode]",
	  "SATA controller", "ahci", "ahci", USE_STORAGE },
	{ "00:1f.0", 10, 0x060100, 0x8086, 0xa145, "Intel Corporation", "Z170 LPC/eSPI Controller", "ISA bridge", NULL,
	  NULL, -1 },
	{ "00:1f.2", 10, 0x058000, 0x8086, 0xa121, "Intel Corporation", "100 Series Power Management Controller",
	  "Memory controller", NULL, NULL, -1 },
	{ "00:1f.3", 10, 0x040300, 0x8086, 0xa170, "Intel Corporation", "100 Series HD Audio Controller",
	  "Audio device", "snd_hda_intel", "snd_hda_intel", -1 },
	{ "00:1f.4", 10, 0x0c0500, 0x8086, 0xa123, "Intel Corporation", "100 Series SMBus", "SMBus", "i801_smbus",
	  "i2c_i801", -1 },
	{ "00:1f.6", 11, 0x020000, 0x8086, 0x15b8, "Intel Corporation", "Ethernet Connection (2) I219-V",
	  "Ethernet controller", "e1000e", "e1000e", USE_NETWORK },
	{ "01:00.0", 12, 0x030000, 0x1002, 0x7300, "Advanced Micro Devices, Inc. [AMD/ATI]", "Fiji [Radeon R9 FURY]",
	  "VGA compatible controller", "amdgpu", "amdgpu", USE_DISPLAY },
	{ "01:00.1", 12, 0x040300, 0x1002, 0xaae8, "Advanced Micro Devices, Inc. [AMD/ATI]",
	  "Fiji HDMI/DP Audio [Radeon R9 FURY]", "Audio device", "snd_hda_intel", "snd_hda_intel", -1 },
	{ "02:00.0", 13, 0x030000, 0x10de, 0x13c2, "NVIDIA Corporation", "GM204 [GeForce GTX 970]",
	  "VGA compatible controller", "nouveau", "nouveau", -1 },
	{ "02:00.1", 13, 0x040300, 0x10de, 0x0fbb, "NVIDIA Corporation", "GM204 High Definition Audio Controller",
	  "Audio device", "snd_hda_intel", "snd_hda_intel", -1 },
	{ "03:00.0", 14, 0x0c0330, 0x1b21, 0x1242, "ASMedia Technology Inc.", "ASM1142 USB 3.1 Host Controller",
	  "USB controller", "xhci_hcd", "xhci_pci", -1 },
	{ "04:00.0", 15, 0x060401, 0x1b21, 0x1080, "ASMedia Technology Inc.", "ASM1083/1085 PCIe to PCI Bridge",
	  "PCI bridge", NULL, NULL, -1 },
	{ "06:00.0", 16, 0x0c0330, 0x1b73, 0x1100, "Fresco Logic", "FL1100 USB 3.0 Host Controller", "USB controller",
	  "xhci_hcd", "xhci_pci", -1 },
	{ "07:00.0", 17, 0x048000, 0x1bd0, 0x0002, "日本電気株式会社", "映像キャプチャ装置カード Cafe\xcc\x81",
	  "Multimedia controller", NULL, NULL, -1 },
};

static void fill(struct function *function, const struct line *line)
{
	address_parse(line->address, &function->address);
	function->vendor = line->vendor;
	function->device = line->device;
	function->subvendor = 0x1458;
	function->subdevice = 0x367a;
	function->class = line->class;
	function->vendor_name = memory_string(line->vendor_name);
	function->device_name = memory_string(line->device_name);
	function->class_name = memory_string(line->class_name);
	function->driver = memory_string(line->driver);
	function->bridge = line->class >> 8 == 0x0604;
	function->parent = function->physical = function->boot_vga = -1;
	function->group = -1;
	if (line->module) {
		function->candidates = memory_zero(1, sizeof(*function->candidates));
		function->candidates[0].name = memory_string(line->module);
		function->candidate_count = 1;
	}
	if (line->use < 0)
		return;
	function->uses = memory_zero(1, sizeof(*function->uses));
	function->use_count = 1;
	function->uses[0].kind = (enum use_kind)line->use;
	function->uses[0].vital = true;
	function->uses[0].what = memory_string("in use by this very host");
}

static struct group *group_of(struct host *host, unsigned number)
{
	for (size_t i = 0; i < host->group_count; i++)
		if (host->groups[i].number == number)
			return &host->groups[i];
	host->groups = reallocarray(host->groups, host->group_count + 1, sizeof(*host->groups));
	host->groups[host->group_count] = (struct group){ .number = number, .type = "DMA" };
	return &host->groups[host->group_count++];
}

static void join(struct host *host, size_t index, unsigned number)
{
	struct group *group = group_of(host, number);

	group->functions = reallocarray(group->functions, group->function_count + 1, sizeof(*group->functions));
	group->functions[group->function_count++] = index;
	host->functions[index].group = (int)(group - host->groups);
}

static struct host *make_host(bool on)
{
	struct host *host = memory_zero(1, sizeof(*host));

	host->functions = memory_zero(array_size(desktop), sizeof(*host->functions));
	host->function_count = array_size(desktop);
	host->iommu.enabled = on;
	host->iommu.kind = IOMMU_DMAR;
	host->kernel_release = memory_string("6.1.0-28-amd64");
	host->kernel_cmdline = memory_string("quiet");
	host->distribution = memory_string("Debian GNU/Linux 12 (bookworm)");
	for (size_t i = 0; i < array_size(desktop); i++) {
		fill(&host->functions[i], &desktop[i]);
		if (on)
			join(host, i, (unsigned)desktop[i].group);
	}
	return host;
}

static struct host *make_many(size_t count)
{
	struct host *host = memory_zero(1, sizeof(*host));
	const struct line *line = &desktop[8];

	host->functions = memory_zero(count, sizeof(*host->functions));
	host->function_count = count;
	host->iommu.enabled = true;
	host->iommu.kind = IOMMU_DMAR;
	host->kernel_release = memory_string("");
	host->kernel_cmdline = memory_string("");
	host->distribution = memory_string("");
	for (size_t i = 0; i < count; i++) {
		fill(&host->functions[i], line);
		host->functions[i].address =
			(struct address){ (uint32_t)(i >> 13), (uint8_t)(i >> 5), (uint8_t)(i & 31), 0 };
		join(host, i, (unsigned)i);
	}
	return host;
}

static void add_findings(const struct session *session, struct plan *plan)
{
	const struct host *host = session->host;
	const struct selection *selection = &session->selection;

	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);
		cleanup_free char *name = function_short_name(function);
		cleanup_free size_t *mates = NULL;
		struct finding *finding;

		if (member_mates(function, host, selection, &mates)) {
			finding = findings_add(&plan->findings, FINDING_GROUP_INCOMPLETE, SEVERITY_ERROR,
					       "%s cannot go to a guest alone: others of its group have host drivers.",
					       name);
			finding_function(finding, function->address);
			finding_remedy(finding, "Tick the others of the group as well, or untick this one.");
		}
		if (function->use_count) {
			finding = findings_add(&plan->findings, FINDING_STORAGE_IN_USE, SEVERITY_ERROR, "%s is %s.",
					       name, function->uses[0].what);
			finding_function(finding, function->address);
		}
	}
	if (selection->count && !host->iommu.enabled)
		finding_remedy(findings_add(&plan->findings, FINDING_IOMMU_OFF, SEVERITY_ERROR,
					    "The IOMMU is there, but off."), "Have only it switched on (key i).");
	if (selection->acs_override && !demo_patched)
		finding_remedy(findings_add(&plan->findings, FINDING_ACS_UNPATCHED, SEVERITY_ERROR,
					    "The running kernel does not know this parameter."),
			       "Boot a kernel with the patch.");
	if (demo_ambiguous && selection->count && !selection->loader)
		findings_add(&plan->findings, FINDING_LOADER_AMBIGUOUS, SEVERITY_ERROR,
			     "Two boot loaders look equally alive.");
	if (demo_unknown && selection->count && !selection->loader)
		finding_remedy(findings_add(&plan->findings, FINDING_LOADER_UNKNOWN, SEVERITY_ERROR,
					    "It is not clear which boot loader starts this system."),
			       "Name it with --loader.");
	if (demo_paste) {
		struct finding *finding = findings_add(&plan->findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
						       "vfioconf does not do this itself.");

		finding_remedy(finding, "Type this, and reboot.");
		finding_paste(finding, "%s", demo_paste);
	}
	if (selection->count)
		findings_add(&plan->findings, FINDING_NO_RESET, SEVERITY_NOTE, "Some functions have no reset.");
	findings_allow(&plan->findings, &session->allow);
	findings_sort(&plan->findings);
}

static void add_changes(const struct session *session, struct plan *plan)
{
	static const char *const argv[] = { "update-initramfs", "-u", "-k", "all", NULL };
	struct text before = { 0 }, after = { 0 };

	if (selection_equal(&session->selection, &session->applied.selection))
		return;
	text_append(&after, "options vfio-pci ids=10de:13c2\n");
	changeset_file(&plan->changeset, "/etc/modprobe.d/00-vfioconf.conf", NULL, &after, 0644,
		       "has vfio-pci claim the ticked functions");
	text_append(&before, "GRUB_TIMEOUT=5\n");
	changeset_file(&plan->changeset, "/etc/default/grub", &before, &after, 0644, "turns the IOMMU on");
	changeset_command(&plan->changeset, "rebuilds the initramfs images", 60, argv);
	text_done(&before);
	text_done(&after);
	plan->changed = plan->reboot = true;
}

static bool fake_plan(struct session *session, struct fault *fault)
{
	struct plan *plan;

	demo_counts.plans++;
	if (demo_plan_fails)
		return fault_set(fault, FAULT_INPUT, "/etc/default/grub", "/etc/default/grub cannot be read");
	plan = memory_zero(1, sizeof(*plan));
	selection_copy(&plan->selection, &session->selection);
	add_findings(session, plan);
	add_changes(session, plan);
	plan->refused = findings_refuse(&plan->findings);
	plan_free(session->plan);
	session->plan = plan;
	return true;
}

static bool fake_rescan(struct session *session, const char *ssh, struct fault *fault)
{
	struct host *host = make_host(session->host->iommu.enabled);

	(void)ssh;
	(void)fault;
	demo_counts.rescans++;
	plan_free(session->plan);
	session->plan = NULL;
	host_free(session->host);
	session->host = host;
	return true;
}

static void fake_detail(const struct session *session, struct address address, struct detail *ret)
{
	(void)session;
	(void)address;
	demo_counts.details++;
	*ret = (struct detail){ .link_width = 16, .link_width_max = 16, .numa_node = -1, .reset_known = true };
	snprintf(ret->link_speed, sizeof(ret->link_speed), "8.0 GT/s PCIe");
	snprintf(ret->link_speed_max, sizeof(ret->link_speed_max), "8.0 GT/s PCIe");
	snprintf(ret->power_state, sizeof(ret->power_state), "D0");
	strlist_add(&ret->reset_methods, "flr");
	strlist_add(&ret->reset_methods, "bus");
	ret->memory = 256ull << 20;
	ret->rom = true;
}

static void fake_verify(const struct session *session, struct verification *ret)
{
	const struct selection *applied = &session->applied.selection;

	*ret = (struct verification){ .items = memory_zero(applied->count + 1, sizeof(*ret->items)),
				      .count = applied->count };
	for (size_t i = 0; i < applied->count; i++) {
		ret->items[i].kind = demo_verdict.kind;
		ret->items[i].address = applied->ticks[i].address;
		ret->items[i].sentence = memory_string(demo_verdict.sentence);
		ret->items[i].next = memory_string(demo_verdict.next);
		ret->items[i].found = demo_verdict.found && !i;
		ret->items[i].moved = demo_verdict.moved && !i;
		address_parse("06:00.0", &ret->items[i].moved_to);
	}
	ret->arrived = demo_verdict.kind == VERDICT_ARRIVED;
}

static bool fake_diff(const struct session *session, struct text *ret, struct fault *fault)
{
	(void)fault;
	demo_counts.diffs++;
	if (!session->plan->changed)
		return true;
	text_append(ret, "# has vfio-pci claim the ticked functions\n"
			 "--- /dev/null\n"
			 "+++ b/etc/modprobe.d/00-vfioconf.conf\n"
			 "@@ -0,0 +1 @@\n"
			 "+options vfio-pci ids=10de:13c2\n"
			 "\n"
			 "--- a/etc/default/grub\n"
			 "+++ b/etc/default/grub\n"
			 "@@ -1 +1 @@\n"
			 "-GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
			 "+GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on iommu=pt and much more that makes this "
			 "line a long one\"\n"
			 "\n"
			 "# then run: update-initramfs -u -k all\n"
			 "#   rebuilds the initramfs images\n");
	return true;
}

static void fake_choices(const struct session *session, enum choice_kind kind, struct choices *ret)
{
	(void)session;
	(void)kind;
	if (demo_unknown) {
		choices_add(ret, "refind", "rEFInd");
		choices_add(ret, "limine", "Limine");
		return;
	}
	strlist_add(&choices_add(ret, "grub-dropin", "GRUB (Debian drop-in)")->reasons,
		    "/boot/grub/grub.cfg names the running kernel");
	strlist_add(&choices_add(ret, "systemd-boot", "systemd-boot")->reasons, "/boot/loader/entries has one entry");
}

static bool fake_interrupted(const struct session *session)
{
	(void)session;
	return demo_interrupted;
}

static bool fake_busy(const struct session *session)
{
	(void)session;
	return demo_verdict.busy;
}

static bool fake_unconfirmed(const struct session *session, bool *ret_known)
{
	(void)session;
	*ret_known = !demo_verdict.hidden;
	return !demo_verdict.hidden && !demo_verdict.seen;
}

static bool fake_confirm(const struct session *session, struct fault *fault)
{
	(void)session;
	demo_counts.confirms++;
	return !demo_verdict.hidden ||
	       fault_set(fault, FAULT_SYSTEM, NULL, "only root can change the machine and see what was changed");
}

static size_t fake_follow(struct session *session)
{
	struct selection *selection = &session->selection;
	struct address place;

	if (!demo_verdict.moved)
		return 0;
	while (selection->count)
		selection_untick(selection, selection->ticks[0].address);
	assert_true(address_parse("06:00.0", &place));
	selection_tick(selection, session->host, host_find(session->host, place));
	return 1;
}

static bool fake_exists(const char *path)
{
	(void)path;
	return demo_file_exists;
}

static bool fake_save(const struct session *session, const char *path, struct fault *fault)
{
	(void)session;
	demo_counts.saves++;
	snprintf(demo_counts.saved, sizeof(demo_counts.saved), "%s", path);
	return !demo_save_fails ||
	       fault_set(fault, FAULT_SYSTEM, path, "%s is not written: No space left on device", path);
}

static const struct backend fake = {
	.plan = fake_plan,
	.rescan = fake_rescan,
	.detail = fake_detail,
	.verify = fake_verify,
	.diff = fake_diff,
	.choices = fake_choices,
	.interrupted = fake_interrupted,
	.busy = fake_busy,
	.unconfirmed = fake_unconfirmed,
	.confirm = fake_confirm,
	.follow = fake_follow,
	.exists = fake_exists,
	.save = fake_save,
};

static void open_with(struct demo *demo, struct host *host, bool applied, int rows, int cols)
{
	struct session *session = &demo->session;
	struct fault fault;

	*demo = (struct demo){ 0 };
	demo_counts = (struct demo_counts){ 0 };
	demo_paste = NULL;
	demo_plan_fails = demo_save_fails = demo_file_exists = demo_ambiguous = demo_unknown = demo_interrupted = false;
	session->host = host;
	selection_init(&session->applied.selection);
	if (applied) {
		session->applied.present = true;
		selection_tick(&session->applied.selection, host, demo_function(demo, "02:00.0"));
		selection_tick(&session->applied.selection, host, demo_function(demo, "02:00.1"));
	}
	selection_init(&session->selection);
	selection_copy(&session->selection, &session->applied.selection);
	assert_true(root_open("/", &session->root, &fault));
	model_init(&demo->model, session, &fake);
	demo->model.root = true;
	demo_resize(demo, rows, cols);
}

void demo_open(struct demo *demo, int rows, int cols)
{
	demo_verdict = usual_verdict;
	open_with(demo, make_host(true), false, rows, cols);
}

void demo_open_at(struct demo *demo, const char *address, int rows, int cols)
{
	demo_open(demo, rows, cols);
	demo_goto(demo, address);
}

void demo_open_off(struct demo *demo, int rows, int cols)
{
	demo_verdict = usual_verdict;
	open_with(demo, make_host(false), false, rows, cols);
}

void demo_open_applied(struct demo *demo, int rows, int cols)
{
	demo_verdict = usual_verdict;
	open_with(demo, make_host(true), true, rows, cols);
}

void demo_open_verdict(struct demo *demo, const struct demo_verdict *verdict, int rows, int cols)
{
	demo_verdict = *verdict;
	if (!demo_verdict.sentence)
		demo_verdict.sentence = usual_verdict.sentence;
	open_with(demo, make_host(true), true, rows, cols);
	update_begin(&demo->model);
	demo_resize(demo, rows, cols);
}

void demo_open_many(struct demo *demo, size_t count, int rows, int cols)
{
	demo_verdict = usual_verdict;
	open_with(demo, make_many(count), false, rows, cols);
}

void demo_close(struct demo *demo)
{
	model_done(&demo->model);
	screen_done(&demo->screen);
	plan_free(demo->session.plan);
	strlist_done(&demo->session.allow);
	selection_done(&demo->session.selection);
	applied_done(&demo->session.applied);
	host_free(demo->session.host);
	root_free(demo->session.root);
}

unsigned demo_key(struct demo *demo, int key)
{
	struct event event = { .kind = EVENT_KEY, .key = key };

	return update(&demo->model, &event);
}

unsigned demo_type(struct demo *demo, const char *keys)
{
	unsigned reactions = 0;

	for (; *keys; keys++)
		reactions |= demo_key(demo, *keys == '\r' ? INPUT_ENTER : *keys == '\033' ? INPUT_ESCAPE : *keys);
	return reactions;
}

void demo_resize(struct demo *demo, int rows, int cols)
{
	struct event event = { .kind = EVENT_RESIZE, .rows = rows, .cols = cols };

	update(&demo->model, &event);
}

const struct function *demo_function(struct demo *demo, const char *address)
{
	struct address at;

	assert_true(address_parse(address, &at));
	return host_find(demo->session.host, at);
}

void demo_goto(struct demo *demo, const char *address)
{
	nav_show(&demo->model, demo_function(demo, address));
	nav_refresh(&demo->model);
}

bool demo_ticked(struct demo *demo, const char *address)
{
	return selection_find(&demo->session.selection, demo_function(demo, address)->address) != NULL;
}

char *demo_picture(struct demo *demo)
{
	struct text text = { 0 };

	nav_prepare(&demo->model);
	view_draw(&demo->model, &demo->screen);
	canvas_dump(&demo->screen.canvas, &text);
	return text_take(&text);
}

void demo_shows(struct demo *demo, const char *text)
{
	cleanup_free char *picture = demo_picture(demo);

	if (!strstr(picture, text))
		fail_msg("\"%s\" is not on the screen:\n%s", text, picture);
}

void demo_hides(struct demo *demo, const char *text)
{
	cleanup_free char *picture = demo_picture(demo);

	if (strstr(picture, text))
		fail_msg("\"%s\" is on the screen:\n%s", text, picture);
}

static char *read_whole(const char *path)
{
	struct text text = { 0 };
	char buffer[4096];
	FILE *file = fopen(path, "r");
	size_t got;

	if (!file)
		return NULL;
	while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
		text_append_n(&text, buffer, got);
	fclose(file);
	return text_take(&text);
}

void demo_golden(struct demo *demo, const char *name)
{
	cleanup_free char *picture = demo_picture(demo), *wanted = NULL;
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "tests/screens/%s.txt", name);
	if (getenv("GENERATE")) {
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(picture, file);
		fclose(file);
		return;
	}
	wanted = read_whole(path);
	if (!wanted || strcmp(wanted, picture) != 0)
		fail_msg("%s is not what is drawn (GENERATE=1 rewrites it):\n%s", path, picture);
}
