"""Whether the cost follows the target, and nothing else."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

from bench.bench import Steady, cpu_seconds
from bench.display import Display
from bench.processes import Process, piped, until_reading
from bench.programs import Area
from bench.report import Goal, Section, median, number, ratio, spread

from .start import start_time

HOW = """\
CPU is that of capture and X server together, into `| cat >/dev/null`. A small target of a large
screen and of a small one, and a window among 10,000 others and alone, are whole grabs as fast as
they are taken. Parts of one window, all of which changes 60 times a second, are captured at 60
frames a second by one process (`--also`) and by one process each; what painting costs the server
with nobody looking is taken off both."""

LARGE, SMALL = "7680x4320", "640x480"
TARGET = Area(64, 64, 300, 200)
CROWD = 10_000


def run(bench) -> Section:
    section = Section("Scale", HOW)
    measure_screens(bench, section)
    for heading, parts in PARTS.items():
        measure_parts(bench, section, heading, parts)
    measure_crowd(bench, section)
    return section


def measure_screens(bench, section):
    programs = bench.programs
    warm_up, seconds = bench.settings.pick((0.5, 2), (0.2, 0.5))

    def steady(size, command_on):
        display = bench.display(size)
        command = command_on(display)
        return lambda: Steady(display, command, TARGET.frame_bytes("y4m"), warm_up, seconds)

    def ours(display):
        return programs.xregioncap(display, "y4m", "--geometry", TARGET, *programs.whole_grabs())

    def bare(display):
        return programs.bare(display, "y4m", TARGET)

    runs = bench.interleave(
        {
            (name, size): steady(size, command_on)
            for name, command_on in (("floor", bare), ("xregioncap", ours))
            for size in (SMALL, LARGE)
        }
    )
    cost = {key: [run.cpu_per_frame * 1e6 for run in runs[key]] for key in runs}
    section.table(
        "64x64 of a screen",
        ["", "screen", "CPU µs a frame", "frames/s"],
        [
            [*key, spread(cost[key], 1), number(median(run.rate for run in runs[key]), 0)]
            for key in runs
        ],
    )
    section.goals.append(
        Goal(
            f"64x64 of {LARGE}: of {SMALL}",
            ratio(cost["xregioncap", LARGE], cost["xregioncap", SMALL]),
            at_most=1.1,
        )
    )


# Each part is in px of the window.
WINDOW = Area(1280, 720, 100, 100)
PARTS = {
    "Three parts of a window, side by side": [
        Area(320, 240, 40, 200),
        Area(320, 240, 460, 200),
        Area(320, 240, 880, 200),
    ],
    "A window and two parts of it": [
        Area(1280, 720),
        Area(320, 240, 40, 200),
        Area(320, 240, 880, 200),
    ],
}


def measure_parts(bench, section, heading, parts):
    display, programs = bench.display(), bench.programs
    warm_up, seconds = bench.settings.pick((0.5, 5), (0.2, 1))

    with display.scene("full", str(WINDOW), "60") as window:
        options = ["--window", window, "-r", "60"]

        def cost_of(processes, readers):
            for reader in readers:
                until_reading(processes[0], reader)
            time.sleep(warm_up)
            return cpu_seconds([*processes, display.server], seconds)

        def together():
            with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
                also, readers = [], []
                for index, part in enumerate(parts[1:]):
                    fifo = Path(folder) / f"part{index}"
                    os.mkfifo(fifo)
                    readers.append(stack.enter_context(Process(["cat", fifo])))
                    also += ["--also", f"output={fifo},crop-to={part}"]
                command = programs.xregioncap(
                    display, "y4m", *options, "--crop-to", parts[0], *also
                )
                capture, reader = stack.enter_context(piped(command))
                return cost_of([capture], [reader, *readers])

        def apart():
            with contextlib.ExitStack() as stack:
                pairs = [
                    stack.enter_context(
                        piped(programs.xregioncap(display, "y4m", *options, "--crop-to", part))
                    )
                    for part in parts
                ]
                return cost_of([writer for writer, _ in pairs], [reader for _, reader in pairs])

        def nobody():
            return cpu_seconds([display.server], seconds)

        figures = bench.interleave({"one": together, "three": apart, "nobody": nobody})

    painting = figures["nobody"]
    cost = {
        name: [(cpu - paint) * 1000 / 60 / seconds for cpu, paint in zip(figures[name], painting)]
        for name in ("one", "three")
    }
    section.table(
        heading,
        ["", "CPU ms for each 60th of a second"],
        [
            ["one process, --also", spread(cost["one"], 2)],
            ["three processes", spread(cost["three"], 2)],
        ],
    )
    section.goals.append(
        Goal(f"{heading}: of three processes", ratio(cost["one"], cost["three"]), at_most=0.5)
    )


def measure_crowd(bench, section):
    programs = bench.programs
    place = Area(640, 480, 640, 300)
    warm_up, seconds = bench.settings.pick((0.5, 2), (0.2, 0.5))
    with contextlib.ExitStack() as stack:
        displays, windows = {}, {}
        for name, count in (("alone", 0), (f"among {CROWD:,}", CROWD)):
            displays[name] = stack.enter_context(Display(programs, "1920x1080"))
            stack.enter_context(displays[name].scene("crowd", str(count)))
            windows[name] = stack.enter_context(displays[name].scene("still", str(place)))

        def start(name, window):
            command = programs.xregioncap(displays[name], "y4m", "--window", window)
            return lambda: start_time(programs, command)

        def steady(name):
            command = programs.xregioncap(
                displays[name], "y4m", "--window", windows[name], *programs.whole_grabs()
            )
            return lambda: Steady(
                displays[name], command, place.frame_bytes("y4m"), warm_up, seconds
            )

        repeats = bench.settings.pick(max(bench.settings.rounds * 4, 5), 3)
        by_id = bench.interleave({name: start(name, windows[name]) for name in windows}, repeats)
        by_name = bench.interleave(
            {name: start(name, "name:^benchmark scene$") for name in windows}, repeats
        )
        runs = bench.interleave({name: steady(name) for name in windows})

    cost = {name: [run.cpu_per_frame * 1e6 for run in runs[name]] for name in runs}
    section.table(
        "A window of 640x480",
        ["", "start by its id, ms", "start by its name, ms", "CPU µs a frame"],
        [
            [name, spread(by_id[name], 1), spread(by_name[name], 1), spread(cost[name], 0)]
            for name in windows
        ],
    )
    alone, crowded = windows
    for how, times in (("id", by_id), ("name", by_name)):
        section.goals.append(
            Goal(
                f"Start by {how} among {CROWD:,} windows: more than alone",
                median(times[crowded]) - median(times[alone]),
                unit="ms",
                at_most=50,
                digits=1,
            )
        )
    section.goals.append(
        Goal(
            f"A frame among {CROWD:,} windows: of alone",
            ratio(cost[crowded], cost[alone]),
            at_most=1.1,
        )
    )
