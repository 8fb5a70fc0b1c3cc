# SPDX-License-Identifier: GPL-2.0-or-later
"""A system below a directory, for --root: the guide's machine with a shell, and with an update-initramfs and a
grub-mkconfig that do in small what the real ones do. Its commands run there by chroot, so this needs root."""
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from harness import MACHINES, PROGRAM, run, scratch

KERNEL = '6.12.9-1-liquorix-amd64'
IMAGE = f'boot/initrd.img-{KERNEL}'
TOOLS = 'sh', 'mkdir', 'cp', 'cat', 'find', 'rm', 'mv', 'sort', 'sleep', 'kill', 'sed'

UPDATE_INITRAMFS = r'''#!/bin/sh
set -e
echo "update-initramfs: Generating /boot/initrd.img-%(kernel)s"
if [ -e /etc/fail-slowly ]; then echo $$ > /tmp/running; sleep 60; fi
if [ -e /etc/fail ]; then echo "cpio: no space left on device" >&2; exit 1; fi
export DESTDIR=/tmp/image version=%(kernel)s
rm -rf $DESTDIR
mkdir -p $DESTDIR/etc/modprobe.d $DESTDIR/usr/bin
echo shell > $DESTDIR/usr/bin/sh
for file in /etc/modprobe.d/*.conf; do
	if [ -e "$file" ]; then cp "$file" $DESTDIR/etc/modprobe.d; fi
done
for hook in /etc/initramfs-tools/hooks/*; do
	if [ -x "$hook" ]; then "$hook"; fi
done
cd $DESTDIR
{
	number=100
	while [ $number -lt 200 ]; do echo "./usr/lib/modules/%(kernel)s/kernel/drivers/block/module$number.ko"; number=$((number + 1)); done
	find . ! -name . | sort
} > /boot/initrd.img-%(kernel)s.new
mv /boot/initrd.img-%(kernel)s.new /boot/initrd.img-%(kernel)s
''' % {'kernel': KERNEL}

HOOK_FUNCTIONS = '''manual_add_modules()
{
	for module; do
		mkdir -p "$DESTDIR/usr/lib/modules/$version/kernel/drivers/vfio/pci"
		echo module > "$DESTDIR/usr/lib/modules/$version/kernel/drivers/vfio/pci/$module.ko"
	done
}

force_load()
{
	manual_add_modules "$1"
	mkdir -p "$DESTDIR/conf"
	echo "$@" >> "$DESTDIR/conf/modules"
}
'''

LSINITRAMFS = '''#!/bin/sh
while read -r line; do echo "${line#./}"; done < "$1"
'''

GRUB_MKCONFIG = r'''#!/bin/sh
set -e
. /etc/default/grub
for x in /etc/default/grub.d/*.cfg ; do
  if [ -e "${x}" ]; then
    . "${x}"
  fi
done
export GRUB_CMDLINE_LINUX GRUB_CMDLINE_LINUX_DEFAULT
echo "Generating grub configuration file ..." >&2
{
	echo "set default=\"0\""
	for script in /etc/grub.d/*; do
		echo "### BEGIN $script ###"
		"$script"
		echo "### END $script ###"
	done
} > "$2"
'''

GRUB_TEMPLATE = r'''#!/bin/sh
echo "function gfxmode {"
echo "}"
echo "menuentry 'Debian GNU/Linux' --class debian \$menuentry_id_option 'gnulinux-simple-0a1b' {"
echo "	linux	/boot/vmlinuz-%(kernel)s root=/dev/sda2 ro $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT"
echo "	initrd	/boot/initrd.img-%(kernel)s"
echo "}"
''' % {'kernel': KERNEL}


def unfold(name, target):
    """A machine file (of tests/machines, or a path) as a directory: the program unfolds it and waits for a profile; meanwhile it is copied."""
    home = scratch()
    file = name if isinstance(name, Path) else MACHINES / f'{name}.machine'
    process = subprocess.Popen([PROGRAM, '--machine', file, '--apply-saved', '-', '--dry-run'],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=os.environ | {'TMPDIR': str(home)})
    try:
        give_up = time.monotonic() + 60
        while not Path(f'/proc/{process.pid}/syscall').read_text().startswith('0 0x0 '):
            if time.monotonic() > give_up or process.poll() is not None:
                raise AssertionError(f'{name} was not unfolded')
            time.sleep(0.02)
        shutil.copytree(next(home.iterdir()), target, symlinks=True, dirs_exist_ok=True)
    finally:
        process.communicate()


def install(root, name):
    """A program of this system with the libraries that it needs."""
    path = shutil.which(name)
    target = root / 'usr/bin' / name
    shutil.copy(os.path.realpath(path), target)
    for library in re.findall(r'(/\S+) \(0x', subprocess.run(['ldd', path], capture_output=True, text=True).stdout):
        place = root / library.lstrip('/')
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            shutil.copy(os.path.realpath(library), place)


# A system with one command for each kernel: ubuntu-dracut.
DRACUT = r'''#!/bin/sh
if [ ! -e "/usr/lib/modules/$3" ]; then echo "dracut: Kernel version $3 has no module directory" >&2; exit 1; fi
cd /
{
	echo usr/bin/sh
	find etc/modprobe.d etc/dracut.conf.d -type f
	number=100
	for module in vfio vfio_pci vfio-pci vfio_iommu_type1 vfio-pci-core; do
		echo "usr/lib/modules/$3/kernel/drivers/vfio/$module.ko"
	done
	while [ $number -lt 120 ]; do
		echo "usr/lib/modules/$3/kernel/drivers/block/module$number.ko"
		number=$((number + 1))
	done
} > "$2"
'''

