"""Frames a second into `cat >/dev/null`."""

from bench.bench import Steady
from bench.processes import piped
from bench.programs import FULL_HD, Area
from bench.report import Goal, Section, median, number, ratio, spread

HOW = """\
Frames a second into `| cat >/dev/null`, by what cat has read over some seconds of a run under way.
All of them grab the whole picture for each frame and draw no cursor: `floor` is the bare C of
floor.c; xregioncap has `-r max --no-damage`; ffmpeg `-draw_mouse 0 -fps_mode passthrough` and
GStreamer `show-pointer=false use-damage=false`, at a rate far above what they reach.
CPU is that of capture and X server together.

Unique is measured by itself: a client paints a new number as fast as the server lets it, and a
reader in cat's place looks for it in each frame. It counts the frames in a hundred that differ from
the one before. At thousands of frames a second five programs share the processors, and the number
does not change as often as it is grabbed; the floor, which grabs each of its frames, tells how far
it can be seen."""

PART = Area(640, 480, 640, 300)
PICTURES = [
    ("1080p raw BGRX", "raw", FULL_HD, 6),
    ("1080p Y4M 4:2:0", "y4m", FULL_HD, 4.5),
    ("640x480 of 1080p, Y4M 4:2:0", "y4m", PART, 9),
]


def run(bench) -> Section:
    section = Section("Throughput", HOW)
    if not bench.programs.knows("--no-damage"):
        section.notes.append("This xregioncap has no `--no-damage`: it grabs each frame anyway.")
    for heading, pixels, area, times_ffmpeg in PICTURES:
        measure_picture(bench, section, heading, pixels, area, times_ffmpeg)
    return section


def measure_picture(bench, section, heading, pixels, area, times_ffmpeg):
    display, programs = bench.display(), bench.programs
    ours = programs.xregioncap(display, pixels, "--geometry", area, *programs.whole_grabs())
    commands = {
        "floor": programs.bare(display, pixels, area),
        "xregioncap": ours,
        **programs.with_option(ours, "--no-splice"),
        "ffmpeg": programs.ffmpeg(display, pixels, area),
        "GStreamer": programs.gstreamer(display, pixels, area),
    }
    warm_up, seconds = bench.settings.pick((0.5, 2), (0.2, 0.5))

    def steady(command):
        return lambda: Steady(display, command, area.frame_bytes(pixels), warm_up, seconds)

    with display.scene("still", "1920x1080+0+0"):
        runs = bench.interleave({name: steady(command) for name, command in commands.items()})
    rates = {name: [run.rate for run in runs[name]] for name in runs}
    unique = unique_frames(bench, display, commands, pixels, area)

    section.table(
        heading,
        ["", "frames/s", "of the floor", "times ffmpeg", "CPU ms a frame", "unique %"],
        [
            [
                name,
                spread(rates[name]),
                number(ratio(rates[name], rates["floor"])),
                number(ratio(rates[name], rates["ffmpeg"])),
                number(median(run.cpu_per_frame for run in runs[name]) * 1000),
                unique[name],
            ]
            for name in commands
        ],
    )
    for peer, least in (("ffmpeg", times_ffmpeg), ("floor", 0.9)):
        times = ratio(rates["xregioncap"], rates[peer])
        section.goals.append(Goal(f"{heading}: of {peer}", times, at_least=least))


def unique_frames(bench, display, commands, pixels, area) -> dict:
    """For each how many of its frames in a hundred show another number than the one before."""
    seconds = bench.settings.pick(2, 0.5)
    reader = [bench.programs.reader, "count", pixels, area.size, "0", "0", seconds]

    def count(command):
        with piped(command, into=reader, prints=True) as (_, counter):
            return float(counter.line().split()[2])

    # The number is painted in the upper left corner of what is captured.
    with display.scene("small", "1920x1080+0+0", "0", str(area.x), str(area.y)):
        measures = {name: (lambda c=command: count(c)) for name, command in commands.items()}
        figures = bench.interleave(measures)
    return {name: number(median(figures[name]), 0) for name in figures}
