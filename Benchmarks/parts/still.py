"""What a window costs in which nothing changes."""

from bench.bench import steady_cpu_seconds
from bench.programs import FULL_HD
from bench.report import Goal, Section, number, ratio, spread

HOW = """\
A 1080p window in which nothing changes, at 60 frames a second into `| cat >/dev/null`: CPU seconds
a minute of capture and X server together. xregioncap is given the window, its peers the part of the
screen where it is. What the pipe costs is told by the floor, which grabs
once and splices that picture 60 times a second."""

PIXELS = {"raw": "raw BGRX", "y4m": "Y4M 4:2:0"}


def run(bench) -> Section:
    section = Section("A still window", HOW)
    display = bench.display()
    with display.scene("still", "1920x1080+0+0") as window:
        for pixels in PIXELS:
            measure(bench, section, display, window, pixels)
    return section


def measure(bench, section, display, window, pixels):
    programs, name = bench.programs, PIXELS[pixels]
    ours = programs.xregioncap(display, pixels, "--window", window, "-r", "60")
    commands = {
        "the pipe alone": programs.bare(display, pixels, FULL_HD, rate=60),
        "xregioncap cfr": ours + ["--timing", "cfr"],
        "xregioncap vfr": ours + ["--timing", "vfr"],
        **programs.with_option(ours, "--no-damage"),
        "ffmpeg": programs.ffmpeg(display, pixels, FULL_HD, rate=60),
        "GStreamer": programs.gstreamer(display, pixels, FULL_HD, rate=60),
    }
    warm_up, seconds = bench.settings.pick((0.5, 10), (0.3, 1))

    def a_minute(command):
        return steady_cpu_seconds(display, command, warm_up, seconds) * 60 / seconds

    figures = bench.interleave({key: (lambda c=c: a_minute(c)) for key, c in commands.items()})
    section.table(
        name,
        ["", "CPU s a minute", "of ffmpeg"],
        [
            [key, spread(figures[key], 2), number(ratio(figures[key], figures["ffmpeg"]), 3)]
            for key in commands
        ],
    )
    section.goals += [
        Goal(
            f"Still window, {name}, vfr: of ffmpeg",
            ratio(figures["xregioncap vfr"], figures["ffmpeg"]),
            at_most=0.05,
        ),
        Goal(
            f"Still window, {name}, cfr: of the pipe's own cost",
            ratio(figures["xregioncap cfr"], figures["the pipe alone"]),
            at_most=1.25,
        ),
    ]
