"""How long a change takes to the reader."""

import os
import subprocess

from bench.processes import Process, output_of
from bench.programs import FULL_HD, Area
from bench.report import Goal, Section, median, number

HOW = """\
A client paints a number into its window and waits for the server to have done so; from then to the
last byte, in the same client, of a frame that shows it. Changes come after 30 to 100 ms, at random.
`-r max` takes a frame as soon as there is a change, the floor grabs one after another whether there
is or not, the others wait for the next of 60 periods a second. A grab is XShmGetImage of as much,
there and back, by the floor. The reader's own copy of the frame out of the pipe is in all figures.
Never seen are changes that no frame showed within two seconds."""

PICTURES = [
    ("1080p, Y4M 4:2:0", "y4m", FULL_HD),
    ("1080p, raw BGRX", "raw", FULL_HD),
    ("640x480, Y4M 4:2:0", "y4m", Area(640, 480, 640, 300)),
]
OURS = "xregioncap vfr -r max"


def run(bench) -> Section:
    section = Section("Latency", HOW)
    for heading, pixels, area in PICTURES:
        measure_picture(bench, section, heading, pixels, area)
    return section


def measure_picture(bench, section, heading, pixels, area):
    display, programs = bench.display(), bench.programs

    def ours(rate):
        options = ["-r", rate, "--timing", "vfr", "--window"]
        return lambda window: programs.xregioncap(display, pixels, *options, window)

    commands = {
        "floor, without end": lambda _: programs.bare(display, pixels, area),
        OURS: ours("max"),
        "xregioncap vfr -r 60": ours("60"),
        "ffmpeg, 60": lambda _: programs.ffmpeg(display, pixels, area, rate=60),
        "GStreamer, 60": lambda _: programs.gstreamer(display, pixels, area, rate=60),
    }
    changes = max(200 // bench.settings.rounds, 1) if not bench.settings.quick else 10

    def grab():
        command = [programs.floor, display.name, "grab", area, bench.settings.pick(500, 100)]
        return [int(output_of(command))]

    measures = {"grab": grab} | {
        name: (lambda c=command: follow_changes(programs, display, c, pixels, area, changes))
        for name, command in commands.items()
    }
    figures = {
        name: [nanoseconds / 1e6 for turn in turns for nanoseconds in turn]
        for name, turns in bench.interleave(measures).items()
    }
    grab_time = median(figures.pop("grab"))
    seen = {name: sorted(time for time in times if time >= 0) for name, times in figures.items()}
    section.table(
        f"{heading}: a grab takes {number(grab_time)} ms",
        ["", "median ms", "95 % ms", "most ms", "changes", "never seen"],
        [
            [
                name,
                number(median(times)),
                number(times[int(len(times) * 0.95)]),
                number(times[-1]),
                len(figures[name]),
                len(figures[name]) - len(times),
            ]
            for name, times in seen.items()
        ],
    )
    section.goals.append(
        Goal(
            f"Latency, {heading}: one grab and 1 ms",
            median(seen[OURS]),
            unit="ms",
            at_most=round(grab_time + 1, 2),
        )
    )


def follow_changes(programs, display, command, pixels, area, changes) -> list:
    """For each change the ns that it took, -1 where it was not seen."""
    read_end, write_end = os.pipe()
    try:
        client = Process(
            [programs.latency, display.name, pixels, area, changes],
            stdin=read_end,
            stdout=subprocess.PIPE,
        )
    finally:
        os.close(read_end)
    with client:
        try:
            capture = Process(command(client.line()), stdout=write_end)
        finally:
            os.close(write_end)
        with capture:
            return [int(client.line()) for _ in range(changes)]
