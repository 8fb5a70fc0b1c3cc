# SPDX-License-Identifier: GPL-2.0-or-later
"""What is ticked arrives and nothing else: twins, devices that moved, a built-in driver, the way back in the boot menu."""
import os

from road import CARDS, REBUILD_TIMEOUT

FIRST, SECOND = CARDS       # identical; the second one is ticked
NVME = '0000:06:00.0'
USB = '0000:00:0a.0'
BOOTS = int(os.environ.get('BOOTS', 2))     # how often a binding must come out the same


def is_at(road, address, wanted, when):
    driver = road.driver(address)
    road.ok(driver == wanted, f'{when}, {address} is at {wanted or "no driver"}', f'it is at "{driver}"')


def restart(road, devices):
    """The machine is switched off, its cards are put into other slots, and it is switched on."""
    def again():
        road.vm.stop()
        road.vm.config['devices'] = devices
        road.vm.start()
        road.vm.wait_ready()
    road.timed(f'restart as {devices}', again)


def only_the_second(road, when):
    is_at(road, SECOND, 'vfio-pci', when)
    is_at(road, FIRST, 'e1000e', when)
    road.others_have_their_drivers(when)


def add_to_boot_menu(road, words):
    """As a person would by "e" in the menu, but for all boots until leave_boot_menu()."""
    road.output(f'''cp -a /boot/grub/grub.cfg /root/grub.cfg
        sed -i '/^[[:space:]]*linux[[:space:]]/s/$/ {words}/' /boot/grub/grub.cfg && sync''')


def leave_boot_menu(road):
    road.output('cat /root/grub.cfg >/boot/grub/grub.cfg && rm /root/grub.cfg && sync')


def twin(road):
    """One of two identical cards, through every change that could take the other one along."""
    before = road.record()
    output = road.expect(f'--device {SECOND} --dry-run', 0)
    road.ok(FIRST in output and 'stays with the host' in output, 'the twin that stays with the host is named', output)
    road.expect(f'--device {SECOND} --yes', 0, REBUILD_TIMEOUT)
    for boot in range(1, BOOTS + 1):
        road.reboot()
        only_the_second(road, f'at boot {boot}')
    road.expect('--verify', 0)
    way_back(road)
    moved(road)
    road.expect('--remove --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    road.drivers_are('e1000e', 'after the removal')
    road.same(before, 'every file is as it was at the start')


def way_back(road):
    add_to_boot_menu(road, 'vfioconf.bind=no')
    road.reboot()
    road.drivers_are('e1000e', 'with vfioconf.bind=no')
    road.others_have_their_drivers('with vfioconf.bind=no')
    output = road.expect('--verify', 4)
    road.ok('vfioconf.bind=no' in output, '--verify says why nothing is at vfio-pci', output)
    leave_boot_menu(road)


def moved(road):
    """The second card and the NVMe disk change places: what is in the slot now must not be taken."""
    restart(road, 'moved')
    is_at(road, SECOND, 'nvme', 'with another device in the slot')
    is_at(road, NVME, 'e1000e', 'in its new slot')
    is_at(road, FIRST, 'e1000e', 'after the move')
    log = road.output('dmesg | grep vfioconf:')
    road.ok(f'vfioconf: at {SECOND} there is' in log and 'left to the host' in log, "the kernel's log says so", log)
    output = road.expect('--verify', 4)
    road.ok(NVME in output, '--verify says where the card is now', output)
    restart(road, 'basic')
    only_the_second(road, 'with the card in its old slot again')
    road.expect('--verify', 0)


def at_once(road):
    """--bind and --unbind, without a reboot."""
    road.expect(f'--bind {SECOND}', 0)
    only_the_second(road, 'after --bind')
    road.expect(f'--unbind {SECOND}', 0)
    road.drivers_are('e1000e', 'after --unbind')
    output = road.expect('--bind 0000:02:00.0', 3)
    road.ok('storage-in-use' in output, 'the root disk is refused', output)
    is_at(road, '0000:02:00.0', 'virtio-pci', 'after the refusal')


def ids(road):
    """Both cards go by their ids, and the way back keeps them all the same."""
    at_once(road)
    road.expect(f'--device {FIRST} --device {SECOND} --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    road.drivers_are('vfio-pci', 'bound by their ids')
    way_back(road)


def root_disk(road):
    """The root file system is on one of two identical NVMe disks, and the other one is ticked."""
    root = road.output("basename $(readlink -f /sys/class/block/$(findmnt -no SOURCE / | sed 's|.*/||;s|p[0-9]*$||')/device/device)")
    root = root.strip()
    is_at(road, root, 'nvme', 'at first')
    output = road.expect(f'--device {root} --dry-run', 3)
    road.ok('storage-in-use' in output, 'the root-disk is refused', output)
    road.expect(f'--device {NVME} --yes', 0, REBUILD_TIMEOUT)
    for boot in range(1, BOOTS + 1):
        road.reboot()
        is_at(road, NVME, 'vfio-pci', f'at boot {boot}')
        is_at(road, root, 'nvme', f'at boot {boot}')
    road.expect('--verify', 0)


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


def built_in(road):
    road.output(BUILT_IN)
    output = road.expect(f'--device {USB} --yes', 0, REBUILD_TIMEOUT)
    road.ok('driver-builtin' in output, 'it is told what a built-in driver means', output)
    for boot in range(1, BOOTS + 1):
        road.reboot()
        is_at(road, USB, 'vfio-pci', f'at boot {boot}')
    log = road.output('dmesg')
    road.ok(f'xhci_hcd {USB}: remove' in log, 'the built-in driver had the controller first', log[-2000:])
    road.expect('--verify', 0)
    add_to_boot_menu(road, 'vfioconf.bind=no')
    road.reboot()
    is_at(road, USB, 'xhci_hcd', 'with vfioconf.bind=no')


CHOSEN = []
OTHERS = [
    ('bookworm-grub-efi-initramfs-tools', 'twin', twin, {}),
    ('bookworm-grub-efi-initramfs-tools', 'ids', ids, {}),
    ('bookworm-grub-efi-initramfs-tools', 'root-disk', root_disk, {'devices': 'rootonnvme'}),
    ('bookworm-grub-efi-initramfs-tools', 'built-in', built_in, {}),
    ('trixie-grub-efi-initramfs-tools', 'twin', twin, {}),
    ('sid-grub-efi-initramfs-tools', 'twin', twin, {}),
]
