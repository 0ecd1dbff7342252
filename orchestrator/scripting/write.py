"""The self-contained folder with the scripts and the frames that they process."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from astropy.io import fits

from orchestrator.engines.siril.work_folder import stage, user_master
from orchestrator.errors import RunError
from orchestrator.io import frames as frame_files
from orchestrator.io.atomic import whole_file
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.scripting.layout import FOLDERS, Layout, Night, plan_scripts
from orchestrator.scripting.options import ScriptOptions
from orchestrator.session.headers import memory_pattern
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.tools.siril.script import render, safe_name, write_script
from orchestrator.version import __version__

__all__ = ["render_scripts", "write_scripts"]

logger = logging.getLogger(__name__)

# This file marks a folder as written by this program, and lists its files that may be replaced.
RECORD = "scripts.json"
RECORD_VERSION = 1
# The first of these commands in a night's script is the end of its calibration.
REGISTRATION = ("setref", "register")


@dataclass(frozen=True)
class _Batch:
    """Frames of one folder, ``base_00001.fit`` ...; ``pattern`` is added to headers that lack it."""

    folder: str
    base: str
    frames: tuple[FrameInfo, ...]
    pattern: str | None
    copies: bool

    @property
    def listed(self) -> dict[str, Any]:
        """Its entry in the record. A single frame is stored twice."""
        frames = self.frames * 2 if len(self.frames) == 1 else self.frames
        return {"frames": {safe_name(self.base, k): str(f.path) for k, f in enumerate(frames, 1)},
                "pattern": self.pattern, "copies": self.copies}  # fmt: skip


def write_scripts(
    nights: Sequence[Session], directory: Path, options: ScriptOptions | None = None, name: str = ""
) -> list[Path]:
    """Write the scripts of some nights, one per night and those for all of them, to a folder with links to their frames.

    Parameters
    ----------
    nights : one session each.
    directory : new, empty, or written by this program; then frames and scripts are replaced, results are kept.
    name : of the result, ``<name>_final.fit``; by default the name of the object.

    Returns
    -------
    The scripts, ``run_project.ssf`` first.

    Raises
    ------
    InputError : frames cannot be read, or the nights cannot be stacked together.
    ConfigError : options that are not possible with these frames, or a custom template that fails.
    RunError : the folder contains other files, or is inside a folder of raw frames.
    """
    layout = plan_scripts(nights, options, name)
    scripts = render_scripts(layout)
    directory = Path(directory).expanduser().absolute()
    old = _check_folder(directory, nights)
    batches = list(_batches(layout))
    _clear(directory, old, scripts, batches)
    for part in ("process", "masters"):
        (directory / part).mkdir(parents=True, exist_ok=True)
    record = {"version": RECORD_VERSION, "name": layout.name, "scripts": scripts,
              "folders": {b.folder: b.listed for b in batches}}  # fmt: skip
    with whole_file(directory / RECORD) as stream:
        stream.write(json.dumps(record, indent=1, ensure_ascii=True).encode("ascii"))
    for batch in batches:
        logger.info("%s: %d frames", directory / batch.folder, len(batch.frames))
        _lay_out(batch, directory / batch.folder)
    for master in layout.masters:
        if master.given is not None:
            (directory / "masters" / f"{master.name}.fit").unlink(missing_ok=True)
            user_master(master.given, directory / "masters" / f"{master.name}.fit", master.given.shape)
    logger.info("Scripts written to %s: %s", directory, ", ".join(scripts))
    return [write_script(directory / file, text) for file, text in scripts.items()]


def render_scripts(layout: Layout) -> dict[str, str]:
    """Text of each script by its file name: everything, the merge alone (of several nights), each night.

    Raises
    ------
    ConfigError : a custom template fails.
    """
    shared: dict[str, Any] = {"options": layout.options, "notes": layout.notes, "version": __version__}
    made = [m for m in layout.masters if m.given is None]
    project = {**shared, "nights": layout.nights, "merges": layout.merges, "masters": made, "result": layout.result,
               "results": layout.results, "reference": layout.reference, "channels": layout.channels,
               "combination": layout.combination}  # fmt: skip
    title = _title(layout)
    texts = {"run_project.ssf": _render(layout, "project", **project, title=title, file="run_project.ssf", calibrates=True)}
    if len(layout.nights) > 1:
        texts["merge_nights.ssf"] = _render(
            layout, "project", **project, title=f"{title}, from calibrated nights", file="merge_nights.ssf",
            calibrates=False)  # fmt: skip
    for night in layout.nights:
        file = f"{night.name}.ssf"
        if file.lower() in (t.lower() for t in texts):
            file = f"night_{file}"
        texts[file] = _render(layout, "night", **shared, night=night, masters=[m for m in made if m.name in night.needs],
                              title=f"{layout.name}, only the night {night.name}", file=file, result=night.stack)  # fmt: skip
    return texts


def _title(layout: Layout) -> str:
    if layout.channels:
        names = ", ".join(c.name for c in layout.channels)
        combined = f", combined as {layout.combination.palette}" if layout.combination else ""
        return f"{layout.name}: one stack for each of {names} on the same pixels{combined}"
    return f"{layout.name}: {len(layout.nights)} nights in one stack" if len(layout.nights) > 1 else layout.name


def _render(layout: Layout, template: str, **values: Any) -> str:
    return render(f"scripts/{template}.ssf.j2", layout.options.templates, **values)


def _batches(layout: Layout) -> Iterator[_Batch]:
    copies = layout.options.copy_frames
    for night in layout.nights:
        yield _Batch(f"{night.name}/{FOLDERS[Role.LIGHT]}", "light", night.lights, _missing_pattern(night), copies)
    for master in layout.masters:
        if master.given is None:
            yield _Batch(master.folder, master.kind, master.frames, None, copies)


def _missing_pattern(night: Night) -> str | None:
    """The CFA pattern, row 0 first, if the header does not contain it as it was found."""
    first = night.lights[0]
    if first.cfa is None or memory_pattern(frame_files.read_header(first.path), first.shape[-2]) == first.cfa:
        return None
    return first.cfa


def _lay_out(batch: _Batch, folder: Path) -> None:
    """Place the frames in their folder, unless they are already there (see _clear). A missing CFA pattern is added to a copy."""
    folder.mkdir(parents=True, exist_ok=True)
    names = batch.listed["frames"]
    if all((folder / name).exists() for name in names):
        return
    for name in names:
        (folder / name).unlink(missing_ok=True)
    stage(batch.frames, folder, batch.base)
    if not batch.copies and batch.pattern is None:
        return
    for path in sorted(folder.glob(f"{batch.base}_*.fit")):
        _replace_link(path)
        if batch.pattern is not None:
            with fits.open(path, mode="update", do_not_scale_image_data=True) as file:
                header = file[0].header
                header["BAYERPAT"], header["ROWORDER"] = batch.pattern, "TOP-DOWN"
                for key in ("XBAYROFF", "YBAYROFF"):
                    header.remove(key, ignore_missing=True)


def _replace_link(path: Path) -> None:
    """Replace a link (symbolic or hard) by a copy of its file."""
    part = path.with_name(path.name + ".part")
    shutil.copyfile(path, part)
    part.replace(path)


def _check_folder(directory: Path, nights: Sequence[Session]) -> Mapping[str, Any]:
    """The record of an earlier call; empty for a new or empty folder."""
    real = Path(os.path.realpath(directory))
    for root in {Path(os.path.realpath(root)) for night in nights for root in night.roots}:
        if real.is_relative_to(root if root.is_dir() else root.parent):
            raise RunError(f"The folder {directory} is inside the session {root}, to which nothing is written.",
                           "Choose another folder with -o DIR.")  # fmt: skip
    refuse_folder(directory)
    if directory.exists() and not directory.is_dir():
        raise RunError(f"{directory} is a file.", "Choose another folder with -o DIR.")
    record = directory / RECORD
    if record.is_file():
        try:
            found = json.loads(record.read_text(encoding="utf-8"))
            known = {"folders": dict(found["folders"]), "scripts": dict(found["scripts"])}
            version = int(found["version"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(f"{record} is damaged: {error}.", "Choose another folder with -o DIR.") from error
        if version > RECORD_VERSION:
            raise RunError(f"{directory} was written by a newer version of the program.", "Choose another folder with -o DIR.")
        return known
    if directory.is_dir() and any(directory.iterdir()):
        raise RunError(f"The folder {directory} is not empty.", "Choose a new folder with -o DIR.")
    return {"folders": {}, "scripts": {}}


def _clear(directory: Path, old: Mapping[str, Any], scripts: Mapping[str, str], batches: Sequence[_Batch]) -> None:
    """Remove files of an earlier call that are no longer valid; otherwise Siril's sequence files would outlive their frames.

    Nights whose frames and calibration are unchanged keep their calibrated frames.
    """
    new = {b.folder: b.listed for b in batches}
    changed = {folder for folder, files in old["folders"].items() if new.get(folder) != files}
    for folder in changed:
        names = old["folders"][folder]["frames"]
        for name in (*names, *(f"{base}_origin.json" for base in {n.rpartition("_")[0] for n in names})):
            (directory / folder / name).unlink(missing_ok=True)
    nights = {folder.split("/")[0] for folder in changed}
    for file, text in old["scripts"].items():
        if _calibrates(scripts.get(file, "")) != _calibrates(text):
            nights.add(Path(file).stem)
        if file not in scripts:
            (directory / file).unlink(missing_ok=True)
    for night in nights:
        for part in ("process", "calibrated"):
            shutil.rmtree(directory / night / part, ignore_errors=True)
    for file in old["scripts"]:  # the framing of a night's stack may have changed
        for path in (directory / Path(file).stem / "process").glob("r_pp_light*"):
            path.unlink()
    shutil.rmtree(directory / "process", ignore_errors=True)


def _calibrates(script: str) -> list[str]:
    """The commands of a night's script before its registration, on which its calibrated frames depend."""
    commands = [line for line in script.splitlines() if not line.startswith("#")]
    return list(takewhile(lambda line: line.partition(" ")[0] not in REGISTRATION, commands))
