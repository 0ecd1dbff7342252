"""Content of a report as data. The HTML, Markdown and JSON files are three views of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Fact", "Figure", "FrameRow", "Picture", "Report", "Section", "Step", "Table"]


@dataclass(frozen=True)
class Fact:
    """An important number, as text; ``note`` explains it, ``level`` is "", "good" or "bad"."""

    label: str
    value: str
    note: str = ""
    level: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of text under headings; the first cell of a row is its name, and links to the file in ``links`` (by row).

    ``marked`` rows stand out; ``mark`` is the reason: "changed" or "failed".
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    marked: frozenset[int] = frozenset()
    mark: str = "changed"
    links: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A figure: ``kind`` of plot, ``data`` to draw, ``alt`` text for screen readers."""

    kind: str
    title: str
    alt: str
    data: dict[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """An image as a data URI."""

    title: str
    alt: str
    uri: str
    width: int
    height: int


@dataclass(frozen=True)
class Step:
    """Something to do next; ``section`` is the identifier of the section that shows why, "" if there is none."""

    text: str
    section: str = ""


@dataclass(frozen=True)
class Section:
    """One section of the report. ``missing`` is the reason, in one line, if there is nothing to show; ``before_after`` are two
    images of the same size to wipe between."""

    id: str
    title: str
    lead: str = ""
    missing: str = ""
    facts: tuple[Fact, ...] = ()
    figures: tuple[Figure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    code: str = ""
    before_after: tuple[Picture, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass
class FrameRow:
    """One light: its measurements, its weight, and the reason if it was left out.

    Lengths in px of the frame, levels in ADU, angles in degrees; lists have one value per channel; None: not measured.
    ``weight`` is relative to the mean weight of the frames used; ``share`` is the fraction of the total weight.
    """

    number: int
    file: str
    path: str
    kept: bool
    reason: str = ""
    time: str | None = None
    exposure: float | None = None
    weight: float | None = None
    share: float | None = None
    fwhm: float | None = None
    wfwhm: float | None = None
    roundness: float | None = None
    stars: int | None = None
    trails: int | None = None
    background: list[float] | None = None
    noise: list[float] | None = None
    gradient: list[float] | None = None
    transparency: list[float] | None = None
    quality: list[float] | None = None
    global_weight: list[float] | None = None
    matched: int | None = None
    residual: float | None = None
    dx: float | None = None
    dy: float | None = None
    rotation: float | None = None
    cluster: int | None = None
    used_index: int | None = None
    conditions: str = ""
    score: float | None = None

    @property
    def registered(self) -> bool:
        """Whether it was registered, which includes frames that the selection leaves out."""
        return self.kept or self.used_index is not None


@dataclass
class Report:
    """The content of a report. ``title`` is the target and the device, "" if they are unknown; ``subtitle`` replaces the number
    of frames if there is no frame table; ``shown`` are the positions of the frames that a page shows, with a thumbnail each."""

    name: str
    directory: str
    status: str
    error: str
    started: str
    ended: str
    channels: tuple[str, ...]
    frames: list[FrameRow]
    sections: list[Section]
    warnings: list[str]
    shown: list[int] = field(default_factory=list)
    thumbnails: list[str] = field(default_factory=list)
    subtitle: str = ""
    title: str = ""