LSINITRD = '''#!/bin/sh
if [ "$1" != -f ]; then cat "$1"; elif [ -e "/$2" ]; then cat "/$2"; fi
'''


class System:
    def __init__(self, machine='z170a'):
        self.root = scratch() / 'system'
        unfold(machine, self.root)
        for name in TOOLS:
            install(self.root, name)
        self.write('usr/sbin/grub-mkconfig', GRUB_MKCONFIG, 0o755)
        for name in 'tmp', 'dev', 'var/lib':
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.write('proc/sys/kernel/random/boot_id', '11111111-2222-3333-4444-555555555555\n')
        self.furnish()

    def furnish(self):
        """What this system makes its images and its boot menu with."""
        for path, text in (('usr/sbin/update-initramfs', UPDATE_INITRAMFS), ('usr/bin/lsinitramfs', LSINITRAMFS),
                           ('etc/grub.d/10_linux', GRUB_TEMPLATE)):
            self.write(path, text, 0o755)
        self.write('usr/share/initramfs-tools/hook-functions', HOOK_FUNCTIONS)
        (self.root / 'etc/initramfs-tools/hooks').mkdir(parents=True, exist_ok=True)
        self.tools()

    def tools(self):
        """Makes the image and the boot menu from the configuration; the start from which changes are counted."""
        subprocess.run(['chroot', self.root, '/usr/sbin/update-initramfs', '-u'], check=True, capture_output=True,
                       env={'PATH': '/usr/sbin:/usr/bin'})
        subprocess.run(['chroot', self.root, '/usr/sbin/grub-mkconfig', '-o', '/boot/grub/grub.cfg'], check=True,
                       capture_output=True, env={'PATH': '/usr/sbin:/usr/bin'})
        self.before = self.files()

    def write(self, path, text, mode=0o644):
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)

    def read(self, path):
        return (self.root / path).read_text()

    def files(self):
        """Every file of the configuration and of /boot with its bytes and mode."""
        found = {}
        for top in 'etc', 'boot':
            for path in sorted((self.root / top).rglob('*')):
                if path.is_file() and not path.is_symlink():
                    found[str(path.relative_to(self.root))] = (path.stat().st_mode, path.read_bytes())
        return found

    def changed(self):
        """The names whose bytes are not as at the start."""
        now = self.files()
        return {name for name in now.keys() | self.before.keys() if now.get(name) != self.before.get(name)}

    def reboot(self, arrived=(), moved=None):
        """As after a reboot: a new boot, with the parameters; functions at vfio-pci; one (FROM, TO) elsewhere."""
        self.write('proc/sys/kernel/random/boot_id', os.urandom(16).hex() + '\n')
        words = re.search(r'"\$GRUB_CMDLINE_LINUX_DEFAULT (.*)"', self.read('etc/default/grub.d/zz-vfioconf.cfg'))
        self.write('proc/cmdline', self.read('proc/cmdline').rstrip() + f' {words[1]}\n')
        if moved:
            elsewhere = scratch() / 'elsewhere'
            text = (MACHINES / 'z170a.machine').read_text().replace(*(f'0000:{address}' for address in moved))
            (elsewhere.parent / 'moved.machine').write_text(text)
            unfold(elsewhere.parent / 'moved.machine', elsewhere)
            shutil.rmtree(self.root / 'sys')
            shutil.copytree(elsewhere / 'sys', self.root / 'sys', symlinks=True)
        (self.root / 'sys/bus/pci/drivers/vfio-pci').mkdir(parents=True, exist_ok=True)
        for address in arrived:
            link = self.root / f'sys/bus/pci/devices/0000:{address}/driver'
            link.unlink()
            link.symlink_to(os.path.relpath(self.root / 'sys/bus/pci/drivers/vfio-pci', os.path.realpath(link.parent)))

    def run(self, *words, **others):
        return run('--root', self.root, *words, **others)

    def start(self, *words, **others):
        return subprocess.Popen([PROGRAM, '--root', self.root, *words], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'TMPDIR': tempfile.gettempdir()},
                                **others)


class PerKernel(System):
    """A system of dracut, with an image and a command for each kernel."""
    kernels = '7.0.0-10-generic', '7.0.0-14-generic'
    new = '7.0.0-20-generic'

    def __init__(self):
        super().__init__('ubuntu-dracut')

    def furnish(self):
        self.write('usr/bin/dracut', DRACUT, 0o755)
        self.write('usr/bin/lsinitrd', LSINITRD, 0o755)
        self.write('etc/grub.d/10_linux', GRUB_TEMPLATE.replace(KERNEL, self.kernels[-1]), 0o755)
        for kernel in self.kernels:
            self.image(kernel)
        subprocess.run(['chroot', self.root, '/usr/sbin/grub-mkconfig', '-o', '/boot/grub/grub.cfg'], check=True,
                       capture_output=True, env={'PATH': '/usr/sbin:/usr/bin'})
        self.before = self.files()

    def image(self, kernel):
        """As a package of a kernel has it made."""
        subprocess.run(['chroot', self.root, '/usr/bin/dracut', '-f', f'/boot/initrd.img-{kernel}', kernel], check=True,
                       env={'PATH': '/usr/sbin:/usr/bin'})

    def install_kernel(self, kernel):
        self.write(f'usr/lib/modules/{kernel}/modules.dep', '')
        self.write(f'boot/vmlinuz-{kernel}', 'a kernel')
        self.image(kernel)

    def remove_kernel(self, kernel):
        shutil.rmtree(self.root / 'usr/lib/modules' / kernel)
        for name in f'initrd.img-{kernel}', f'vmlinuz-{kernel}':
            (self.root / 'boot' / name).unlink()
