"""What the parts measure by."""

import contextlib
import time

from . import processes
from .display import Display
from .programs import Programs
from .settings import Settings


class Bench:
    """Programs, settings, and the X servers, which are started when they are first asked for."""

    def __init__(self, programs: Programs, settings: Settings):
        self.programs = programs
        self.settings = settings
        self._displays = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def display(self, size: str = "1920x1080") -> Display:
        if size not in self._displays:
            display = self._stack.enter_context(Display(self.programs, size))
            self._displays[size] = display
        return self._displays[size]

    def interleave(self, measures: dict, rounds: int | None = None) -> dict:
        """Measures each in turn, round by round, and begins with another each time: for each its
        figures."""
        figures = {name: [] for name in measures}
        names = list(measures)
        for turn in range(rounds or self.settings.rounds):
            start = turn % len(names)
            for name in names[start:] + names[:start]:
                figures[name].append(measures[name]())
        return figures


def cpu_seconds(measured, seconds: float) -> float:
    """The CPU time that the processes take together while so many seconds go by."""
    before = sum(process.cpu_seconds() for process in measured)
    time.sleep(seconds)
    return sum(process.cpu_seconds() for process in measured) - before


def steady_cpu_seconds(display, command, warm_up: float, seconds: float) -> float:
    """The CPU time that a capture into `cat >/dev/null` and the X server take together, once frames
    have come."""
    with processes.piped(command) as (writer, reader):
        processes.until_reading(writer, reader)
        time.sleep(warm_up)
        return cpu_seconds([writer, display.server], seconds)


class Steady:
    """A capture into `cat >/dev/null` over a time in which it runs: frames a second, and CPU
    seconds a frame of capture and X server together."""

    def __init__(self, display, command, frame_bytes: int, warm_up: float, seconds: float):
        with processes.piped(command) as (writer, reader):
            processes.until_reading(writer, reader)
            time.sleep(warm_up)
            begin, read = time.monotonic(), reader.bytes_read()
            self.cpu = cpu_seconds([writer, display.server], seconds)
            self.seconds = time.monotonic() - begin
            frames = (reader.bytes_read() - read) / frame_bytes
            if frames < 1:
                raise writer.failure("no frames")
        self.rate = frames / self.seconds
        self.cpu_per_frame = self.cpu / frames
