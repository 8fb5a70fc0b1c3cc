# SPDX-License-Identifier: GPL-2.0-or-later
"""What another tool set up is seen, and said: an override by the real driverctl."""
import subprocess
import tempfile
from pathlib import Path

from bound import FIRST, SECOND, are_at
from road import OTHERS_DRIVERS
from vm import VMError


def fetch(package, directory):
    """The package as this machine's own apt has it; driverctl is a shell script, and the same for all."""
    done = subprocess.run(['apt-get', 'download', '-q', package], cwd=directory, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300, check=False)
    found = list(Path(directory).glob('*.deb'))
    if not found:
        raise VMError(f'{package} cannot be had: {done.stderr}')
    return found[0]


def driverctl(road):
    """One card is bound by driverctl, its twin is not."""
    with tempfile.TemporaryDirectory() as directory:
        road.vm.put(fetch('driverctl', directory), '/root/driverctl.deb', '644')
    road.output('dpkg -i /root/driverctl.deb', 300)
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


ROADS = [('bookworm-grub-efi-initramfs-tools', 'driverctl', driverctl, {})]
