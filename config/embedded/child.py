"""Become another program that dies with its parent: `python child.py SIGNAL PARENT PROGRAM ARGUMENTS…`.

Run by path, with the standard library alone: it stands between fork and exec, where the kernel must be
told before the parent can vanish, and after `unshare`, which would have the kernel forget it again.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Have the kernel send this process `number` when `parent` dies, and end now if it is dead already."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(number)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    """Do what the module's docstring says."""
    die_with_parent(signal.Signals[sys.argv[1]], int(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - the program is the supervisor's


if __name__ == "__main__":
    main()
