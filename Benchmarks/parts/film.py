"""From the screen to a compressed film."""

import contextlib
import tempfile
import time
from pathlib import Path

from bench.processes import Process, output_of, piped
from bench.programs import FULL_HD
from bench.report import Goal, Section, median, number, ratio

HOW = """\
1080p at 30 frames a second into a film, x264 ultrafast: CPU seconds of all programs from start to
end. The server's are told apart, without what painting the scene costs it (as measured beside, with
nobody looking). In the moving scene all of the window scrolls, 60 times a second."""

RATE = 30
ENCODED = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-y"]
SCENES = {
    "moving": ["full", "1920x1080+0+0", "60"],
    "still": ["still", "1920x1080+0+0"],
}


def run(bench) -> Section:
    section = Section("A film, end to end", HOW)
    display = bench.display()
    for name, scene in SCENES.items():
        with display.scene(*scene):
            measure(bench, section, display, name)
    return section


def measure(bench, section, display, scene_name):
    programs = bench.programs
    seconds = bench.settings.pick(10, 2)
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        capture = programs.xregioncap(display, "y4m", "-r", RATE, "-t", seconds)
        encoder = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", "-", *ENCODED, film]
        peer = programs.x11grab(display, FULL_HD, RATE) + ["-t", seconds, *ENCODED, film]
        figures = bench.interleave(
            {
                "xregioncap into ffmpeg": lambda: make_film(
                    display, piped(capture, into=encoder), film
                ),
                "ffmpeg": lambda: make_film(display, alone(peer), film),
                "nobody": lambda: watch_server(display, seconds),
            }
        )
    painting = [server for server, in figures.pop("nobody")]
    programs_cpu, with_server = {}, {}
    rows = []
    for name, films in figures.items():
        server = [film[1] - paint for film, paint in zip(films, painting)]
        programs_cpu[name] = [film[0] for film in films]
        with_server[name] = [sum(pair) for pair in zip(programs_cpu[name], server)]
        rows.append(
            [
                name,
                number(median(programs_cpu[name])),
                number(median(server)),
                number(median(with_server[name])),
                min(film[2] for film in films),
            ]
        )
    section.table(
        f"{seconds} s of a {scene_name} scene",
        ["", "CPU s", "server", "together", "frames"],
        rows,
    )
    for what, cpu in (("server apart", programs_cpu), ("with the server", with_server)):
        section.goals.append(
            Goal(
                f"Film of a {scene_name} scene, {what}: of ffmpeg",
                ratio(cpu["xregioncap into ffmpeg"], cpu["ffmpeg"]),
                at_most=0.8,
            )
        )


def watch_server(display, seconds) -> tuple:
    before = display.server.cpu_seconds()
    time.sleep(seconds)
    return (display.server.cpu_seconds() - before,)


@contextlib.contextmanager
def alone(command):
    with Process(command) as process:
        yield (process,)


def make_film(display, started, film) -> tuple:
    """CPU seconds of the programs and of the server, and the frames in the film."""
    before = display.server.cpu_seconds()
    with started as processes:
        for process in processes:
            if process.finish(60) != 0:
                raise process.failure("failed")
    server = display.server.cpu_seconds() - before
    count = ["ffprobe", "-v", "error", "-count_packets", "-of", "csv=p=0"]
    count += ["-show_entries", "stream=nb_read_packets", film]
    return sum(process.cpu_seconds() for process in processes), server, int(output_of(count))
