# SPDX-License-Identifier: GPL-2.0-or-later
"""Each way in which a device fails to arrive at vfio-pci, provoked; and what --verify says of it.

What cannot be had here: a framebuffer that holds a card of class 0300, because since Linux 6.1 vfio-pci itself evicts
it from those. It is left on the displays of class 0380, and such a one is the boot display of this machine.
"""
from bound import FIRST, NVME, SECOND, USB, Verdicts, add_to_boot_menu, are_at, leave_boot_menu
from road import OTHERS_DRIVERS, REBUILD_TIMEOUT

DISPLAY = '0000:01:00.0'
BEHIND_BRIDGE = ('0000:08:01.0', '0000:08:02.0')    # in one group
SOUND = '0000:00:1b.0'
TICKED = (DISPLAY, SECOND, NVME, *BEHIND_BRIDGE, USB, SOUND)

# A native driver that somebody loads before everything else in the initramfs, past modprobe and so past its softdeps.
EARLY_CARD = r'''set -e
cat >/etc/initramfs-tools/hooks/card <<'END'
#!/bin/sh
[ "$1" = prereqs ] && exit 0
. /usr/share/initramfs-tools/hook-functions
mkdir -p "$DESTDIR/card"
for module in pps_core ptp e1000e; do
	find "/lib/modules/$version/kernel" -name "$module.ko*" -exec cp {} "$DESTDIR/card" ";"
done
cd "$DESTDIR/card" && for file in *.ko.*; do [ -e "$file" ] && unxz "$file"; done || true
END
cat >/etc/initramfs-tools/scripts/init-top/00-card <<'END'
#!/bin/sh
[ "$1" = prereqs ] && exit 0
for module in pps_core ptp e1000e; do [ -e "/card/$module.ko" ] && insmod "/card/$module.ko"; done
END
chmod +x /etc/initramfs-tools/hooks/card /etc/initramfs-tools/scripts/init-top/00-card
cp -a /boot/grub/grub.cfg /root/grub.cfg
'''

# The image that somebody built without what vfioconf wrote.
BUILD_WITHOUT = r'''set -e
mkdir /root/hidden
mv /etc/modprobe.d/00-vfioconf.conf /root/hidden && mv /etc/initramfs-tools/hooks/vfioconf /root/hidden/hook
update-initramfs -u
mv /root/hidden/00-vfioconf.conf /etc/modprobe.d && mv /root/hidden/hook /etc/initramfs-tools/hooks/vfioconf
'''

# Hands a function from vfio-pci to another driver, as somebody might at run time.
GIVE_BACK = '''give_back() {
	echo $1 >/sys/bus/pci/devices/$1/driver/unbind
	echo >/sys/bus/pci/devices/$1/driver_override
	modprobe $2
	echo $1 >/sys/bus/pci/drivers/$3/bind
}
'''


def failures(road):
    road.output(EARLY_CARD)
    ticks = ' '.join(f'--device {address}' for address in TICKED)
    road.expect(f'{ticks} --allow display-in-use --yes', 0, REBUILD_TIMEOUT)
    not_rebooted(road)
    wrong_loader(road)
    while_running(road)
    stale_image(road)
    iommu_off(road)


def not_rebooted(road):
    verdicts = Verdicts(road, 4, 'straight after the apply')
    for address in TICKED:
        verdicts.of(address, 'not-rebooted', 'Reboot')


def wrong_loader(road):
    """grub.cfg is again what it was before the apply: as if something else started the machine."""
    road.output('cp -a /boot/grub/grub.cfg /root/grub.cfg.new && cat /root/grub.cfg >/boot/grub/grub.cfg && sync')
    road.reboot()
    road.ok('intel_iommu=on' not in road.parameters(), 'the boot is one without our parameters', road.parameters())
    verdicts = Verdicts(road, 4, 'with a grub.cfg that lacks our words')
    verdicts.of(SECOND, 'parameter-missing', '"intel_iommu=on"', 'grub')
    road.output('cat /root/grub.cfg.new >/boot/grub/grub.cfg && rm /root/grub.cfg* && sync')


