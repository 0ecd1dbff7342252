"""Copies of the products of a run in the layout of DWARF users, in processedData/SESSION next to rawData."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.pipeline.result import RunResult
from orchestrator.session.folders import session_name

__all__ = ["default_root", "write_processed"]


def default_root(session: Path) -> Path:
    """The folder processedData next to the rawData that contains the session, else in the current folder."""
    raw = next((p for p in session.absolute().parents if p.name.lower() == "rawdata"), None)
    return raw.parent / "processedData" if raw is not None else Path("processedData")


def write_processed(result: RunResult, session: Path, root: Path) -> dict[str, Path]:
    """Copy a run's images to ``root/SESSION/stacked``, its manifest and reports to ``root/SESSION``; name -> file of the copies.

    master_linear.fits is the most processed linear product; the quick looks are its previews. With several filters it is their
    combination, and master_linear_CHANNEL.fits is the stack of each.

    Raises
    ------
    ConfigError : the folder would be inside the session. InputError : the run has no stack. RunError : it cannot be written.
    """
    folder = Path(root).expanduser() / session_name(session) / "stacked"
    if folder.resolve().is_relative_to(session.expanduser().resolve()):
        raise ConfigError(f"{folder} is inside the session {session}, which is never written to.",
                          "Choose another location with --processed-dir.")
    refuse_folder(folder)
    linear = result.stack
    channels = {f"master_linear_{c}": (one.stack, f"master_linear_{c}.fits") for c, one in result.channels.items()}
    if linear is None and not any(path for path, _ in channels.values()):
        raise InputError(f"{result.directory} has no stack.", "See its log.")
    sources = {
        **channels,
        "master_linear": (linear, "master_linear.fits"),
        "master_quicklook": (result.products.get("preview"), "master_quicklook.png"),
        "master_quicklook_tif": (result.products.get("preview_tif"), "master_quicklook.tif"),
        "run_manifest": (result.directory / "manifest.json", "../run_manifest.json"),
        "report": (result.directory / "artifacts" / "report.json", "../report.json"),
        "report_md": (result.directory / "artifacts" / "report.md", "../report.md")}
    made = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (source, file) in sources.items():
            if source is None or not source.is_file():
                continue
            target = folder.parent / file.removeprefix("../") if file.startswith("../") else folder / file
            with source.open("rb") as read, whole_file(target) as stream:
                shutil.copyfileobj(read, stream, 1 << 20)
            made[name] = target
    except OSError as error:
        raise RunError(f"{error.filename or folder} could not be written: {error.strerror or error}.",
                       "Check the disk, or choose another location with --processed-dir.") from error
    return made
