# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the command line share: tests are functions whose names are sentences, results are TAP."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
PROGRAM = Path(os.environ.get('BUILD', TOP / 'build')).resolve() / 'vfioconf'
MACHINES = TOP / 'tests/machines'
tests = []


def test(function):
    tests.append(function)
    return function


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def json(self):
        return json.loads(self.out)

    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __repr__(self):
        return f'status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}'


def run(*words, input=None, environment=None, prefix=(), directory=None, timeout=60, **others):
    """Runs vfioconf; no terminal, UTF-8, no other habits of the caller's."""
    env = {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'TMPDIR': tempfile.gettempdir()}
    env |= {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    env |= environment or {}
    if input is None:
        others.setdefault('stdin', subprocess.DEVNULL)
    else:
        others['input'] = input if isinstance(input, bytes) else input.encode()
    others.setdefault('stdout', subprocess.PIPE)
    done = subprocess.run([*prefix, PROGRAM, *map(str, words)], stderr=subprocess.PIPE, env=env, cwd=directory,
                          timeout=timeout, **others)
    return Result(done.returncode, (done.stdout or b'').decode(), done.stderr.decode())


def machine(name, *words, **others):
    return run('--machine', MACHINES / f'{name}.machine', *words, **others)


def expect(condition, said=''):
    if not condition:
        raise AssertionError(f'{said}')


def complains(result, status, *parts):
    """It ended with STATUS, printed no answer, and said one sentence that holds all PARTS."""
    expect(result.status == status, result)
    expect(not result.out, result)
    expect(result.err.startswith('vfioconf: ') and result.err.endswith('\n'), result)
    expect(result.err.count('\n') == 1, result)
    for part in parts:
        expect(part in result.err, f'no "{part}" in: {result.err}')


def scratch():
    return Path(tempfile.mkdtemp(prefix='vfioconf-cli-'))


def hear_signals():
    """What runs in the background of a shell, or under nohup, inherits that signals are ignored."""
    for number in signal.SIGHUP, signal.SIGINT, signal.SIGQUIT:
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def main():
    failed = 0
    hear_signals()
    if not PROGRAM.exists():
        print(f'Bail out! {PROGRAM} is not built')
        return 1
    print(f'1..{len(tests)}', flush=True)
    home = Path(tempfile.mkdtemp(prefix='vfioconf-cli-'))
    tempfile.tempdir = str(home)
    home.chmod(0o755)
    for number, function in enumerate(tests, 1):
        title = function.__name__.replace('_', ' ')
        try:
            skipped = function()
        except Exception:
            failed += 1
            print(f'not ok {number} - {title}')
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()[-40:]), flush=True)
        else:
            print(f'ok {number} - {title}' + (f' # SKIP {skipped}' if isinstance(skipped, str) else ''), flush=True)
    shutil.rmtree(home, ignore_errors=True)
    return 1 if failed else 0


def finish():
    sys.exit(main())
