# SPDX-License-Identifier: GPL-2.0-or-later
"""A program on a terminal of the guest: tmux there, driven and looked at over ssh."""
import re
import shlex
import time

from vm import PATIENCE


class ScreenError(Exception):
    """The screen never came to show what was waited for."""


class Terminal:
    def __init__(self, vm, command, columns=100, lines=30):
        self.vm = vm
        self.columns, self.lines = columns, lines
        self._tmux('kill-server')
        # The shell stays, so that the last screen and the exit status can be seen.
        shown = f'{command}; printf "\\n[ended with status %d]\\n" $?; exec sleep 1000'
        status, output = self._tmux(f'-f /dev/null new-session -d -x {columns} -y {lines} {shlex.quote(shown)}')
        if status:
            raise ScreenError(f'tmux does not start: {output}')

    def _tmux(self, arguments):
        return self.vm.run(f'export LC_ALL=C.UTF-8; tmux -L test {arguments}', 30)

    def press(self, *keys):
        """Keys by tmux's names: Down, Enter, Space, d, W."""
        self._tmux('send-keys ' + ' '.join(shlex.quote(key) for key in keys))

    def type(self, text):
        self._tmux(f'send-keys -l {shlex.quote(text)}')

    def screen(self):
        return self._tmux('capture-pane -p')[1]

    def cursor_line(self):
        """The line that the cursor stands on; the interface leaves it on the selected row."""
        status, output = self._tmux("display-message -p '#{cursor_y}' \\; capture-pane -p")
        number, _, screen = output.partition('\n')
        lines = screen.splitlines()
        return lines[int(number)] if status == 0 and number.isdigit() and int(number) < len(lines) else ''

    def wait_for(self, pattern, timeout=30):
        """The match of PATTERN on the screen; looked for until it is there."""
        deadline = time.monotonic() + timeout * PATIENCE
        while True:
            screen = self.screen()
            found = re.search(pattern, screen)
            if found:
                return found
            if time.monotonic() > deadline:
                raise ScreenError(f'"{pattern}" did not appear within {timeout} s:\n{screen}')
            time.sleep(0.5)

    def move_to(self, pattern, key='Down', limit=80):
        """Press KEY until PATTERN is found in the selected row."""
        line = self.cursor_line()
        for _ in range(limit):
            if re.search(pattern, line):
                return
            self.press(key)
            line = self._line_after(line)
        raise ScreenError(f'no row with "{pattern}" after {limit} times {key}:\n{self.screen()}')

    def _line_after(self, line):
        """The selected row when it is no longer LINE; the same where the end is reached."""
        deadline = time.monotonic() + 10 * PATIENCE
        while (now := self.cursor_line()) == line and time.monotonic() < deadline:
            time.sleep(0.2)
        return now

    def close(self):
        self._tmux('kill-server')
