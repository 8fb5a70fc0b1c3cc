# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole way of a user, in a guest that really reboots: the IOMMU on, devices to vfio-pci, and all of it back."""
import difflib
import os
import threading
import time
from pathlib import Path

from terminal import ScreenError, Terminal
from vm import VM, VMError

REBUILD_TIMEOUT = 900       # update-initramfs and update-grub, on a busy machine
CARDS = ('0000:04:00.0', '0000:05:00.0')    # the two e1000e of the profile "basic"
OTHERS_DRIVERS = {'0000:02:00.0': 'virtio-pci', '0000:03:00.0': 'virtio-pci', '0000:06:00.0': 'nvme'}
CARD_IDS = '8086:10d3'
PROGRAM = '/usr/local/sbin/vfioconf'

# Everything that vfioconf could have touched: kind, mode, owner and bytes below /etc, what lies in /boot and on the
# ESP, the bytes of all configuration there, the parameters within unified kernel images, and what is packed in the
# initramfs. Its bytes differ at every rebuild, so it is its listing that is compared, without the times that lsinitrd
# shows, and without the words with which dracut was called: the kernel's package has others. (systemd-boot renews its
# random-seed at every boot, and at some boot of release 262 makes a boot-secret-mixin.)
RECORD = r'''
cd / && export LC_ALL=C
find etc -xdev -printf '%p %y %m %U:%G %l\n' | sort
find etc -xdev -type f -print0 | sort -z | xargs -0 sha256sum
places=boot
[ ! -d efi ] || places="boot efi"
find $places ! -name boot-secret-mixin -printf '%p %y %m %U:%G\n' | sort
find $places -type f ! -name 'initrd*' ! -name random-seed ! -name boot-secret-mixin ! -path '*/EFI/Linux/*' -print0 |
	sort -z | xargs -0 sha256sum
for image in efi/EFI/Linux/*.efi boot/efi/EFI/Linux/*.efi; do
	[ ! -f "$image" ] || bootctl kernel-inspect "$image"
done
for image in boot/initrd.img-*; do
	echo "$image:"
	LIST "$image" | sed '/^Image:/d; /^Arguments:/d; /build-parameter.txt$/d
		s/ [A-Z][a-z][a-z] [ 0-9][0-9] [ 0-9:]\{5\} / /' | sort
done
'''
speaking = threading.Lock()
LISTERS = {'initramfs-tools': 'lsinitramfs', 'dracut': 'lsinitrd',
           'tiny-initramfs': "sh -c 'busybox zcat $0 | busybox cpio -t 2>/dev/null'"}


def parts_of(image):
    """SUITE, LOADER and GENERATOR of an image's name."""
    suite, _, rest = image.partition('-')
    generator = next(generator for generator in LISTERS if rest.endswith(f'-{generator}'))
    return suite, rest[:-len(generator) - 1], generator


def say(text):
    """At once and whole: two roads are walked at a time."""
    with speaking:
        print(text, flush=True)


