# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows: which real boot loader tools and generators of which release, and what has to be true of what they make."""
import re
from dataclasses import dataclass, field, replace

import faults

GRUB = {'LoaderInfo': 'GRUB 2.06'}
SYSTEMD_BOOT = {'LoaderInfo': 'systemd-boot 257'}
STUB = SYSTEMD_BOOT | {'StubInfo': 'systemd-stub 257'}
BOOT_IMAGE = 'BOOT_IMAGE=/boot/vmlinuz-{release}'


def nothing(_system):
    return []


def update_grub(system):
    """The tree's grub.cfg was written when its devices had other names."""
    system.tool('update-grub')


@dataclass
class Row:
    suite: str
    made: str                   # of the tree: its LOADER
    generator: str              # as vfioconf names it
    loader: str                 # as vfioconf names it
    packages: list              # whose versions are told
    command_lines: object       # of a system: [(what, words)] that must have the parameters
    images: object              # of a system: initramfs images that must have ours
    untouched: object = nothing # of a system: [(what, words)] that must not have them
    boot_words: str = ''        # what the loader puts before the parameters
    efi: dict = field(default_factory=dict)
    options: tuple = ()
    faults: tuple = ()
    more: bool = False          # a second device on top
    rescue: tuple = ()          # what makes the images anew where somebody deleted our files by hand
    prepare: object = nothing
    suffix: str = ''
    honest: str = ''            # what of the row is not as on the distribution it stands for

    @property
    def tree(self):
        return f'{self.suite}-{self.made}-{self.generator}'

    @property
    def name(self):
        return self.tree + self.suffix


# --- what the loaders' artefacts say ------------------------------------------------------

def lines_of(system, path, keyword):
    """The rest of every line of PATH that begins with KEYWORD."""
    return [line.split(None, 1)[1] for line in system.read(path).splitlines() if line.split()[:1] == [keyword]]


def grub_lines(system):
    lines = [('grub.cfg, ' + ('recovery' if 'single' in line.split() else 'normal') + ' entry', line)
             for line in lines_of(system, '/boot/grub/grub.cfg', 'linux')]
    if not lines:
        raise AssertionError('grub.cfg has no entry')
    return lines


def grub_normal(system):
    return [(what, line) for what, line in grub_lines(system) if 'recovery' not in what]


def grub_recovery(system):
    return [(what, line) for what, line in grub_lines(system) if 'recovery' in what]


def entries(system):
    """By the boot loader's own tool: what it would start."""
    listed = system.tool('bootctl', f'--esp-path={system.esp}', 'list', '--no-pager')
    options = re.findall(r'^\s+options: (.*)$', listed, re.MULTILINE)
    if not options:
        raise AssertionError(f'bootctl lists no entry:\n{listed}')
    return [('the entry that bootctl lists', words) for words in options]


def uki_lines(system):
    images = system.ukis()
    if not images:
        raise AssertionError('there is no unified image')
    return [('the .cmdline section', system.section(image, '.cmdline').rstrip(b'\0\n').decode()) for image in images]


def refind_lines(system, single=False):
    lines = re.findall(r'^"([^"]*)" *"([^"]*)"', system.read('/boot/refind_linux.conf'), re.MULTILINE)
    return [(f'the line "{label}"', words) for label, words in lines if ('single' in words.split()) == single]


def refind_single(system):
    """What is left alone, as a way back."""
    return refind_lines(system, single=True)


def extlinux_lines(system):
    text = system.read('/boot/extlinux/extlinux.conf')
    sections = re.split(r'(?im)^\s*label\s+', text)[1:]
    return [(section.split()[0], ' '.join(re.findall(r'(?im)^\s*append\s+(.*)$', section))) for section in sections]


def boot_images(system):
    return [system.only('/boot/initrd.img-*')]


def entry_images(system):
    """The image in /boot, and each that the entry names."""
    entry = system.only(f'{system.esp}/loader/entries/*.conf')
    named = [system.esp + path for path in lines_of(system, entry, 'initrd')]
    if not named:
        raise AssertionError(f'{entry} names no initrd')
    return boot_images(system) + named


def uki_images(system):
    return boot_images(system) + system.ukis()


def own_ukis(system):
    return system.ukis()


# --- the table ------------------------------------------------------------------------------

GENERATORS = {'initramfs-tools': ['initramfs-tools-core'], 'dracut': ['dracut-core'],
              'tiny-initramfs': ['tiny-initramfs-core'], 'none': []}
GENERATOR_FAULTS = {'initramfs-tools': (faults.HOOK_FAILS, faults.HOOK_KILLS, faults.NO_SPACE),
                    'dracut': (faults.NO_SPACE,), 'tiny-initramfs': (), 'none': ()}


