"""Results for other programs: float TIFF, XISF, one FITS file of the stack with its layers, and a table of the exposures for
AstroBin."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.io.formats.xisf_writer import write_xisf
from orchestrator.io.wcs_header import WCS_CARDS
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.session.headers import is_top_down

__all__ = ["WRITERS", "export_acquisition", "export_layers", "export_tiff", "export_xisf"]

# Extensions of the FITS file of all layers: its name, the product, and what it holds. CCDData of astropy reads SCI and VAR.
LAYERS = (("VAR", "variance", "variance of SCI"), ("COVERAGE", "coverage", "frames with data at each pixel"),
          ("REJECTED", "rejected", "frames rejected at each pixel"), ("PSF", "psf", "PSF of the stack, of unit sum"))


@contextlib.contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A stream to a new file. RunError if it exists or cannot be written."""
    if path.exists():
        raise RunError(f"{path} exists already.", "Give a file that does not exist.")
    try:
        with whole_file(path) as stream:
            yield stream
    except OSError as error:
        raise RunError(f"{path} could not be written: {error.strerror or error}.",
                       "Check the folder and its permissions.") from error


def export_tiff(source: Path, path: Path) -> None:
    """Write a FITS image as TIFF: float32, linear, row 0 at the top, with FITS cards in the description.

    Raises
    ------
    InputError : the image cannot be read. RunError : the file exists, or cannot be written.
    """
    import tifffile

    data, header = _upright(source)
    cards = "\n".join(c.image for c in header.cards if c.keyword not in ("HISTORY", "COMMENT", ""))
    kind = {"photometric": "rgb", "planarconfig": "separate"} if data.ndim == 3 else {"photometric": "minisblack"}
    with _written(path) as stream:
        tifffile.imwrite(stream, data, description=cards, metadata=None, **kind)


def export_xisf(source: Path, path: Path) -> None:
    """Write a FITS image as XISF: float32, linear, row 0 at the top. Errors as for :func:`export_tiff`."""
    data, header = _upright(source)
    with _written(path) as stream:
        write_xisf(stream, data, header)


def _upright(source: Path) -> tuple[NDArray[np.float32], fits.Header]:
    """An image with row 0 at the top, and its header without the plate solution."""
    data, header = fits_io.image_layout(source).read(), fits_io.read_header(source)
    data = np.ascontiguousarray(data if is_top_down(header) else data[..., ::-1, :])
    # A plate solution counts rows as the FITS file stores them.
    kept = fits.Header([c for c in header.cards if not WCS_CARDS.fullmatch(c.keyword)])
    kept["ROWORDER"] = "TOP-DOWN"
    return data, kept


def export_layers(run: Path, path: Path) -> None:
    """Write the stack of a run, before background and colours, with its variance, coverage, rejected frames and PSF to one FITS
    file.

    Raises
    ------
    InputError : the folder is not a run, or has no stack. RunError : the file exists, or cannot be written.
    """
    files = RunFiles(run)
    variance = files.image("variance.fits")
    name = next((n for n in ("stacked", "stacked_rgb") if (found := files.image(f"{n}.fits")) is not None
                 and (variance is None or found.shape == variance.shape)), None)
    if name is None:
        raise InputError(f"{files.directory} has no stack.", "Resume the run first.")
    stack = files.directory / "outputs" / f"{name}.fits"
    science = fits.ImageHDU(fits_io.image_layout(stack).read(), fits_io.read_header(stack), name="SCI")
    hdus = [fits.PrimaryHDU(header=fits.Header({"PROGRAM": "orchestrate"})), science]
    for extension, product, what in LAYERS:
        if (found := files.image(f"{product}.fits")) is not None:
            # Numbers of frames are above 1: they are not scaled as ADU are.
            pixels = fits.getdata(found.path)
            layer = fits.ImageHDU(np.asarray(pixels, np.float32), name=extension)
            layer.header["HISTORY"] = what
            if extension == "VAR":
                layer.header["UTYPE"] = ("VarianceUncertainty", "as CCDData of astropy names it")
            hdus.append(layer)
    with _written(path) as stream:
        fits.HDUList(hdus).writeto(stream, output_verify="silentfix", checksum=True)


def export_acquisition(run: Path, path: Path) -> None:
    """Write a table (CSV) of the exposures that were stacked, one row for each night, exposure, gain and temperature, for
    AstroBin, which asks for the filter. Nights end at noon (UTC). Errors as for :func:`export_layers`."""
    files = RunFiles(run)
    scan = files.json("scan_input")
    used = {row.path for row in frame_rows(files) if row.kept}
    lights = [f for f in scan.get("frames", {}).get("light", []) if str(f.get("path")) in used]
    if not lights:
        raise InputError(f"{files.directory} names no frames that were stacked.", "Resume the run first.")
    counts = Counter((_night(f.get("time")), f.get("exposure"), f.get("gain"), f.get("temperature")) for f in lights)
    others = {column: len(scan["frames"].get(role, [])) for column, role in
              (("darks", "dark"), ("flats", "flat"), ("flatDarks", "darkflat"), ("bias", "bias"))}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["date", "number", "duration", "gain", "sensorCooling", *others])
    for (night, exposure, gain, temperature), number in sorted(counts.items(), key=lambda item: str(item[0])):
        table.writerow([night, number, _short(exposure), _short(gain), "" if temperature is None else round(temperature),
                        *others.values()])
    with _written(path) as stream:
        stream.write(text.getvalue().encode())


def _night(time: str | None) -> str:
    """The date of the evening of a night."""
    return "" if not time else str((np.datetime64(time, "m") - np.timedelta64(12, "h")).astype("datetime64[D]"))


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


# Suffix of a file -> what writes an image to it.
WRITERS: dict[str, Callable[[Path, Path], None]] = {".xisf": export_xisf, ".tif": export_tiff, ".tiff": export_tiff}