class Road:
    """One guest and what was found in it. A road that ends early has failed."""

    def __init__(self, image, name, steps, **hardware):
        self.title = f'{image} {name}'
        self.steps = steps
        _, self.loader, self.generator = parts_of(image)
        self.lister = LISTERS[self.generator]
        self.vm = VM(image, name=f'{image}-{name}-{os.getpid()}', **hardware)
        self.passed = self.failed = 0
        self.times = []         # (what, seconds)

    def walk(self):
        started = time.monotonic()
        try:
            self.timed('boot', self.boot)
            self.steps(self)
            self.ok(True, 'the road was walked to its end')
        except (VMError, ScreenError, OSError) as error:
            self.ok(False, 'the road was walked to its end', str(error))
        except Exception as error:      # a mistake of the test: it must not pass for a test that was not there
            self.ok(False, 'the road was walked to its end', f'{type(error).__name__}: {error}')
        finally:
            self.keep_logs()
            if self.failed and os.environ.get('VM_KEEP'):
                say(f'# {self.title}: the guest {self.vm.name} is left for vm.py')
            else:
                self.vm.delete()
        self.times.append(('all', round(time.monotonic() - started)))
        return self

    def keep_logs(self):
        if not self.failed:
            return
        target = self.vm.dir.parent.parent / 'logs' / self.vm.name
        target.mkdir(parents=True, exist_ok=True)
        for name in ('console.log', 'qemu.log'):
            if (self.vm.dir / name).exists():
                (target / name).write_bytes((self.vm.dir / name).read_bytes())
        say(f'# {self.title}: the console is kept in {target}')

    # --- what a step is made of ---------------------------------------------------

    def ok(self, good, title, details=''):
        if good:
            self.passed += 1
            say(f'ok - {self.title}: {title}')
        else:
            self.failed += 1
            say('\n'.join([f'not ok - {self.title}: {title}'] + [f'# {line}' for line in str(details).splitlines()]))
        return good

    def timed(self, what, action, *arguments):
        started = time.monotonic()
        result = action(*arguments)
        self.times.append((what, round(time.monotonic() - started)))
        return result

    def boot(self):
        self.vm.start()
        self.vm.wait_ready()
        self.vm.put(Path(os.environ['BUILD']) / 'vfioconf', PROGRAM, '755')

    def reboot(self):
        self.timed('reboot', self.vm.reboot)

    def output(self, command, timeout=120):
        status, output = self.vm.run(command, timeout)
        if status in (124, 255):
            raise VMError(f'"{command}" gave no answer ({status}): {output}')
        return output

    def vfioconf(self, arguments, timeout=60):
        """(exit status, what it said)"""
        return self.vm.run(f'LC_ALL=C.UTF-8 {PROGRAM} {arguments}', timeout)

    def expect(self, arguments, wanted, timeout=60):
        status, output = self.timed(f'vfioconf {arguments}', self.vfioconf, arguments, timeout)
        self.ok(status == wanted, f'vfioconf {arguments} exits with {wanted}', f'it exited with {status}:\n{output}')
        return output

    def record(self):
        return self.output(RECORD.replace('LIST', self.lister), 300).splitlines()

    def same(self, before, title):
        difference = list(difflib.unified_diff(before, self.record(), 'before', 'after', lineterm='', n=0))
        self.ok(not difference, title, '\n'.join(difference[:60]))

    def parameters(self):
        return self.output('cat /proc/cmdline').split()

    def driver(self, address):
        return self.output(f'basename "$(readlink /sys/bus/pci/devices/{address}/driver)"').strip()

    def drivers_are(self, wanted, when):
        for card in CARDS:
            driver = self.driver(card)
            self.ok(driver == wanted, f'{when}, {card} is at {wanted}', f'it is at "{driver}"')

    def others_have_their_drivers(self, when):
        for address, wanted in OTHERS_DRIVERS.items():
            driver = self.driver(address)
            self.ok(driver == wanted, f'{when}, {address} is at {wanted} as ever', f'it is at "{driver}"')


# --- the interface -----------------------------------------------------------------

def confirm(road, terminal):
    """W, the typed "yes", and the wait for the end."""
    terminal.press('W')
    terminal.wait_for('Type yes and Enter')
    terminal.type('yes')
    terminal.press('Enter')
    found = road.timed('apply in the interface', terminal.wait_for,
                       r'\b(Applied\.|Not applied|Refused:|Nothing to do:|did not say how it ended)', REBUILD_TIMEOUT)
    road.ok(found[1] == 'Applied.', 'the interface says that it is applied', terminal.screen())


def leave(road, terminal):
    for _ in range(4):
        terminal.press('q')
        if '[ended with status' in terminal.screen():
            break
    road.ok(terminal.wait_for(r'\[ended with status (\d+)\]')[1] == '0', 'the interface ends with status 0',
            terminal.screen())
    terminal.close()


def enable_by_option(road):
    """This kernel has the IOMMU on by itself, so it is on the page of options that the parameter is asked for."""
    terminal = Terminal(road.vm, PROGRAM)
    terminal.wait_for('Group 0')
    terminal.press('o')
    terminal.wait_for('Enable the IOMMU')
    terminal.move_to('Enable the IOMMU')
    terminal.press('Space')
    terminal.wait_for(r'Enable the IOMMU\s+yes')
    terminal.press('Escape')
    confirm(road, terminal)
    leave(road, terminal)


def enable_by_key(road):
    terminal = Terminal(road.vm, PROGRAM)
    terminal.wait_for('04:00.0')
    road.ok('Group 0' not in terminal.screen(), 'without an IOMMU functions are listed, in no group', terminal.screen())
    terminal.press('i')
    confirm(road, terminal)
    leave(road, terminal)


def tick_cards(road):
    terminal = Terminal(road.vm, PROGRAM)
    terminal.wait_for('Group 0')
    for card in CARDS:
        terminal.move_to(rf'\[.\] {card[5:]}')
        terminal.press('Space')
        terminal.wait_for(rf'\[x\] {card[5:]}')
        road.ok(True, f'{card} is ticked')
    terminal.press('d')
    terminal.wait_for(f'vfio-pci ids={CARD_IDS}')
    road.ok(True, 'the diff shows the ids that vfio-pci will get')
    terminal.press('Escape')
    terminal.wait_for(r'\[x\]')
    confirm(road, terminal)
    leave(road, terminal)


def interface(road):
    """A first boot without intel_iommu; the interface enables it; two cards ticked; all taken back."""
    before = road.record()
    road.ok('intel_iommu=on' not in road.parameters(), 'the first boot is without intel_iommu')
    road.drivers_are('e1000e', 'at first')

    enable_by_option(road)
    road.reboot()
    road.ok('intel_iommu=on' in road.parameters(), 'the IOMMU that was enabled in the interface is on after the reboot',
            road.parameters())

    tick_cards(road)
    road.reboot()
    arrived(road)
    taken_back(road, before)


