"""The final images of a project: named after the project, optionally mirrored."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.combination.crop import crop_header
from orchestrator.combination.picture import stack_of
from orchestrator.errors import ConfigError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.message import Message
from orchestrator.pipeline.result import RunResult
from orchestrator.project.model import Project
from orchestrator.rundir.combination_record import CombinationRecord
from orchestrator.runtime.context import folder_name
from orchestrator.session.headers import is_top_down
from orchestrator.stacking.blocks import Block

__all__ = ["file_name", "mirrored", "write_channels", "write_results"]


def write_results(project: Project, result: RunResult, folder: Path) -> dict[str, Path]:
    """Write the final image of all nights and of each night from the products of a run. Files of an earlier run are replaced;
    they are still in its run directory. Returns ``final``, ``final_NIGHT``.
    """
    if result.stack is None:
        return {}
    made = {"final": _copy(project, project.final.name, result.stack, folder)}
    for product, path in result.products.items():
        if product.startswith("night_") and fits_io.is_fits(path):
            night = product.removeprefix("night_")
            made[f"final_{night}"] = _copy(project, project.final.night, path, folder, night=night)
    return made


def _copy(project: Project, template: str, source: Path, folder: Path, part: Block | None = None, **fields: str) -> Path:
    """Write the final file of a stack, or of a ``part`` of it."""
    header, data = fits_io.read_header(source), np.asarray(fits_io.image_layout(source).read(), np.float32)
    if part is not None and part.shape != data.shape[-2:]:
        data = data[..., part.y0: part.y1, part.x0: part.x1]
        crop_header(header, part)
    return _write(project, template, data, header, folder, **fields)


def _write(project: Project, template: str, data: NDArray[np.float32], header: fits.Header, folder: Path, **fields: str) -> Path:
    if project.final.mirror == "bottomup":
        data, header = mirrored(data, header)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(Message("{folder} cannot be created: {strerror}.", folder=folder, strerror=error.strerror),
                       "Choose another location for runs and results with --runs-dir.") from error
    path = folder / f"{file_name(template, project, header, **fields)}.fit"
    fits_io.write(path, np.ascontiguousarray(data), header)
    return path


def file_name(template: str, project: Project, header: fits.Header, **fields: str) -> str:
    """A file name without suffix from a template such as "{project}_{filter}_{camera}_{date}"; fields that the header does not
    define are left out.

    Raises
    ------
    ConfigError : the template contains an unknown field.
    """
    def number(key: str, form: str) -> str:
        value = header.get(key)
        return form.format(value) if isinstance(value, int | float) else ""

    known = {"project": project.name, "night": "", "filter": str(header.get("FILTER") or ""),
             "camera": str(header.get("INSTRUME") or ""), "gain": number("GAIN", "g{:g}"), "offset": number("OFFSET", "o{:g}"),
             "binning": number("XBINNING", "bin{:g}"), "exposure": number("EXPTIME", "{:g}s"),
             "date": str(header.get("DATE-OBS") or "")[:10].replace("-", ""), **fields}
    try:
        text = template.format(**known)
    except (KeyError, IndexError, ValueError) as error:
        raise ConfigError(Message("final: the name {file!r} is invalid ({error!r}).", file=template, error=error),
                          Message("It may contain {value}.", value=", ".join("{" + k + "}" for k in known))) from error
    return folder_name(re.sub(r"_{2,}", "_", text).strip("_") or project.name)


def mirrored(data: NDArray[np.float32], header: fits.Header) -> tuple[NDArray[np.float32], fits.Header]:
    """The image with its lowest row first and ROWORDER BOTTOM-UP, as after ``mirrorx -bottomup`` of Siril; unchanged if it is
    already in that order. The WCS is adapted.
    """
    if not is_top_down(header):
        return data, header
    header = header.copy()
    header["ROWORDER"] = "BOTTOM-UP"
    rows = data.shape[-2]
    if "CRPIX2" in header:
        header["CRPIX2"] = rows + 1 - header["CRPIX2"]
    for key in ("CD1_2", "CD2_2", "PC1_2", "PC2_2"):
        if key in header:
            header[key] = -header[key]
    if "CDELT2" in header and not any(k in header for k in ("CD1_1", "PC1_1")):
        header["CDELT2"] = -header["CDELT2"]
    for key in list(header):
        sip = re.fullmatch(r"(A|B|AP|BP)_(\d)_(\d)", key)
        # The sign of the second axis changes: so do its odd powers and the terms added to it.
        if sip and (int(sip[3]) % 2 == 1) != sip[1].startswith("B"):
            header[key] = -header[key]
    for key in ("LTV1", "LTV2"):  # they refer to stacks that are not mirrored
        header.pop(key, None)
    header["HISTORY"] = "mirrored: the first row of the file is the lowest"
    return data[..., ::-1, :], header


def write_channels(project: Project, result: RunResult, folder: Path) -> dict[str, Path]:
    """Write the stack of each channel and the combined image, from the products of a run with several filters.

    Returns ``final_CHANNEL`` and, if the stacks were combined, ``final``, ``preview`` and, if colours could be calibrated,
    ``final_pcc``. All are on the same pixel grid.
    """
    made, part = {}, None
    if "stacked_rgb" in result.products:
        x0, y0, x1, y1 = CombinationRecord.read(result.directory).crop
        part = Block(y0, y1, x0, x1)
    for channel, one in result.channels.items():
        if one.error is None:
            made[f"final_{channel}"] = _copy(project, project.final.channel, stack_of(one), folder, part, filter=channel)
    if "stacked_rgb" not in result.products:
        if len(made) == 1:  # a single channel is the final image
            made["final"] = _copy(project, project.final.name, next(iter(made.values())), folder)
        return made
    made["final"] = _copy(project, project.final.name, result.products["stacked_rgb"], folder)
    if "stacked_rgb_pcc" in result.products:
        made["final_pcc"] = _copy(project, f"{project.final.name}_pcc", result.products["stacked_rgb_pcc"], folder)
    for name in ("preview", "preview_tif"):
        if name in result.products:
            made[name] = made["final"].with_suffix(result.products[name].suffix)
            with result.products[name].open("rb") as source, whole_file(made[name]) as stream:
                shutil.copyfileobj(source, stream, 1 << 20)
    return made
