"""Stack plans: a table (CSV) that names the lights and the group, or panel, of each, as ZeAnalyser and ZeMosaic write it."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from orchestrator.errors import ConfigError, InputError
from orchestrator.io.atomic import whole_file
from orchestrator.message import Message
from orchestrator.session.model import Exclusion, FrameInfo

__all__ = ["COLUMNS", "PlannedFrame", "is_plan", "read_plan", "select_planned", "write_plan"]

# Columns of a plan; only the file is required.
COLUMNS = ("order", "batch_id", "mount", "bortle", "telescope", "session_date", "filter", "exposure", "file_path")
FILE, GROUP = "file_path", "batch_id"
SEPARATORS = (",", ";", "\t", "|")
KEY = "selection.frames"
# Lines that a message lists.
NAMED = 3


@dataclass(frozen=True)
class PlannedFrame:
    """A line of a plan; ``exposure`` in seconds and ``filter`` are for lights whose headers lack them."""

    line: int
    file: str
    group: str = ""
    filter: str | None = None
    exposure: float | None = None


def is_plan(path: Path) -> bool:
    """Whether a frame list is a plan: by its ending, .csv."""
    return path.suffix.lower() == ".csv"


def read_plan(path: Path) -> list[PlannedFrame]:
    """Read a plan; cells are separated by the character among SEPARATORS that is most frequent in its first line.

    Raises
    ------
    ConfigError : the file cannot be read, or a cell cannot be used; the message names its line and column.
    """
    try:
        text = path.expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(Message("{key}: {path} cannot be read: {strerror}.", key=KEY, path=path,
                                  strerror=error.strerror), "Correct the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(Message("{key}: {path} is not a text file (byte {start}).", key=KEY, path=path,
                                  start=error.start), "Save it as CSV in UTF-8.") from error
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    try:
        head = [cell.strip().lower() for cell in next(rows, [])]
        if FILE not in head:
            raise ConfigError(Message("{key}: line 1 of {path} has no column {file}; its columns are {head}.", key=KEY,
                                      path=path, file=FILE, head=", ".join(head) or "none"),
                              Message("The first line names the columns: {columns}. Only {file} is needed.",
                                      columns=",".join(COLUMNS), file=FILE))
        found = [_planned(path, rows.line_num, dict(zip(head, cells, strict=False)), len(cells), len(head))
                 for cells in rows if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ConfigError(Message("{key}: line {line_num} of {path} cannot be read: {error}.", key=KEY, line_num=rows.line_num,
                                  path=path, error=error),
                          "Correct the quotes in it.") from error
    if not found:
        raise ConfigError(Message("{key}: {path} names no frame.", key=KEY, path=path), "Add a line for each light.")
    grouped = [f for f in found if f.group]
    if grouped and len(grouped) < len(found):
        raise _problem(path, next(f.line for f in found if not f.group), GROUP, "it is empty, and other lines have a group",
                       "Give every line a group, or none.")
    return found


def _planned(path: Path, line: int, cells: dict[str, str], count: int, wanted: int) -> PlannedFrame:
    if count != wanted:
        raise ConfigError(Message("{key}: line {line} of {path} has {count} cells, the first line {wanted} columns.", key=KEY,
                                  line=line, path=path, count=count, wanted=wanted),
                          "Put cells that contain the separator into double quotes.")
    cells = {name: cell.strip() for name, cell in cells.items()}
    if not cells[FILE]:
        raise _problem(path, line, FILE, "it is empty", "Give the name or the path of a light.")
    exposure = None
    if text := cells.get("exposure", ""):
        try:
            exposure = float(text)
        except ValueError:
            exposure = -1.0
        if not 0 < exposure < float("inf"):
            raise _problem(path, line, "exposure", Message("{text!r} is not a number above 0",
                                                           text=text), "Give seconds, such as 60, or nothing.")
    if (order := cells.get("order", "")) and not order.lstrip("+-").isdigit():
        raise _problem(path, line, "order", Message("{order!r} is not a whole number",
                                                    order=order), "Number the lines, or leave it empty.")
    return PlannedFrame(line, cells[FILE].replace("\\", "/"), cells.get(GROUP, ""), cells.get("filter") or None, exposure)


def _problem(path: Path, line: int, column: str, what: str, remedy: str) -> ConfigError:
    return ConfigError(Message("{key}: line {line} of {path}, column {column}: {what}.", key=KEY, line=line, path=path,
                               column=column, what=what), remedy)


def select_planned(lights: Sequence[FrameInfo], path: Path, excluded: list[Exclusion]) -> list[FrameInfo]:
    """The lights that a plan names, with their groups as ``panel``; the others are added to ``excluded``.

    A line fits the lights with the same file name; of several, those with most of the same folders above it. The paths of a plan
    may be those of another computer.

    Raises
    ------
    ConfigError : see :func:`read_plan`. InputError : a line fits no light, or several, or two lines the same light.
    """
    by_name: dict[str, list[FrameInfo]] = defaultdict(list)
    for info in lights:
        by_name[info.path.name].append(info)
    of: dict[Path, PlannedFrame] = {}
    missing = []
    for planned in read_plan(path):
        fitting = _fitting(planned, by_name[PurePosixPath(planned.file).name])
        if not fitting:
            missing.append(planned)
        elif len(fitting) > 1:
            raise InputError(Message("{key}: line {line} of {path}, column {file}: {file2} fits {count} lights ({fitting}, "
                                     "{fitting2} ...).", key=KEY, line=planned.line, path=path, file=FILE, file2=planned.file,
                                     count=len(fitting), fitting=fitting[0].path, fitting2=fitting[1].path),
                             "Give as many folders as are needed to distinguish them.")
        elif (other := of.get(fitting[0].path)) is not None:
            raise InputError(Message("{key}: lines {line} and {line2} of {path}, column {file}, name the same light {fitting}.",
                                     key=KEY, line=other.line, line2=planned.line, path=path, file=FILE,
                                     fitting=fitting[0].path), "Remove one of them.")
        else:
            of[fitting[0].path] = planned
    if missing:
        listed = ", ".join(f"line {p.line}: {p.file}" for p in missing[:NAMED]) + (" ..." if len(missing) > NAMED else "")
        raise InputError(Message("{key}: {count} lines of {path}, column {file}, name files that are not lights of the "
                                 "session: {listed}.", key=KEY, count=len(missing), path=path, file=FILE,
                                 listed=listed), "Remove them, or name the session that has them.")
    excluded += [Exclusion(i.path, Message("it is not in the stack plan {path}",
                                           path=path)) for i in lights if i.path not in of]
    return [replace(i, panel=p.group, exposure=p.exposure if i.exposure is None else i.exposure, filter=i.filter or p.filter)
            for i in lights if (p := of.get(i.path)) is not None]


def _fitting(planned: PlannedFrame, candidates: Sequence[FrameInfo]) -> list[FrameInfo]:
    wanted = PurePosixPath(planned.file).parts[::-1]

    def shared(info: FrameInfo) -> int:
        parts = info.path.absolute().as_posix().split("/")[::-1]
        return next((k for k, (a, b) in enumerate(zip(wanted, parts, strict=False)) if a != b), min(len(wanted), len(parts)))

    most = max(map(shared, candidates), default=0)
    return [i for i in candidates if shared(i) == most]


def write_plan(path: Path, lights: Sequence[FrameInfo], groups: Sequence[int], mount: str = "") -> None:
    """Write a plan with a line for each light; ``groups`` (N,) are the numbers of their panels."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for order, (info, group) in enumerate(zip(lights, groups, strict=True), 1):
        date = info.time.date().isoformat() if info.time else ""
        exposure = "" if info.exposure is None else f"{info.exposure:g}"
        out.writerow([order, group, mount, "", info.telescope or "", date, info.filter or "", exposure, str(info.path)])
    with whole_file(path) as stream:
        stream.write(text.getvalue().encode("utf-8", "surrogateescape"))
