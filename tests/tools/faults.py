# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes wrong with real tools: (title, function). The function breaks the system and returns what mends it."""
import subprocess
from pathlib import Path

from tree import command

HOOK = '#!/bin/sh\ncase "$1" in prereqs) exit 0 ;; esac\n'


def broken_file(path, text, mode=0o755):
    def prepare(system):
        place = system.path(path)
        old = place.read_bytes() if place.exists() else None
        system.write(path, text if old is None else old.decode() + text, mode)

        def undo():
            if old is None:
                place.unlink()
            else:
                place.write_bytes(old)
        return undo
    return prepare


def small_work_space(system):
    """Generators collect the image in /var/tmp: there is room for a part of it."""
    place = system.path('/var/tmp')
    command('mount', '-t', 'tmpfs', '-o', 'size=6m,mode=1777', 'tmpfs', place)
    return lambda: command('umount', place)


def small_boot(system):
    """A /boot of its own with room for what is in it, and not for another image."""
    place, image = system.path('/boot'), system.home / 'boot.img'
    used = sum(path.stat().st_size for path in place.rglob('*') if path.is_file())
    with open(image, 'wb') as file:
        file.truncate(used + used // 8 + (8 << 20))
    command('mke2fs', '-q', '-t', 'ext4', '-m', '0', '-d', place, image)
    system.mount_image(image, place)
    filler = Path(place) / 'filler'
    with open(filler, 'wb') as file:
        subprocess.run(['head', '-c', '64M', '/dev/zero'], stdout=file, stderr=subprocess.DEVNULL)
    return lambda: command('umount', place)


HOOK_FAILS = 'a hook of the generator fails', broken_file('/etc/initramfs-tools/hooks/zz-broken', HOOK + 'exit 1\n')
HOOK_KILLS = 'the generator is killed', broken_file('/etc/initramfs-tools/hooks/zz-broken', HOOK + 'kill -9 $PPID\n')
NO_SPACE = 'the generator runs out of space', small_work_space
SMALL_BOOT = '/boot is full', small_boot
GRUB_SYNTAX = '/etc/default/grub has a syntax error', broken_file('/etc/default/grub', 'GRUB_TIMEOUT=(\n', 0o644)
GRUB_SCRIPT_FAILS = 'a script of /etc/grub.d fails', broken_file('/etc/grub.d/45_broken', '#!/bin/sh\nexit 1\n')
PLUGIN_FAILS = ('a plugin of kernel-install fails',
                broken_file('/etc/kernel/install.d/99-broken.install', '#!/bin/sh\nexit 1\n'))
