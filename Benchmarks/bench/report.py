"""Tables and goals, as text and as Markdown."""

import statistics
from dataclasses import dataclass, field


def median(figures) -> float:
    return statistics.median(figures)


def ratio(figures, others) -> float:
    """The median of the ratios, each of one round."""
    return median(a / b if b else float("inf") for a, b in zip(figures, others))


def spread(figures, digits: int = 0) -> str:
    """`median (least to most)`"""
    least, most = min(figures), max(figures)
    return f"{number(median(figures), digits)} ({number(least, digits)} to {number(most, digits)})"


def number(figure: float, digits: int = 2) -> str:
    return f"{figure:,.{digits}f}"


@dataclass
class Goal:
    """A goal, and how it came out. It is `at_least` or `at_most`."""

    what: str
    figure: float
    unit: str = "×"
    at_least: float | None = None
    at_most: float | None = None
    digits: int = 3

    @property
    def is_met(self) -> bool:
        if self.at_least is not None:
            return self.figure >= self.at_least
        return self.figure <= self.at_most

    @property
    def cells(self) -> list:
        sign, limit = ("≥", self.at_least) if self.at_least is not None else ("≤", self.at_most)
        return [
            self.what,
            f"{number(self.figure, self.digits)} {self.unit}",
            f"{sign} {limit:g} {self.unit}",
            "pass" if self.is_met else "**MISS**",
        ]


@dataclass
class Section:
    """What one part has measured: tables with a heading each, and goals."""

    title: str
    how: str
    tables: list = field(default_factory=list)
    goals: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def table(self, heading: str, columns: list, rows: list):
        self.tables.append((heading, columns, rows))


GOAL_COLUMNS = ["goal", "measured", "wanted", ""]


def _lines(columns, rows) -> list:
    """A Markdown table whose columns stand below one another."""
    cells = [columns, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]

    def line(row):
        first = row[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        return "| " + " | ".join([first, *rest]) + " |"

    rule = [":" + "-" * (widths[0] - 1)] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return [line(cells[0]), line(rule), *[line(row) for row in cells[1:]]]


def section_lines(section: Section) -> list:
    lines = [f"## {section.title}", "", section.how, ""]
    for heading, columns, rows in section.tables:
        lines += ([f"### {heading}", ""] if heading else []) + _lines(columns, rows) + [""]
    for note in section.notes:
        lines += [note, ""]
    if section.goals:
        lines += _lines(GOAL_COLUMNS, [goal.cells for goal in section.goals]) + [""]
    return lines


def goal_lines(sections) -> list:
    goals = [goal for section in sections for goal in section.goals]
    met = sum(goal.is_met for goal in goals)
    lines = ["## Goals", "", f"{met} of {len(goals)} are met.", ""]
    return lines + _lines(GOAL_COLUMNS, [goal.cells for goal in goals]) + [""]


def machine_lines(rows) -> list:
    return _lines(["", ""], rows) + [""]
