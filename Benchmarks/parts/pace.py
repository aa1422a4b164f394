"""How near frames are to the time at which they are due."""

import json
import tempfile
from pathlib import Path

from bench.processes import piped
from bench.report import Goal, Section, median, number

HOW = """\
60 frames a second, cfr, of a 1080p screen on which something always changes: how far the time of
each grab, by the frame log, is from the time at which it was due. The frames of the first second
tell when the first was due (the median of theirs), and the n-th is due n/60 s later. The drift is
the median of the last second's."""

RATE = 60


def run(bench) -> Section:
    section = Section("Pace", HOW)
    seconds = bench.settings.pace_seconds
    display, programs = bench.display(), bench.programs
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "frames.jsonl"
        command = programs.xregioncap(
            display, "y4m", "-r", RATE, "--timing", "cfr", "-t", seconds, "--frame-log", log
        )
        with display.scene("small", "1920x1080+0+0", "240"):
            with piped(command) as (capture, _):
                if capture.finish(seconds + 20) != 0:
                    raise capture.failure("failed")
        with open(log) as lines:
            events = [json.loads(line) for line in lines]

    frames = [event for event in events if event["type"] == "frame"]
    times = [(frame["seq"], frame["t"] / 1e6) for frame in frames if not frame["repeat"]]
    late = [time - seq * 1000 / RATE for seq, time in times]
    phase = median(late[:RATE])
    off = sorted(abs(figure - phase) for figure in late)
    drift = median(late[-RATE:]) - phase
    at_99 = off[int(len(off) * 0.99)]
    section.table(
        "",
        ["seconds", "frames", "repeated", "median ms", "99 % ms", "most ms", "drift ms"],
        [
            [
                number(seconds, 0),
                number(len(frames), 0),
                number(len(frames) - len(times), 0),
                *[number(figure, 3) for figure in (median(off), at_99, off[-1], drift)],
            ]
        ],
    )
    section.goals += [
        Goal("Pace: 99 in 100 grabs are off by", at_99, unit="ms", at_most=1, digits=3),
        Goal("Pace: drift", abs(drift), unit="ms", at_most=1, digits=3),
    ]
    return section
