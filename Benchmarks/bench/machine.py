"""What a run was made on, and with."""

import datetime
import os
import platform
import shutil
import subprocess

from .processes import output_of
from .programs import FOLDER


def _field(path: str, name: str) -> str:
    with open(path) as lines:
        for line in lines:
            key, _, value = line.replace("=", ":", 1).partition(":")
            if key.strip() == name:
                return value.strip().strip('"')
    return "unknown"


def _package(name: str) -> str:
    command = ["dpkg-query", "--show", "--showformat", "${Version}", name]
    found = subprocess.run(command, capture_output=True, text=True)
    return found.stdout.strip() if found.returncode == 0 else "unknown"


def _first_line(*command) -> str:
    return output_of(command).splitlines()[0]


def _commit() -> str:
    if not shutil.which("git"):
        return ""
    command = ["git", "describe", "--always", "--dirty"]
    found = subprocess.run(command, capture_output=True, text=True, cwd=FOLDER)
    return f" ({found.stdout.strip()})" if found.returncode == 0 else ""


def rows(programs, settings) -> list:
    memory = int(_field("/proc/meminfo", "MemTotal").split()[0]) / 1024 / 1024
    processors = len(os.sched_getaffinity(0))
    trial = ", quick: a trial of the scripts, no result" if settings.quick else ""
    return [
        ["date", datetime.date.today().isoformat()],
        ["processor", f"{_field('/proc/cpuinfo', 'model name')}, {processors} of them"],
        ["memory", f"{memory:.1f} GiB"],
        ["system", f"{_field('/etc/os-release', 'PRETTY_NAME')}, Linux {platform.release()}"],
        ["X server", f"Xvfb {_package('xvfb')}"],
        ["xregioncap", _first_line(programs.path, "--version").split()[-1] + _commit()],
        ["ffmpeg", _first_line("ffmpeg", "-version").split()[2]],
        ["GStreamer", _first_line("gst-launch-1.0", "--version").split()[-1]],
        ["libyuv", _package("libyuv-dev")],
        ["rounds", f"{settings.rounds}{trial}"],
    ]
