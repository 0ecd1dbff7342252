"""The finished files of a project: named after it, mirrored when asked, combined to colours."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator import fits_io
from orchestrator.combination.palettes import LUMINANCE, coefficients
from orchestrator.config.models import RunConfig
from orchestrator.errors import ConfigError, RunError
from orchestrator.project.model import Project
from orchestrator.report.preview import Look, write_preview
from orchestrator.run.context import folder_name
from orchestrator.run.runner import RunResult
from orchestrator.run.surroundings import Surroundings
from tilecore.normalize import transparency
from tilecore.stars import aperture_flux, detect

__all__ = ["file_name", "mirrored", "write_colours", "write_results"]

FINAL = ("stacked_rgb_pcc", "stacked_rgb_bge", "stacked_bge", "stacked_rgb", "stacked")
COLOURS = ("R", "G", "B")
# Photometry of the luminance against the colours: aperture in FWHM, and stars needed.
APERTURE_FWHM, LEAST_STARS = 2.0, 5


def write_results(project: Project, result: RunResult, folder: Path) -> dict[str, Path]:
    """The picture of all nights and one of each night, from the products of a run. Files of an earlier run are replaced: they
    are in its folder too. Returns ``final``, ``final_NIGHT``.
    """
    name = next((n for n in FINAL if n in result.products), None)
    if name is None:
        return {}
    made = {"final": _copy(project, project.final.name, result.products[name], folder)}
    for product, path in result.products.items():
        if product.startswith("night_") and fits_io.is_fits(path):
            night = product.removeprefix("night_")
            made[f"final_{night}"] = _copy(project, project.final.night, path, folder, night=night)
    return made


def _copy(project: Project, template: str, source: Path, folder: Path, **fields: str) -> Path:
    header = fits_io.read_header(source)
    return _write(project, template, np.asarray(fits_io.image_layout(source).read(), np.float32), header, folder, **fields)


def _write(project: Project, template: str, data: NDArray[np.float32], header: fits.Header, folder: Path, **fields: str) -> Path:
    if project.final.mirror == "bottomup":
        data, header = mirrored(data, header)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{folder} cannot be made: {error.strerror}.",
                       "Give runs and results another place: --runs-dir.") from error
    path = folder / f"{file_name(template, project, header, **fields)}.fit"
    fits_io.write(path, np.ascontiguousarray(data), header)
    return path


def file_name(template: str, project: Project, header: fits.Header, **fields: str) -> str:
    """A file name without ending from a template such as "{project}_{filter}_{camera}_{date}"; what the header does not tell
    is left out.

    Raises
    ------
    ConfigError : the template has a field that is not known.
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
        raise ConfigError(f"final: the name {template!r} cannot be made ({error!r}).",
                          f"It may hold {', '.join('{' + k + '}' for k in known)}.") from error
    return folder_name(re.sub(r"_{2,}", "_", text).strip("_") or project.name)


def mirrored(data: NDArray[np.float32], header: fits.Header) -> tuple[NDArray[np.float32], fits.Header]:
    """The picture with its lowest row first and ROWORDER BOTTOM-UP, as Siril's ``mirrorx -bottomup`` leaves it; one that lies so
    stays. A WCS goes with the pixels.
    """
    if str(header.get("ROWORDER", "TOP-DOWN")).strip().upper() == "BOTTOM-UP":
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
        # The second axis changes its sign: so do its odd powers, and what is added to it.
        if sip and (int(sip[3]) % 2 == 1) != sip[1].startswith("B"):
            header[key] = -header[key]
    header["HISTORY"] = "mirrored: the first row of the file is the lowest"
    return data[..., ::-1, :], header


