"""A private X server, and what is to be seen on it."""

import contextlib
import os
import subprocess

from .processes import Process


class Display:
    """An Xvfb of our own; as a context, it is stopped at the end."""

    def __init__(self, programs, size: str):
        self._programs = programs
        self._stack = contextlib.ExitStack()
        read_end, write_end = os.pipe()
        command = ["Xvfb", "-displayfd", write_end, "-screen", "0", f"{size}x24"]
        try:
            self.server = self._stack.enter_context(
                Process(command + ["-nolisten", "tcp"], pass_fds=(write_end,))
            )
        finally:
            os.close(write_end)
        with os.fdopen(read_end) as lines:
            number = lines.readline().strip()
        if not number:
            raise self.server.failure("no display")
        self.name = ":" + number
        # A server that its last client leaves begins anew.
        self._stack.enter_context(self.scene("crowd", "0"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    @contextlib.contextmanager
    def scene(self, *arguments):
        """A client, as scene.c tells; gives its window's id."""
        command = [self._programs.scene, self.name, *arguments]
        with Process(command, stdout=subprocess.PIPE) as process:
            yield process.line()
