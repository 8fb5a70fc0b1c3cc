# SPDX-License-Identifier: GPL-2.0-or-later
"""A system with real tools, mounted and entered by chroot. The caller has a mount and a PID namespace of its own."""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.append(str(TOP / 'tests/cli'))

from system import unfold                 # noqa: E402 (of tests/cli)

BUILD = Path(os.environ.get('BUILD', TOP / 'build')).resolve()
TOOLS_DIR = Path(os.environ.get('TOOLS_DIR', BUILD / 'tools')).resolve()
PROGRAM = '/usr/local/sbin/vfioconf'
MACHINE = 'z170a'
EFI_VENDOR = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
ENVIRONMENT = {'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root',
               'LC_ALL': 'C.UTF-8'}
TIMEOUT = 900       # of one vfioconf: two rebuilds on a busy machine
# What a generator packs: its bytes differ at every rebuild, what is in it does not.
PACKED = 'initrd', 'initramfs'


class ToolsError(Exception):
    pass


def command(*words, **others):
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=300, **others)
    if done.returncode:
        raise ToolsError(f'{words}: {done.stderr.decode(errors="replace").strip()}')
    return done.stdout


class Result:
    def __init__(self, words, status, out, err):
        self.words, self.status, self.out, self.err = words, status, out, err

    def __repr__(self):
        return f'{" ".join(self.words)}: status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}'


