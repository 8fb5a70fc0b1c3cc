# SPDX-License-Identifier: GPL-2.0-or-later
"""Every boot loader with every initramfs generator: there and back, each boot from the guest's own boot loader."""
import json

from road import CARD_IDS, CARDS, REBUILD_TIMEOUT, say

# What /proc and /sys say after a boot.
STATE = r'''cat /proc/cmdline; uname -r
for device in /sys/bus/pci/devices/*; do echo "${device##*/} $(basename "$(readlink "$device/driver")")"; done'''

# The name by which vfioconf must find each of them.
LOADER_NAMES = {'grub-efi': 'grub-dropin', 'grub-bios': 'grub-dropin', 'systemd-boot': 'kernel-install',
                'uki': 'uki-kernel-install', 'refind': 'refind', 'extlinux': 'extlinux', 'u-boot-menu': 'u-boot-menu'}


# The sound controller has no codec: its driver takes it, finds that out, and lets it go again when it comes to it.
FICKLE = '0000:00:1b.0'


class State:
    """Parameters, kernel and drivers of one boot."""

    def __init__(self, road):
        cmdline, self.release, *devices = road.output(STATE).splitlines()
        self.parameters = cmdline.split()
        self.drivers = dict(line.split(' ', 1) for line in devices if ' ' in line)
        self.drivers.pop(FICKLE, None)


def same_drivers(road, wanted, state, when):
    wrong = [f'{address} is at "{state.drivers.get(address)}", not at "{driver}"'
             for address, driver in wanted.items() if state.drivers.get(address) != driver]
    road.ok(not wrong, f'{when}, every device is where it should be', '\n'.join(wrong))


def there_and_back(road):
    """Both cards to vfio-pci, a boot, all of it taken back, a boot."""
    first, before = State(road), road.record()
    say(f'# {road.title}: kernel {first.release}')
    road.ok('intel_iommu=on' not in first.parameters, 'the first boot is without intel_iommu')
    road.ok(all(first.drivers[card] == 'e1000e' for card in CARDS), 'at first both cards are at e1000e', first.drivers)
    tools_are_found(road)

    devices = ' '.join(f'--device {card[5:]}' for card in CARDS)
    output = road.expect(f'{devices} --dry-run', 0)
    road.ok(f'vfio-pci ids={CARD_IDS}' in output and 'intel_iommu=on' in output, 'the dry run shows the changes',
            output)
    road.same(before, 'a dry run changes nothing')
    road.expect(f'{devices} --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    applied = State(road)
    road.ok('intel_iommu=on' in applied.parameters, 'the IOMMU is on after the reboot', applied.parameters)
    same_drivers(road, first.drivers | {card: 'vfio-pci' for card in CARDS}, applied, 'after the reboot')
    road.expect('--verify', 0)

    road.expect('--remove --yes', 0, REBUILD_TIMEOUT)
    road.reboot()
    removed = State(road)
    road.ok(removed.parameters == first.parameters, 'the kernel parameters are the old ones', removed.parameters)
    same_drivers(road, first.drivers, removed, 'after the removal')
    road.same(before, 'every file is as it was at the start')


def tools_are_found(road):
    output = road.expect('--check --json', 0)
    found = json.loads(output)
    for kind, name in ('loaders', LOADER_NAMES[road.loader]), ('generators', road.generator):
        used = [seen for seen in found[kind] if seen['in_use']]
        road.ok([seen['name'] for seen in used] == [name], f'of the {kind}, {name} is found to be in use', output)
        for seen in used:
            say(f'# {road.title}: {seen["name"]} scores {seen["score"]}: {"; ".join(seen["evidence"])}')


# What Debian can build: its release 12 has no ukify.
ALL = [(f'{suite}-{loader}-{generator}', 'matrix', there_and_back, {})
       for loader in LOADER_NAMES
       for suite in ('trixie', 'bookworm', 'sid')
       for generator in ('initramfs-tools', 'dracut')
       if (suite, loader) != ('bookworm', 'uki')]
CHOSEN = [road for road in ALL if road[0] in ('trixie-uki-initramfs-tools', 'bookworm-extlinux-initramfs-tools')]
OTHERS = [road for road in ALL if road not in CHOSEN]
