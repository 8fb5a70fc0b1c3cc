#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests for the tests: each boots from its own firmware, boot loader, initramfs and kernel, and has an IOMMU.

As a module:
    vm = VM('bookworm-grub-efi-initramfs-tools', devices='basic', iommu='intel')
    vm.start(); vm.wait_ready(); status, output = vm.run('uname -a'); vm.stop(delete=True)
As a command: vm.py --help

A guest has no network but ssh from here. Everything is below VM_DIR (build/vm). There is no use in KVM: it may not
be there, and TCG is the same everywhere. Measured with two cores: 45 s from start to ready, 19 s for update-grub; on a
busy machine 75 to 135 s from start to ready, 120 s for an apply with update-initramfs, 60 to 270 s for mkimage. Hence
the generous limits. A boot takes 62 to 69 s of the processor's time with QEMU 7.2, and 45 s with QEMU 10.0.
"""
import argparse
import base64
import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VM_DIR = Path(os.environ.get('VM_DIR', Path(__file__).resolve().parents[2] / 'build' / 'vm')).resolve()
# A write that the guest saw completed is in the file. "writeback" is a disk with a volatile cache.
CACHE_MODE = os.environ.get('VM_CACHE', 'writethrough')
OVMF_CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd'
SSH_MAC = '52:54:00:00:00:01'        # the guest configures the card with this address
# On a machine that is busy with other things too: VM_PATIENCE=3 waits three times as long for everything.
PATIENCE = float(os.environ.get('VM_PATIENCE', 1))
# Two, so that what must not depend on who comes first can go wrong.
PROCESSORS = os.environ.get('VM_PROCESSORS', '2')
BOOT_TIMEOUT = 600
RESCUE_PARAMETERS = 'root=LABEL=root ro console=ttyS0,115200 no_timer_check mitigations=off quiet'

IOMMUS = {
    'none': [],
    'intel': ['intel-iommu,intremap=on,caching-mode=on'],
    'amd': ['amd-iommu,intremap=on'],
}
# Without what costs much and shows nothing: wide registers, page protections that end each piece of translated code,
# copying by single bytes. Together with the kernel parameters of mkimage that saves a fifth of the processor's time.
CPU = 'max,la57=off,smap=off,smep=off,umip=off,pku=off,avx=off,avx2=off,xsave=off,erms=off,fsrm=off'
# TCG's processor calls itself AMD; who chooses intel_iommu= by the vendor must see Intel.
CPU_VENDORS = {'none': 'AuthenticAMD', 'intel': 'GenuineIntel', 'amd': 'AuthenticAMD'}

# basic          boot VGA 01:00.0, virtio disk 02:00.0, virtio-net (ssh) 03:00.0, two identical e1000e 04:00.0 05:00.0,
#                NVMe 06:00.0, virtio-gpu 07:00.0, a PCI bridge 00:09.0 with e1000 08:01.0 and rtl8139 08:02.0 in its
#                group, xhci 00:0a.0, HD audio 00:1b.0; 00:1f.x is one group
# multifunction  07:00.0 display and 07:00.1 audio in one group
# rootonnvme     the root on one of two identical NVMe controllers
# sshnic         ssh over the first of the two e1000e (03:00.0): then run(..., via='serial')
# twingpu        the second display has the boot VGA's vendor and device
# moved          basic, but the second e1000e and the NVMe have changed places
# awkward        basic, but the boot display is of class 0380, and the NVMe controller can have a virtual function
PROFILES = ('basic', 'moved', 'awkward', 'multifunction', 'rootonnvme', 'sshnic', 'twingpu')


def root_port(slot):
    """A PCIe root port, and so an IOMMU group of its own, at 00:SLOT.0."""
    return f'pcie-root-port,id=port{slot},bus=pcie.0,chassis={slot},addr={slot:#x}'


def devices_of(profile):
    """The -device arguments of a profile, in the order of their PCI addresses."""
    disk = 'virtio-blk-pci,drive=disk'
    ssh_card = 'virtio-net-pci'
    boot_display = 'VGA'
    second_display = ['virtio-gpu-pci,bus=port8']
    second, data = (7, 6) if profile == 'moved' else (6, 7)
    data_disk = [f'nvme,drive=data,serial=data,bus=port{data}']
    if profile == 'rootonnvme':
        disk = 'nvme,drive=disk,serial=root'
    elif profile == 'sshnic':
        ssh_card = None
    elif profile == 'twingpu':
        second_display = ['bochs-display,bus=port8']
    elif profile == 'multifunction':
        second_display = ['bochs-display,bus=port8,addr=0.0,multifunction=on', 'intel-hda,bus=port8,addr=0.1']
    elif profile == 'awkward':
        boot_display = 'bochs-display'
        data_disk = ['nvme-subsys,id=subsystem',
                     'nvme,id=nvme,serial=data,subsys=subsystem,sriov_max_vfs=1,sriov_vq_flexible=2,'
                     'sriov_vi_flexible=1,bus=port7', 'nvme-ns,drive=data,bus=nvme']
    elif profile not in ('basic', 'moved'):
        raise ValueError(f'unknown profile {profile}')

    card = 'e1000e,bus=port{},romfile=,mac={}'
    return [
        root_port(2), f'{boot_display},bus=port2',
        root_port(3), f'{disk},bus=port3',
        *([root_port(4), f'{ssh_card},bus=port4,netdev=ssh,romfile=,mac={SSH_MAC}'] if ssh_card else []),
        root_port(5), card.format(5, '52:54:00:00:00:11') if ssh_card else card.format(5, SSH_MAC) + ',netdev=ssh',
        root_port(6), root_port(7), card.format(second, '52:54:00:00:00:12'),
        *data_disk,
        root_port(8), *second_display,
        'pcie-pci-bridge,id=bridge,bus=pcie.0,addr=0x9',
        'e1000,bus=bridge,addr=0x1,romfile=', 'rtl8139,bus=bridge,addr=0x2,romfile=',
        'qemu-xhci,bus=pcie.0,addr=0xa',
        'ich9-intel-hda,bus=pcie.0,addr=0x1b',
    ]


class VMError(Exception):
    pass


class VM:
    """One guest: an overlay over a clean image, its own firmware variables, and a QEMU process.

    All its state is in VM_DIR/run/NAME, so another process can take over by name.
    """

    def __init__(self, image=None, devices='basic', iommu='intel', name=None, memory=2048):
        self.name = name or f'{image}-{os.getpid()}'
        self.dir = VM_DIR / 'run' / self.name
        config = self.dir / 'config.json'
        if config.exists():
            self.config = json.loads(config.read_text())
        elif image is None:
            raise VMError(f'no guest named {self.name}')
        else:
            self.config = {'image': image, 'devices': devices, 'iommu': iommu, 'memory': memory, 'pid': None,
                           'port': None, 'sockets': None}
        self.image = VM_DIR / 'images' / self.config['image']
        self.started = time.monotonic()
        self.process = self.master = None

    # --- life -------------------------------------------------------------------

    def start(self, kernel_append=None):
        """Boot from the guest's own boot loader; with kernel_append its first kernel directly."""
        if self.alive():
            raise VMError(f'{self.name} already runs')
        self._create_disks()
        self.config['port'] = free_port()
        if not self.config['sockets'] or not os.path.isdir(self.config['sockets']):
            self.config['sockets'] = tempfile.mkdtemp(prefix='vm-')     # short: a socket's path has 107 bytes
        with open(self.dir / 'qemu.log', 'ab') as log:
            self.process = subprocess.Popen(['nice', '-n', '5', *self.qemu_command(kernel_append)],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.config['pid'] = self.process.pid
        (self.dir / 'config.json').write_text(json.dumps(self.config, indent=1) + '\n')
        self.started = time.monotonic()

    def _create_disks(self):
        if not self.image.is_dir():
            raise VMError(f'no image {self.image}: run mkimage')
        self.dir.mkdir(parents=True, exist_ok=True)
        overlay = self.dir / 'disk.qcow2'
        if overlay.exists():
            return
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', self.image / 'disk.img', overlay],
                       check=True)
        with open(self.dir / 'data.img', 'wb') as data:
            data.truncate(64 << 20)
        if (self.image / 'vars.fd').exists():
            shutil.copy(self.image / 'vars.fd', self.dir / 'vars.fd')

    def qemu_command(self, kernel_append=None):
        run, sockets, iommu = self.dir, self.config['sockets'], self.config['iommu']
        command = ['qemu-system-x86_64', '-name', self.name,
                   # a small translation buffer overflows every few seconds
                   '-machine', 'q35,kernel-irqchip=split', '-accel', 'tcg,thread=multi,tb-size=1024',
                   '-cpu', f'{CPU},vendor={CPU_VENDORS[iommu]}', '-smp', PROCESSORS, '-m', str(self.config['memory']),
                   '-nodefaults', '-display', 'none', '-action', 'reboot=shutdown',
                   '-chardev', f'socket,id=console,path={sockets}/console,server=on,wait=off,'
                               f'logfile={run}/console.log,logappend=on',
                   '-serial', 'chardev:console',
                   '-chardev', f'socket,id=exec,path={sockets}/exec,server=on,wait=off', '-serial', 'chardev:exec',
                   '-monitor', f'unix:{sockets}/monitor,server=on,wait=off',
                   '-drive', f'if=none,id=disk,file={run}/disk.qcow2,format=qcow2,cache={CACHE_MODE}',
                   '-drive', f'if=none,id=data,file={run}/data.img,format=raw,cache={CACHE_MODE}',
                   '-netdev', f'user,id=ssh,restrict=on,hostfwd=tcp:127.0.0.1:{self.config["port"]}-10.0.2.15:22']
        if (run / 'vars.fd').exists():
            command += ['-drive', f'if=pflash,unit=0,format=raw,readonly=on,file={OVMF_CODE}',
                        '-drive', f'if=pflash,unit=1,format=raw,file={run}/vars.fd']
        if kernel_append is not None:
            command += ['-kernel', str(self.image / 'vmlinuz'), '-initrd', str(self.image / 'initrd.img'),
                        '-append', kernel_append]
        for device in IOMMUS[iommu] + devices_of(self.config['devices']):
            command += ['-device', device]
        return command

    def alive(self):
        """Whether the recorded process is still our QEMU (and not a reused process id)."""
        if self.process:
            return self.process.poll() is None
        try:
            arguments = Path(f'/proc/{self.config["pid"]}/cmdline').read_bytes().split(b'\0')
        except OSError:
            return False
        return f'{self.dir}/disk.qcow2'.encode() in b','.join(arguments) and self.name.encode() in arguments

    def wait_ready(self, timeout=BOOT_TIMEOUT, via='ssh'):
        """Wait for the guest to finish booting; the seconds since start()."""
        deadline = time.monotonic() + timeout * PATIENCE
        while time.monotonic() < deadline:
            if not self.alive():
                raise VMError(f'qemu ended: {tail(self.dir / "qemu.log")}')
            if via == 'serial' or self._ssh_banner():
                if self.run('true', 15, via)[0] == 0:
                    self.run('systemctl is-system-running --wait', max(1, deadline - time.monotonic()), via)
                    return round(time.monotonic() - self.started, 1)
            time.sleep(1)
        raise VMError(f'{self.name} not ready after {timeout} s: {tail(self.dir / "console.log")}')

    def reboot(self, timeout=BOOT_TIMEOUT, via='ssh', after=None):
        """Reboot in the guest and wait; `after` is the channel to expect then (the same unless given).

        Where the guest resets the machine QEMU ends, and is started again: its firmware is slower after a reset.
        """
        started = time.monotonic()
        self.run('systemd-run -q --no-block systemctl reboot', 30, via)
        self._end_master()
        if not self._wait_end(timeout * PATIENCE):
            raise VMError(f'{self.name} did not reboot within {timeout} s: {tail(self.dir / "console.log")}')
        self.start()
        self.wait_ready(timeout, after or via)
        return round(time.monotonic() - started, 1)

    def power_cut(self):
        """End QEMU as a power failure would: what the guest had not written out is lost."""
        self._end_master()
        self._kill()

    def stop(self, delete=False, timeout=60):
        """Shut the guest down (or cut it if it will not), and delete its overlay if asked."""
        if self.alive():
            if self._ssh_banner():
                self.run('systemctl poweroff --no-wall', 20)
            else:
                self._monitor('system_powerdown')
            self._end_master()
            if not self._wait_end(timeout):
                self._kill()
        if delete:
            self.delete()

    def delete(self):
        self.power_cut()
        shutil.rmtree(self.dir, ignore_errors=True)
        if self.config['sockets']:
            shutil.rmtree(self.config['sockets'], ignore_errors=True)

    def _kill(self):
        if self.alive():
            os.kill(self.config['pid'], signal.SIGKILL)
            if not self._wait_end(10):
                raise VMError(f'qemu {self.config["pid"]} does not end')

    def _wait_end(self, timeout):
        """Wait until every thread of QEMU is gone, and with it its lock on the overlay."""
        try:
            process = os.pidfd_open(self.config['pid'])
        except ProcessLookupError:
            return True
        try:
            ended = bool(select.select([process], [], [], timeout)[0])
        finally:
            os.close(process)
        if ended and self.process:
            self.process.wait()
        return ended

    def _monitor(self, command):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(f'{self.config["sockets"]}/monitor')
            s.sendall(command.encode() + b'\n')
            time.sleep(0.2)

    # --- talking to the guest -----------------------------------------------------

    def run(self, command, timeout=60, via='ssh'):
        """Run a shell command in the guest: (status, stdout and stderr together).

        The status is 255 when the guest did not answer and 124 when the time ran out.
        """
        if via == 'serial':
            return self._run_serial(command, timeout)
        try:
            done = subprocess.run(self._ssh_command(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=timeout * PATIENCE)
        except subprocess.TimeoutExpired as expired:
            return 124, (expired.stdout or b'').decode(errors='replace')
        return done.returncode, done.stdout.decode(errors='replace')

    def put(self, local, remote, mode=None):
        with open(local, 'rb') as source:
            mode = mode or oct(os.fstat(source.fileno()).st_mode & 0o777)[2:]
            subprocess.run(self._ssh_command(f'cat >"{remote}" && chmod {mode} "{remote}"'), stdin=source, check=True,
                           timeout=120)

    def get(self, remote, local):
        with open(local, 'wb') as target:
            subprocess.run(self._ssh_command(f'cat "{remote}"'), stdin=subprocess.DEVNULL, stdout=target, check=True,
                           timeout=120)

    def _ssh_command(self, command):
        return [*self._ssh_base(), '-o', 'ControlMaster=no', 'root@127.0.0.1', command]

    def _ssh_base(self):
        """Through one connection that stays open: the key exchange takes seconds under TCG."""
        base = ['ssh', '-F', 'none', '-i', str(VM_DIR / 'id_ed25519'), '-p', str(self.config['port']),
                '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR',
                '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '-o', 'ServerAliveInterval=15',
                '-o', 'ServerAliveCountMax=8', '-o', f'ControlPath={self.config["sockets"]}/ssh']
        if not self.master or self.master.poll() is not None:
            self._start_master(base)
        return base

    def _start_master(self, base):
        path = Path(self.config['sockets']) / 'ssh'
        if not self.process:        # another process's guest: it may have a master already
            self.master = None
            return
        path.unlink(missing_ok=True)
        self.master = subprocess.Popen([*base, '-o', 'ControlMaster=yes', '-N', 'root@127.0.0.1'],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       start_new_session=True)
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self.master.poll() is None and not path.exists():
            time.sleep(0.1)

    def _end_master(self):
        if self.master:
            self.master.kill()
            self.master.wait()
            self.master = None
            Path(self.config['sockets'], 'ssh').unlink(missing_ok=True)

    def _ssh_banner(self):
        """Whether sshd greets: cheaper than ssh, and QEMU takes connections for a dead guest too."""
        try:
            with socket.create_connection(('127.0.0.1', self.config['port']), 3) as s:
                s.settimeout(3)
                return s.recv(4) == b'SSH-'
        except OSError:
            return False

    def _run_serial(self, command, timeout):
        """Run over the second serial port, served by serial-commands in the guest."""
        token = secrets.token_hex(6)
        begin, end = f'{token} begin\n'.encode(), f'{token} rc='.encode()
        output, deadline = b'', time.monotonic() + timeout * PATIENCE
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(f'{self.config["sockets"]}/exec')
                s.sendall(f'\n{token} {base64.b64encode(command.encode()).decode()}\n'.encode())
                while (left := deadline - time.monotonic()) > 0:
                    s.settimeout(left)
                    chunk = s.recv(65536)
                    if not chunk:
                        break
                    output += chunk
                    head, found, rest = output.partition(end)
                    if found and b'\n' in rest:
                        return int(rest.split()[0]), head.partition(begin)[2].decode(errors='replace')
        except TimeoutError:
            pass
        except OSError:
            return 255, ''
        return 124, output.partition(begin)[2].decode(errors='replace')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def tail(path, size=1500):
    try:
        return path.read_bytes()[-size:].decode(errors='replace')
    except OSError:
        return ''


def bake(image, script):
    """Boot IMAGE's kernel directly, run SCRIPT in it, and make the result part of the image."""
    vm = VM(image, name=f'bake-{image}')
    vm.delete()
    try:
        vm.start(kernel_append=RESCUE_PARAMETERS)
        print(f'ready after {vm.wait_ready(400)} s', flush=True)
        status, output = vm.run(script, 900)
        print(output)
        vm.stop()
        if status == 0:
            subprocess.run(['qemu-img', 'commit', '-q', vm.dir / 'disk.qcow2'], check=True)
            if (vm.dir / 'vars.fd').exists():
                shutil.copy(vm.dir / 'vars.fd', vm.image / 'vars.fd')
        return status
    finally:
        vm.delete()


def arguments():
    parser = argparse.ArgumentParser(description='Runs the tests\' guests by hand.')
    commands = parser.add_subparsers(dest='command', required=True)

    def command(name, help, *names, via=False):
        sub = commands.add_parser(name, help=help)
        for argument in names:
            sub.add_argument(argument)
        if via:
            sub.add_argument('--via', choices=('ssh', 'serial'), default='ssh')
            sub.add_argument('--timeout', type=float, default=BOOT_TIMEOUT)
        return sub

    up = command('up', 'start a guest (or start it again) and wait until it is ready', 'name', via=True)
    up.add_argument('image', nargs='?')
    up.add_argument('--devices', choices=PROFILES, default='basic')
    up.add_argument('--iommu', choices=IOMMUS, default='intel')
    up.add_argument('--append', metavar='PARAMETERS', help='boot the image\'s first kernel directly (rescue)')
    command('run', 'run a shell command in the guest', 'name', 'script', via=True)
    command('put', 'copy a file in', 'name', 'local', 'remote')
    command('get', 'copy a file out', 'name', 'remote', 'local')
    command('reboot', 'reboot the guest and wait', 'name', via=True).add_argument('--after', choices=('ssh', 'serial'))
    command('cut', 'cut the power', 'name')
    command('down', 'shut down', 'name').add_argument('--delete', action='store_true')
    command('ssh', 'log in', 'name')
    command('list', 'list the guests')
    command('bake', 'run a script in an image (booted directly) and keep the result', 'image', 'script')
    return parser.parse_args()


def main():
    a = arguments()
    if a.command == 'list':
        for config in sorted(VM_DIR.glob('run/*/config.json')):
            vm = VM(name=config.parent.name)
            print(vm.name, 'up' if vm.alive() else 'down', *(f'{key}={value}' for key, value in vm.config.items()))
        return 0
    if a.command == 'bake':
        return bake(a.image, a.script)
    if a.command == 'up':
        vm = VM(a.image, a.devices, a.iommu, a.name)
        vm.start(a.append)
        ready = vm.wait_ready(a.timeout, a.via)
        vm._end_master()
        print(f'ready after {ready} s')
        return 0
    vm = VM(name=a.name)
    if a.command == 'run':
        status, output = vm.run(a.script, a.timeout, a.via)
        sys.stdout.write(output)
        return status
    if a.command == 'put':
        vm.put(a.local, a.remote)
    elif a.command == 'get':
        vm.get(a.remote, a.local)
    elif a.command == 'reboot':
        print(f'ready after {vm.reboot(a.timeout, a.via, a.after)} s')
    elif a.command == 'cut':
        vm.power_cut()
    elif a.command == 'down':
        vm.stop(a.delete)
    elif a.command == 'ssh':
        os.execvp('ssh', vm._ssh_command('')[:-1])
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except VMError as error:
        sys.exit(f'vm.py: {error}')
