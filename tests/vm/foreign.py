# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody else set up is seen, said, and taken over with consent: driverctl, kernel parameters, modprobe.d."""
import subprocess
import tempfile
from pathlib import Path

from bound import FIRST, SECOND, are_at, only_the_second
from road import CARD_IDS, OTHERS_DRIVERS, REBUILD_TIMEOUT
from vm import VMError


def fetch(package, directory):
    """The package as this machine's own apt has it; driverctl is a shell script, and the same for all."""
    done = subprocess.run(['apt-get', 'download', '-q', package], cwd=directory, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300, check=False)
    found = list(Path(directory).glob('*.deb'))
    if not found:
        raise VMError(f'{package} cannot be had: {done.stderr}')
    return found[0]


def install_driverctl(road):
    with tempfile.TemporaryDirectory() as directory:
        road.vm.put(fetch('driverctl', directory), '/root/driverctl.deb', '644')
    road.output('dpkg -i /root/driverctl.deb', 300)


def driverctl(road):
    """One card is bound by driverctl, its twin is not."""
    install_driverctl(road)
    road.output(f'driverctl set-override {SECOND} vfio-pci')
    recognised(road, 'right after driverctl')
    road.reboot()
    recognised(road, 'after a reboot')
    road.output(f'driverctl unset-override {SECOND}')
    are_at(road, 'without the override', {FIRST: 'e1000e', SECOND: 'e1000e'})
    output = road.expect(f'--device {FIRST} --dry-run', 0)
    road.ok('driverctl' not in output, 'without the override, nothing is said of it', output)


def recognised(road, when):
    are_at(road, when, {SECOND: 'vfio-pci', FIRST: 'e1000e', **OTHERS_DRIVERS})
    output = road.expect(f'--device {FIRST} --dry-run', 0)
    road.ok(f'driverctl has an override for {SECOND}' in output and f'driverctl unset-override {SECOND}' in output,
            f'{when}, the override is told, and how to take it back', output)
    output = road.expect(f'--device {SECOND} --dry-run', 0)
    road.ok(f'driverctl has an override for {SECOND}' in output and 'what is ticked here, too' in output,
            f'{when}, an override for what is ticked is told to agree with it', output)
    output = road.expect('--list', 0)
    road.ok(any(SECOND[5:] in line and 'vfio-pci' in line for line in output.splitlines()),
            f'{when}, --list shows the function at vfio-pci', output)


# What the guides have people write, all at once: it takes both of two identical cards, and again with driverctl.
BY_THE_GUIDE = rf'''set -e
sed -i 's/^\(GRUB_CMDLINE_LINUX="[^"]*\)"/\1 intel_iommu=on vfio-pci.ids={CARD_IDS}"/' /etc/default/grub
echo "options vfio-pci ids={CARD_IDS} disable_vga=1" >/etc/modprobe.d/passthrough.conf
echo "softdep e1000e pre: vfio-pci" >>/etc/modprobe.d/passthrough.conf
printf 'vfio\nvfio_iommu_type1\nvfio_pci ids={CARD_IDS}\n' >>/etc/initramfs-tools/modules
driverctl set-override {SECOND} vfio-pci
update-initramfs -u && update-grub
'''
BOTH = {FIRST: 'vfio-pci', SECOND: 'vfio-pci', **OTHERS_DRIVERS}


def adopted(road):
    """Somebody else's set-up takes both cards; vfioconf takes it over for one, and gives it back."""
    install_driverctl(road)
    road.output(BY_THE_GUIDE, REBUILD_TIMEOUT)
    road.reboot()
    are_at(road, 'as the guide has it', BOTH)
    before = road.record()

    output = road.expect(f'--device {SECOND} --dry-run', 0)
    said = ' '.join(output.split())
    road.ok(said.count(f'gives vfio-pci the ids {CARD_IDS}') == 3 and '--adopt' in said,
            'each place that takes the twin along is told, and how it can be set aside', output)
    road.expect(f'--device {SECOND} --adopt --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    words = road.parameters()
    road.ok(f'vfioconf.aside=vfio-pci.ids={CARD_IDS}' in words and f'vfio-pci.ids={CARD_IDS}' not in words,
            'the parameter that was set aside does nothing in the kernel', words)
    only_the_second(road, 'after it was taken over')
    files = road.output('ls /etc/driverctl.d').split()
    road.ok(f'pci-{SECOND}' not in files, 'there is nothing that driverctl would load at a boot', files)
    road.expect('--verify', 0)

    road.expect('--remove --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    are_at(road, 'after the removal', BOTH)
    road.same(before, 'every file is as the guide had it')


ROADS = [('bookworm-grub-efi-initramfs-tools', 'driverctl', driverctl, {}),
         ('bookworm-grub-efi-initramfs-tools', 'adopted', adopted, {})]
