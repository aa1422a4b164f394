"""Programs that are started, measured and stopped."""

import contextlib
import ctypes
import os
import subprocess
import tempfile
import time

_libc = ctypes.CDLL(None, use_errno=True)


class BenchmarkError(Exception):
    """Something could not be measured."""


class Process:
    """A program of ours; as a context, it is stopped at the end."""

    def __init__(
        self, command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=()
    ):
        self.command = [str(word) for word in command]
        self._errors = tempfile.TemporaryFile()
        self._child = subprocess.Popen(
            self.command, stdin=stdin, stdout=stdout, stderr=self._errors, pass_fds=pass_fds
        )
        self.pid = self._child.pid
        self.output = self._child.stdout
        self._usage = None
        clock = ctypes.c_int()
        status = _libc.clock_getcpuclockid(self.pid, ctypes.byref(clock))
        if status != 0:
            raise BenchmarkError(f"{self.command[0]}: no clock: {os.strerror(status)}")
        self._clock = clock.value

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cpu_seconds(self) -> float:
        """CPU time of all its threads so far, as /proc/PID/stat has it, but in ns."""
        if self._usage is not None:
            return self._usage.ru_utime + self._usage.ru_stime
        try:
            return time.clock_gettime(self._clock)
        except OSError:
            raise self.failure("ended too early") from None

    def status(self, field: str) -> int:
        """A figure of /proc/PID/status, in bytes."""
        with open(f"/proc/{self.pid}/status") as lines:
            for line in lines:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
        raise self.failure(f"no {field}")

    def bytes_read(self) -> int:
        """What it has read so far, by /proc/PID/io."""
        with open(f"/proc/{self.pid}/io") as lines:
            return int(next(lines).split()[1])

    def line(self) -> str:
        """The next line that it prints."""
        line = self.output.readline().decode().strip()
        if not line:
            raise self.failure("printed nothing")
        return line

    def finish(self, timeout: float) -> int:
        """Waits until it ends by itself, and keeps what it used."""
        end = time.monotonic() + timeout
        while self._child.returncode is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self._usage = usage
                self._child.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise self.failure(f"did not end in {timeout:g} s")
            else:
                time.sleep(0.005)
        return self._child.returncode

    def stop(self):
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(5)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        if self.output:
            self.output.close()

    def failure(self, reason: str) -> BenchmarkError:
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip()[-600:]
        return BenchmarkError(f"{' '.join(self.command)}: {reason}\n{said}".strip())


@contextlib.contextmanager
def piped(command, into=("cat",), prints: bool = False):
    """`command | into >/dev/null`: gives both processes. Where the reader prints, it is read by
    `line`."""
    read_end, write_end = os.pipe()
    try:
        output = subprocess.PIPE if prints else subprocess.DEVNULL
        reader = Process(into, stdin=read_end, stdout=output)
    finally:
        os.close(read_end)
    with reader:
        try:
            writer = Process(command, stdout=write_end)
        finally:
            os.close(write_end)
        with writer:
            yield writer, reader


def output_of(command, timeout: float = 60) -> str:
    """What a program prints that ends by itself."""
    with tempfile.TemporaryFile() as printed, Process(command, stdout=printed) as process:
        if process.finish(timeout) != 0:
            raise process.failure("failed")
        printed.seek(0)
        return printed.read().decode()


def until_reading(writer: Process, reader: Process, timeout: float = 10):
    """Waits until the first frames have come: more than a program reads of its libraries."""
    end = time.monotonic() + timeout
    start = reader.bytes_read()
    while reader.bytes_read() < start + 65536:
        if time.monotonic() > end:
            raise writer.failure("no frames")
        time.sleep(0.005)
