"""Processing of one stacked image outside of a run: ``orchestrate remove-background`` and ``orchestrate calibrate-color``."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.colour.calibration import calibrate_colours
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, InputError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.json_files import write_json
from orchestrator.io.raw_guard import refuse_raw
from orchestrator.io.saturation_card import CARD, card_level
from orchestrator.phases.background import PictureFacts, lower_saturation, remove_gradient
from orchestrator.report.wording import colours_text
from orchestrator.tools.environment import ToolEnvironment

__all__ = ["bge_file", "pcc_file"]

logger = logging.getLogger(__name__)


def bge_file(path: Path, config: RunConfig | None = None, output: Path | None = None, *, force: bool = False) -> dict[str, Any]:
    """Subtract the background gradient of a linear image; the file itself is not changed.

    Writes ``FILE_bge.fits`` (or ``output``), and next to it ``..._model.fits`` and ``..._bge.json``. Returns the report, with
    ``product`` if an image was written and ``declined`` if the checks failed.

    Raises
    ------
    InputError : the file is not a linear image. ConfigError : the output exists and ``force`` is not set.
    """
    config = config or RunConfig()
    image, header = _read(path)
    target = _target(path, "bge", output, force)
    with tempfile.TemporaryDirectory(prefix="orchestrate-") as folder:
        work = Path(folder)
        result = remove_gradient(image, config, ToolEnvironment(work / "bge", work, work),
                                 facts=PictureFacts(saturation=card_level(header)))
    report = {"input": str(path), **result.report}
    write_json(target.with_suffix(".json"), report)
    if result.declined:
        logger.info("%s: the background is not changed: %s", path, result.declined)
        return report
    header["PROGRAM"] = ("orchestrate", "software that made this file")
    header["HISTORY"] = f"background: {result.report['summary']}"
    lower_saturation(header, result)
    model = target.with_name(f"{target.stem}_model.fits")
    fits_io.write(target, result.image, header)
    logger.info("%s: background subtracted (%s), written to %s", path, report["summary"], target)
    fits_io.write(model, result.model, header)
    return {**report, "product": str(target), "model": str(model)}


def pcc_file(path: Path, config: RunConfig | None = None, output: Path | None = None, *, force: bool = False) -> dict[str, Any]:
    """White-balance a linear colour image by its stars; the file itself is not changed.

    Writes ``FILE_pcc.fits`` (or ``output``) and a report with the same name, which is returned, with ``product`` if an
    image was written and ``declined`` if the stars did not determine the colours.

    Raises
    ------
    InputError : the file is not a linear colour image. ConfigError : the output exists and ``force`` is not set.
    """
    config = config or RunConfig()
    image, header = _read(path)
    if image.ndim != 3:
        raise InputError(f"{path} has only one channel.", "Colour calibration needs a colour image (stacked_rgb.fits).")
    target = _target(path, "pcc", output, force)
    with tempfile.TemporaryDirectory(prefix="orchestrate-") as folder:
        work = Path(folder)
        result = calibrate_colours(image, header, config, ToolEnvironment(work / "pcc", work, work))
    report = {"input": str(path), **result.report}
    if not result.declined:
        report["summary"] = colours_text(report)
    write_json(target.with_suffix(".json"), report)
    if result.declined:
        logger.info("%s: the colours are not changed: %s", path, result.declined)
        return report
    header["PROGRAM"] = ("orchestrate", "software that made this file")
    header["HISTORY"] = f"colours: {report['summary']}"
    header.pop(CARD, None)  # the channels were scaled
    fits_io.write(target, np.minimum(result.image, 1, out=result.image), header)
    logger.info("%s: colours calibrated (%s), written to %s", path, report["summary"], target)
    return {**report, "product": str(target)}


def _read(path: Path) -> tuple[NDArray[np.float32], fits.Header]:
    """Pixels and header of a stacked image. Raises InputError for CFA images and unreadable files."""
    if not path.is_file():
        raise InputError(f"{path} does not exist." if not path.exists() else f"{path} is not a file.",
                         "Give a stacked FITS image.")
    header = frame_files.read_header(path)
    with frame_files.opened(path) as layout:
        image = layout.read()
    if image.ndim == 2 and str(header.get("BAYERPAT", "")).strip():
        raise InputError(f"{path} is a CFA image ({header['BAYERPAT']}).", "Give a debayered image (stacked_rgb.fits).")
    for key in ("BZERO", "BSCALE"):
        header.pop(key, None)
    return image, header


def _target(path: Path, ending: str, output: Path | None, force: bool) -> Path:
    name = path.name
    for suffix in sorted(fits_io.SUFFIXES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
            break
    target = output or path.with_name(f"{name}_{ending}.fits")
    if target.exists() and target.resolve() == path.resolve():
        raise ConfigError(f"{target} is the input itself.", "Choose another --output.")
    if target.exists() and not force:
        raise ConfigError(f"{target} already exists.", "Choose another --output, or use --force.")
    if not target.parent.is_dir():
        raise ConfigError(f"The folder {target.parent} does not exist.", "Create it first, or choose another location.")
    for made in (target, target.with_suffix(".json"), target.with_name(f"{target.stem}_model.fits")):
        refuse_raw(made)
    return target