def arrived(road):
    road.expect('--verify', 0)
    road.drivers_are('vfio-pci', 'after the reboot')
    road.others_have_their_drivers('after the reboot')


def taken_back(road, before):
    road.expect('--remove --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    road.drivers_are('e1000e', 'after the removal')
    road.others_have_their_drivers('after the removal')
    road.ok('intel_iommu=on' not in road.parameters(), 'the kernel parameters are the old ones', road.parameters())
    road.same(before, 'every file is as it was at the start')


OFF = r"""sed -i 's/^\(GRUB_CMDLINE_LINUX="[^"]*\)"/\1 intel_iommu=off"/' /etc/default/grub && update-grub"""


def switched_off(road):
    """Somebody switched the IOMMU off: it is switched on with a key, and then off again as it was."""
    road.output(OFF, REBUILD_TIMEOUT)
    road.reboot()
    before = road.record()
    output = road.expect('--device 04:00.0 --dry-run', 3)
    road.ok('iommu-off' in output, 'nothing can be ticked without an IOMMU', output)
    enable_by_key(road)
    road.reboot()
    output = road.output('ls /sys/kernel/iommu_groups')
    road.ok('0' in output.split(), 'the IOMMU that was switched on with a key is on', output)
    road.expect('--verify', 0)
    road.expect('--remove --yes', 0, REBUILD_TIMEOUT)
    road.same(before, 'every file is as it was when it was off')


# --- the command line ----------------------------------------------------------------

def saved(road):
    """The same from a saved profile, after applies that cannot succeed and leave nothing behind."""
    before = road.record()
    devices = ' '.join(f'--device {card[5:]}' for card in CARDS)
    road.expect(f'{devices} --save /root/cards.ini', 0)
    output = road.expect('--apply-saved /root/cards.ini --dry-run', 0)
    road.ok(f'vfio-pci ids={CARD_IDS}' in output and 'intel_iommu=on' in output, 'the dry run shows the changes',
            output)
    road.same(before, 'a dry run changes nothing')
    read_only(road, before)
    full_boot(road, before)

    road.expect('--apply-saved /root/cards.ini --yes', 0, REBUILD_TIMEOUT)
    output = road.expect('--apply-saved /root/cards.ini --yes', 0, REBUILD_TIMEOUT)
    road.ok('othing to do' in output, 'applying it again is nothing to do', output)
    road.reboot()
    road.ok('intel_iommu=on' in road.parameters(), 'the IOMMU is on after the reboot', road.parameters())
    arrived(road)
    taken_back(road, before)


def read_only(road, before):
    road.output('mount --bind /etc /etc && mount -o remount,bind,ro /etc')
    output = road.expect('--apply-saved /root/cards.ini --yes', 1, REBUILD_TIMEOUT)
    road.ok('read-only' in output.lower(), 'a read-only /etc is told', output)
    road.output('umount /etc')
    road.same(before, 'a read-only /etc leaves everything as it was')


def full_boot(road, before):
    """A /boot of its own with a megabyte left: no room for a second initramfs."""
    road.output('''set -e
        size=$(du -sm /boot | cut -f 1)
        truncate -s $((size + 32))M /root/boot.img && mkfs.ext4 -q -m 0 -O ^has_journal /root/boot.img
        mkdir -p /mnt/boot && mount -o loop /root/boot.img /mnt/boot && cp -a /boot/. /mnt/boot/
        fallocate -l $(( ($(df --output=avail -k /mnt/boot | tail -n 1) - 1024) * 1024 )) /mnt/boot/filler
        umount /mnt/boot && mount -o loop /root/boot.img /boot''', 300)
    status, output = road.timed('apply with a full /boot', road.vfioconf, '--apply-saved /root/cards.ini --yes',
                                REBUILD_TIMEOUT)
    road.ok(status in (1, 3), 'a full /boot is refused', f'status {status}: {output}')
    road.ok('/boot' in output and ('room' in output or 'space' in output.lower()), 'and it is told why', output)
    road.output('umount /boot && rm -f /root/boot.img && rmdir /mnt/boot')
    road.same(before, 'a full /boot leaves everything as it was')


# Image, name, steps, hardware. The chosen few of "make check-vm"; MATRIX=all walks the others too.
CHOSEN = [
    ('bookworm-grub-efi-initramfs-tools', 'interface', interface, {}),
    ('bookworm-grub-efi-initramfs-tools', 'saved', saved, {}),
]
OTHERS = [
    ('bookworm-grub-efi-initramfs-tools', 'switched-off', switched_off, {}),
    ('trixie-grub-efi-initramfs-tools', 'saved', saved, {}),
    ('trixie-grub-efi-dracut', 'saved', saved, {}),
    ('sid-grub-efi-initramfs-tools', 'saved', saved, {}),
    ('bookworm-grub-efi-dracut', 'saved', saved, {}),
]
