# SPDX-License-Identifier: GPL-2.0-or-later
"""What the roads of the binding look at and change: drivers, verdicts, slots, and what the boot menu says."""
import json

from road import CARDS, OTHERS_DRIVERS, PROGRAM

FIRST, SECOND = CARDS       # identical; the second one is ticked
NVME = '0000:06:00.0'
USB = '0000:00:0a.0'

# All in one command: each costs seconds.
DRIVERS = r'for f in /sys/bus/pci/devices/*; do echo "${f##*/} $(basename "$(readlink $f/driver)")"; done'


def drivers(road, via='ssh'):
    """Each function's address, and its driver or ''."""
    status, output = road.vm.run(DRIVERS, 120, via)
    found = dict(line.partition(' ')[::2] for line in output.splitlines())
    if status or not found:
        raise OSError(f'the drivers cannot be read ({status}): {output}')
    return found


def are_at(road, when, wanted, via='ssh'):
    """WANTED: address to driver, '' for none, None where there shall be no such function."""
    found = drivers(road, via)
    for address, driver in wanted.items():
        place = 'not there' if driver is None else f'at {driver or "no driver"}'
        road.ok(found.get(address) == driver, f'{when}, {address} is {place}', f'it is at {found.get(address)}')


def only_the_second(road, when, via='ssh'):
    are_at(road, when, {SECOND: 'vfio-pci', FIRST: 'e1000e', **OTHERS_DRIVERS}, via)


def none_of_the_cards(road, when, via='ssh'):
    are_at(road, when, {SECOND: 'e1000e', FIRST: 'e1000e', **OTHERS_DRIVERS}, via)


def restart(road, devices):
    """The machine is switched off, its cards are put into other slots, and it is switched on."""
    def again():
        road.vm.stop()
        road.vm.config['devices'] = devices
        road.vm.start()
        road.vm.wait_ready()
    road.timed(f'restart as {devices}', again)


def add_to_boot_menu(road, words):
    """As a person would by "e" in the menu, but for all boots until leave_boot_menu()."""
    road.output(f'''cp -a /boot/grub/grub.cfg /root/grub.cfg
        sed -i '/^[[:space:]]*linux[[:space:]]/s/$/ {words}/' /boot/grub/grub.cfg && sync''')


def leave_boot_menu(road):
    road.output('cat /root/grub.cfg >/boot/grub/grub.cfg && rm /root/grub.cfg && sync')


class Verdicts:
    """What --verify says: as text, and for programs."""

    def __init__(self, road, status, when):
        self.road, self.when = road, when
        self.text = road.expect('--verify', status)
        output = road.output(f'LC_ALL=C.UTF-8 {PROGRAM} --verify --json')
        try:
            self.items = json.loads(output)['functions']
        except (ValueError, KeyError):
            self.items = []
            road.ok(False, f'{when}, the verdicts can be read by programs', output)

    def of(self, address, kind, *parts):
        """ADDRESS (None: the machine) is given KIND, and sentence and advice hold PARTS."""
        found = [item for item in self.items if item['address'] == address]
        said = ' '.join(f'{item["message"]} -> {item["next"]}' for item in found)
        good = any(item['verdict'] == kind for item in found) and all(part in said for part in parts)
        self.road.ok(good and f'{kind}: ' in self.text,
                     f'{self.when}, the verdict on {address or "the machine"} is {kind}',
                     f'wanted: {parts}\n{found}\n{self.text}')
