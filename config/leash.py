"""Run a program that ends when its parent does: `python -IS leash.py SIGNAL PARENT PROGRAM …`.

Linux can send a process a signal when the one that started it dies, even by `kill -9`
(PR_SET_PDEATHSIG, see prctl(2)); the wish survives exec, so this small file asks for it and then
becomes PROGRAM. It is a program of its own because a hook between fork and exec is not safe in a
parent with threads. On other systems it only becomes PROGRAM.

SIGINT and SIGHUP are blocked: a terminal sends them to the whole group at once, but the parent
alone decides in which order its children stop.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(death_signal: int, parent: int) -> None:
    """Have the kernel send `death_signal` to this process when the thread that started it ends.

    Raises OSError if the kernel refuses, and exits if `parent` is already gone.
    """
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]), parent=int(sys.argv[2]))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - a shell is not wanted
