"""Results for other programs: float TIFF, XISF, one FITS file of the stack with its layers, and a table of the exposures for
AstroBin."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.formats.xisf_writer import write_xisf
from orchestrator.io.frames import format_name
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.io.wcs_header import WCS_CARDS, read_wcs
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.rundir.output_files import STAGES
from orchestrator.session.headers import is_top_down

if TYPE_CHECKING:
    from astropy.nddata import CCDData

__all__ = ["WRITERS", "export_acquisition", "export_compressed", "export_folder", "export_layers", "export_tiff",
           "export_xisf", "read_ccddata"]

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
    _write_xisf(path, *_upright(source))


def _write_xisf(path: Path, data: NDArray[np.float32], header: fits.Header) -> None:
    with _written(path) as stream:
        write_xisf(stream, data, header)


def export_folder(run: Path, folder: Path) -> list[Path]:
    """Write the linear stacks of a run, its masters, and its calibrated and registered frames if it wrote them, as XISF to a new
    folder: ``stacked_rgb.xisf``, ``calibration/master_dark.xisf``, ``registered/light_00001.xisf`` ...

    Raises
    ------
    InputError : the folder is not a run, or has no stack. RunError : the folder exists, or cannot be written.
    """
    stack = _stack_of(run)
    if folder.exists():
        raise RunError(f"{folder} exists already.", "Give a folder that does not exist.")
    refuse_folder(folder)
    outputs = stack.parent
    sources = [path for stage in STAGES if (path := outputs / f"{stage}.fits").is_file()]
    for name in ("calibration", "calibrated", "registered"):
        sources += sorted((outputs / name).rglob("*.fit"))
    order, made = fits_io.read_header(stack).get("ROWORDER"), []
    for source in sources:
        target = (folder / source.relative_to(outputs)).with_suffix(".xisf")
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_xisf(target, *_upright(source, order))
        made.append(target)
    return made


def export_compressed(source: Path, path: Path) -> None:
    """Write a FITS image tile-compressed without loss (GZIP_2), float32. Errors as for :func:`export_tiff`."""
    data, header = fits_io.image_layout(source).read(), _without_sums(source)
    image = fits.CompImageHDU(data, header, compression_type="GZIP_2", quantize_level=0)
    with fits_io.quietly(), _written(path) as stream:
        fits.HDUList([fits.PrimaryHDU(), image]).writeto(stream, output_verify="silentfix", checksum=True)


def _upright(source: Path, order: str | None = None) -> tuple[NDArray[np.float32], fits.Header]:
    """An image with row 0 at the top, and its header without the plate solution; ``order`` is its ROWORDER if the header has
    none, as those of masters have not."""
    data, header = fits_io.image_layout(source).read(), fits_io.read_header(source)
    if order is not None:
        header.setdefault("ROWORDER", order)
    data = np.ascontiguousarray(data if is_top_down(header) else data[..., ::-1, :])
    # A plate solution counts rows as the FITS file stores them.
    kept = fits.Header([c for c in header.cards if not WCS_CARDS.fullmatch(c.keyword)])
    kept["ROWORDER"] = "TOP-DOWN"
    return data, kept


def export_layers(run: Path, path: Path) -> None:
    """Write the stack of a run, before background and colours, with its variance, coverage, rejected frames and PSF to one FITS
    file, the stack in ADU and its variance in ADU^2.

    Raises
    ------
    InputError : the folder is not a run, or has no stack. RunError : the file exists, or cannot be written.
    """
    files, stack = RunFiles(run), _stack_of(run)
    science = fits.ImageHDU(fits_io.image_layout(stack).read() * np.float32(FULL_SCALE), _without_sums(stack), name="SCI")
    science.header["BUNIT"] = "adu"
    hdus = [fits.PrimaryHDU(header=fits.Header({"PROGRAM": "orchestrate"})), science]
    for extension, product, what in LAYERS:
        if (found := files.image(f"{product}.fits")) is not None:
            # Numbers of frames are above 1: they are not scaled as ADU are.
            pixels = np.asarray(fits.getdata(found.path), np.float32)
            layer = fits.ImageHDU(pixels * np.float32(FULL_SCALE**2) if extension == "VAR" else pixels, name=extension)
            layer.header["HISTORY"] = what
            if extension == "VAR":
                layer.header["UTYPE"] = ("VarianceUncertainty", "as CCDData of astropy names it")
                layer.header["BUNIT"] = "adu2"
            hdus.append(layer)
    with _written(path) as stream:
        fits.HDUList(hdus).writeto(stream, output_verify="silentfix", checksum=True)


def _stack_of(run: Path) -> Path:
    """The stack of a run before background and colours, that of the size of its variance. InputError if there is none."""
    files = RunFiles(run)
    variance = files.image("variance.fits")
    for name in ("stacked", "stacked_rgb"):
        if (found := files.image(f"{name}.fits")) is not None and (variance is None or found.shape == variance.shape):
            return found.path
    raise InputError(f"{files.directory} has no stack.", "Resume the run first.")


def _without_sums(path: Path) -> fits.Header:
    header = fits_io.read_header(path)
    for key in ("CHECKSUM", "DATASUM"):
        header.remove(key, ignore_missing=True)
    return header


def read_ccddata(run: str | Path) -> CCDData:
    """The stack of a run, before background and colours, as astropy's CCDData in ADU: (h, w), or (3, h, w) in colour.

    ``uncertainty`` is the variance, ``mask`` is True where no frame has data, ``meta`` the FITS header, ``wcs`` that of a solved
    image with one channel. Without ``output.variance`` and ``output.coverage`` there is no uncertainty or mask.

    Raises
    ------
    InputError : the folder is not a run, or has no stack.
    """
    from astropy.nddata import CCDData, VarianceUncertainty

    files, path = RunFiles(Path(run).expanduser()), _stack_of(Path(run).expanduser())
    data, header = fits_io.image_layout(path).read() * np.float32(FULL_SCALE), fits_io.read_header(path)
    variance, coverage = files.image("variance.fits"), files.image("coverage.fits")
    uncertainty = None if variance is None else VarianceUncertainty(
        np.asarray(fits.getdata(variance.path), np.float32) * np.float32(FULL_SCALE**2))
    mask = None if coverage is None else np.asarray(fits.getdata(coverage.path)) <= 0
    wcs = read_wcs(header) if data.ndim == 2 else None
    return CCDData(data, unit="adu", uncertainty=uncertainty, mask=mask, meta=header, wcs=wcs)


def export_acquisition(run: Path, path: Path) -> None:
    """Write a table (CSV) of the exposures that were stacked, one row for each night, exposure, gain and temperature, for
    AstroBin, which asks for the filter. Nights end at noon (UTC). Errors as for :func:`export_layers`.

    Source of the columns: https://welcome.astrobin.com/importing-acquisitions-from-csv.
    """
    files = RunFiles(run)
    scan = files.json("scan_input")
    used = {row.path for row in frame_rows(files) if row.kept}
    lights = [f for f in scan.get("frames", {}).get("light", []) if str(f.get("path")) in used]
    if not lights:
        raise InputError(f"{files.directory} names no frames that were stacked.", "Resume the run first.")
    counts = Counter((_night(f.get("time")), f.get("exposure"), f.get("gain"), _is_camera_raw(f), f.get("temperature"))
                     for f in lights)
    others = {column: len(scan["frames"].get(role, [])) for column, role in
              (("darks", "dark"), ("flats", "flat"), ("flatDarks", "darkflat"), ("bias", "bias"))}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["date", "number", "duration", "iso", "gain", "sensorCooling", *others])
    for (night, exposure, gain, raw, temperature), number in sorted(counts.items(), key=lambda item: str(item[0])):
        table.writerow([night, number, _short(exposure, 4), "" if gain is None or not raw else round(gain),
                        "" if raw else _short(gain, 2), "" if temperature is None else round(temperature), *others.values()])
    with _written(path) as stream:
        stream.write(text.getvalue().encode())


def _night(time: str | None) -> str:
    """The date of the evening of a night."""
    return "" if not time else str((np.datetime64(time, "m") - np.timedelta64(12, "h")).astype("datetime64[D]"))


def _is_camera_raw(frame: dict[str, Any]) -> bool:
    """Whether the gain of a frame is an ISO value."""
    return format_name(Path(str(frame.get("path")))) == "camera raw"


def _short(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}".rstrip("0").rstrip(".")


# Suffix of a file -> what writes an image to it.
WRITERS: dict[str, Callable[[Path, Path], None]] = {
    ".fz": export_compressed, ".xisf": export_xisf, ".tif": export_tiff, ".tiff": export_tiff}
