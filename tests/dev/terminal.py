"""A program in a terminal of its own."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from control_plane import unblocked


class Terminal:
    """Runs the command; `shown` is every byte that the terminal was sent."""

    def __init__(self, command, environment, columns=80, rows=24):
        self.shown, self.code = "", None
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            unblocked()
            self._set_size(0, columns, rows)
            os.execve(command[0], command, {"TERM": "xterm", **environment})
        self._set_size(self.file, columns, rows)

    @staticmethod
    def _set_size(file, columns, rows):
        fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows=24):
        """The kernel sends SIGWINCH."""
        self._set_size(self.file, columns, rows)

    def type(self, keys):
        os.write(self.file, keys.encode())

    def _more(self, deadline):
        """False at the end."""
        ready, _, _ = select.select([self.file], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"nothing new came: {self.shown[-2000:]!r}"
        try:
            chunk = os.read(self.file, 65536)
        except OSError as error:  # how Linux tells that the other end is closed
            assert error.errno == errno.EIO
            chunk = b""
        self.shown += chunk.decode(errors="replace")
        return bool(chunk)

    def until(self, pattern, after=0, timeout=60):
        """Waits until the pattern was shown after that place; the match."""
        deadline = time.monotonic() + timeout
        while not (found := re.compile(pattern).search(self.shown, after)):
            assert self._more(deadline), f"it ended before it showed {pattern!r}: {self.shown[-2000:]!r}"
        return found

    def end(self, timeout=60):
        """Waits for the end; the exit code."""
        deadline = time.monotonic() + timeout
        while self._more(deadline):
            pass
        self.close()
        return self.code

    def close(self):
        if self.code is None:
            os.close(self.file)
            signal.alarm(30)
            _, status = os.waitpid(self.pid, 0)
            signal.alarm(0)
            self.code = os.waitstatus_to_exitcode(status)

    def lines(self, after=0):
        """What was drawn since, without what moves the cursor or colours."""
        return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", self.shown[after:]).replace("\r", "").split("\n")