class Tree:
    """The tree NAME, copied, mounted, and with another machine's /sys; OPTIONS go to every vfioconf."""

    def __init__(self, name, boot_words='', efi=None, options=()):
        self.name, self.options = name, list(options)
        self.home = Path(tempfile.mkdtemp(prefix=f'row-{os.getpid()}-', dir=TOOLS_DIR))
        self.root = self.home / 'root'
        self.root.mkdir()
        unfold(MACHINE, self.home / 'machine')
        tree = TOOLS_DIR / 'trees' / name
        self.esp = (tree / 'esp').read_text().strip()
        for image in tree.glob('*.img'):
            command('cp', '--sparse=always', image, self.home / image.name)
        self.mount_image(self.home / 'root.img', self.root)
        if self.esp:
            self.mount_image(self.home / 'esp.img', self.root / self.esp[1:])
        self.release = next(iter(sorted(path.name for path in (self.root / 'lib/modules').iterdir())))
        self.mount_kernel(boot_words, efi or {})
        shutil.copy(BUILD / 'vfioconf', self.root / PROGRAM[1:])

    def mount_kernel(self, boot_words, efi):
        """/dev and /proc are real. /sys is the machine's, with what the loader leaves there; so are the kernel's
        release and command line. uname(2) still tells this machine's release: tools that are not told a version
        take that, and would not on a booted system; vfioconf names versions to all of them."""
        command('mount', '--rbind', '/dev', self.root / 'dev')
        command('mount', '-t', 'proc', 'proc', self.root / 'proc')
        command('mount', '--bind', self.home / 'machine/sys', self.root / 'sys')
        command('mount', '-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs', self.root / 'tmp')
        uuid = command('blkid', '-o', 'value', '-s', 'UUID', self.home / 'root.img').decode().strip()
        words = f'{boot_words.format(release=self.release)} root=UUID={uuid} ro quiet'.strip()
        for path, text in (('proc/cmdline', words), ('proc/sys/kernel/osrelease', self.release)):
            place = self.home / path.replace('/', '-')
            place.write_text(text + '\n')
            command('mount', '--bind', place, self.root / path)
        self.add_block_device('/')
        if self.esp:
            self.add_block_device(self.esp)
        variables = self.root / 'sys/firmware/efi/efivars'
        if self.esp:
            variables.mkdir(parents=True, exist_ok=True)
            for variable, value in efi.items():
                (variables / f'{variable}-{EFI_VENDOR}').write_bytes(b'\6\0\0\0' + value.encode('utf-16-le') + b'\0\0')
        else:
            shutil.rmtree(self.root / 'sys/firmware/efi', ignore_errors=True)

    def mount_image(self, image, directory):
        command(HERE / 'loopmount', image, directory)

    def add_block_device(self, place):
        """What the machine's /sys says about the device that is mounted there."""
        number = os.stat(self.path(place)).st_dev
        event = f'MAJOR={os.major(number)}\nMINOR={os.minor(number)}\nDEVTYPE=disk\n'
        number = f'{os.major(number)}:{os.minor(number)}'
        name = Path(os.readlink(f'/sys/dev/block/{number}')).name
        device = self.path(f'/sys/devices/virtual/block/{name}')
        device.mkdir(parents=True, exist_ok=True)
        (device / 'dev').write_text(number + '\n')
        (device / 'size').write_text(Path(f'/sys/block/{name}/size').read_text())
        (device / 'uevent').write_text(f'{event}DEVNAME={name}\n')
        for link, target in ((device / 'subsystem', '../../../../class/block'),
                             (self.path(f'/sys/class/block/{name}'), f'../../devices/virtual/block/{name}'),
                             (self.path(f'/sys/block/{name}'), f'../devices/virtual/block/{name}'),
                             (self.path(f'/sys/dev/block/{number}'), f'../../devices/virtual/block/{name}')):
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(target)

    # --- running things in it ------------------------------------------------------

    def run(self, *words, environment=None, timeout=TIMEOUT):
        words = [str(word) for word in words]
        done = subprocess.run(['chroot', str(self.root), *words], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=timeout, env=ENVIRONMENT | (environment or {}), cwd='/')
        return Result(words, done.returncode, *(text.decode(errors='replace') for text in (done.stdout, done.stderr)))

    def tool(self, *words):
        """The output of a tool that has to succeed."""
        result = self.run(*words)
        if result.status:
            raise ToolsError(f'{result}')
        return result.out

    def vfioconf(self, *words):
        return self.run(PROGRAM, *self.options, *words)

    def versions(self, packages):
        wanted = self.run('dpkg-query', '-W', '-f', '${Package} ${Version}|', *packages).out
        return ', '.join(sorted(part for part in wanted.split('|') if len(part.split()) == 2))

    # --- its files -------------------------------------------------------------------

    def path(self, path):
        return self.root / path.lstrip('/')

    def read(self, path):
        return self.path(path).read_text(errors='replace')

    def write(self, path, text, mode=0o644):
        place = self.path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)

    def find(self, pattern):
        return sorted('/' + str(path.relative_to(self.root)) for path in self.root.glob(pattern.lstrip('/')))

    def only(self, pattern):
        found = self.find(pattern)
        if len(found) != 1:
            raise ToolsError(f'{pattern} matches {found}')
        return found[0]

    def initrds(self):
        """What initramfs images there are, wherever they are."""
        tops = [top for top in ('/boot', self.esp) if top]
        return sorted({path for top in tops for path in self.find(f'{top}/**/*')
                       if Path(path).name.startswith(PACKED) and self.path(path).is_file()})

    def ukis(self):
        return self.find(f'{self.esp}/EFI/Linux/*.efi') if self.esp else []

    def initrd_of(self, image):
        """The initramfs in a unified image, or the image itself."""
        if not image.endswith('.efi'):
            return image
        command('objcopy', '-O', 'binary', '--only-section=.initrd', self.path(image), self.path('/tmp/extracted.img'))
        return '/tmp/extracted.img'

    def lister(self):
        """The system's own program that lists an image, or None; where there is none, vfioconf makes no image."""
        return next((name for name in ('lsinitramfs', 'lsinitrd') if self.find(f'usr/bin/{name}')), None)

    def listing(self, image):
        """The names in an image, by the system's own lister."""
        lister = self.lister()
        if not lister:
            raise ToolsError(f'nothing here lists {image}')
        lines = self.tool(lister, self.initrd_of(image)).splitlines()
        # lsinitrd lists as ls -l does, and tells the arguments and the size before that
        names = [line.split(' -> ')[0].split()[-1] for line in lines if line.split()]
        return sorted({name for name in names if '/' in name})

    def packed(self, image, path):
        """The text of a file in an image, by the system's own tool; '' where it is not in it."""
        if self.find('usr/bin/lsinitrd'):
            return self.tool('lsinitrd', '-f', path.lstrip('/'), self.initrd_of(image))
        self.run('rm', '-rf', '/tmp/unpacked')
        self.tool('unmkinitramfs', self.initrd_of(image), '/tmp/unpacked')
        found = self.find(f'/tmp/unpacked/{path.lstrip("/")}') + self.find(f'/tmp/unpacked/main/{path.lstrip("/")}')
        return self.read(found[0]) if found else ''

    def section(self, image, name):
        place = self.home / 'section'
        command('objcopy', '-O', 'binary', f'--only-section={name}', self.path(image), place)
        return place.read_bytes()

    def snapshot(self, images=True):
        """Kind, mode, owner and bytes of everything below /etc, /boot and the ESP. Of images either the bytes, too, or
        (IMAGES false) what is packed in them and the command line."""
        found, ukis = {}, self.ukis()
        packed = self.initrds() + ukis
        for top in filter(None, ('/etc', '/boot', self.esp)):
            for path in sorted(self.path(top).rglob('*')):
                name = '/' + str(path.relative_to(self.root))
                status = path.lstat()
                if path.is_symlink():
                    content = os.readlink(path)
                elif not path.is_file():
                    content = ''
                elif not images and name in packed and (name in ukis or self.lister()):
                    words = self.section(name, '.cmdline') if name in ukis else b''
                    content = f'{words} {"|".join(self.listing(name))}'
                else:
                    content = hashlib.sha256(path.read_bytes()).hexdigest()
                found[name] = (oct(status.st_mode), status.st_uid, status.st_gid, content)
        return found

    def close(self):
        subprocess.run(['umount', '-R', str(self.root)], capture_output=True, timeout=60)
        if not os.path.ismount(self.root):
            shutil.rmtree(self.home, ignore_errors=True)


def differences(before, after):
    """A line for each file that is not alike; of what is packed in an image only the names that came or went."""
    lines = []
    for name in sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)):
        was, now = before.get(name), after.get(name)
        if was and now and was[:3] == now[:3] and '|' in was[3] and '|' in now[3]:
            names = [set(content[3].split('|')) for content in (was, now)]
            lines.append(f'{name}: gone {short(sorted(names[0] - names[1]))}, new {short(sorted(names[1] - names[0]))}')
        else:
            lines.append(f'{name}: {short(was)} -> {short(now)}')
    return '\n'.join(lines)


def short(entry):
    text = 'not there' if entry is None else str(entry)
    return text if len(text) < 300 else text[:300] + '...'
