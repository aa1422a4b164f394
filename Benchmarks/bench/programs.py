"""What is measured and what it is measured with: where it is, and how it is called."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .processes import BenchmarkError, output_of

FOLDER = Path(__file__).resolve().parent.parent
ENDLESS = 1_000_000_000


@dataclass(frozen=True)
class Area:
    """A part of the screen, in px."""

    width: int
    height: int
    x: int = 0
    y: int = 0

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"

    def __str__(self) -> str:
        return f"{self.size}+{self.x}+{self.y}"

    def frame_bytes(self, pixels: str) -> int:
        """Of a frame as it is written."""
        count = self.width * self.height
        return count * 4 if pixels == "raw" else count * 3 // 2 + len("FRAME\n")


FULL_HD = Area(1920, 1080)


class Programs:
    """`pixels` is `raw` (BGRX) or `y4m` (4:2:0) for all of them."""

    def __init__(self, xregioncap: str):
        self.path = os.path.abspath(xregioncap)
        if not os.access(self.path, os.X_OK):
            raise BenchmarkError(f"{xregioncap}: not there; make build")
        self._help = output_of([self.path, "--help"])
        for name in ("floor", "scene", "reader", "latency"):
            setattr(self, name, self._compiled(name))
        for name in ("Xvfb", "ffmpeg", "gst-launch-1.0"):
            if not shutil.which(name):
                raise BenchmarkError(f"{name}: not there; make bench installs it")

    @staticmethod
    def _compiled(name: str) -> str:
        source = FOLDER / f"{name}.c"
        program = FOLDER.parent / ".build" / "benchmarks" / name
        newest = max(path.stat().st_mtime for path in [source, *FOLDER.glob("*.h")])
        if not program.exists() or program.stat().st_mtime < newest:
            program.parent.mkdir(parents=True, exist_ok=True)
            flags = ["-std=gnu17", "-O2", "-Wall", "-Wextra"]
            libraries = ["-lX11", "-lXext", "-lyuv"]
            subprocess.run(["cc", *flags, "-o", program, source, *libraries], check=True)
        return str(program)

    def knows(self, option: str) -> bool:
        """Whether xregioncap has the option."""
        return option in self._help

    def xregioncap(self, display, pixels: str, *options) -> list:
        command = [self.path, "--quiet", "--display", display.name, "--cursor", "never"]
        return command + ["--format", pixels, *options]

    def whole_grabs(self) -> list:
        """The options by which each frame is a grab of all of it, as fast as they are taken."""
        return ["-r", "max"] + (["--no-damage"] if self.knows("--no-damage") else [])

    def with_option(self, command: list, option: str) -> dict:
        """A contender more: the command with the option, where xregioncap has it."""
        return {f"xregioncap {option}": [*command, option]} if self.knows(option) else {}

    def bare(self, display, pixels: str, area: Area, frames: int = ENDLESS, rate=None) -> list:
        """The floor; with a rate it writes one picture again and again."""
        command = [self.floor, display.name, pixels, area, frames]
        return command + ([rate] if rate else [])

    def x11grab(self, display, area: Area, rate: int = 100_000) -> list:
        """ffmpeg and its input; the rate is beyond what it reaches."""
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "x11grab"]
        command += ["-draw_mouse", "0", "-framerate", rate, "-video_size", area.size]
        return command + ["-i", f"{display.name}+{area.x},{area.y}"]

    def ffmpeg(self, display, pixels: str, area: Area, rate: int = 100_000) -> list:
        written = {
            "raw": ["-pix_fmt", "bgr0", "-f", "rawvideo"],
            "y4m": ["-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe"],
        }[pixels]
        return self.x11grab(display, area, rate) + ["-fps_mode", "passthrough", *written, "-"]

    def gstreamer(self, display, pixels: str, area: Area, rate: int = 10_000) -> list:
        place = [f"startx={area.x}", f"starty={area.y}"]
        place += [f"endx={area.x + area.width - 1}", f"endy={area.y + area.height - 1}"]
        written = {
            "raw": [],
            "y4m": "videoconvert ! video/x-raw,format=I420 ! y4menc !".split(),
        }[pixels]
        command = ["gst-launch-1.0", "-q", "ximagesrc", f"display-name={display.name}", *place]
        command += ["show-pointer=false", "use-damage=false", "!"]
        command += [f"video/x-raw,framerate={rate}/1", "!", *written]
        return command + ["fdsink", "fd=1", "sync=false"]
