# SPDX-License-Identifier: GPL-2.0-or-later
"""The program in a pseudo terminal, and a terminal that understands what curses sends to xterm and vt100."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata

PATIENCE = float(os.environ.get('PATIENCE', 180 if os.environ.get('SANITIZE') else 60))    # seconds until a wait has failed

SEQUENCE = re.compile(r'\x1b(?:\[([?>]?)([0-9;]*)([@-~])|[()][A-Z0-9]|([=>78cDEM]))')


def width(char):
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in 'WF' else 1


class Screen:
    """The cells of a terminal. What it does not understand is kept in .unknown."""

    def __init__(self, rows, cols):
        self.rows, self.cols = rows, cols
        self.row = self.col = 0
        self.top, self.bottom = 0, rows - 1
        self.wrap_pending = False
        self.cells = [[' '] * cols for _ in range(rows)]
        self.last = ' '
        self.visible = True
        self.alternate = False
        self.modes = set()
        self.unknown = []
        self.rest = ''

    def feed(self, text):
        text = self.rest + text
        self.rest = ''
        at = 0
        while at < len(text):
            if text[at] == '\x1b':
                match = SEQUENCE.match(text, at)
                if not match:
                    if len(text) - at < 24:
                        self.rest = text[at:]
                        return
                    self.unknown.append(text[at:at + 8])
                    at += 1
                    continue
                self.sequence(match)
                at = match.end()
            else:
                self.character(text[at])
                at += 1

    def character(self, char):
        if char == '\r':
            self.col, self.wrap_pending = 0, False
        elif char == '\n':
            self.wrap_pending = False
            self.line_feed()
        elif char == '\b':
            self.col, self.wrap_pending = max(0, self.col - 1), False
        elif char == '\t':
            self.col = min(self.cols - 1, (self.col // 8 + 1) * 8)
        elif char in '\x07\x0e\x0f\x00':
            pass
        else:
            self.put(char)

    def put(self, char):
        cols = width(char)
        if not cols:
            at = self.col if self.wrap_pending else self.col - 1
            while at > 0 and self.cells[self.row][at] == '':
                at -= 1
            self.cells[self.row][at] += char
            return
        if self.wrap_pending:
            self.col, self.wrap_pending = 0, False
            self.line_feed()
        self.cells[self.row][self.col] = char
        if cols == 2 and self.col + 1 < self.cols:
            self.cells[self.row][self.col + 1] = ''
        self.last = char
        self.col += cols
        if self.col >= self.cols:
            self.col, self.wrap_pending = self.cols - 1, True

    def line_feed(self):
        if self.row == self.bottom:
            self.scroll(1)
        elif self.row < self.rows - 1:
            self.row += 1

    def scroll(self, lines):
        for _ in range(abs(lines)):
            if lines > 0:
                del self.cells[self.top]
                self.cells.insert(self.bottom, [' '] * self.cols)
            else:
                del self.cells[self.bottom]
                self.cells.insert(self.top, [' '] * self.cols)

    def insert_lines(self, count):
        for _ in range(min(count, self.bottom - self.row + 1)):
            del self.cells[self.bottom]
            self.cells.insert(self.row, [' '] * self.cols)

    def delete_lines(self, count):
        for _ in range(min(count, self.bottom - self.row + 1)):
            del self.cells[self.row]
            self.cells.insert(self.bottom, [' '] * self.cols)

    def erase(self, first, last):
        for at in range(first, last):
            self.cells[at // self.cols][at % self.cols] = ' '

    def sequence(self, match):
        private, numbers, final, simple = match.groups()
        if simple:
            if simple == 'M':
                if self.row == self.top:
                    self.scroll(-1)
                else:
                    self.row = max(0, self.row - 1)
            elif simple == 'D':
                self.line_feed()
            return
        if not final:
            return    # a character set
        arguments = [int(number) if number else 0 for number in numbers.split(';')] if numbers else []
        if private:
            self.mode(arguments, final)
            return
        self.control(final, arguments)

    def mode(self, arguments, final):
        for argument in arguments:
            if final == 'h':
                self.modes.add(argument)
            elif final == 'l':
                self.modes.discard(argument)
        self.visible = 25 in self.modes if 25 in arguments else self.visible
        self.alternate = bool({47, 1047, 1049} & self.modes)

    def control(self, final, arguments):
        first = arguments[0] if arguments else 0
        count = max(1, first)
        here = self.row * self.cols + self.col
        row_end = (self.row + 1) * self.cols
        line = self.cells[self.row]
        if final in 'HfABCDGdEF`':
            self.wrap_pending = False
        if final in 'Hf':
            self.row = min(self.rows, count) - 1
            self.col = min(self.cols, max(1, arguments[1] if len(arguments) > 1 else 1)) - 1
        elif final == 'A':
            self.row = max(0, self.row - count)
        elif final == 'B':
            self.row = min(self.rows - 1, self.row + count)
        elif final == 'C':
            self.col = min(self.cols - 1, self.col + count)
        elif final == 'D':
            self.col = max(0, self.col - count)
        elif final in 'G`':
            self.col = min(self.cols, count) - 1
        elif final == 'd':
            self.row = min(self.rows, count) - 1
        elif final == 'J':
            self.erase(*{0: (here, self.rows * self.cols), 1: (0, here + 1)}.get(first, (0, self.rows * self.cols)))
        elif final == 'K':
            self.erase(*{0: (here, row_end), 1: (row_end - self.cols, here + 1)}.get(first, (row_end - self.cols, row_end)))
        elif final == 'X':
            self.erase(here, min(row_end, here + count))
        elif final == 'P':
            line[self.col:] = (line[self.col + count:] + [' '] * count)[:self.cols - self.col]
        elif final == '@':
            line[self.col:] = ([' '] * count + line[self.col:])[:self.cols - self.col]
        elif final == 'L':
            self.insert_lines(count)
        elif final == 'M':
            self.delete_lines(count)
        elif final == 'S':
            self.scroll(count)
        elif final == 'T':
            self.scroll(-count)
        elif final == 'r':
            self.top = count - 1
            self.bottom = (arguments[1] if len(arguments) > 1 and arguments[1] else self.rows) - 1
            self.row = self.col = 0
        elif final == 'b':
            for _ in range(count):
                self.put(self.last)
        elif final in 'mhltcn':
            pass
        else:
            self.unknown.append(final)

    def lines(self):
        return [''.join(row).rstrip() for row in self.cells]

    def text(self):
        return '\n'.join(self.lines())


class Program:
    """A program with a terminal of its own."""

    def __init__(self, argv, rows=24, cols=80, term='xterm-256color', environment=None):
        self.screen = Screen(rows, cols)
        self.bytes = b''
        self.status = None
        values = {'PATH': os.environ.get('PATH', '/usr/bin:/bin'), 'HOME': '/nonexistent', 'LC_ALL': 'C.UTF-8'}
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'TMPDIR'):
            if name in os.environ:
                values[name] = os.environ[name]
        if term is not None:
            values['TERM'] = term
        values.update(environment or {})
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.pid = os.fork()
        if not self.pid:
            os.close(master)
            os.login_tty(slave) if hasattr(os, 'login_tty') else self.login(slave)
            try:
                os.execve(argv[0], argv, values)
            finally:
                os._exit(127)
        self.slave = slave    # kept open, so that the settings can be looked at once it has ended
        self.master = master
        os.set_blocking(master, False)

    @staticmethod
    def login(slave):
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for descriptor in range(3):
            os.dup2(slave, descriptor)
        if slave > 2:
            os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
        os.close(self.slave)

    def read(self, seconds):
        """What it sends within a time, at most until it pauses."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            got = os.read(self.master, 65536)
        except OSError:
            return False
        self.bytes += got
        self.screen.feed(got.decode('utf-8', 'surrogateescape'))
        return bool(got)

    def settle(self, quiet=0.25):
        """Until it sends nothing for a while. Returns the bytes since the last count()."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.read(quiet):
            pass
        return self.screen.text()

    def count(self):
        """How many bytes came since this was called last."""
        count = len(self.bytes)
        self.bytes = b''
        return count

    def wait(self, what):
        """Until the screen shows a text, or one of several, or what() is true."""
        until = time.monotonic() + PATIENCE
        texts = what if isinstance(what, tuple) else (what,)
        seen = what if callable(what) else lambda: any(text in self.screen.text() for text in texts)
        while time.monotonic() < until:
            if seen():
                return True
            if not self.read(0.1) and self.ended():
                self.read(0)
                return seen()
        return False

    def wait_bytes(self, what):
        """Until it has sent these bytes; does not stop to look at them, so that time can be measured."""
        until = time.monotonic() + PATIENCE
        while what not in self.bytes and time.monotonic() < until:
            if select.select([self.master], [], [], 1)[0]:
                self.bytes += os.read(self.master, 65536)

    def drain(self):
        """All that it sends, to its end."""
        os.close(self.slave)
        self.slave = os.open(os.devnull, os.O_RDONLY)
        while select.select([self.master], [], [], PATIENCE)[0]:
            try:
                got = os.read(self.master, 65536)
            except OSError:
                return
            if not got:
                return
            self.bytes += got

    def type(self, keys):
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def asleep(self):
        """(whether it sleeps and has read all that was typed, how often it has gone to sleep)"""
        unread = struct.unpack('i', fcntl.ioctl(self.slave, termios.FIONREAD, b'0000'))[0]
        with open(f'/proc/{self.pid}/status', encoding='ascii', errors='replace') as file:
            fields = dict(line.split(':', 1) for line in file if ':' in line)
        return not unread and fields['State'].split()[0] == 'S', int(fields['voluntary_ctxt_switches'])

    def rest(self, since=0):
        """Reads all that it sends until it has gone to sleep more often than that: on a busy machine too."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            asleep, times = self.asleep()
            if asleep and times > since:
                break
            self.read(0.005)
        return self.settle(0.05)

    def press(self, keys):
        """Types, and reads all that comes of that and nothing else."""
        since = self.asleep()[1]
        self.type(keys)
        if keys.endswith('\x1b'):
            time.sleep(0.25)    # it waits whether more belongs to it, and sleeps while it does
        return self.rest(since)

    def resize(self, rows, cols):
        self.screen = Screen(rows, cols)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def wait_end(self):
        """Its exit status; minus the signal; None where it does not end."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.ended():
            self.read(0.1)
        while self.read(0):
            pass
        return self.status

    def restored(self):
        """What is not as it was before the program started."""
        now = termios.tcgetattr(self.slave)
        wrong = []
        if now[:4] != self.before[:4]:
            wrong.append('terminal settings')
        if self.screen.alternate:
            wrong.append('alternate screen')
        if {1000, 1002, 1003, 1006} & self.screen.modes:
            wrong.append('mouse')
        if not self.screen.visible:
            wrong.append('cursor')
        return ', '.join(wrong)


class Tap:
    def __init__(self):
        self.number = self.failed = 0

    def ok(self, good, title, why=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {title}', flush=True)
        if not good:
            for line in str(why).splitlines():
                print('# ' + line)

    def skip(self, title, why):
        self.number += 1
        print(f'ok {self.number} - {title} # SKIP {why}', flush=True)

    def done(self):
        print(f'1..{self.number}')
        raise SystemExit(1 if self.failed else 0)