def while_running(road):
    """All that can be had in one boot: the card's driver was there first; the rest happens while the machine runs."""
    road.reboot()
    are_at(road, 'with a driver that is loaded early', {
        FIRST: 'e1000e', SECOND: 'e1000e', DISPLAY: 'vfio-pci', NVME: 'vfio-pci', USB: 'vfio-pci', SOUND: 'vfio-pci',
        **{address: 'vfio-pci' for address in BEHIND_BRIDGE}})
    holder = road.output('grep -B 1 efifb /proc/iomem')
    road.ok(DISPLAY in holder, "the boot's framebuffer is on the display's memory still", holder)
    Verdicts(road, 4, 'with the first boot').of(BEHIND_BRIDGE[0], 'arrived')

    road.output('exec 2>&1; set -x; ' + GIVE_BACK + f'''
        give_back {BEHIND_BRIDGE[1]} 8139cp 8139cp
        give_back {USB} xhci_pci xhci_hcd
        echo kernel/drivers/usb/host/xhci-pci.ko >>/lib/modules/$(uname -r)/modules.builtin && depmod
        echo 1 >/sys/bus/pci/devices/{SOUND}/remove
        give_back {NVME} nvme nvme
        cd /sys/bus/pci/devices/{NVME}
        echo 0 >sriov_drivers_autoprobe; echo 1 >sriov_numvfs
        echo {NVME} >driver/unbind; echo vfio-pci >driver_override; echo {NVME} >/sys/bus/pci/drivers_probe''')
    are_at(road, 'after some have been handed about', {BEHIND_BRIDGE[1]: '8139cp', USB: 'xhci_hcd', NVME: '',
                                                      SOUND: None})
    verdicts = Verdicts(road, 4, 'after some have been handed about')
    verdicts.of(SECOND, 'native-driver', 'e1000e', 'loaded first')
    verdicts.of(BEHIND_BRIDGE[0], 'group-not-viable', BEHIND_BRIDGE[1], 'held by 8139cp')
    verdicts.of(BEHIND_BRIDGE[1], 'native-driver', '8139cp')
    verdicts.of(USB, 'builtin-driver', 'xhci_pci is built into the kernel')
    verdicts.of(SOUND, 'function-gone', 'there is nothing here any more')
    verdicts.of(NVME, 'probe-failed', 'The kernel says:', NVME)
    verdicts.of(DISPLAY, 'framebuffer', 'efifb')

    road.output('touch /etc/modprobe.d/00-vfioconf.conf')
    Verdicts(road, 4, 'with an image that is older than its files').of(SECOND, 'image-stale', 'is older than', 'e1000e')


def stale_image(road):
    """Newer than our files, and yet without them."""
    road.timed('update-initramfs', road.output, BUILD_WITHOUT, REBUILD_TIMEOUT)
    road.reboot()
    # the image's own list of modules has nvme, and nothing in it sends for vfio-pci first
    are_at(road, 'with an image built without our files', {FIRST: 'e1000e', SECOND: 'e1000e', **OTHERS_DRIVERS})
    Verdicts(road, 4, 'with an image built without our files').of(SECOND, 'image-stale', 'was made without')


def iommu_off(road):
    add_to_boot_menu(road, 'intel_iommu=off')
    road.reboot()
    road.ok(not road.output('ls /sys/kernel/iommu_groups'), 'the IOMMU is off')
    verdicts = Verdicts(road, 4, 'with an IOMMU that is off')
    for address in (SECOND, NVME):
        verdicts.of(address, 'iommu-off', 'IOMMU')
    leave_boot_menu(road)


ROADS = [('bookworm-grub-efi-initramfs-tools', 'failures', failures, {'devices': 'awkward'})]
