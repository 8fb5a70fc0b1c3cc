# SPDX-License-Identifier: GPL-2.0-or-later
"""What is ticked arrives and nothing else: twins, moved devices, built-in drivers, the way back at the boot menu."""
import os

import failures
import foreign
from bound import (FIRST, NVME, SECOND, USB, Verdicts, add_to_boot_menu, are_at, leave_boot_menu, none_of_the_cards,
                   only_the_second, restart)
from road import OTHERS_DRIVERS, REBUILD_TIMEOUT

BOOTS = int(os.environ.get('BOOTS', 2))      # how often a binding must come out the same
WAY_BACK = 'vfioconf.bind=no'


def twin(road):
    """One of two identical cards, through every change that could take the other one along."""
    before = road.record()
    output = road.expect(f'--device {SECOND} --dry-run', 0)
    road.ok(FIRST in output and 'stays with the host' in output, 'the twin that stays with the host is named', output)
    road.expect(f'--device {SECOND} --yes', 0, REBUILD_TIMEOUT)
    moved(road)
    restart(road, 'basic')
    only_the_second(road, 'with the card in its slot')
    road.expect('--verify', 0)
    way_back(road)
    road.expect('--remove --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    none_of_the_cards(road, 'after the removal')
    road.same(before, 'every file is as it was at the start')


def moved(road):
    """The second card and the NVMe disk change places: what is in the slot now must not be taken."""
    restart(road, 'moved')
    are_at(road, 'after the move', {SECOND: 'nvme', NVME: 'e1000e', FIRST: 'e1000e',
                                    **{address: driver for address, driver in OTHERS_DRIVERS.items()
                                       if address != NVME}})
    log = road.output('dmesg | grep vfioconf:')
    road.ok(f'vfioconf: at {SECOND} there is' in log and 'left to the host' in log, "the kernel's log says so", log)
    Verdicts(road, 4, 'after the move').of(SECOND, 'function-changed', f'{FIRST} and {NVME} now')


def late(road):
    """No initramfs that could bind: a unit of systemd takes the card, before drivers are loaded."""
    before = road.record()
    output = road.expect(f'--device {SECOND} --dry-run', 0)
    road.ok('vfioconf-bind.service' in output, 'the unit is in the plan', output)
    road.expect(f'--device {SECOND} --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    only_the_second(road, 'after the reboot')
    road.expect('--verify', 0)
    moved(road)
    restart(road, 'basic')
    only_the_second(road, 'with the card in its slot')

    road.output(f'''cp -a /boot/extlinux/extlinux.conf /root
        sed -i '/^ *APPEND/s/$/ {WAY_BACK}/' /boot/extlinux/extlinux.conf && sync''')
    road.reboot()
    none_of_the_cards(road, f'with {WAY_BACK}')
    Verdicts(road, 4, f'with {WAY_BACK}').of(SECOND, 'way-back', WAY_BACK)
    road.output('mv /root/extlinux.conf /boot/extlinux/extlinux.conf')

    road.expect('--remove --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    none_of_the_cards(road, 'after the removal')
    road.same(before, 'every file is as it was at the start')


def way_back(road):
    """The entry of the boot menu, chosen for one boot."""
    road.output("cp -a /boot/grub/grubenv /root && grub-reboot 'vfioconf>0' && sync")
    road.reboot()
    words = road.parameters()
    road.ok(WAY_BACK in words, 'the boot menu has an entry that leaves every device with the host', words)
    none_of_the_cards(road, f'with {WAY_BACK}')
    Verdicts(road, 4, f'with {WAY_BACK}').of(SECOND, 'way-back', WAY_BACK)
    road.output('mv /root/grubenv /boot/grub/grubenv')


def at_once(road):
    """--bind and --unbind, without a reboot."""
    road.expect(f'--bind {SECOND}', 0)
    are_at(road, 'after --bind', {**WITH_HOST, SECOND: 'vfio-pci'})
    road.expect(f'--unbind {SECOND}', 0)
    are_at(road, 'after --unbind', WITH_HOST)
    output = road.expect(f'--bind {ROOT}', 3)
    road.ok('storage-in-use' in output, 'the root disk is not taken at once', output)
    are_at(road, 'after the refusal', WITH_HOST)


# The profile "rootonnvme": the root file system is on one of two identical NVMe disks.
ROOT = '0000:02:00.0'
WITH_HOST = {ROOT: 'nvme', NVME: 'nvme', FIRST: 'e1000e', SECOND: 'e1000e', USB: 'xhci_hcd',
             '0000:03:00.0': 'virtio-pci'}
TAKEN = {NVME: 'vfio-pci', FIRST: 'vfio-pci', SECOND: 'vfio-pci', USB: 'vfio-pci'}

ROOT_CONTROLLER = r'''disk=$(findmnt -no SOURCE / | sed 's|.*/||; s|p[0-9]*$||')
for controller in /sys/class/block/$disk/device/device /sys/class/block/$disk/device/device/device; do
	basename $(readlink -f $controller)
done'''

# A kernel that has the USB driver built in, as far as anybody can tell: it is in the list of what is built in, and it
# has the controller before the first program of the initramfs could load another.
BUILT_IN = r'''set -e
modules=/lib/modules/$(uname -r)
echo kernel/drivers/usb/host/xhci-pci.ko >>$modules/modules.builtin && depmod
cat >/etc/initramfs-tools/hooks/usb <<'END'
#!/bin/sh
[ "$1" = prereqs ] && exit 0
. /usr/share/initramfs-tools/hook-functions
mkdir -p "$DESTDIR/usb"
for module in usb-common usbcore xhci-hcd xhci-pci; do
	find "/lib/modules/$version/kernel/drivers/usb" -name "$module.ko*" -exec cp {} "$DESTDIR/usb" ";"
done
cd "$DESTDIR/usb" && for file in *.ko.*; do [ -e "$file" ] && unxz "$file"; done || true
END
cat >/etc/initramfs-tools/scripts/init-top/00-usb <<'END'
#!/bin/sh
[ "$1" = prereqs ] && exit 0
for module in usb-common usbcore xhci-hcd xhci-pci; do insmod "/usb/$module.ko"; done
END
chmod +x /etc/initramfs-tools/hooks/usb /etc/initramfs-tools/scripts/init-top/00-usb
'''


def kinds(road):
    """All kinds of binding at once, as often as BOOTS says.

    Two cards by their ids, a twin of the root disk by its address, and the USB controller from a built-in driver.
    """
    road.ok(ROOT in road.output(ROOT_CONTROLLER), 'the root file system is on the first of the NVMe disks')
    are_at(road, 'at first', WITH_HOST)
    at_once(road)
    output = road.expect(f'--device {ROOT} --dry-run', 3)
    road.ok('storage-in-use' in output, 'the root disk is refused', output)

    road.output(BUILT_IN)
    output = road.expect(' '.join(f'--device {address}' for address in TAKEN) + ' --yes', 0, REBUILD_TIMEOUT)
    road.ok('driver-builtin' in output, 'it is told what a built-in driver means', output)
    road.reboot()
    are_at(road, f'at boot 1 of {BOOTS}', {**WITH_HOST, **TAKEN})
    log = road.output('dmesg')
    road.ok(f'xhci_hcd {USB}: remove' in log, 'the built-in driver had the controller first', log[-2000:])
    road.expect('--verify', 0)

    add_to_boot_menu(road, WAY_BACK)
    road.reboot()
    are_at(road, f'with {WAY_BACK}', WITH_HOST)
    verdicts = Verdicts(road, 4, f'with {WAY_BACK}')
    for address in TAKEN:
        verdicts.of(address, 'way-back', WAY_BACK)
    leave_boot_menu(road)
    for boot in range(2, BOOTS + 1):
        road.timed('reboot', road.vm.reboot, 600, 'serial')
        are_at(road, f'at boot {boot} of {BOOTS}', {**WITH_HOST, **TAKEN}, 'serial')


CHOSEN = []
OTHERS = [
    ('bookworm-grub-efi-initramfs-tools', 'twin', twin, {}),
    ('bookworm-grub-efi-dracut', 'twin', twin, {}),
    ('trixie-grub-efi-initramfs-tools', 'twin', twin, {}),
    ('trixie-grub-efi-dracut', 'twin', twin, {}),
    ('sid-grub-efi-initramfs-tools', 'twin', twin, {}),
    ('sid-grub-efi-dracut', 'twin', twin, {}),
    ('bookworm-grub-efi-initramfs-tools', 'kinds', kinds, {'devices': 'rootonnvme'}),
    ('bookworm-extlinux-tiny-initramfs', 'late', late, {}),
    *failures.ROADS,
    *foreign.ROADS,
]
