"""How soon there is a first byte, and how much memory it takes."""

import time

from bench.processes import output_of, piped, until_reading
from bench.programs import FULL_HD
from bench.report import Goal, Section, median, number, spread

HOW = """\
From exec to the first byte of a 1080p screen in a pipe, all files being in memory already; the
median of many. Memory is the most that was resident (VmHWM) while frames of a moving 1080p scene
were read as fast as they came. Pages of shared memory count in it, as pages of libraries do; what
of it is shared memory stands beside."""

PIXELS = {"raw": "raw BGRX", "y4m": "Y4M 4:2:0"}
MEGABYTE = 1e6


def run(bench) -> Section:
    section = Section("Start and memory", HOW)
    for pixels in PIXELS:
        measure_start(bench, section, pixels)
    for pixels in PIXELS:
        measure_memory(bench, section, pixels)
    return section


def start_time(programs, command) -> float:
    """From exec to the first byte, in ms."""
    return int(output_of([programs.reader, "start", *command])) / 1e6


def measure_start(bench, section, pixels):
    display, programs = bench.display(), bench.programs
    commands = {
        "floor": programs.bare(display, pixels, FULL_HD),
        "xregioncap": programs.xregioncap(display, pixels),
        "ffmpeg": programs.ffmpeg(display, pixels, FULL_HD),
        "GStreamer": programs.gstreamer(display, pixels, FULL_HD),
    }
    for command in commands.values():
        start_time(programs, command)
    figures = bench.interleave(
        {name: (lambda c=command: start_time(programs, c)) for name, command in commands.items()},
        rounds=bench.settings.pick(max(bench.settings.rounds * 10, 10), 5),
    )
    section.table(
        f"Start, {PIXELS[pixels]}",
        ["", "ms to the first byte"],
        [[name, spread(figures[name], 1)] for name in commands],
    )
    section.goals.append(
        Goal(
            f"Start, {PIXELS[pixels]}: first byte",
            median(figures["xregioncap"]),
            unit="ms",
            at_most=8,
            digits=1,
        )
    )


def measure_memory(bench, section, pixels):
    display, programs = bench.display(), bench.programs
    commands = {
        "floor": programs.bare(display, pixels, FULL_HD),
        "xregioncap": programs.xregioncap(display, pixels, "-r", "max"),
        "ffmpeg": programs.ffmpeg(display, pixels, FULL_HD),
        "GStreamer": programs.gstreamer(display, pixels, FULL_HD),
    }

    def peak(command):
        with piped(command) as (capture, reader):
            until_reading(capture, reader)
            time.sleep(bench.settings.pick(3, 0.5))
            return capture.status("VmHWM") / MEGABYTE, capture.status("RssShmem") / MEGABYTE

    with display.scene("full", "1920x1080+0+0", "120"):
        figures = bench.interleave(
            {name: (lambda c=command: peak(c)) for name, command in commands.items()},
            rounds=min(bench.settings.rounds, 3),
        )
    most = {name: max(figures[name]) for name in commands}
    section.table(
        f"Memory, {PIXELS[pixels]}",
        ["", "most MB", "of it shared memory"],
        [[name, *[number(figure, 1) for figure in most[name]]] for name in commands],
    )
    limit = 25 + 4 * FULL_HD.frame_bytes(pixels) / MEGABYTE
    section.goals.append(
        Goal(
            f"Memory, {PIXELS[pixels]}: 25 MB and 4 frames as written",
            most["xregioncap"][0],
            unit="MB",
            at_most=round(limit, 1),
            digits=1,
        )
    )