def write_colours(project: Project, stacks: Mapping[str, Path], first: RunResult, config: RunConfig, folder: Path,
                  cancel: threading.Event | None) -> dict[str, Path]:
    """The stack of each channel, and their linear combination. All lie on the same pixels.

    Returns ``final``, ``final_CHANNEL``, ``preview``, and ``final_pcc`` where colours could be calibrated.
    """
    made, planes = {}, {}
    header = fits_io.read_header(stacks[next(iter(stacks))])
    for channel, path in stacks.items():
        planes[channel] = np.asarray(fits_io.image_layout(path).read(), np.float32)
        if planes[channel].shape != planes[next(iter(planes))].shape:
            raise RunError(f"The stack of {channel} ({path}) has another size than the others.", "Run the project anew.")
        made[f"final_{channel}"] = _copy(project, project.final.channel, path, folder, filter=channel)
    factors = coefficients(project.palette, list(project.channels))
    if not factors:
        return made | {"final": _copy(project, project.final.name, next(iter(stacks.values())), folder)}
    told = []
    if any(LUMINANCE in f for f in factors.values()) and set(COLOURS) <= set(planes):
        scale = _luminance_scale(planes)
        planes[LUMINANCE] = planes[LUMINANCE] * np.float32(scale)
        told.append(f"L times {scale:.5f}, which brings its stars to the mean of R, G and B")
    covered = np.logical_and.reduce([p != 0 for p in planes.values()])
    image = np.stack([np.where(covered, np.sum([np.float32(k) * planes[c] for c, k in factors[colour].items()], axis=0), 0)
                      for colour in COLOURS]).astype(np.float32)
    header = fits_io.read_header(first.products[next(s for s in ("stacked_bge", "stacked") if s in first.products)])
    for key in ("FILTER", "HISTORY"):
        header.pop(key, None)
    for colour in COLOURS:
        told.append(f"{colour} = " + " + ".join(f"{k:.4g} {c}" for c, k in factors[colour].items()))
    told += [f"{c}: filter {project.channels[c]}, {path.name} of {path.parent.parent.name}" for c, path in stacks.items()]
    for line in told:
        header["HISTORY"] = line.encode("ascii", "backslashreplace").decode()
    image = np.minimum(image, np.float32(1))
    made["final"] = _write(project, project.final.name, image, header, folder)
    if project.final.pcc and set(COLOURS) <= set(project.channels) and config.pcc.enabled:
        made |= _calibrated(project, image, header, config, folder, cancel)
    top_down = str(header.get("ROWORDER", "TOP-DOWN")).strip().upper() != "BOTTOM-UP"
    shown = fits_io.image_layout(made["final_pcc"]).read() if "final_pcc" in made else image
    shown_down = top_down and not ("final_pcc" in made and project.final.mirror == "bottomup")
    png = folder / f"{made['final'].stem}.png"
    write_preview(png, png.with_suffix(".tif"), shown, top_down=shown_down, look=Look(linked="final_pcc" in made))
    return made | {"preview": png}


def _luminance_scale(planes: Mapping[str, NDArray[np.float32]]) -> float:
    """Factor that brings the stars of L to their mean in R, G and B."""
    mean = np.mean([planes[c] for c in COLOURS], axis=0).astype(np.float32)
    stars = detect(np.ascontiguousarray(planes[LUMINANCE]))
    stars = stars[~stars["saturated"]]
    if len(stars) < LEAST_STARS:
        return 1.0
    radius = float(np.clip(APERTURE_FWHM * np.median(stars["fwhm"]), 3, 15))
    theirs, ours = (aperture_flux(np.ascontiguousarray(p), stars["x"], stars["y"], radius) for p in (mean, planes[LUMINANCE]))
    ratio, used, _ = transparency(theirs, ours)
    return float(ratio) if used >= LEAST_STARS and ratio > 0 else 1.0


def _calibrated(project: Project, image: NDArray[np.float32], header: fits.Header, config: RunConfig, folder: Path,
                cancel: threading.Event | None) -> dict[str, Path]:
    """The picture with calibrated colours, where the stars settle them."""
    from orchestrator.colour.calibration import calibrate_colours  # coordinates take their time to load

    with tempfile.TemporaryDirectory(prefix="orchestrate-") as scratch:
        work = Path(scratch)
        found = calibrate_colours(image, header, config, Surroundings(work, work, work, cancel or threading.Event()))
    if found.declined:
        return {}
    header = header.copy()
    header["HISTORY"] = f"colours: {found.report['summary']}"
    return {"final_pcc": _write(project, f"{project.final.name}_pcc", found.image.clip(max=1).astype(np.float32), header, folder)}
