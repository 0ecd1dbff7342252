"""The folder with the scripts and the frames that they work on, which stands alone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astropy.io import fits

from orchestrator.engines.siril.work_folder import stage, user_master
from orchestrator.errors import RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.scripting.layout import FOLDERS, Layout, Night, plan_scripts
from orchestrator.scripting.options import ScriptOptions
from orchestrator.session.headers import memory_pattern
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.tools.siril.script import render, safe_name, write_script

__all__ = ["render_scripts", "write_scripts"]

# Tells that a folder was written by us, and what in it may be replaced.
RECORD = "scripts.json"
RECORD_VERSION = 1
# The comment in a night's script after which it stacks.
STACK_FOLLOWS = "# The night's own stack."


@dataclass(frozen=True)
class _Batch:
    """Frames of one folder: ``base_00001.fit`` ... ``pattern`` is written into headers that lack it."""

    folder: str
    base: str
    frames: tuple[FrameInfo, ...]
    pattern: str | None
    copies: bool

    @property
    def listed(self) -> dict[str, Any]:
        """What the record tells of it. A single frame lies there twice."""
        frames = self.frames * 2 if len(self.frames) == 1 else self.frames
        return {"frames": {safe_name(self.base, k): str(f.path) for k, f in enumerate(frames, 1)},
                "pattern": self.pattern, "copies": self.copies}  # fmt: skip


def write_scripts(
    nights: Sequence[Session], directory: Path, options: ScriptOptions | None = None, name: str = ""
) -> list[Path]:
    """Write the scripts of some nights, one a night and those for all of them, into a folder with links to their frames.

    Parameters
    ----------
    nights : one session each.
    directory : new, empty, or written by us before; then frames and scripts are replaced, results stay.
    name : of the result, ``<name>_final.fit``; by default the object's.

    Returns
    -------
    The scripts, ``run_project.ssf`` first.

    Raises
    ------
    InputError : frames cannot be read, or the nights cannot be stacked together.
    ConfigError : options that these frames cannot have, or a person's template that fails.
    RunError : the folder holds other things, or lies among the raw frames.
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
        _lay_out(batch, directory / batch.folder)
    for master in layout.masters:
        if master.given is not None:
            (directory / "masters" / f"{master.name}.fit").unlink(missing_ok=True)
            user_master(master.given, directory / "masters" / f"{master.name}.fit", master.given.shape)
    return [write_script(directory / file, text) for file, text in scripts.items()]


def render_scripts(layout: Layout) -> dict[str, str]:
    """Text of each script by its file name: all at once, the merge alone (of several nights), each night.

    Raises
    ------
    ConfigError : a template of the person fails.
    """
    from orchestrator.version import __version__

    shared: dict[str, Any] = {"options": layout.options, "notes": layout.notes, "version": __version__}
    made = [m for m in layout.masters if m.given is None]
    project = {**shared, "nights": layout.nights, "merges": layout.merges, "masters": made, "result": layout.result,
               "results": layout.results, "reference": layout.reference, "channels": layout.channels,
               "combination": layout.combination}  # fmt: skip
    title = _title(layout)
    texts = {"run_project.ssf": _render(layout, "project", **project, title=title, file="run_project.ssf", calibrates=True)}
    if len(layout.nights) > 1:
        texts["merge_nights.ssf"] = _render(
            layout, "project", **project, title=f"{title}, of nights that are calibrated already", file="merge_nights.ssf",
            calibrates=False)  # fmt: skip
    for night in layout.nights:
        file = f"{night.name}.ssf"
        if file.lower() in (t.lower() for t in texts):
            file = f"night_{file}"
        texts[file] = _render(layout, "night", **shared, night=night, masters=[m for m in made if m.name in night.needs],
                              title=f"{layout.name}, the night {night.name} alone", file=file, result=night.stack)  # fmt: skip
    return texts


def _title(layout: Layout) -> str:
    if layout.channels:
        names = ", ".join(c.name for c in layout.channels)
        made = f", combined as {layout.combination.palette}" if layout.combination else ""
        return f"{layout.name}: a stack for each of {names} on the same pixels{made}"
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
    """The colours of the pixels, row 0 first, when the header does not name them as they were found."""
    first = night.lights[0]
    if first.cfa is None or memory_pattern(fits_io.read_header(first.path), first.shape[-2]) == first.cfa:
        return None
    return first.cfa


def _lay_out(batch: _Batch, folder: Path) -> None:
    """Put the frames into their folder, unless they are there (see _clear); a header without the colours is mended in a copy."""
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
        _own(path)
        if batch.pattern is not None:
            with fits.open(path, mode="update", do_not_scale_image_data=True) as file:
                header = file[0].header
                header["BAYERPAT"], header["ROWORDER"] = batch.pattern, "TOP-DOWN"
                for key in ("XBAYROFF", "YBAYROFF"):
                    header.remove(key, ignore_missing=True)


def _own(path: Path) -> None:
    """Make a file of its own of a link (symbolic or hard)."""
    part = path.with_name(path.name + ".part")
    shutil.copyfile(path, part)
    part.replace(path)


def _check_folder(directory: Path, nights: Sequence[Session]) -> Mapping[str, Any]:
    """What we wrote there before; nothing for a new or empty folder."""
    real = Path(os.path.realpath(directory))
    for root in {Path(os.path.realpath(root)) for night in nights for root in night.roots}:
        if real.is_relative_to(root if root.is_dir() else root.parent):
            raise RunError(f"The folder {directory} lies in the session {root}, where nothing is written.",
                           "Choose another folder with -o DIR.")  # fmt: skip
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
    """Take away what we wrote before and what no longer holds; Siril's sequence files outlive their frames otherwise.

    Nights whose frames and calibration are the same stay as they are, with all that was calibrated.
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
    for file in old["scripts"]:  # stacks of a night may be framed otherwise now
        for path in (directory / Path(file).stem / "process").glob("r_pp_light*"):
            path.unlink()
    shutil.rmtree(directory / "process", ignore_errors=True)


def _calibrates(script: str) -> list[str]:
    """The commands of a night's script before its stack: what its calibrated frames depend on."""
    return [line for line in script.partition(STACK_FOLLOWS)[0].splitlines() if not line.startswith("#")]