def grub(suite, made, generator, **others):
    others.setdefault('images', boot_images if GENERATOR_FAULTS[generator] else nothing)
    others.setdefault('faults', GENERATOR_FAULTS[generator])
    others.setdefault('prepare', update_grub)
    return Row(suite, made, generator, 'grub-dropin', ['grub-common', made.replace('efi', 'efi-amd64'),
               *GENERATORS[generator]], grub_normal, untouched=grub_recovery, boot_words=BOOT_IMAGE, **others)


def systemd_boot(suite, generator, **others):
    return Row(suite, 'systemd-boot', generator, 'kernel-install', ['systemd', 'systemd-boot', *GENERATORS[generator]],
               entries, entry_images, efi=SYSTEMD_BOOT, **others)


def uki(suite, generator, **others):
    return Row(suite, 'uki', generator, 'uki-kernel-install', ['systemd-ukify', *GENERATORS[generator]], uki_lines,
               uki_images, efi=STUB, **others)


def uki_dracut(suite, **others):
    return Row(suite, 'uki-dracut', 'dracut', 'uki-dracut', ['dracut-core', 'systemd-boot-efi'], uki_lines, own_ukis,
               efi=STUB, **others)


def by_hand(suite, made, generator, lines, packages, loader=None, **others):
    return Row(suite, made, generator, loader or made, [*packages, *GENERATORS[generator]], lines, boot_images,
               **others)


def refind(suite, generator, **others):
    return by_hand(suite, 'refind', generator, refind_lines, ['refind'], efi={'LoaderInfo': 'rEFInd 0.14.2'},
                   untouched=refind_single,
                   honest='refind_linux.conf by hand; there is no tool to run', **others)


def syslinux(suite, generator, **others):
    return by_hand(suite, 'syslinux', generator, extlinux_lines, ['extlinux'], loader='extlinux', boot_words=BOOT_IMAGE,
                   honest='extlinux.conf by hand; there is no tool to run', **others)


def u_boot_menu(suite, generator, **others):
    # its recovery entries have the same parameters, by U_BOOT_PARAMETERS
    return by_hand(suite, 'u-boot-menu', generator, extlinux_lines, ['u-boot-menu'], **others)


GRUB_FAULTS = (faults.GRUB_SYNTAX, faults.GRUB_SCRIPT_FAILS)

# What make check-tools runs: each generator, each way of a boot entry, on the release where they differ most.
CHOSEN = [
    grub('bookworm', 'grub-pc', 'initramfs-tools', more=True, efi=GRUB, rescue=('update-initramfs', '-u', '-k', 'all'),
         faults=GENERATOR_FAULTS['initramfs-tools'] + GRUB_FAULTS + (faults.SMALL_BOOT,)),
    systemd_boot('trixie', 'dracut', faults=(faults.PLUGIN_FAILS,), more=True),
    uki('trixie', 'initramfs-tools', faults=(faults.PLUGIN_FAILS,), more=True),
]

# What MATRIX=all adds: the other releases, and what is not a tool's matter but a format's.
OTHERS = [
    grub('trixie', 'grub-efi', 'initramfs-tools', efi=GRUB, more=True),
    grub('sid', 'grub-efi', 'initramfs-tools', efi=GRUB),
    grub('bookworm', 'grub-efi', 'dracut', efi=GRUB),
    grub('trixie', 'grub-efi', 'dracut', efi=GRUB, rescue=('dracut', '-f', '--regenerate-all')),
    grub('sid', 'grub-efi', 'dracut', efi=GRUB, more=True),
    grub('sid', 'grub-pc', 'tiny-initramfs'),
    grub('trixie', 'grub-pc', 'none'),
    replace(grub('trixie', 'grub-efi', 'initramfs-tools', efi=GRUB, faults=()), loader='grub', suffix='-edit',
            options=('--loader', 'grub'),
            honest="the row of Arch and its kin with Debian's build of grub-mkconfig, chosen by --loader grub"),
    systemd_boot('bookworm', 'initramfs-tools', more=True),
    systemd_boot('trixie', 'initramfs-tools'),
    systemd_boot('sid', 'initramfs-tools', more=True),
    systemd_boot('bookworm', 'dracut'),
    systemd_boot('sid', 'dracut'),
    uki('sid', 'initramfs-tools'),
    uki('sid', 'dracut', more=True),
    uki_dracut('bookworm'),
    uki_dracut('trixie'),
    uki_dracut('sid', more=True),
    refind('trixie', 'initramfs-tools'),
    syslinux('bookworm', 'initramfs-tools'),
    u_boot_menu('bookworm', 'initramfs-tools'),
    u_boot_menu('sid', 'initramfs-tools'),
]


def find(name):
    return next(row for row in CHOSEN + OTHERS if row.name == name)
